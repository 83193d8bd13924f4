"""A hand on mouse and keyboard: real Qt events sent to the widgets of the window."""

import gc
import time
from collections.abc import Callable

from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

from napari_recist.ui.pane_loading import PaneLoading

Place = tuple[float, float]
"""A place on a widget: pixels from its left and top edge."""


def settle(seconds: float = 0.0) -> None:
    """Let the window answer what was done to it, for at least this long, and load its pictures."""
    until = time.monotonic() + seconds
    while True:
        QApplication.processEvents()
        if time.monotonic() >= until and not PaneLoading.busy:
            return


def put_away() -> None:
    """Let Qt delete what was closed: no event loop runs here that would do it by itself."""
    settle(0.1)
    gc.collect()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    settle(0.1)


def wait_for(happened: Callable[[], bool], seconds: float) -> None:
    """Let the window work until something has happened, for at most this long."""
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        QApplication.processEvents()


def hover(widget: QWidget, place: Place) -> None:
    """Move the mouse to a place, no button held."""
    QTest.mouseMove(widget, _point(place))
    settle()


def drag(widget: QWidget, start: Place, end: Place, moves: int = 4) -> None:
    """Press the left button at one place, move to another and let go there."""
    pull(widget, start, end, moves)
    let_go(widget, end)


def pull(widget: QWidget, start: Place, end: Place, moves: int = 4) -> None:
    """Press the left button at one place and move to another, the button still down."""
    button = Qt.MouseButton.LeftButton
    QTest.mouseMove(widget, _point(start))
    settle()
    QTest.mousePress(widget, button, pos=_point(start))
    for step in range(1, moves + 1):
        share = step / moves
        between = tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))
        QTest.mouseMove(widget, _point((between[0], between[1])))
        settle()


def let_go(widget: QWidget, place: Place) -> None:
    """Let the left button go."""
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=_point(place))
    settle()


def wheel(
    widget: QWidget,
    place: Place,
    steps: int,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Turn the wheel over a place: a positive number of steps is away from the hand."""
    notch = QPoint(0, 120 if steps > 0 else -120)
    here = QPointF(*place)
    for _ in range(abs(steps)):
        event = QWheelEvent(
            here,
            QPointF(widget.mapToGlobal(here)),
            QPoint(),
            notch,
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003 - Qt takes it by place: the wheel is not turned over by the system
        )
        QApplication.sendEvent(widget, event)
        settle()


def click(widget: QWidget, place: Place | None = None) -> None:
    """Click with the left button, in the middle of the widget unless told where."""
    where = _point(place) if place else widget.rect().center()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where)
    settle()


def press(widget: QWidget, key: str) -> None:
    """Press a key or a combination, written as Qt writes it ("Ctrl+Z")."""
    QTest.keySequence(widget, key)
    settle()


def write(widget: QWidget, text: str) -> None:
    """Type text into a widget."""
    QTest.keyClicks(widget, text)
    settle()


def _point(place: Place) -> QPoint:
    return QPoint(round(place[0]), round(place[1]))
