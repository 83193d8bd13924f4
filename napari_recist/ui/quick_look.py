"""The dock widget for any napari user: measure an opened scan in mm, without a trial."""

from typing import Any

import napari
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_recist.imaging import Volume
from napari_recist.translation import _
from napari_recist.ui import napari_compat
from napari_recist.ui.caliper_keys import with_caliper_keys
from napari_recist.ui.caliper_tool import CaliperTool
from napari_recist.ui.corner_text import PaneTitle
from napari_recist.ui.dropped_images import take_drops
from napari_recist.ui.image_pane import ImagePane, main_pane
from napari_recist.ui.layer_filling import VOLUME_KEY
from napari_recist.ui.pane_actions import pane_actions
from napari_recist.ui.quick_desk import QuickDesk
from napari_recist.ui.window_level import from_limits

ADVICE = _("Open a DICOM folder (File, Open Folder…) and choose its layer.")
HOW = _(
    "Drag to measure a diameter; click or drag across it for the short axis. Double-click or "
    "Shift+M opens a caliper: pull an end or the middle, arrow keys nudge, Enter closes. "
    "Right drag: window; wheel: slices; Ctrl+Z: undo. Scratch measurements are part of no trial."
)
COLUMNS = ("", _("long mm"), _("short mm"), _("slice"))


class QuickLook(QWidget):
    """Scratch calipers on the chosen image layer.

    Parameters
    ----------
    napari_viewer : napari.Viewer
        The viewer whose layers are measured.
    """

    def __init__(self, napari_viewer: "napari.viewer.Viewer") -> None:
        super().__init__()
        self.viewer = napari_compat.plain(napari_viewer)
        self.pane: ImagePane | None = None
        self.tool: CaliperTool | None = None
        self.desk: QuickDesk | None = None
        self.passport, self.hint = QLabel(ADVICE), QLabel(HOW)
        self.table = QTableWidget(0, len(COLUMNS))
        self.remove_button = QPushButton(_("Remove chosen"))
        self._desks: dict[Any, QuickDesk] = {}
        self._lay_out()
        take_drops(self.viewer)
        self.viewer.layers.selection.events.active.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Measure on the layer that is now active, if it shows a volume of ours."""
        layer = self.viewer.layers.selection.active
        if self.pane is not None and self.pane.view.layer is layer:
            return
        self.let_go()
        volume = layer.metadata.get(VOLUME_KEY) if layer is not None else None
        if isinstance(volume, Volume):
            self._take(layer, volume)
        else:
            self.passport.setText(ADVICE)

    def let_go(self) -> None:
        """Give the canvas back to napari."""
        if self.pane is None:
            return
        if self.tool is not None:
            self.tool.changed.disconnect(self._draw)
        if self.desk is not None:
            self.desk.changed.disconnect(self._show)
        self.pane.close()
        self.pane = self.tool = self.desk = None
        self.table.setRowCount(0)

    def closeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Let go before the panel goes."""
        self.viewer.layers.selection.events.active.disconnect(self.follow)
        self.let_go()
        super().closeEvent(event)

    def _take(self, layer: Any, volume: Volume) -> None:
        self.passport.setText(_("Passport: {summary}", summary=volume.passport.summary))
        self.desk = self._desks.setdefault(volume, QuickDesk(volume, self.hint.setText))
        self.pane = main_pane(self.viewer)
        self.pane.glass.title = PaneTitle(note=layer.name)
        self.pane.view.adopt(layer, volume, from_limits(*layer.contrast_limits))
        self.tool = CaliperTool(self.pane.view, self.desk)
        self.tool.changed.connect(self._draw)
        self.desk.changed.connect(self._show)
        self.pane.take_tool(self.tool)
        actions = pane_actions(self.pane) | {"undo": self.desk.undo}
        self.pane.bind(with_caliper_keys(self.tool, actions))
        self._show()

    def _show(self) -> None:
        if self.desk is None:
            return
        rows = self.desk.measurements()
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            cells = (row.name, row.long_mm, row.short_mm, str(row.slice + 1))
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.table.setItem(place, column, item)
        if self.tool is not None:
            self.tool.follow_record()
        self._draw()

    def _draw(self) -> None:
        if self.pane is None or self.desk is None or self.tool is None:
            return
        self.pane.draw(self.tool.picture(self.desk.calipers), self.tool.magnified)

    def _lay_out(self) -> None:
        for label in (self.passport, self.hint):
            label.setWordWrap(True)
        self.table.setHorizontalHeaderLabels(COLUMNS)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.cellClicked.connect(self._go_to)
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.remove_button.clicked.connect(lambda _checked=False: self._remove())
        layout = QVBoxLayout(self)
        for widget in (self.passport, self.table, self.remove_button, self.hint):
            layout.addWidget(widget)

    def _go_to(self, row: int, _column: int) -> None:
        if self.pane is not None and self.desk is not None:
            self.pane.go_to(self.desk.measurements()[row].slice)

    def _remove(self) -> None:
        row = self.table.currentRow()
        if self.desk is not None and row >= 0:
            self.desk.remove(self.desk.measurements()[row].name)
