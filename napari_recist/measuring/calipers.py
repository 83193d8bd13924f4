"""The geometry of a bidimensional caliper: pure functions on patient points, mm, LPS.

A caliper lies in one acquired slice, whose unit normal is given where a plane is needed. The short
axis is the one perpendicular to the long axis (RECIST.md R-11, R-12); nothing here rounds except
:func:`reported_diameter`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from napari_recist.criteria import Axis, Point, from_raw
from napari_recist.errors import UnmeasurableError
from napari_recist.imaging.geometry import distance_mm

FloatArray = npt.NDArray[np.float64]


def axis(start: npt.ArrayLike, end: npt.ArrayLike) -> Axis:
    """Return the axis between two patient points, with its raw length in mm."""
    return Axis(_point(start), _point(end), distance_mm(start, end))


def short_axis_through(long_axis: Axis, point: npt.ArrayLike, normal: npt.ArrayLike) -> Axis:
    """Return the short axis that ends at a point of the slice and reaches as far to the other side.

    Parameters
    ----------
    long_axis : Axis
        Of positive length.
    point : (3,) array_like
        Where the hand is, mm LPS; beyond the ends of the long axis, the short one stays at the end.
    normal : (3,) array_like
        Unit normal of the slice.
    """
    at = _crossing(Axis(_point(point), _point(point), 0.0), long_axis, normal)
    fraction = min(max(at.fraction, 0.0), 1.0)
    return _from_crossing(long_axis, _Crossing(fraction, -at.end, at.end), normal)


def carried_short_axis(short_axis: Axis, before: Axis, after: Axis, normal: npt.ArrayLike) -> Axis:
    """Return the short axis after an end of the long axis was moved from ``before`` to ``after``.

    It crosses the long axis at the same fraction of its length, reaches as far to either side as
    it did, and is perpendicular again.
    """
    return _from_crossing(after, _crossing(short_axis, before, normal), normal)


def moved_short_axis(
    short_axis: Axis, long_axis: Axis, end: int, to: npt.ArrayLike, normal: npt.ArrayLike
) -> Axis:
    """Return the short axis after its end 0 or 1 was dragged to a point of the slice.

    The dragged end goes exactly where the hand is; the other end slides along, keeping its own
    reach, so that the axis stays perpendicular. It never leaves the span of the long axis.
    """
    held = _crossing(short_axis, long_axis, normal)
    dragged = _crossing(Axis(_point(to), _point(to), 0.0), long_axis, normal)
    fraction = min(max(dragged.fraction, 0.0), 1.0)
    reaches = (dragged.start, held.end) if end == 0 else (held.start, dragged.end)
    return _from_crossing(long_axis, _Crossing(fraction, *reaches), normal)


def by_length(first: Axis, second: Axis) -> tuple[Axis, Axis]:
    """Return the two axes as (long, short): the longer one is the long axis, whoever drew it."""
    return (second, first) if second.raw_mm > first.raw_mm else (first, second)


def reported_diameter(
    long_axis: Axis, short_axis: Axis | None, precision: int, *, node: bool
) -> int:
    """Return what counts of a caliper, in tenths of a millimetre: a node's short axis (R-11).

    Parameters
    ----------
    long_axis, short_axis : Axis
        As drawn.
    precision : int
        Step of a reported value in tenths of a millimetre, from the charter.
    node : bool
        Whether the lesion is a lymph node.

    Raises
    ------
    UnmeasurableError
        If a node has no short axis.
    """
    if not node:
        return from_raw(long_axis.raw_mm, precision)
    if short_axis is None:
        raise UnmeasurableError(
            "A lymph node is measured by its short axis, and none is drawn.",
            "Draw the short axis as well.",
        )
    return from_raw(short_axis.raw_mm, precision)


class _Crossing(NamedTuple):
    """Where a short axis stands on its long axis: fraction along, signed reach of each end."""

    fraction: float
    start: float
    end: float


def _crossing(short_axis: Axis, long_axis: Axis, normal: npt.ArrayLike) -> _Crossing:
    origin, along, across = _frame(long_axis, normal)
    start, end = (np.asarray(point) - origin for point in (short_axis.start, short_axis.end))
    middle = float((start + end) @ along) / 2
    return _Crossing(middle / long_axis.raw_mm, float(start @ across), float(end @ across))


def _from_crossing(long_axis: Axis, crossing: _Crossing, normal: npt.ArrayLike) -> Axis:
    origin, along, across = _frame(long_axis, normal)
    foot = origin + crossing.fraction * long_axis.raw_mm * along
    return axis(foot + crossing.start * across, foot + crossing.end * across)


def _frame(long_axis: Axis, normal: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    origin = np.asarray(long_axis.start, dtype=float)
    along = (np.asarray(long_axis.end, dtype=float) - origin) / long_axis.raw_mm
    return origin, along, np.cross(np.asarray(normal, dtype=float), along)


def _point(coordinates: npt.ArrayLike) -> Point:
    x, y, z = np.asarray(coordinates, dtype=float)
    return float(x), float(y), float(z)
