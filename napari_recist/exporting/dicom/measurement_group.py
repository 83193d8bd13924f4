"""One lesion at one visit as a measurement group (TID 1501) that viewers draw again.

OHIF and cornerstone look for the words "Tracking Identifier", "Long Axis" and "Short Axis", for a
tool's name at the start of the tracking identifier, and for exactly one item under each measurement
(its line) and one under the line (its image). So nothing else stands there.

A line stands on its image (SCOORD), in the patient (SCOORD3D) where pixels are not square: OHIF
takes the distance of rows for that of columns (cornerstone3D, issue 2758), and would show another
length. A Siemens mosaic has
no frames that a line could stand on.
"""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from napari_recist.criteria import Axis, Caliper, Status, from_raw, show
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom import concepts
from napari_recist.exporting.dicom.content_items import (
    Relation,
    code,
    container,
    image,
    line,
    line_in_patient,
    millimetres,
    text,
    uid,
)
from napari_recist.exporting.dicom.line_coordinates import in_patient, on_image
from napari_recist.exporting.dicom.signed_visit import LesionPart, SignedVisit
from napari_recist.exporting.dicom.sites import finding_site, site_words
from napari_recist.exporting.dicom.source_images import SourceImage

TOOL = "Cornerstone3DTools@^0.1.0"
"""By this prefix OHIF knows which of its tools draws a measurement."""

OFF_PLANE_MM = 0.1
"""A caliper was drawn on its image: further off, image and caliper do not belong together.

Slices whose corners lie this far from the volume's even steps still make a measurable volume.
"""


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
    drawn = part.caliper is not None and source is not None
    children = [*_identity(signed, part, drawn=drawn), *_finding(signed, part)]
    if part.caliper is not None and source is not None and part.diameter is not None:
        children += _measurements(signed, part, part.caliper, source)
    elif part.diameter is not None:
        children.append(millimetres(_reported_name(part), show(part.diameter)))
    children += _evaluations(part)
    return container(concepts.GROUP, children, "1501")


def _identity(signed: SignedVisit, part: LesionPart, *, drawn: bool) -> Iterator[Dataset]:
    identifier = part.label
    if drawn:
        two = part.caliper is not None and part.caliper.short_axis is not None
        identifier = f"{TOOL}:{'Bidirectional' if two else 'Length'}:{part.label}"
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


def _measurements(
    signed: SignedVisit, part: LesionPart, caliper: Caliper, source: SourceImage
) -> Iterator[Dataset]:
    """Yield one measurement per axis; the axis that counts has the signed value."""
    short, node = caliper.short_axis, part.lesion.node
    precision = signed.charter.criteria.precision_tenths
    signed_value = part.diameter or 0
    length = signed_value if not (node and short) else from_raw(caliper.long_axis.raw_mm, precision)
    name = concepts.LONG_AXIS if short else concepts.LENGTH
    yield millimetres(name, show(length), _line(signed, part, caliper.long_axis, caliper, source))
    if short:
        width = signed_value if node else from_raw(short.raw_mm, precision)
        drawn = _line(signed, part, short, caliper, source)
        yield millimetres(concepts.SHORT_AXIS, show(width), drawn)


def _line(
    signed: SignedVisit, part: LesionPart, axis: Axis, caliper: Caliper, source: SourceImage
) -> Dataset:
    space = caliper.frame_of_reference_uid
    precision = signed.charter.criteria.precision_tenths
    if source.tiled and space:
        return line_in_patient(in_patient(axis, precision), space)
    plane = source.plane(caliper.frame)
    off = max(plane.distance(axis.start), plane.distance(axis.end))
    if off > OFF_PLANE_MM:
        raise ExportError(
            f"Nothing was exported: the caliper of {part.label} at {signed.visit} of "
            f"{signed.subject} lies {off:.2f} mm off its image {source.file}.",
            "Put the file back as it was imported.",
        )
    if not plane.square and space:
        return line_in_patient(in_patient(axis, precision), space)
    frame = caliper.frame if source.multi_frame else None
    drawn_on = image(Relation.SELECTED, source.sop_class_uid, source.sop_instance_uid, frame)
    return line(on_image(axis, plane, precision), drawn_on)


def _reported_name(part: LesionPart) -> concepts.Concept:
    return concepts.SHORT_AXIS if part.lesion.node else concepts.LENGTH


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
