"""The lesion table as it takes clicks and keys: it withdraws with Backspace and leaves the rest."""

from psygnal import Signal
from qtpy.QtCore import QModelIndex, QPoint, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from napari_recist.translation import _
from napari_recist.ui.lesion_table import PLACE_COLUMN, LesionTableModel

ROW_PX, HEADER_PX = 28, 30
FEWEST_ROWS, MOST_ROWS = 5, 12
WITHDRAW = _("Withdraw measurement…")
CORRECT = _("Correct organ, site or kind…")
OFF_THE_LIST = _("Take off the list…")


class LesionView(QTableView):
    """A table that a click gives the keyboard to, and that keeps two keys of it.

    Backspace and Delete ask to take back what was said of the chosen lesion; any other key does
    in the table what it does on the pictures.
    """

    chosen = Signal(str)
    take_back_wanted = Signal()
    off_list_wanted = Signal()
    correction_wanted = Signal()

    def __init__(self, model: LesionTableModel) -> None:
        super().__init__()
        self._lesions = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(34)
        self.clicked.connect(self._clicked)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        model.modelReset.connect(self._fit)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ask on Backspace and Delete; leave other keys to the window, which gives them on."""
        if event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete} and not event.modifiers():
            self.take_back_wanted.emit()
            event.accept()
        else:
            event.ignore()

    def menu_of_row(self) -> QMenu:
        """Return the menu of the chosen row."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(WITHDRAW, lambda _on=False: self.take_back_wanted.emit())
        menu.addAction(CORRECT, lambda _on=False: self.correction_wanted.emit())
        menu.addAction(OFF_THE_LIST, lambda _on=False: self.off_list_wanted.emit())
        return menu

    def _show_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if index.isValid():
            self._clicked(index)
            self.menu_of_row().popup(self.viewport().mapToGlobal(place))

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self._lesions.lesions[index.row()].identifier)

    def _fit(self) -> None:
        rows = min(max(self._lesions.rowCount(), FEWEST_ROWS), MOST_ROWS)
        self.setFixedHeight(rows * ROW_PX + HEADER_PX)
        self.horizontalHeader().setSectionResizeMode(PLACE_COLUMN, QHeaderView.ResizeMode.Stretch)
