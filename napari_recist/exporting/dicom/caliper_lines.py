"""Where the axes of a caliper stand in a report: on their image, or in the patient.

On the image (SCOORD) is the rule. In the patient (SCOORD3D) where pixels are not square: OHIF takes
the distance of rows for that of columns (cornerstone3D, issue 2758) and would show another length;
where such an image names no space, the line stands on the image, and the group is not one that
OHIF draws again. In the patient, too, from a Siemens mosaic, which has no frames to stand on.
"""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from napari_recist.criteria import Axis, Caliper
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom.content_items import Relation, image, line, line_in_patient
from napari_recist.exporting.dicom.line_coordinates import in_patient, on_image
from napari_recist.exporting.dicom.signed_visit import LesionPart, SignedVisit
from napari_recist.exporting.dicom.source_images import SourceImage

OFF_PLANE_MM = 0.1
"""A caliper was drawn on its image: further off, image and caliper do not belong together.

Slices whose corners lie this far from the volume's even steps still make a measurable volume.
"""


@dataclass(frozen=True, slots=True)
class CaliperLines:
    """The items of both axes, none where there is no line; ``drawn_again`` as OHIF does it."""

    long_axis: Dataset | None = None
    short_axis: Dataset | None = None
    drawn_again: bool = False


def caliper_lines(
    signed: SignedVisit, part: LesionPart, source: SourceImage | None
) -> CaliperLines:
    """Return the lines of a part's caliper.

    Raises
    ------
    ExportError
        If the caliper does not lie on the image, or the image does not tell where it is.
    """
    caliper = part.caliper
    if caliper is None or source is None:
        return CaliperLines()
    short = caliper.short_axis
    step = signed.charter.criteria.precision_tenths
    square = False
    if not source.tiled:
        _refuse_elsewhere(signed, part, caliper, source)
        square = source.plane(caliper.frame).square
    if not square and caliper.frame_of_reference_uid:
        return CaliperLines(
            _in_space(caliper.long_axis, caliper, step),
            _in_space(short, caliper, step) if short else None,
            drawn_again=True,
        )
    if source.tiled:
        return CaliperLines()
    return CaliperLines(
        _on_image(caliper.long_axis, caliper, source, step),
        _on_image(short, caliper, source, step) if short else None,
        drawn_again=square,
    )


def _refuse_elsewhere(
    signed: SignedVisit, part: LesionPart, caliper: Caliper, source: SourceImage
) -> None:
    plane = source.plane(caliper.frame)
    axes = (caliper.long_axis, *((caliper.short_axis,) if caliper.short_axis else ()))
    off = max(plane.distance(end) for axis in axes for end in (axis.start, axis.end))
    if off > OFF_PLANE_MM:
        raise ExportError(
            f"Nothing was exported: the caliper of {part.label} at {signed.visit} of "
            f"{signed.subject} lies {off:.2f} mm off its image {source.file}.",
            "Put the file back as it was imported.",
        )


def _in_space(axis: Axis, caliper: Caliper, step: int) -> Dataset:
    return line_in_patient(in_patient(axis, step), caliper.frame_of_reference_uid)


def _on_image(axis: Axis, caliper: Caliper, source: SourceImage, step: int) -> Dataset:
    frame = caliper.frame if source.multi_frame else None
    drawn_on = image(Relation.SELECTED, source.sop_class_uid, source.sop_instance_uid, frame)
    return line(on_image(axis, source.plane(caliper.frame), step), drawn_on)
