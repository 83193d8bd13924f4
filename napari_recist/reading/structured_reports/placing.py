"""From a reported line to a caliper of ours: end-points in the patient by our own geometry.

What the report says in millimetres is only compared with what our ruler gives.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from napari_recist.criteria import Axis, Caliper, Provenance
from napari_recist.imaging import Geometry, Series
from napari_recist.imaging.geometry import FloatArray
from napari_recist.measuring.calipers import axis, by_length
from napari_recist.reading.structured_reports.concepts import OHIF
from napari_recist.reading.structured_reports.images import FoundImage, TrialImages
from napari_recist.reading.structured_reports.report import ReportedLine, ReportedMeasurement
from napari_recist.trial import ScheduledVisit, SeriesEntry

HALF_PIXEL = 0.5
"""A report's origin is the outer corner of the first pixel, ours its centre (PS3.3 C.18.6.1.1)."""

EDGE = HALF_PIXEL + 0.001
"""The image ends half a pixel beyond the last centre; single precision takes 0.001 pixel more."""

TOLD_MM = 0.06
"""A difference to the report's own length beyond this is told: its one decimal explains 0.05 mm,
the single precision of its coordinates less than 0.001 mm."""

REFUSED_MM = 1.0
"""Beyond this nothing is proposed: no rounding explains it, so the other program measured by
another pixel spacing or another image than ours."""

ON_SLICE_MM = 0.1
"""A point in space may lie so far off an acquired slice: coordinates in single precision and
positions written with few decimals explain less. Further off it lies on no image (R-11)."""

UPRIGHT_WITHIN_DEGREES = 2.0
"""Two axes so far from a right angle still count as perpendicular (R-12): a hand on a screen of
whole pixels can do no better on 15 mm."""

SQUARE_WITHIN = 1e-4
"""Row and column spacing so near to each other displace nothing: 0.05 pixel over 512."""

ReadOn: TypeAlias = Callable[[str], SeriesEntry]
"""Gives the series a visit is measured on."""


class NotPlacedError(Exception):
    """A measurement cannot be laid on an image of ours; the text says why."""


def placed(
    measurement: ReportedMeasurement, images: TrialImages, read_on: ReadOn, program: str = ""
) -> tuple[FoundImage, Caliper, tuple[str, ...]]:
    """Return the image of a measurement, the caliper it makes, and what is to be told of it.

    ``program`` is who wrote the report.

    Raises
    ------
    NotPlacedError
        If its image is not of these visits or gives no millimetres, or the line lies on no
        acquired slice, or is not what its report says it is.
    """
    image, long_axis = _placed_line(measurement.long_axis, images, read_on)
    if program == OHIF and measurement.long_axis.sop_instance_uid:
        _refuse_displaced(image.series)
    told = list(_difference(long_axis, measurement.long_axis, "long axis"))
    short_axis = None
    if measurement.short_axis is not None:
        other, short_axis = _placed_line(measurement.short_axis, images, read_on)
        if (other.series.series_uid, other.place) != (image.series.series_uid, image.place):
            raise NotPlacedError("its two axes lie on different images (R-11)")
        told += _difference(short_axis, measurement.short_axis, "short axis")
        if not _upright(long_axis, short_axis):
            told.append("its short axis is left out: it is not perpendicular to the long (R-12)")
            short_axis = None
    if short_axis is not None:
        long_axis, short_axis = by_length(long_axis, short_axis)
    series = image.series
    caliper = Caliper(
        long_axis,
        short_axis,
        series.series_uid,
        series.slices[image.place].sop_instance_uid,
        series.slices[image.place].frame + 1,
        series.frame_of_reference_uid,
        series.passport.summary,
        Provenance.PROPOSED,
    )
    return image, caliper, tuple(told)


def _placed_line(
    line: ReportedLine, images: TrialImages, read_on: ReadOn
) -> tuple[FoundImage, Axis]:
    if line.sop_instance_uid:
        image = _image(line, images)
        geometry = _geometry(image.series)
        home = float(image.place)
        ends = [(home, row - HALF_PIXEL, column - HALF_PIXEL) for column, row in line.points]
        _refuse_outside(ends, geometry)
        start, end = geometry.to_patient(np.asarray(ends))
    else:
        visit, entry, series, original = _space(line, images, read_on)
        start, end = np.asarray(line.points, dtype=float)
        place = _slice_of(start, end, _geometry(series))
        image = FoundImage(visit, entry, series, place, original)
    drawn = axis(start, end)
    if not drawn.raw_mm:
        raise NotPlacedError("its line has no length")
    return image, drawn


def _image(line: ReportedLine, images: TrialImages) -> FoundImage:
    found = images.of_instance(line.sop_instance_uid)
    if not found:
        raise NotPlacedError(
            "its image is of no visit that is open to this reader; for a report drawn on images "
            "before they were coded, name the trial's key"
        )
    if line.frames:
        found = [one for one in found if one.series.slices[one.place].frame + 1 in line.frames]
        if not found:
            raise NotPlacedError(f"its image has no frame {line.frames[0]}")
    if len(found) > 1:
        raise NotPlacedError("its image holds several frames, and it does not say which one frame")
    return found[0]


def _space(
    line: ReportedLine, images: TrialImages, read_on: ReadOn
) -> tuple[ScheduledVisit, SeriesEntry, Series, bool]:
    """Return the series of a line in space: the one measured on, where several share the space."""
    found = images.of_space(line.frame_of_reference_uid)
    if not found:
        raise NotPlacedError("its space is of no visit that is open to this reader")
    read = [one for one in found if read_on(one[0].visit) == one[1]]
    for choice in (read, found):
        if len(choice) == 1:
            return choice[0]
    raise NotPlacedError("several series share its space, and it does not say which one it is of")


def _slice_of(start: FloatArray, end: FloatArray, geometry: Geometry) -> int:
    ends = geometry.to_index(np.stack([start, end]))
    on_slices = geometry.to_patient(ends)
    off = np.linalg.norm(on_slices - np.stack([start, end]), axis=1).max()
    if off > ON_SLICE_MM or ends[0, 0] != ends[1, 0]:
        raise NotPlacedError(
            f"its ends lie {off:.1f} mm off the acquired slice, or on two of them (R-11)"
        )
    _refuse_outside([tuple(end) for end in ends], geometry)
    return int(ends[0, 0])


def _geometry(series: Series) -> Geometry:
    if series.geometry is None:
        raise NotPlacedError(f"its series gives no millimetres: {series.passport.summary}")
    return series.geometry


def _refuse_displaced(series: Series) -> None:
    """Refuse lines that OHIF drew on pixels that are not square.

    Its library divides by the wrong one of the two spacings (cornerstone3D, issue 2758): the line
    lies elsewhere on the image than it was drawn, at some angles with its length unchanged.
    """
    geometry = _geometry(series)
    if abs(geometry.row_spacing / geometry.column_spacing - 1) > SQUARE_WITHIN:
        raise NotPlacedError(
            "the pixels of its image are not square, and OHIF writes wrong places for these "
            "(cornerstone3D, issue 2758)"
        )


def _refuse_outside(ends: list[tuple[float, float, float]], geometry: Geometry) -> None:
    for _slice, row, column in ends:
        if not (
            -EDGE <= row <= geometry.rows - 1 + EDGE
            and -EDGE <= column <= geometry.columns - 1 + EDGE
        ):
            raise NotPlacedError("its line leaves the image")


def _difference(ours: Axis, line: ReportedLine, which: str) -> list[str]:
    """Return what is told where a report's length is not ours; refuse where it is far from it."""
    away = abs(ours.raw_mm - line.stated_mm)
    words = f"its report says {line.stated_mm:.2f} mm of the {which}, the image gives"
    if not away <= REFUSED_MM:
        raise NotPlacedError(f"{words} {ours.raw_mm:.2f} mm: it was measured on another image")
    return [f"{words} {ours.raw_mm:.2f} mm"] if away > TOLD_MM else []


def _upright(long_axis: Axis, short_axis: Axis) -> bool:
    along, across = (
        np.subtract(one.end, one.start) / one.raw_mm for one in (long_axis, short_axis)
    )
    return bool(abs(float(along @ across)) <= np.sin(np.radians(UPRIGHT_WITHIN_DEGREES)))
