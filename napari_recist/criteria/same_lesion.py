"""Which lesion of one reader is which of the other: by where both drew or pointed.

Each reader keeps a list of names of their own (L-5), so only the place tells. Places are patient
millimetres, LPS; they are compared within one frame of reference at one visit and nowhere else.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from napari_recist.criteria.calipers import Caliper, Point
from napari_recist.criteria.lesion_list import organ_of
from napari_recist.criteria.lesions import Lesion
from napari_recist.criteria.read import Read

SAME_PLACE_MM = 10.0
"""Midpoints nearer than this are of one lesion: two lesions that may be targets are at least 10 mm
across (M-1), so the centres of two that do not overlap are at least 10 mm apart."""

SLICES_APART_MM = 5.0
"""Lines that cross on slices no farther apart than this are of one lesion: it is the greatest slice
thickness at which 10 mm may be measured (M-1), so two readers took neighbouring slices at most."""

_PARALLEL = 1e-9  # share of the squared lengths below which two lines have no common perpendicular


@dataclass(frozen=True, slots=True)
class SameLesion:
    """One lesion under the names of two readers.

    ``distance_mm`` is the least distance of the midpoints at any visit, ``None`` where no place is
    on record and organ and site alone left only this pair.
    """

    first: str
    second: str
    distance_mm: float | None = None


@dataclass(frozen=True, slots=True)
class MatchedLesions:
    """The lesions of two reads: which are the same, and which only one reader listed."""

    pairs: tuple[SameLesion, ...]
    first_only: tuple[str, ...]
    second_only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a reader put a lesion at one visit: lines, or a point as a line of no length."""

    frame: str
    lines: tuple[tuple[Point, Point], ...]

    @property
    def middle(self) -> Point:
        start, end = self.lines[0]
        x, y, z = ((a + b) / 2 for a, b in zip(start, end, strict=True))
        return x, y, z


_Marks = Mapping[str, Mapping[str, Sequence[_Mark]]]  # by lesion, then by visit


def same_lesions(first: Read, second: Read) -> MatchedLesions:
    """Match the lesions of two reads of one patient, whatever their role.

    Two lesions are the same when, at some visit and in the same frame of reference, their midpoints
    lie less than ``SAME_PLACE_MM`` apart, or a line of one crosses a line of the other, seen along
    their common perpendicular, no more than ``SLICES_APART_MM`` away. A place that was pointed at
    counts as the midpoint of a line of no length. Each lesion is matched once; the nearest pairs
    come first, then names decide, so that the answer does not depend on chance.

    Where either read has no place for a lesion at all (a read imported from a table), organ, site
    and node decide, but only when one lesion of each read is left that answers to them.
    """
    ours, theirs = _marks(first), _marks(second)
    pairs = _nearest_first(
        SameLesion(one.identifier, other.identifier, distance)
        for one in first.lesions
        for other in second.lesions
        if (distance := _apart(ours, theirs, one, other)) is not None
    )
    pairs.extend(_by_words(_left(first, pairs), _left(second, pairs, second=True), ours, theirs))
    return MatchedLesions(
        tuple(pairs),
        tuple(lesion.identifier for lesion in _left(first, pairs)),
        tuple(lesion.identifier for lesion in _left(second, pairs, second=True)),
    )


def _nearest_first(candidates: Iterator[SameLesion]) -> list[SameLesion]:
    taken: set[str] = set()
    taken_second: set[str] = set()
    pairs = []
    for pair in sorted(candidates, key=lambda one: (one.distance_mm, *_names(one))):
        if pair.first not in taken and pair.second not in taken_second:
            taken.add(pair.first)
            taken_second.add(pair.second)
            pairs.append(pair)
    return pairs


def _names(pair: SameLesion) -> tuple[str, ...]:
    """Return the names of a pair in an order that does not know which read is first."""
    return tuple(sorted((pair.first, pair.second)))


def _left(read: Read, pairs: Sequence[SameLesion], *, second: bool = False) -> list[Lesion]:
    matched = {pair.second if second else pair.first for pair in pairs}
    return [lesion for lesion in read.lesions if lesion.identifier not in matched]


def _by_words(
    ours: Sequence[Lesion], theirs: Sequence[Lesion], placed: _Marks, placed_there: _Marks
) -> Iterator[SameLesion]:
    for one in ours:
        alike = [other for other in theirs if _words(other) == _words(one)]
        namesakes = [other for other in ours if _words(other) == _words(one)]
        if len(alike) != 1 or len(namesakes) != 1 or not one.organ:
            continue
        if not (placed.get(one.identifier) and placed_there.get(alike[0].identifier)):
            yield SameLesion(one.identifier, alike[0].identifier)


def _words(lesion: Lesion) -> tuple[str, str, bool]:
    return organ_of(lesion), " ".join(lesion.site.casefold().split()), lesion.node


def _marks(read: Read) -> _Marks:
    """Return where each lesion was drawn, or pointed at, at each visit."""
    marks: dict[str, dict[str, list[_Mark]]] = {}
    for said in (read.observations, read.viable):
        for (visit, lesion), one in said.items():
            for caliper in one.calipers:
                if caliper is not None and caliper.frame_of_reference_uid:
                    at = marks.setdefault(lesion, {}).setdefault(visit, [])
                    at.append(_Mark(caliper.frame_of_reference_uid, _lines(caliper)))
    for (visit, lesion), place in read.places.items():
        if place.point is not None and place.frame_of_reference_uid:
            at = marks.setdefault(lesion, {}).setdefault(visit, [])
            at.append(_Mark(place.frame_of_reference_uid, ((place.point, place.point),)))
    return marks


def _lines(caliper: Caliper) -> tuple[tuple[Point, Point], ...]:
    axes = (caliper.long_axis, caliper.short_axis)
    return tuple((axis.start, axis.end) for axis in axes if axis is not None)


def _apart(ours: _Marks, theirs: _Marks, one: Lesion, other: Lesion) -> float | None:
    """Return how far apart the midpoints of the same lesion lie, ``None`` of another one."""
    here, there = ours.get(one.identifier, {}), theirs.get(other.identifier, {})
    distances = [
        distance
        for visit in here.keys() & there.keys()
        for mark in here[visit]
        for mark_there in there[visit]
        if (distance := _distance(mark, mark_there)) is not None
    ]
    return min(distances, default=None)


def _distance(one: _Mark, other: _Mark) -> float | None:
    if one.frame != other.frame:
        return None
    distance = math.dist(one.middle, other.middle)
    if distance < SAME_PLACE_MM:
        return distance
    crossed = any(lines_cross(*a, *b) for a in one.lines for b in other.lines)
    return distance if crossed else None


def lines_cross(start: Point, end: Point, start_there: Point, end_there: Point) -> bool:
    """Return whether two lines cross, up to ``SLICES_APART_MM`` along their common perpendicular.

    Points are patient millimetres. Lines that only touch, or would meet if they were longer, do not
    cross; nor do parallel ones, whose midpoints must decide.
    """
    u, v = _minus(end, start), _minus(end_there, start_there)
    between = _minus(start_there, start)
    uu, vv, uv = _dot(u, u), _dot(v, v), _dot(u, v)
    slant = uu * vv - uv * uv
    if slant <= _PARALLEL * uu * vv:
        return False
    along = (_dot(between, u) * vv - _dot(between, v) * uv) / slant
    along_there = (_dot(between, u) * uv - _dot(between, v) * uu) / slant
    if not (0 < along < 1 and 0 < along_there < 1):
        return False
    nearest = _along(start, u, along), _along(start_there, v, along_there)
    return math.dist(*nearest) <= SLICES_APART_MM


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _dot(a: Point, b: Point) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _along(start: Point, way: Point, share: float) -> Point:
    return start[0] + share * way[0], start[1] + share * way[1], start[2] + share * way[2]
