"""A field on a pane in which the number of a slice is typed: Enter goes there, Esc does not."""

from qtpy.QtCore import Qt
from qtpy.QtGui import QFocusEvent, QIntValidator, QKeyEvent
from qtpy.QtWidgets import QLineEdit, QWidget

from napari_recist.translation import _
from napari_recist.ui.pane_view import PaneView

WIDTH_PX = 150
ABOVE_EDGE_PX = 40
STYLE = "background: #20262d; color: #ffffff; border: 1px solid #56b4e9; padding: 4px"


class SliceEntry(QLineEdit):
    """Asks for a slice of a pane; it is gone as soon as it is answered or left.

    Parameters
    ----------
    pane : PaneView
        The pane to turn.
    canvas : QWidget
        Where the pane is drawn; it gets the keys back.
    """

    def __init__(self, pane: PaneView, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._pane, self._canvas = pane, canvas
        self.setValidator(QIntValidator(1, 10 ** len(str(pane.slices)), self))
        self.setPlaceholderText(_("slice 1 to {slices}", slices=pane.slices))
        self.setToolTip(_("Enter: go there; Esc: stay"))
        self.setStyleSheet(STYLE)
        self.setFixedWidth(WIDTH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.returnPressed.connect(self._go)
        self.move(
            (canvas.width() - WIDTH_PX) // 2,
            canvas.height() - self.sizeHint().height() - ABOVE_EDGE_PX,
        )
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Go when the reader turns to something else."""
        super().focusOutEvent(event)
        self.close()

    def _go(self) -> None:
        if self.text():
            self._pane.go_to(int(self.text()) - 1)
        self._leave()

    def _leave(self) -> None:
        self._canvas.setFocus()
        self.close()
