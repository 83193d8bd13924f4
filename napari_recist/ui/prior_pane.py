"""The second canvas: a prior visit beside the current one, in the window or in one of its own.

It stands in a layout and not in a dock, because a dock with a canvas kills the program when it is
floated (Qt makes its GL context anew). For the same reason it never moves from window to window:
a new one is made where it is wanted.
"""

from collections.abc import Callable
from typing import Any

from qtpy.QtGui import QCloseEvent
from qtpy.QtWidgets import QHBoxLayout, QWidget

from napari_recist.translation import _
from napari_recist.ui import napari_compat
from napari_recist.ui.image_pane import ImagePane

FIRST_PLACE = 0
PANE_SHARE = 2
"""Part of the width a pane gets, beside reference views with 1."""
WINDOW_TITLE = _("Reading room: prior")
WINDOW_PART = 0.5  # of a screen that two windows share


class PriorPane:
    """A pane with a viewer of its own; ``pane`` is the pane.

    napari closes only its own canvas, so :meth:`close` must be called before the window goes.

    Parameters
    ----------
    layout : QBoxLayout
        Where it stands, at the first place.
    """

    def __init__(self, layout: Any) -> None:
        model, self._qt_viewer = napari_compat.second_viewer()
        layout.insertWidget(FIRST_PLACE, self._qt_viewer, PANE_SHARE)
        napari_compat.show_slice_slider(self._qt_viewer, visible=False)
        self.pane = ImagePane(model, napari_compat.canvas_widget(self._qt_viewer))

    @property
    def visible(self) -> bool:
        """Whether the pane is shown."""
        return not self._qt_viewer.isHidden()

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._qt_viewer.setVisible(visible)

    def close(self) -> None:
        """Take the pane out of the window and close it."""
        self.pane.close()
        napari_compat.close_qt_viewer(self._qt_viewer)
        del self._qt_viewer


class PriorWindow(QWidget):
    """A window for the prior pane alone, on the other screen where there is one.

    Parameters
    ----------
    beside : QWidget
        The window it belongs to.
    wish_to_close : callable
        Called, instead of closing, when a person closes it.
    """

    def __init__(self, beside: QWidget, wish_to_close: Callable[[], None]) -> None:
        super().__init__()
        self._wish = wish_to_close
        self.setWindowTitle(WINDOW_TITLE)
        self.setStyleSheet(beside.styleSheet())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._place(beside)
        self.show()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the closing to the room, which brings the pane back first."""
        if event.spontaneous():
            event.ignore()
            self._wish()
        else:
            super().closeEvent(event)

    def _place(self, beside: QWidget) -> None:
        own = beside.screen()
        other = [screen for screen in own.virtualSiblings() if screen is not own]
        place = (other[0] if other else own).availableGeometry()
        if not other:
            place.setWidth(int(place.width() * WINDOW_PART))
        self.setGeometry(place)
