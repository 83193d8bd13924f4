"""Caliper lines on a picture through the patient: kept perpendicular and given their millimetres.

Lines are pairs of indices (slice, row, column); every length and angle is that of the patient,
through the volume's geometry and ``napari_recist.measuring.calipers``.
"""

from dataclasses import dataclass

import numpy as np

from napari_recist.criteria import Axis, show
from napari_recist.errors import UnmeasurableError
from napari_recist.imaging.geometry import Geometry
from napari_recist.measuring import calipers
from napari_recist.ui.drawn_caliper import IndexLine, IndexPoint

SHORTEST_MM = 0.1
"""A line shorter than this has no direction to be perpendicular to."""


@dataclass(frozen=True, slots=True)
class CaliperLines:
    """The lines of a caliper while it is drawn or moved, on one slice of a geometry."""

    geometry: Geometry
    long_axis: IndexLine
    short_axis: IndexLine | None = None

    def with_long_end(self, end: int, place: IndexPoint) -> "CaliperLines":
        """Return the caliper with an end of its long axis moved; the short axis goes along."""
        moved = _with_end(self.long_axis, end, place)
        before, after = self._axis(self.long_axis), self._axis(moved)
        if self.short_axis is None or min(before.raw_mm, after.raw_mm) < SHORTEST_MM:
            return CaliperLines(self.geometry, moved, self.short_axis)
        short = calipers.carried_short_axis(
            self._axis(self.short_axis), before, after, self.geometry.normal
        )
        return CaliperLines(self.geometry, moved, self._line(short))

    def with_short_end(self, end: int, place: IndexPoint) -> "CaliperLines":
        """Return the caliper with an end of its short axis moved, perpendicular as before."""
        if self.short_axis is None:
            return self
        short = calipers.moved_short_axis(
            self._axis(self.short_axis),
            self._axis(self.long_axis),
            end,
            self.geometry.to_patient(place),
            self.geometry.normal,
        )
        return CaliperLines(self.geometry, self.long_axis, self._line(short))

    def with_short_drawn(self, start: IndexPoint, end: IndexPoint) -> "CaliperLines":
        """Return the caliper with the short axis drawn freely, turned perpendicular."""
        long_axis = self._axis(self.long_axis)
        short = calipers.carried_short_axis(
            self._axis((start, end)), long_axis, long_axis, self.geometry.normal
        )
        return CaliperLines(self.geometry, self.long_axis, self._line(short))

    def with_short_offered(self, place: IndexPoint) -> "CaliperLines":
        """Return the caliper with the short axis that a hand at this place offers.

        It goes through the hand, as far to the other side, and is never longer than the long axis;
        beside the span of the long axis, or further out, nothing is offered and none is there.
        """
        long_axis, lone = self._axis(self.long_axis), CaliperLines(self.geometry, self.long_axis)
        if long_axis.raw_mm < SHORTEST_MM:
            return lone
        hand = self.geometry.to_patient(place)
        short = calipers.short_axis_through(long_axis, hand, self.geometry.normal)
        reaches_hand = bool(np.allclose(short.end, hand, atol=SHORTEST_MM))
        if not reaches_hand or short.raw_mm > long_axis.raw_mm:
            return lone
        return CaliperLines(self.geometry, self.long_axis, self._line(short))

    def moved_by(self, rows: float, columns: float) -> "CaliperLines":
        """Return the whole caliper moved on its slice."""
        short = None if self.short_axis is None else _moved(self.short_axis, rows, columns)
        return CaliperLines(self.geometry, _moved(self.long_axis, rows, columns), short)

    @property
    def slice(self) -> int:
        """The slice it lies on."""
        return round(self.long_axis[0][0])

    @property
    def raw_mm(self) -> tuple[float, float | None]:
        """The unrounded lengths in mm: of the long axis, and of the short one, if any."""
        short = self.short_axis
        return self._axis(self.long_axis).raw_mm, self._axis(short).raw_mm if short else None

    def by_length(self) -> "CaliperLines":
        """Return the caliper with the longer line as long axis, whichever was drawn first."""
        if self.short_axis is None:
            return self
        if self._axis(self.short_axis).raw_mm <= self._axis(self.long_axis).raw_mm:
            return self
        return CaliperLines(self.geometry, self.short_axis, self.long_axis)

    def reported(self, precision: int, *, node: bool) -> str:
        """Return the value that would be reported, as text in mm; "" while a node lacks it."""
        short = self._axis(self.short_axis) if self.short_axis else None
        ordered = calipers.by_length(self._axis(self.long_axis), short) if short else None
        long_axis, short_axis = ordered or (self._axis(self.long_axis), None)
        try:
            tenths = calipers.reported_diameter(long_axis, short_axis, precision, node=node)
        except UnmeasurableError:
            return ""
        return show(tenths)

    def _axis(self, line: IndexLine) -> Axis:
        start, end = self.geometry.to_patient(np.array(line))
        return calipers.axis(start, end)

    def _line(self, axis: Axis) -> IndexLine:
        start, end = self.geometry.to_index(np.array([axis.start, axis.end]))
        # An edit never leaves the slice the caliper was drawn on.
        home = self.long_axis[0][0]
        return (home, float(start[1]), float(start[2])), (home, float(end[1]), float(end[2]))


def crosses_steeply(
    geometry: Geometry, first: IndexLine, second: IndexLine, degrees: float
) -> bool:
    """Tell whether two lines of one slice cross at more than an angle, in the patient's plane."""
    if first[0][0] != second[0][0]:
        return False
    spacing = (geometry.row_spacing, geometry.column_spacing)
    (a, b), (c, d) = (np.array(line)[:, 1:] * spacing for line in (first, second))
    across = _turn(b - a, c - a) * _turn(b - a, d - a) < 0
    along = _turn(d - c, a - c) * _turn(d - c, b - c) < 0
    lengths = float(np.linalg.norm(b - a) * np.linalg.norm(d - c))
    steep = abs(_turn(b - a, d - c)) >= np.sin(np.radians(degrees)) * lengths
    return bool(across and along and steep)


def _with_end(line: IndexLine, end: int, place: IndexPoint) -> IndexLine:
    return (line[0], place) if end else (place, line[1])


def _moved(line: IndexLine, rows: float, columns: float) -> IndexLine:
    (home, row, column), (_, other_row, other_column) = line
    return (home, row + rows, column + columns), (home, other_row + rows, other_column + columns)


def _turn(first: np.ndarray, second: np.ndarray) -> float:
    """Return the cross product of two plane vectors: its sign says on which side one lies."""
    return float(first[0] * second[1] - first[1] * second[0])
