"""Watches the window: tells when it closes and when the reader asks for the keys with "?"."""

from collections.abc import Callable

from qtpy.QtCore import QEvent, QObject, QTimer
from qtpy.QtWidgets import QLineEdit, QWidget


class WindowWatch(QObject):
    """Hears events before the widgets they are meant for.

    Parameters
    ----------
    window : QWidget
        The main window.
    canvases : sequence of QWidget
        Canvases of the panes, which take keys of their own.
    closing : callable
        Called when the window is being closed by the program.
    wish_to_close : callable
        Called, instead of closing, when a person closes the window.
    asks_for_keys : callable
        Called on "?".
    """

    def __init__(
        self,
        window: QWidget,
        canvases: tuple[QWidget, ...],
        closing: Callable[[], None],
        wish_to_close: Callable[[], None],
        asks_for_keys: Callable[[], None],
    ) -> None:
        super().__init__()
        self._watched = (window, *canvases)
        self._window = window
        self._closing, self._wish, self._keys = closing, wish_to_close, asks_for_keys
        for widget in self._watched:
            widget.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        for widget in self._watched:
            widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Pass everything on but a person's wish to close and "?"."""
        if event.type() == QEvent.Type.Close and watched is self._window:
            if event.spontaneous():
                event.ignore()
                # napari asks only now whether to close, when our second canvas had to be gone.
                QTimer.singleShot(0, self._wish)
                return True
            self._closing()
            return False
        if event.type() == QEvent.Type.KeyPress and event.text() == "?":
            if not isinstance(watched, QLineEdit):
                self._keys()
            return True
        return False
