"""Watches the window: tells when it closes, and hears characters typed on it ("?", "+")."""

from collections.abc import Callable

from qtpy.QtCore import QEvent, QObject, QTimer
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QWidget


class WindowWatch(QObject):
    """Hears events before the widgets they are meant for.

    Parameters
    ----------
    window : QWidget
        The main window.
    closing : callable
        Called when the window is being closed by the program.
    wish_to_close : callable
        Called, instead of closing, when a person closes the window.
    hears : callable
        Called with a typed character; returns whether it meant something.
    """

    def __init__(
        self,
        window: QWidget,
        closing: Callable[[], None],
        wish_to_close: Callable[[], None],
        hears: Callable[[str], bool],
    ) -> None:
        super().__init__()
        self._window = window
        self._watching = True
        self._closing, self._wish, self._hears = closing, wish_to_close, hears
        window.installEventFilter(self)

    def hear_on(self, canvas: QWidget) -> None:
        """Hear characters typed on the canvas of a pane, which takes keys of its own."""
        canvas.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        self._watching = False
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Pass everything on but a person's wish to close and characters that mean something."""
        if not self._watching:
            return False
        if event.type() == QEvent.Type.Close and watched is self._window:
            if event.spontaneous():
                event.ignore()
                # napari asks only now whether to close, when our second canvas had to be gone.
                QTimer.singleShot(0, self._wish)
                return True
            self._closing()
            return False
        # Python may hold an older event that stood at the same address: then it is not seen as one.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._hears(event.text())
        return False
