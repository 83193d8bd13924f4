"""The hand of the scripted reader: it makes the gestures of a person, and counts them."""

from dataclasses import astuple, dataclass

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QWidget

from napari_recist.demo import gestures
from napari_recist.demo.gestures import Place


@dataclass(frozen=True, slots=True)
class Gestures:
    """How often the hand did what.

    A character typed is a key. A wheel turned one way without a pause is one turn, however many
    notches it has. Moving the mouse to where it clicks or drags is part of that.
    """

    keys: int = 0
    clicks: int = 0
    drags: int = 0
    turns: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(astuple(self))

    def __add__(self, other: "Gestures") -> "Gestures":
        """Return both together."""
        return Gestures(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: "Gestures") -> "Gestures":
        """Return what was done since the other was counted."""
        return Gestures(*(a - b for a, b in zip(astuple(self), astuple(other), strict=True)))


class CountedHand:
    """Presses, types, clicks, drags and turns the wheel; ``made`` is what it did so far."""

    def __init__(self) -> None:
        self.made = Gestures()

    def press(self, widget: QWidget, key: str) -> None:
        """Press a key or a combination."""
        self.made += Gestures(keys=1)
        gestures.press(widget, key)

    def write(self, widget: QWidget, text: str) -> None:
        """Type text."""
        self.made += Gestures(keys=len(text))
        gestures.write(widget, text)

    def click(self, widget: QWidget, place: Place | None = None) -> None:
        """Click with the left button."""
        self.made += Gestures(clicks=1)
        gestures.click(widget, place)

    def drag(self, widget: QWidget, start: Place, end: Place) -> None:
        """Drag with the left button."""
        self.made += Gestures(drags=1)
        gestures.drag(widget, start, end)

    def turn(
        self,
        widget: QWidget,
        place: Place,
        steps: int,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Turn the wheel; not at all where there are no steps."""
        self.made += Gestures(turns=bool(steps))
        gestures.wheel(widget, place, steps, held)
