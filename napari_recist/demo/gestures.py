"""A hand on mouse and keyboard: real Qt events sent to the widgets of the window."""

import time

from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QAbstractButton, QApplication, QWidget

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


def drag(widget: QWidget, start: Place, end: Place, moves: int = 4) -> None:
    """Press the left button at one place, move to another and let go there."""
    button = Qt.MouseButton.LeftButton
    QTest.mouseMove(widget, _point(start))
    settle()
    QTest.mousePress(widget, button, pos=_point(start))
    for step in range(1, moves + 1):
        share = step / moves
        between = tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))
        QTest.mouseMove(widget, _point((between[0], between[1])))
        settle()
    QTest.mouseRelease(widget, button, pos=_point(end))
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


def tick(box: QAbstractButton) -> None:
    """Tick a box that is not ticked, where its mark is."""
    if not box.isChecked():
        click(box, (10, box.height() / 2))


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
