"""Reads a structured report of TID 1500: which lines it holds, whoever wrote it.

Lines of TID 1501 (a length, or a long and a short axis, each inferred from a POLYLINE of two
points) are measurements; outlines, volumes and values without end-points are none and are told.
"""

import struct
import warnings
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from napari_recist.errors import ReportError
from napari_recist.reading.structured_reports import concepts
from napari_recist.reading.structured_reports.content import (
    all_below,
    code_of,
    codes,
    items_of,
    name_of,
    texts,
)
from napari_recist.reading.structured_reports.report import (
    LeftOut,
    ReportedLine,
    ReportedMeasurement,
    StructuredReport,
)

STRUCTURED_REPORTS = "1.2.840.10008.5.1.4.1.1.88."
"""All SOP classes of structured reports begin so (PS3.4, B.5)."""

_DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
    struct.error,
)
"""What pydicom raises where bytes are not what their header says."""

POINTS_OF_A_LINE = 2
NO_WHOLE_TARGET = "it is of a non-target, a new lesion or a part, and whole targets are measured"
WITHOUT_END_POINTS = "it has no end-points: an outline, a volume or a value alone is no caliper"


def read_report(file: Path) -> StructuredReport:
    """Read the lines of a structured report.

    Raises
    ------
    ReportError
        If the file cannot be read, is no structured report, or holds no measurement at all.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a value is judged by what it gives
            dataset = pydicom.dcmread(file, stop_before_pixels=True)
            kind = str(dataset.get("SOPClassUID", ""))
            return _report(file, dataset) if kind.startswith(STRUCTURED_REPORTS) else _refuse(file)
    except InvalidDicomError as error:
        raise ReportError(
            f"{file.name} is no DICOM file.", "Export the report as DICOM."
        ) from error
    except _DAMAGED as error:
        raise ReportError(
            f"{file.name} cannot be read: it is damaged or cut short.", "Export it again."
        ) from error


def _refuse(file: Path) -> StructuredReport:
    raise ReportError(f"{file.name} is no structured report.", "Name the file of the report.")


def _report(file: Path, dataset: Dataset) -> StructuredReport:
    groups = [item for item in all_below(dataset) if name_of(item) == concepts.MEASUREMENT_GROUP]
    if not groups:
        raise ReportError(
            f"{file.name} holds no imaging measurements (TID 1500).",
            "Export the measurements, not another report of the study.",
        )
    read = [_measurement(number, group) for number, group in enumerate(groups, start=1)]
    return StructuredReport(
        file,
        str(dataset.SOPInstanceUID),
        str(dataset.get("PatientID") or ""),
        frozenset(_studies(dataset)),
        concepts.program_named(_told_of_itself(dataset, groups)),
        tuple(one for one in read if isinstance(one, ReportedMeasurement)),
        tuple(one for one in read if isinstance(one, LeftOut)),
    )


def _studies(dataset: Dataset) -> list[str]:
    """Return the studies a report is of: its own, and those of its evidence (PS3.3, C.17.2)."""
    current = dataset.get("CurrentRequestedProcedureEvidenceSequence") or ()
    others = dataset.get("PertinentOtherEvidenceSequence") or ()
    uids = (one.get("StudyInstanceUID") for one in (dataset, *current, *others))
    return [str(uid) for uid in uids if uid]


def _told_of_itself(dataset: Dataset, groups: list[Dataset]) -> list[str]:
    equipment = ("Manufacturer", "ManufacturerModelName", "SoftwareVersions", "SeriesDescription")
    said = [str(dataset.get(name, "")) for name in equipment]
    return said + [text for group in groups for text in texts(group, concepts.TRACKING_IDENTIFIER)]


def _measurement(number: int, group: Dataset) -> ReportedMeasurement | LeftOut:
    tracked = (text.rpartition(":")[2] for text in texts(group, concepts.TRACKING_IDENTIFIER))
    labels = (*texts(group, concepts.COMMENT), *tracked)
    said = codes(group)
    lesion = concepts.target_named(labels)
    name = f"measurement {number}{f' ({lesion})' if lesion else ''}"
    no_target = any(value in concepts.NOT_TARGETS for _name, value in said)
    if no_target or concepts.names_no_whole_target(labels):
        return LeftOut(name, NO_WHOLE_TARGET)
    organ, site = concepts.place_coded(
        value for what, value in said if what == concepts.FINDING_SITE
    )
    try:
        long_axis, short_axis = _axes(group)
    except _NoLineError as problem:
        return LeftOut(name, str(problem))
    return ReportedMeasurement(number, long_axis, short_axis, lesion, organ, site)


class _NoLineError(Exception):
    """A group holds no line, or more than a lesion has; the text says which."""


def _axes(group: Dataset) -> tuple[ReportedLine, ReportedLine | None]:
    numbers = [item for item in items_of(group) if item.get("ValueType") == "NUM"]
    long_axes = [item for item in numbers if name_of(item) in concepts.LENGTHS]
    short_axes = [item for item in numbers if name_of(item) in concepts.SHORT_AXES]
    if not long_axes:
        raise _NoLineError("it holds no length")
    if len(long_axes) > 1 or len(short_axes) > 1:
        raise _NoLineError("it holds several lengths, so that none is the lesion's")
    short = _line(short_axes[0]) if short_axes else None
    return _line(long_axes[0]), short


def _line(number: Dataset) -> ReportedLine:
    """Return the line a length was inferred from."""
    shapes = [item for item in items_of(number) if item.get("ValueType") in {"SCOORD", "SCOORD3D"}]
    if len(shapes) != 1 or shapes[0].get("GraphicType") != "POLYLINE":
        raise _NoLineError(WITHOUT_END_POINTS)
    (shape,) = shapes
    size = 2 if shape.ValueType == "SCOORD" else 3
    data = [float(number) for number in shape.GraphicData]
    points = [tuple(data[at : at + size]) for at in range(0, len(data), size)]
    if len(points) != POINTS_OF_A_LINE or len(data) % size:
        raise _NoLineError(f"its line has {len(data) / size:g} points in place of two")
    stated = _stated_mm(number)
    ends = points[0], points[1]
    if size == POINTS_OF_A_LINE:
        uid, frames = _image(shape)
        return ReportedLine(ends, stated, uid, frames)
    return ReportedLine(
        ends, stated, frame_of_reference_uid=str(shape.ReferencedFrameOfReferenceUID)
    )


def _stated_mm(number: Dataset) -> float:
    for value in number.get("MeasuredValueSequence") or ():
        for unit in value.get("MeasurementUnitsCodeSequence") or ():
            code, scheme = code_of(unit)
            if scheme == "UCUM" and code in concepts.MM_OF_UNIT:
                return float(value.NumericValue) * concepts.MM_OF_UNIT[code]
            raise _NoLineError(
                "its length is not in millimetres: the image was not calibrated there"
            )
    raise _NoLineError("its length has no value")


def _image(shape: Dataset) -> tuple[str, tuple[int, ...]]:
    for item in items_of(shape):
        if item.get("ValueType") == "IMAGE":
            for image in item.get("ReferencedSOPSequence") or ():
                frames = image.get("ReferencedFrameNumber")
                several = frames if isinstance(frames, pydicom.multival.MultiValue) else [frames]
                told = tuple(int(frame) for frame in several if frame is not None)
                return str(image.ReferencedSOPInstanceUID), told
    raise _NoLineError("it does not name the image it was drawn on")
