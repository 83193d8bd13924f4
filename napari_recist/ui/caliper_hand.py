"""What the hand holds while a caliper is drawn or changed: values that follow the mouse."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeAlias

import numpy as np

from napari_recist.criteria import Lesion
from napari_recist.ui.caliper_lines import CaliperLines, crosses_steeply
from napari_recist.ui.drawn_caliper import (
    CaliperKey,
    DrawnCaliper,
    IndexLine,
    IndexPoint,
    middle_of,
)
from napari_recist.ui.pane_view import PaneView

GRAB_PX = 8.0
"""How near to an end the button must go down to take hold of it."""
MIDDLE_GRAB_PX = 6.0
"""The same of the middle: less, so that in a small caliper the ends come first."""
CROSSING_DEGREES = 45.0
"""A second line that crosses the first at more than this is the short axis."""

Screen: TypeAlias = tuple[float, float]
"""A place on a canvas, pixels from its left and top edge."""


class Part(Enum):
    """What of a caliper can be taken hold of."""

    LONG = auto()
    SHORT = auto()
    WHOLE = auto()


@dataclass(frozen=True, slots=True)
class Grip:
    """An end of one of a caliper's axes, or the whole caliper by its middle."""

    part: Part
    end: int = 0

    def place(self, lines: CaliperLines) -> IndexPoint:
        """Return where it is on a caliper."""
        line = lines.short_axis if self.part is Part.SHORT else lines.long_axis
        if line is None or self.part is Part.WHOLE:
            return middle_of(lines.long_axis)
        return line[self.end]

    def pulled(self, lines: CaliperLines, rows: float, columns: float) -> CaliperLines:
        """Return the caliper after it was pulled so far from where it was."""
        home, row, column = self.place(lines)
        place = (home, row + rows, column + columns)
        match self.part:
            case Part.LONG:
                return lines.with_long_end(self.end, place)
            case Part.SHORT:
                return lines.with_short_end(self.end, place)
            case Part.WHOLE:
                return lines.moved_by(rows, columns)

    def renamed(self) -> "Grip":
        """Return the same grip after long and short axis have changed names."""
        other = {Part.LONG: Part.SHORT, Part.SHORT: Part.LONG, Part.WHOLE: Part.WHOLE}
        return replace(self, part=other[self.part])


@dataclass(frozen=True, slots=True)
class CaliperInHand:
    """What is being drawn or changed: not yet in any record.

    ``waits`` when a node's short axis is due; ``replaces`` is the recorded caliper that is changed
    or completed; ``grip`` is what moves.
    """

    lesion: Lesion
    lines: CaliperLines
    waits: bool = False
    replaces: DrawnCaliper | None = None
    grip: Grip | None = None

    def pulled(self, rows: float, columns: float) -> "CaliperInHand":
        """Return it after its grip was pulled so far."""
        if self.grip is None:
            return self
        return replace(self, lines=self.grip.pulled(self.lines, rows, columns))

    def crossed(self, line: IndexLine) -> "CaliperInHand | None":
        """Return it with a line drawn across as its short axis; ``None`` if it does not cross.

        A node that waits takes any line: nothing else is expected there.
        """
        geometry, long_axis = self.lines.geometry, self.lines.long_axis
        if not self.waits and not crosses_steeply(geometry, long_axis, line, CROSSING_DEGREES):
            return None
        return self.with_short(line)

    def with_short(self, line: IndexLine) -> "CaliperInHand":
        """Return it with a line turned upright as its short axis."""
        lines = self.lines.with_short_drawn(*line)
        return replace(self, lines=lines, waits=False, grip=Grip(Part.SHORT, 1))

    def ordered(self) -> "CaliperInHand":
        """Return it with its axes named by their length."""
        lines = self.lines.by_length()
        if lines is self.lines or self.grip is None:
            return replace(self, lines=lines)
        return replace(self, lines=lines, grip=self.grip.renamed())


@dataclass(frozen=True, slots=True)
class OpenedCaliper:
    """A recorded caliper that may be changed until the reader goes on.

    ``anew``: it was opened on purpose, so it may also be drawn anew, on any slice; one that was
    only just drawn is not. ``grip`` is what the arrow keys move.
    """

    key: CaliperKey
    anew: bool = False
    grip: Grip | None = None


def offered(pane: PaneView, due: CaliperInHand, at: Screen) -> CaliperInHand | None:
    """Return the caliper with the short axis that a click at a place on the canvas would give.

    Close to the long axis nothing is offered: there the mouse is on its way.
    """
    if line_distance(pane, due.lines.long_axis, at) <= GRAB_PX:
        return None
    lines = due.lines.with_short_offered(pane.index_under(at))
    if lines.short_axis is None:
        return None
    return replace(due, lines=lines, waits=False, grip=Grip(Part.SHORT, 1))


def grips(lines: CaliperLines) -> list[Grip]:
    """Return what can be taken hold of, in the order in which a key goes through it."""
    axes = (Part.LONG, Part.SHORT) if lines.short_axis else (Part.LONG,)
    return [*(Grip(part, end) for part in axes for end in (0, 1)), Grip(Part.WHOLE)]


def grabbed(pane: PaneView, lines: CaliperLines, pressed: Screen, *, whole: bool) -> Grip | None:
    """Return the grip under the mouse: the nearest in reach, an end before the middle."""
    reach = {Part.LONG: GRAB_PX, Part.SHORT: GRAB_PX, Part.WHOLE: MIDDLE_GRAB_PX if whole else 0.0}
    near = [
        (grip.part is Part.WHOLE, away, order, grip)
        for order, grip in enumerate(grips(lines))
        if (away := _distance(pane.to_screen(grip.place(lines)), pressed)) < reach[grip.part]
    ]
    return min(near)[-1] if near else None


def under(
    pane: PaneView, calipers: Iterable[DrawnCaliper], place: Screen, reach_px: float = GRAB_PX
) -> DrawnCaliper | None:
    """Return the caliper of the slice shown whose line lies under the mouse, the nearest one."""
    near = [
        (away, order, caliper)
        for order, caliper in enumerate(calipers)
        if caliper.slice == pane.slice
        and (away := min(line_distance(pane, line, place) for line in caliper.lines)) <= reach_px
    ]
    return min(near, key=lambda found: found[:2])[-1] if near else None


def line_distance(pane: PaneView, line: IndexLine, place: Screen) -> float:
    """Return how far a place on the canvas is from a line, in screen pixels."""
    start, end, at = (np.array(one) for one in (*map(pane.to_screen, line), place))
    along = end - start
    length = float(along @ along)
    share = min(max(float((at - start) @ along) / length, 0.0), 1.0) if length else 0.0
    return _distance(tuple(start + share * along), place)


def _distance(first: Screen, second: Screen) -> float:
    return float(np.hypot(first[0] - second[0], first[1] - second[1]))
