"""What is still being loaded, on the pane itself: a bar, and a cover over slices not there yet."""

import numpy as np
import numpy.typing as npt
from qtpy.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from qtpy.QtGui import QBrush, QColor, QPainter, QPaintEvent
from qtpy.QtWidgets import QWidget

from napari_recist.translation import _
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.rimmed_text import label_font, paint_text

COVER = QColor("#2b333d")
HATCH = QColor("#3d4855")
TEXT = QColor("#dfe6ec")
BAR, BAR_BACK = QColor("#56b4e9"), QColor("#3a414b")
BAR_HEIGHT, BAR_MARGIN = 6.0, 10.0
FONT_POINTS = 10


class LoadingSheet(QWidget):
    """Lies over a canvas while its volume is loaded; a missing slice is covered, never black.

    Parameters
    ----------
    canvas : QWidget
        The native canvas widget it lies on.
    view : PaneView
        What the canvas shows.
    under : QWidget
        The sheet it lies under: corners stay readable.
    """

    def __init__(self, canvas: QWidget, view: PaneView, under: QWidget) -> None:
        super().__init__(canvas)
        self._view = view
        self._there: npt.NDArray[np.bool_] = np.zeros(0, bool)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(canvas.rect())
        self.stackUnder(under)
        canvas.installEventFilter(self)
        view.slice_changed.connect(self._repaint)
        self.hide()

    @property
    def covers(self) -> bool:
        """Whether the slice shown is covered, for it is not there yet."""
        return self.isVisibleTo(self.parentWidget()) and not self._is_there(self._view.slice)

    @property
    def words(self) -> str:
        """What stands beside the bar."""
        total = len(self._there)
        return (
            _("loading {int} / {total}", int=int(self._there.sum()), total=total)
            if total
            else _("loading")
        )

    def begin(self, slices: int) -> None:
        """Cover the pane: nothing of so many slices is there."""
        self.show_there(np.zeros(slices, bool))
        self.show()

    def show_there(self, there: npt.NDArray[np.bool_]) -> None:
        """Show which slices are there."""
        self._there = there
        self.update()

    def take_off(self) -> None:
        """Take the sheet off its canvas."""
        self._view.slice_changed.disconnect(self._repaint)
        self.setParent(None)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep the size of the canvas."""
        if event.type() == QEvent.Type.Resize and self.parentWidget() is not None:
            self.setGeometry(self.parentWidget().rect())
        return bool(super().eventFilter(watched, event))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the cover where the slice is missing, and how far the whole volume is."""
        painter = QPainter(self)
        if not self._is_there(self._view.slice):
            painter.fillRect(self.rect(), COVER)
            painter.fillRect(self.rect(), QBrush(HATCH, Qt.BrushStyle.BDiagPattern))
            painter.setPen(TEXT)
            painter.setFont(label_font(13))
            words = (
                _("slice {slice} is loading", slice=self._view.slice + 1)
                if self._view.frame
                else _("loading")
            )
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, words)
        self._paint_bar(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        width = self.width() / 3
        left, top = (self.width() - width) / 2, self.height() - 2 * BAR_MARGIN - 24
        share = self._there.mean() if len(self._there) else 0.0
        painter.fillRect(QRectF(left, top, width, BAR_HEIGHT), BAR_BACK)
        painter.fillRect(QRectF(left, top, width * share, BAR_HEIGHT), BAR)
        font = label_font(FONT_POINTS)
        paint_text(painter, QPointF(left, top - 6), self.words, font, TEXT)

    def _is_there(self, index: int) -> bool:
        return 0 <= index < len(self._there) and bool(self._there[index])

    def _repaint(self) -> None:
        self.update()
