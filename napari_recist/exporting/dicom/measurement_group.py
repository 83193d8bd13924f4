"""One lesion at one visit as a measurement group (TID 1501) that viewers draw again.

OHIF and cornerstone look for the words "Tracking Identifier", "Long Axis" and "Short Axis", for a
tool's name at the start of the tracking identifier, and for exactly one item under each measurement
(its line) and one under the line (its image). So nothing else stands there.
"""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from napari_recist.criteria import Status, from_raw, show
from napari_recist.exporting.dicom import concepts
from napari_recist.exporting.dicom.caliper_lines import CaliperLines, caliper_lines
from napari_recist.exporting.dicom.content_items import (
    Relation,
    code,
    container,
    millimetres,
    text,
    uid,
)
from napari_recist.exporting.dicom.signed_visit import LesionPart, SignedVisit
from napari_recist.exporting.dicom.sites import finding_site, site_words
from napari_recist.exporting.dicom.source_images import SourceImage

TOOL = "Cornerstone3DTools@^0.1.0"
"""By this prefix OHIF knows which of its tools draws a measurement."""


def measurement_group(signed: SignedVisit, part: LesionPart, source: SourceImage | None) -> Dataset:
    """Return the group of one lesion, fragment or viable part.

    Parameters
    ----------
    signed : SignedVisit
        The visit.
    part : LesionPart
        What was said, and the caliper where it was measured.
    source : SourceImage or None
        The image the caliper was drawn on.

    Raises
    ------
    ExportError
        If the image is not the one the caliper was drawn on, by its geometry.
    """
    lines = caliper_lines(signed, part, source)
    children = [
        *_identity(signed, part, lines),
        *_finding(signed, part),
        *_measurements(signed, part, lines),
        *_evaluations(part),
    ]
    return container(concepts.GROUP, children, "1501")


def _identity(signed: SignedVisit, part: LesionPart, lines: CaliperLines) -> Iterator[Dataset]:
    tool = f"{TOOL}:{'Bidirectional' if lines.short_axis else 'Length'}:"
    identifier = f"{tool if lines.drawn_again else ''}{part.label}"
    yield text(Relation.CONTEXT, concepts.TRACKING_IDENTIFIER, identifier)
    yield uid(Relation.CONTEXT, concepts.TRACKING_UID, part.tracking_uid)
    yield text(Relation.CONTEXT, concepts.TIME_POINT, signed.visit)
    yield text(Relation.CONTEXT, concepts.PROTOCOL_TIME_POINT, signed.visit)


def _finding(signed: SignedVisit, part: LesionPart) -> Iterator[Dataset]:
    lesion, criteria = part.lesion, signed.charter.criteria.name
    within = Relation.CONTAINS
    yield code(within, concepts.FINDING_CATEGORY, concepts.CATEGORIES[lesion.role])
    yield code(within, concepts.FINDING, concepts.LESION)
    yield code(Relation.MODIFIES, concepts.METHOD, concepts.CRITERIA[criteria])
    site = finding_site(lesion)
    if site is not None:
        where, side = site
        sided = (code(Relation.MODIFIES, concepts.LATERALITY, side),) if side else ()
        yield code(Relation.MODIFIES, concepts.FINDING_SITE, where, *sided)
    yield text(within, concepts.COMMENT, part.label)


def _measurements(signed: SignedVisit, part: LesionPart, lines: CaliperLines) -> Iterator[Dataset]:
    """Yield a measurement for each axis that was drawn; the axis that counts has the signed value.

    What was reported without a caliper is one measurement, without a line.
    """
    if part.diameter is None:
        return
    node, short = part.lesion.node, part.caliper.short_axis if part.caliper else None
    if part.caliper is None or short is None:
        name = concepts.SHORT_AXIS if node else concepts.LENGTH
        yield millimetres(name, show(part.diameter), lines.long_axis)
        return
    step = signed.charter.criteria.precision_tenths
    long_axis = from_raw(part.caliper.long_axis.raw_mm, step) if node else part.diameter
    short_axis = part.diameter if node else from_raw(short.raw_mm, step)
    yield millimetres(concepts.LONG_AXIS, show(long_axis), lines.long_axis)
    yield millimetres(concepts.SHORT_AXIS, show(short_axis), lines.short_axis)


def _evaluations(part: LesionPart) -> Iterator[Dataset]:
    within, said = Relation.CONTAINS, part.said
    if said.status is not Status.MEASURED:
        yield code(within, concepts.LESION_STATUS, concepts.STATUSES[said.status])
    if part.viable:
        yield code(within, concepts.MEASURED_PART, concepts.VIABLE_PART)
    words = (
        (concepts.MERGED_INTO, said.into),
        (concepts.REASON, said.reason),
        (concepts.SITE_WORDS, site_words(part.lesion)),
    )
    for name, value in words:
        if value:
            yield text(within, name, value)
