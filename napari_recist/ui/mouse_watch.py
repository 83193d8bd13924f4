"""Tells when a canvas loses the mouse in the middle of a drag: its release may never come."""

from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QEvent, QObject
from qtpy.QtWidgets import QWidget

LOST = frozenset({QEvent.Type.FocusOut, QEvent.Type.WindowDeactivate, QEvent.Type.Hide})


class MouseWatch(QObject):
    """Watches a canvas.

    Parameters
    ----------
    canvas : QWidget
        The native canvas widget.
    lost : callable
        Called when another window, widget or dialog takes over.
    """

    def __init__(self, canvas: QWidget, lost: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._canvas, self._lost = canvas, lost
        canvas.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        self._canvas.removeEventFilter(self)
        self.setParent(None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Pass everything on."""
        if event.type() in LOST:
            self._lost()
        return False


def late(event: Any) -> bool:
    """Tell whether a move was made before the press: napari holds moves back and hands them on."""
    return event.press_event is None
