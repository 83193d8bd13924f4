"""A signed visit stated by hand on any images, for reports on real and made-up scans."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from napari_recist.criteria import (
    Caliper,
    Charter,
    Event,
    Fact,
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    VisitOpened,
    VisitSigned,
    from_raw,
    replay,
)
from napari_recist.exporting.dicom.signed_visit import SignedVisit
from napari_recist.exporting.dicom.source_images import VisitImages
from napari_recist.imaging import Series
from napari_recist.measuring.calipers import axis
from napari_recist.trial import ScheduledVisit, SeriesEntry

DAY = dt.date(2025, 1, 6)
MOMENT = dt.datetime(2025, 2, 3, 10, 11, 12, tzinfo=dt.UTC)
SIGNED = VisitSigned("BL", "Reader Name", "I read", "", "c", "h", "0", "0.1.0")


def caliper_on(series: Series, place: int, at: tuple[float, float] = (0.4, 0.35)) -> Caliper:
    """Return two perpendicular axes on a slice, slanting over a third of the image."""
    geometry = series.geometry
    assert geometry is not None
    _, rows, columns = series.shape
    row, column = rows * at[0], columns * at[1]
    middle = geometry.to_patient((place, row, column))
    along = geometry.to_patient((place, row + rows * 0.07, column + columns * 0.16)) - middle
    across = np.cross(geometry.normal, along) * 0.5
    piece = series.slices[place]
    return Caliper(
        axis(middle - along, middle + along),
        axis(middle - across, middle + across),
        series.series_uid,
        piece.sop_instance_uid,
        piece.frame + 1,
        geometry.frame_of_reference_uid,
        "",
    )


def signed_visit(*facts: Fact, signed: VisitSigned = SIGNED) -> SignedVisit:
    """Return a signed baseline with these facts between its opening and its signature."""
    stated = (VisitOpened("BL", DAY), *facts, signed)
    events = tuple(
        Event(number, MOMENT, "P1", "anna", fact) for number, fact in enumerate(stated, 1)
    )
    return SignedVisit("uid", "P1", "RADIOLOGIST 1", "BL", replay(events), events, Charter())


def measured(
    *calipers: Caliper, node: bool = False, viable: bool = False
) -> tuple[LesionAdded | LesionMeasured, ...]:
    """Return the facts of targets T1, T2 ... with these calipers."""
    facts: list[LesionAdded | LesionMeasured] = []
    for number, caliper in enumerate(calipers, 1):
        name = f"T{number}"
        counting = caliper.short_axis if node else caliper.long_axis
        assert counting is not None
        facts.append(LesionAdded("BL", Lesion(name, Role.TARGET, "liver", "S4a", node=node)))
        diameter = from_raw(counting.raw_mm)
        facts.append(LesionMeasured("BL", name, diameter, caliper, viable=viable))
    return tuple(facts)


def images_of(*found: Series) -> VisitImages:
    """Return the visit's images as a trial would have registered them."""
    entries = [
        SeriesEntry(one.series_uid, one.description, one.modality, one.phase, _files(one.files))
        for one in found
    ]
    return VisitImages(ScheduledVisit("P1", "BL", 0, DAY, tuple(entries)))


def _files(files: Sequence[Path]) -> tuple[str, ...]:
    return tuple(map(str, files))
