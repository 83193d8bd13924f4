"""Where labels go on a picture: beside lesions and never on them, apart from each other, inside.

Pure geometry in screen pixels; x to the right, y downwards.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Place: TypeAlias = tuple[float, float]

GAP_PX = 10.0
"""Between a lesion and its label."""
DISTANCES_PX = (0.0, 14.0, 32.0, 56.0, 90.0, 140.0, 210.0)
"""How much further out a label is tried when the places before are taken."""
DIRECTIONS = 24
APART_PX = 3.0
"""Between two labels."""
LEADER_PX = 30.0
"""A label further from its caliper than this has a line that leads to it."""
COVERING = 1e6
"""A label on a lesion is worse than any overlap of labels."""
SMALLEST_PX = 4.0
"""A lesion has at least this half width, so that a line just begun has an inside."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def corners(self) -> tuple[Place, ...]:
        """Its corners, around."""
        right, bottom = self.left + self.width, self.top + self.height
        return ((self.left, self.top), (right, self.top), (right, bottom), (self.left, bottom))

    def shared(self, other: "Box", apart: float = 0.0) -> float:
        """Return the area it shares with another, which reaches out so far."""
        across = min(self.left + self.width, other.left + other.width + apart)
        across -= max(self.left, other.left - apart)
        down = min(self.top + self.height, other.top + other.height + apart)
        down -= max(self.top, other.top - apart)
        return max(across, 0.0) * max(down, 0.0)

    def inside(self, sheet: "Box") -> bool:
        """Tell whether it lies on the sheet whole."""
        return (
            sheet.left <= self.left
            and sheet.top <= self.top
            and self.left + self.width <= sheet.left + sheet.width
            and self.top + self.height <= sheet.top + sheet.height
        )

    def pushed_into(self, sheet: "Box") -> "Box":
        """Return it moved onto the sheet."""
        left = max(min(self.left, sheet.left + sheet.width - self.width), sheet.left)
        top = max(min(self.top, sheet.top + sheet.height - self.height), sheet.top)
        return Box(left, top, self.width, self.height)

    def nearest(self, place: Place) -> Place:
        """Return its point nearest to a place."""
        return (
            min(max(place[0], self.left), self.left + self.width),
            min(max(place[1], self.top), self.top + self.height),
        )


@dataclass(frozen=True, slots=True)
class Oval:
    """An ellipse: middle, unit vector along it, half its length and half its width."""

    middle: Place
    along: Place
    length: float
    width: float

    @classmethod
    def around(
        cls, long_axis: tuple[Place, Place], short_axis: tuple[Place, Place] | None
    ) -> "Oval":
        """Return an oval around the ends of a caliper; around a lone axis it is a circle."""
        start, end = long_axis
        reach = math.dist(start, end) / 2
        along = (
            ((end[0] - start[0]) / (2 * reach), (end[1] - start[1]) / (2 * reach))
            if reach
            else (1.0, 0.0)
        )
        ends = (*long_axis, *(short_axis or ()))
        middle = (_mean(x for x, _ in ends), _mean(y for _, y in ends))
        oval = cls(middle, along, max(reach, SMALLEST_PX), max(reach, SMALLEST_PX))
        if short_axis is None:
            return oval
        width = max(math.dist(*short_axis) / 2, SMALLEST_PX)
        oval = cls(middle, along, oval.length, width)
        grown = max(1.0, *(math.hypot(*oval.unit(point)) for point in ends))
        return cls(middle, along, oval.length * grown, width * grown)

    @property
    def bounds(self) -> Box:
        """A box around it, upright and square."""
        reach = max(self.length, self.width)
        return Box(self.middle[0] - reach, self.middle[1] - reach, 2 * reach, 2 * reach)

    def unit(self, place: Place) -> Place:
        """Map a place so that the oval becomes the circle of radius one about zero."""
        right, down = place[0] - self.middle[0], place[1] - self.middle[1]
        along = right * self.along[0] + down * self.along[1]
        across = down * self.along[0] - right * self.along[1]
        return (along / self.length, across / self.width)

    def radius(self, direction: Place) -> float:
        """Return how far it reaches from its middle in a direction."""
        at = (self.middle[0] + direction[0], self.middle[1] + direction[1])
        return 1 / math.hypot(*self.unit(at))

    def meets(self, box: Box) -> bool:
        """Tell whether a box covers a part of it."""
        corners = [self.unit(corner) for corner in box.corners]
        sides = list(zip(corners, corners[1:] + corners[:1], strict=True))
        around = {_cross(start, end) > 0 for start, end in sides}
        return len(around) == 1 or any(_from_zero(start, end) < 1 for start, end in sides)


@dataclass(frozen=True, slots=True)
class LabelWish:
    """A label to be placed: its size, the lesion it belongs to, and the end it likes best.

    A line to a label far away leads from the nearest of ``ends``, or from the anchor.
    """

    width: float
    height: float
    lesion: Oval
    anchor: Place
    gap: float = GAP_PX
    ends: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Where a label is: its box, and the line that leads to it where it is far."""

    box: Box
    leader: tuple[Place, Place] | None = None


def place_labels(
    wishes: Sequence[LabelWish], lesions: Sequence[Oval], sheet: Box, taken: Sequence[Box] = ()
) -> list[LabelPlace]:
    """Place labels one after the other, each at the nearest place that is still free.

    Where no place is free, a label rather lies on another label than on a lesion, and never
    leaves the sheet.
    """
    boxes = list(taken)
    places = []
    for wish in wishes:
        box = _best(wish, lesions, sheet, boxes)
        boxes.append(box)
        places.append(LabelPlace(box, _leader(box, wish.ends or (wish.anchor,))))
    return places


def _leader(box: Box, ends: tuple[Place, ...]) -> tuple[Place, Place] | None:
    leads = [(math.dist(end, box.nearest(end)), end, box.nearest(end)) for end in ends]
    length, end, near = min(leads)
    return (end, near) if length > LEADER_PX else None


def _best(wish: LabelWish, lesions: Sequence[Oval], sheet: Box, taken: Sequence[Box]) -> Box:
    best, least = None, math.inf
    for box in _candidates(wish):
        on_sheet = box.pushed_into(sheet)
        moved = math.dist((box.left, box.top), (on_sheet.left, on_sheet.top))
        cost = moved + sum(on_sheet.shared(other, APART_PX) for other in taken)
        cost += COVERING * sum(lesion.meets(on_sheet) for lesion in (wish.lesion, *lesions))
        if cost < least:
            best, least = on_sheet, cost
        if least <= 0:
            break
    if best is None:
        raise AssertionError("there are always candidates")
    return best


def _candidates(wish: LabelWish) -> Iterator[Box]:
    """Give boxes around the lesion: near ones first, on the side of the anchor first."""
    right, down = wish.anchor[0] - wish.lesion.middle[0], wish.anchor[1] - wish.lesion.middle[1]
    first = math.atan2(down, right)
    turns = sorted(range(DIRECTIONS), key=lambda n: min(n, DIRECTIONS - n))
    for distance in DISTANCES_PX:
        for turn in turns:
            angle = first + 2 * math.pi * turn / DIRECTIONS
            direction = (math.cos(angle), math.sin(angle))
            half = abs(direction[0]) * wish.width / 2 + abs(direction[1]) * wish.height / 2
            away = wish.lesion.radius(direction) + wish.gap + distance + half
            x, y = (m + away * d for m, d in zip(wish.lesion.middle, direction, strict=True))
            yield Box(x - wish.width / 2, y - wish.height / 2, wish.width, wish.height)


def _mean(numbers: Iterator[float]) -> float:
    listed = list(numbers)
    return sum(listed) / len(listed)


def _cross(first: Place, second: Place) -> float:
    return first[0] * second[1] - first[1] * second[0]


def _from_zero(start: Place, end: Place) -> float:
    """Return how far the side between two places is from zero."""
    right, down = end[0] - start[0], end[1] - start[1]
    length = right * right + down * down
    share = -(start[0] * right + start[1] * down) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(start[0] + share * right, start[1] + share * down)
