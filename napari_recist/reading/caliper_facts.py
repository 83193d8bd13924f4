"""From a line drawn on a volume to a measured lesion, or to the reason why it measures nothing."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from napari_recist.criteria import (
    Axis,
    Caliper,
    Charter,
    Lesion,
    LesionMeasured,
    Observation,
    Provenance,
    Read,
    Role,
    Status,
)
from napari_recist.errors import ReadError, UnmeasurableError
from napari_recist.imaging import Geometry, Volume
from napari_recist.measuring.calipers import axis, by_length, reported_diameter
from napari_recist.reading.coded_words import ROLE_WORDS
from napari_recist.translation import _

Index: TypeAlias = tuple[float, float, float]
"""A place in a volume: (slice, row, column); row and column may be fractions."""

IndexAxis: TypeAlias = tuple[Index, Index]
"""The two ends of a caliper's axis in a volume."""

HALF_PIXEL = 0.5
"""A pixel reaches this far beyond its centre: the image ends there."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A caliper as a reader drew it on the volume of the current visit."""

    volume: Volume
    long_axis: IndexAxis
    short_axis: IndexAxis | None = None
    pixels_per_mm: float = 0.0
    fragment: int = 0


def measured(
    read: Read, visit: str, lesion: Lesion, drawn: Drawn, charter: Charter
) -> LesionMeasured:
    """Return the fact that a lesion has the drawn diameter at this visit.

    Raises
    ------
    ReadError
        If this lesion is not one that is measured, or the fragment is out of turn.
    UnmeasurableError
        If the series gives no millimetres, or the line leaves the slice or has no length.
    """
    refuse_unmeasured(read, visit, lesion, drawn.fragment)
    before = read.observation(visit, lesion.identifier)
    caliper = _caliper(drawn, _provenance(before, drawn.fragment))
    precision = charter.criteria.precision_tenths
    diameter = reported_diameter(caliper.long_axis, caliper.short_axis, precision, node=lesion.node)
    if diameter == 0:
        raise UnmeasurableError(_("The caliper has no length."), _("Drag from edge to edge."))
    return LesionMeasured(visit, lesion.identifier, diameter, caliper, drawn.fragment)


def refuse_unmeasured(read: Read, visit: str, lesion: Lesion, fragment: int) -> None:
    """Raise :class:`ReadError` unless this lesion, or this fragment next, is one to measure."""
    if lesion.role is not Role.TARGET:
        raise ReadError(
            _(
                "{lesion} of {subject} is a {role} lesion: only targets are measured.",
                lesion=lesion.identifier,
                subject=read.subject,
                role=ROLE_WORDS[lesion.role],
            ),
            _("Say what became of it."),
        )
    before = read.observation(visit, lesion.identifier)
    pieces = len(before.diameters) if before and before.status is Status.SPLIT else 0
    if not 0 <= fragment <= pieces + 1:
        raise ReadError(
            _(
                "{lesion} of {subject} has {pieces} fragments at {visit}.",
                lesion=lesion.identifier,
                subject=read.subject,
                pieces=pieces,
                visit=visit,
            ),
            _("Draw fragment {fragment} next.", fragment=pieces + 1),
        )
    if fragment and read.added_at[lesion.identifier] == visit:
        raise ReadError(
            _(
                "{lesion} of {subject} joins the list at {visit}: it is whole there.",
                lesion=lesion.identifier,
                subject=read.subject,
                visit=visit,
            ),
            _("Draw it whole; a lesion splits at a later visit (R-15)."),
        )


def index_axes(caliper: Caliper, geometry: Geometry) -> tuple[IndexAxis, IndexAxis | None]:
    """Return where the axes of a recorded caliper lie in a volume of the same space."""
    short = caliper.short_axis
    return (
        _index_axis(caliper.long_axis, geometry),
        None if short is None else _index_axis(short, geometry),
    )


def _provenance(before: Observation | None, fragment: int) -> Provenance:
    place = max(fragment - 1, 0)
    same_kind = before is not None and (before.status is Status.SPLIT) == bool(fragment)
    redrawn = before is not None and same_kind and place < len(before.calipers)
    return Provenance.EDITED if redrawn else Provenance.DRAWN


def _caliper(drawn: Drawn, provenance: Provenance) -> Caliper:
    series, geometry = drawn.volume.series, drawn.volume.geometry
    if geometry is None:
        raise UnmeasurableError(
            _(
                "Series {number} gives no millimetres: {summary}.",
                number=series.number,
                summary=series.passport.summary,
            ),
            _("Measure on another series, or query the site."),
        )
    points = [*drawn.long_axis, *(drawn.short_axis or ())]
    place = _the_slice(points, geometry)
    axes = [_patient_axis(pair, geometry) for pair in (drawn.long_axis, drawn.short_axis) if pair]
    long_axis, short_axis = by_length(*axes) if len(axes) > 1 else (axes[0], None)
    image = series.slices[place]
    return Caliper(
        long_axis=long_axis,
        short_axis=short_axis,
        series_uid=series.series_uid,
        sop_instance_uid=image.sop_instance_uid,
        frame=image.frame + 1,
        frame_of_reference_uid=geometry.frame_of_reference_uid,
        passport=series.passport.summary,
        provenance=provenance,
        pixels_per_mm=float(drawn.pixels_per_mm),
    )


def _the_slice(points: list[Index], geometry: Geometry) -> int:
    """Return the one acquired slice on which all points lie, inside its image."""
    count, rows, columns = geometry.shape
    if not all(math.isfinite(number) for point in points for number in point):
        raise UnmeasurableError(_("An end of the caliper has no place."), _("Draw it again."))
    slices = {math.floor(point[0] + HALF_PIXEL) for point in points}
    if len(slices) > 1:
        raise UnmeasurableError(
            _("The ends of the caliper lie on different slices."),
            _("Draw both ends on one acquired slice (R-11)."),
        )
    (place,) = slices
    inside = all(
        -HALF_PIXEL <= row <= rows - HALF_PIXEL and -HALF_PIXEL <= column <= columns - HALF_PIXEL
        for _, row, column in points
    )
    if not (0 <= place < count and inside):
        raise UnmeasurableError(_("The caliper leaves the image."), _("Draw it inside the image."))
    return place


def _patient_axis(pair: IndexAxis, geometry: Geometry) -> Axis:
    start, end = geometry.to_patient(np.asarray(pair))
    return axis(start, end)


def _index_axis(patient: Axis, geometry: Geometry) -> IndexAxis:
    start, end = geometry.to_index(np.asarray([patient.start, patient.end])).tolist()
    return tuple(start), tuple(end)
