"""Masks of lesions as a DICOM segmentation on the images they were made on (PS3.3, A.51).

It carries the same labels, tracking UIDs and finding sites as the structured report of the visit,
so that a viewer knows a mask and a caliper as one lesion.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pydicom import dcmread
from pydicom.dataset import Dataset

from napari_recist.criteria import Lesion
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom import concepts
from napari_recist.exporting.dicom.coded_study import coded_study
from napari_recist.exporting.dicom.identifiers import DEVICE_UID, derived_uid
from napari_recist.exporting.dicom.report_document import PROGRAM
from napari_recist.exporting.dicom.sites import finding_site
from napari_recist.exporting.extras import exports_extra

Mask: TypeAlias = npt.NDArray[np.bool_]
"""(slice, row, column): whether a voxel belongs to the lesion."""

SERIES_NUMBER = 9200
"""Behind image series and structured reports."""

_OF_THE_IMAGE = (
    "SOPClassUID",
    "SOPInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "ImageType",
    "FrameOfReferenceUID",
    "PositionReferenceIndicator",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "DimensionOrganizationSequence",
    "DimensionIndexSequence",
    "LossyImageCompression",
    "LossyImageCompressionRatio",
    "LossyImageCompressionMethod",
)
"""What highdicom is given of an image: it copies patient, study and scanner from what it gets."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What made a mask with the reader: its name, version and family (CID 7162)."""

    name: str
    version: str
    family: concepts.Concept = concepts.NEIGHBOURHOOD_ANALYSIS


@dataclass(frozen=True, slots=True, eq=False)
class SegmentedLesion:
    """A lesion's mask, with its name and tracking UID as in the report of the visit.

    ``algorithm`` is ``None`` where it was drawn by hand.
    """

    lesion: Lesion
    label: str
    tracking_uid: str
    mask: Mask
    algorithm: Algorithm | None = None


@dataclass(frozen=True, slots=True)
class Segmented:
    """Of whom and by whom masks are: the trial, patient code, evaluator, visit, when and with what.

    ``moment`` is that of the signature, UTC; ``software`` the version by which it was signed.
    """

    trial_uid: str
    subject: str
    evaluator: str
    visit: str
    moment: dt.datetime
    software: str


def segmentation(
    lesions: Sequence[SegmentedLesion], slices: Sequence[tuple[Path, int]], about: Segmented
) -> bytes:
    """Return a DICOM segmentation of these lesions; the same again for the same masks.

    Parameters
    ----------
    lesions : sequence of SegmentedLesion
        At least one; their masks are of one shape, and may overlap.
    slices : sequence of (Path, int)
        File and frame (counted from 1) of each slice of the masks, in their order.
    about : Segmented
        Of whom and by whom.

    Raises
    ------
    ExportError
        If highdicom is not installed, a mask does not fit the images or is empty, or the images
        cannot carry one (their file cannot be read, or is a mosaic).
    """
    with exports_extra("A DICOM segmentation"):
        import highdicom  # noqa: F401, PLC0415 - seconds to import, and an extra
    _refuse_misfits(lesions, slices, about)
    headers = _headers(slices, about)
    planes = _planes(lesions, slices, headers)
    document = _built(lesions, planes, list(headers.values()), about)
    if "ContributingEquipmentSequence" in document:  # the scanner, of which nothing is known here
        del document.ContributingEquipmentSequence
    document.ContentDate = document.InstanceCreationDate = f"{about.moment:%Y%m%d}"
    document.ContentTime = document.InstanceCreationTime = f"{about.moment:%H%M%S}"
    _order_dimensions(document)
    digest = hashlib.sha256(_file(document)).hexdigest()
    document.SOPInstanceUID = derived_uid("segmentation", about.trial_uid, digest)
    document.file_meta.MediaStorageSOPInstanceUID = document.SOPInstanceUID
    return _file(document)


def _refuse_misfits(
    lesions: Sequence[SegmentedLesion], slices: Sequence[tuple[Path, int]], about: Segmented
) -> None:
    for one in lesions:
        where = f"the mask of {one.label} at {about.visit} of {about.subject}"
        if one.mask.shape[:1] != (len(slices),) or one.mask.shape != lesions[0].mask.shape:
            raise ExportError(f"Nothing was exported: {where} does not fit its images.")
        if not one.mask.any():
            raise ExportError(f"Nothing was exported: {where} is empty.", "Draw it, or leave it.")


def _headers(slices: Sequence[tuple[Path, int]], about: Segmented) -> Mapping[Path, Dataset]:
    """Return the headers of the files, each once, with nothing of the patient but the code."""
    found: dict[Path, Dataset] = {}
    for file, _frame in slices:
        if file in found:
            continue
        try:
            header = dcmread(file, stop_before_pixels=True, force=True)
        except OSError as error:
            problem = f"Nothing was exported: {file}: {error.strerror}."
            raise ExportError(problem, "Put the file back, or import it again.") from error
        found[file] = _coded(header, about.subject)
    return found


def _coded(header: Dataset, subject: str) -> Dataset:
    """Return the geometry of an image and its coded study, told the way highdicom looks for it."""
    found = coded_study(subject, header)
    for name in _OF_THE_IMAGE:
        if name in header:
            found[name] = header[name]
    _share(found)
    return found


def _share(header: Dataset) -> None:
    """Tell once what all frames of an enhanced image have in common: highdicom looks there only."""
    frames = header.get("PerFrameFunctionalGroupsSequence") or []
    for name in ("PixelMeasuresSequence", "PlaneOrientationSequence"):
        told = [frame[name].value for frame in frames if name in frame]
        if told and len(told) == len(frames) and all(one == told[0] for one in told):
            header.SharedFunctionalGroupsSequence[0][name] = frames[0][name]


def _planes(
    lesions: Sequence[SegmentedLesion],
    slices: Sequence[tuple[Path, int]],
    headers: Mapping[Path, Dataset],
) -> Mask:
    """Return the masks as (frame, row, column, lesion), in the order of the files' own frames."""
    masks = np.stack([one.mask for one in lesions], axis=-1)
    if len(headers) == len(slices):
        return masks
    ((file, header),) = headers.items()
    if "NumberOfFrames" not in header:
        raise ExportError(
            f"Nothing was exported: {file} holds several slices side by side, on which no "
            "segmentation can stand."
        )
    planes = np.zeros((int(header.NumberOfFrames), *masks.shape[1:]), bool)
    for mask, (_file, frame) in zip(masks, slices, strict=True):
        planes[frame - 1] = mask
    return planes


def _built(
    lesions: Sequence[SegmentedLesion], planes: Mask, headers: Sequence[Dataset], about: Segmented
) -> Any:
    """Return highdicom's segmentation, with UIDs that follow from what it is of."""
    from highdicom.seg import Segmentation, SegmentationTypeValues  # noqa: PLC0415 - an extra

    names = (about.trial_uid, about.subject, about.evaluator, about.visit)
    return Segmentation(
        source_images=headers,
        pixel_array=planes,
        segmentation_type=SegmentationTypeValues.BINARY,
        segment_descriptions=[_described(*one) for one in enumerate(lesions, 1)],
        series_instance_uid=derived_uid("masks", *names, str(headers[0].StudyInstanceUID)),
        series_number=SERIES_NUMBER,
        sop_instance_uid=derived_uid("mask to be", *names),
        instance_number=1,
        manufacturer=PROGRAM,
        manufacturer_model_name=PROGRAM,
        software_versions=about.software,
        device_serial_number=about.trial_uid,
        content_label="LESIONS",
        content_description=f"Lesions at {about.visit}",
        content_creator_name=f"{about.evaluator}^",
        series_description=f"RECIST {about.visit} {about.evaluator} masks",
    )


def _order_dimensions(document: Dataset) -> None:
    """Give the order of the frames a UID that follows from what they are of."""
    organization = derived_uid("dimensions", str(document.SeriesInstanceUID))
    for one in (*document.DimensionOrganizationSequence, *document.DimensionIndexSequence):
        one.DimensionOrganizationUID = organization


def _described(number: int, one: SegmentedLesion) -> Any:
    from highdicom.content import AlgorithmIdentificationSequence  # noqa: PLC0415 - an extra
    from highdicom.seg import SegmentAlgorithmTypeValues, SegmentDescription  # noqa: PLC0415

    site = finding_site(one.lesion)
    algorithm = None
    kind = SegmentAlgorithmTypeValues.MANUAL
    if one.algorithm:
        kind = SegmentAlgorithmTypeValues.SEMIAUTOMATIC
        algorithm = AlgorithmIdentificationSequence(
            name=one.algorithm.name,
            family=_code(one.algorithm.family),
            version=one.algorithm.version,
        )
    return SegmentDescription(
        segment_number=number,
        segment_label=one.label,
        segmented_property_category=_code(concepts.ABNORMAL_STRUCTURE),
        segmented_property_type=_code(concepts.LESION),
        algorithm_type=kind,
        algorithm_identification=algorithm,
        tracking_uid=one.tracking_uid,
        tracking_id=one.label,
        anatomic_regions=[_code(site[0])] if site else None,
    )


def _code(concept: concepts.Concept) -> Any:
    from highdicom.sr import CodedConcept  # noqa: PLC0415 - an extra

    return CodedConcept(concept.value, concept.scheme, concept.meaning)


def _file(document: Dataset) -> bytes:
    document.file_meta.ImplementationClassUID = DEVICE_UID
    document.file_meta.ImplementationVersionName = "NAPARI_RECIST"
    buffer = io.BytesIO()
    document.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
