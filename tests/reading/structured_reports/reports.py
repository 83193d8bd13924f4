"""Structured reports for tests, written by highdicom and by OHIF's own library: never by us."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
from highdicom.sr import (
    CodedConcept,
    Comprehensive3DSR,
    CoordinatesForMeasurement,
    CoordinatesForMeasurement3D,
    FindingSite,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TrackingIdentifier,
)
from highdicom.sr.templates import Template
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from napari_recist.imaging import Series

LENGTH = codes.SCT.Length
LONG, SHORT = codes.SCT.LongAxis, codes.SCT.ShortAxis
CANARY = "Dr Canary Wharf"
"""Stands wherever a report names a person or takes free text: it must never come in."""


@dataclass(frozen=True)
class Line:
    """A line of a report: (column, row) from the outer corner, or (x, y, z) in a space."""

    what: object
    points: Sequence[tuple[float, ...]]
    mm: float
    image: Dataset
    frame: int | None = None
    unit: object = codes.UCUM.Millimeter


@dataclass(frozen=True)
class Group:
    """A measurement group: its lines, and how its lesion is named."""

    lines: tuple[Line, ...]
    label: str = "T01"
    site: object | None = codes.SCT.Liver


def corner(index: tuple[float, float]) -> tuple[float, float]:
    """Return the (column, row) of a report for an index (row, column) at pixel centres."""
    row, column = index
    return column + 0.5, row + 0.5


def headers(series: Series) -> list[Dataset]:
    """Return the headers of a series, in the order of its slices."""
    return [pydicom.dcmread(piece.file, stop_before_pixels=True) for piece in series.slices]


def write_report(
    file: Path,
    groups: Sequence[Group],
    evidence: Sequence[Dataset],
    others: Sequence[Template] = (),
) -> Path:
    """Write a report of TID 1501 groups, and of groups as highdicom makes them, with highdicom."""
    made = [_group(one, number) for number, one in enumerate(groups, start=1)]
    observer = ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=PersonObserverIdentifyingAttributes(CANARY + "^"),
    )
    content = MeasurementReport(
        observation_context=ObservationContext(observer_person_context=observer),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=[*made, *others],
    )
    report = Comprehensive3DSR(
        evidence=[completed(image) for image in evidence],
        content=content,
        series_number=99,
        series_instance_uid=hd.UID(),
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="highdicom",
        institution_name=CANARY,
        series_description=CANARY,
    )
    report.save_as(file, enforce_file_format=True)
    return file


def completed(image: Dataset) -> Dataset:
    """Return a header with what highdicom takes over from it."""
    for name in ("PatientName", "PatientBirthDate", "PatientSex", "StudyID", "AccessionNumber"):
        image.setdefault(name, "")
    for name in ("StudyDate", "StudyTime", "ReferringPhysicianName"):
        image.setdefault(name, "")
    return image


def _group(group: Group, number: int) -> MeasurementsAndQualitativeEvaluations:
    made = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(hd.UID(), f"{CANARY} {number}"),
        finding_sites=[FindingSite(group.site)] if group.site else None,
        measurements=[_measurement(line) for line in group.lines],
        source_images=[
            SourceImageForMeasurementGroup(line.image.SOPClassUID, line.image.SOPInstanceUID)
            for line in group.lines[:1]
        ],
    )
    if group.label:
        comment = hd.sr.TextContentItem(
            name=CodedConcept("121106", "DCM", "Comment"),
            value=group.label,
            relationship_type=hd.sr.RelationshipTypeValues.CONTAINS,
        )
        made[0].ContentSequence.append(comment)
    return made


def _measurement(line: Line) -> Measurement:
    points = np.asarray(line.points, dtype=float)
    if points.shape[1] == 3:
        where = CoordinatesForMeasurement3D(
            hd.sr.GraphicTypeValues3D.POLYLINE, points, line.image.FrameOfReferenceUID
        )
    else:
        frames = None if line.frame is None else [line.frame]
        image = SourceImageForRegion(line.image.SOPClassUID, line.image.SOPInstanceUID, frames)
        kind = hd.sr.GraphicTypeValues.POLYLINE
        where = CoordinatesForMeasurement(kind, points, image)
    return Measurement(line.what, line.mm, line.unit, referenced_coordinates=[where])


OHIF_TOOLS = """
import fs from 'fs'; globalThis.window ??= globalThis; globalThis.self ??= globalThis;
const dcmjs = (await import('dcmjs')).default;
const {metaData} = await import('@cornerstonejs/core');
const {MeasurementReport} = (await import('@cornerstonejs/adapters')).adaptersSR.Cornerstone3D;
const [file, out, tool, pointsText] = process.argv.slice(-4);
const bytes = fs.readFileSync(file);
const read = dcmjs.data.DicomMessage.readFile(
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const image = dcmjs.data.DicomMetaDictionary.naturalizeDataset(read.dict);
image._meta = dcmjs.data.DicomMetaDictionary.namifyDataset(read.meta);
const id = 'wadors:' + image.SOPInstanceUID, o = image.ImageOrientationPatient;
const spacing = image.PixelSpacing, points = JSON.parse(pointsText);
const modules = {
  imagePlaneModule: {frameOfReferenceUID: image.FrameOfReferenceUID, rows: image.Rows,
    columns: image.Columns, imageOrientationPatient: o, rowCosines: o.slice(0, 3),
    columnCosines: o.slice(3, 6), imagePositionPatient: image.ImagePositionPatient,
    pixelSpacing: spacing, rowPixelSpacing: spacing[0], columnPixelSpacing: spacing[1]},
  sopCommonModule: {sopInstanceUID: image.SOPInstanceUID, sopClassUID: image.SOPClassUID},
  instance: image, frameNumber: 1, generalSeriesModule: {}};
metaData.addProvider((kind, of) => of === id ? modules[kind] : undefined, 100);
const mm = (a, b) => Math.hypot(...a.map((x, i) => x - b[i]));
const stats = tool === 'Length' ? {length: mm(points[0], points[1]), unit: 'mm'}
  : {length: mm(points[0], points[1]), width: mm(points[2], points[3]), unit: 'mm'};
const annotation = {annotationUID: 'a1',
  metadata: {toolName: tool, referencedImageId: id, FrameOfReferenceUID: image.FrameOfReferenceUID},
  data: {label: 'T02', handles: {points, textBox: {}}, cachedStats: {['imageId:' + id]: stats}}};
const report = MeasurementReport.generateReport({[id]: {[tool]: {data: [annotation]}}},
  {get: (kind, of) => metaData.get(kind, of)}, {PersonName: 'Canary^Wharf'});
fs.writeFileSync(out, Buffer.from(dcmjs.data.datasetToDict(report.dataset).write()));
"""


def write_as_ohif(
    judge: Path, image: Path, out: Path, tool: str, points: Sequence[Sequence[float]]
) -> Path:
    """Write a report as OHIF does: ``tool`` Length or Bidirectional, points in mm, LPS."""
    told = repr([list(map(float, point)) for point in points])
    command = ["node", "--input-type=module", "-", str(image), str(out), tool, told]
    done = subprocess.run(
        command,
        cwd=judge,
        input=OHIF_TOOLS,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return out
