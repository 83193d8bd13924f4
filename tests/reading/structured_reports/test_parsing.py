"""Reports by other programs are read for their lines, and what is none is told; none crashes us."""

import json
import subprocess
import sys
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from napari_recist.errors import ReportError
from napari_recist.imaging import Series
from napari_recist.reading.structured_reports.concepts import modern, target_named
from napari_recist.reading.structured_reports.parsing import read_report
from tests.reading.structured_reports.reports import (
    LENGTH,
    LONG,
    SHORT,
    Group,
    Line,
    completed,
    corner,
    write_as_ohif,
    write_report,
)

ACROSS, DOWN = (corner((20, 10)), corner((20, 60))), (corner((10, 30)), corner((30, 30)))


def bidirectional(image: Dataset, label: str = "T01") -> Group:
    """Return a group of a long axis of 30 mm and a short one of 16 mm."""
    lines = Line(LONG, ACROSS, 30.0, image), Line(SHORT, DOWN, 16.0, image)
    return Group(lines, label)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, baseline: list[Dataset]) -> Path:
    """Return a report by highdicom."""
    file = tmp_path_factory.mktemp("report") / "report.dcm"
    return write_report(file, [bidirectional(baseline[1])], baseline)


def test_a_report_by_highdicom_is_read(written: Path, baseline: list[Dataset]) -> None:
    """Both axes with their end-points, the lesion and the organ, and which program wrote it."""
    report = read_report(written)
    (measurement,) = report.measurements

    assert (report.program, report.patient_id, report.left_out) == ("highdicom", "P1", ())
    assert report.studies == {str(baseline[0].StudyInstanceUID)}
    assert (measurement.lesion, measurement.organ) == ("T1", "liver")
    assert measurement.long_axis.points == ACROSS
    assert measurement.short_axis is not None
    assert measurement.short_axis.points == DOWN
    assert measurement.long_axis.stated_mm == 30.0
    assert measurement.long_axis.sop_instance_uid == baseline[1].SOPInstanceUID


@pytest.mark.parametrize("tool", ["Length", "Bidirectional"])
def test_a_report_by_ohif_is_read(
    ohif_judge: Path, tmp_path: Path, series: tuple[Series, ...], tool: str
) -> None:
    """What OHIF's own library writes of a line, and of a long and a short axis."""
    geometry = series[0].geometry
    assert geometry is not None
    points = [geometry.to_patient((1, *at)) for at in ((20, 10), (20, 60), (10, 30), (30, 30))]
    file = write_as_ohif(
        ohif_judge,
        series[0].slices[1].file,
        tmp_path / "sr.dcm",
        tool,
        points[: 2 + 2 * (tool != "Length")],
    )

    report = read_report(file)
    (measurement,) = report.measurements

    assert (report.program, measurement.lesion) == ("OHIF", "T2")
    assert measurement.long_axis.stated_mm == 30.0
    assert (measurement.short_axis is None) == (tool == "Length")


def test_what_is_no_line_is_left_out_and_says_why(tmp_path: Path, baseline: list[Dataset]) -> None:
    """Outlines, pixels for a unit, several lengths, volumes, non-targets: a sentence each."""
    image = baseline[1]
    zigzag = Line(LENGTH, (*ACROSS, corner((30, 60))), 38.0, image)
    in_pixels = Line(LENGTH, ACROSS, 50.0, image, unit=codes.UCUM.NoUnits)
    twice = Line(LENGTH, ACROSS, 30.0, image), Line(LENGTH, DOWN, 16.0, image)
    volume = Line(codes.SCT.Volume, ACROSS, 30.0, image, unit=codes.UCUM.CubicMillimeter)
    line = Line(LENGTH, ACROSS, 30.0, image)
    groups = [
        Group((zigzag,)),
        Group((in_pixels,)),
        Group(twice),
        Group((volume,)),
        Group((line,), "NT02"),
        Group((line,), "T3"),
    ]

    report = read_report(write_report(tmp_path / "sr.dcm", groups, baseline))

    assert [one.lesion for one in report.measurements] == ["T3"]
    reasons = [one.reason for one in report.left_out]
    assert len(reasons) == 5
    for words, reason in zip(
        ("3 points", "not calibrated", "several lengths", "no length", "non-target"),
        reasons,
        strict=True,
    ):
        assert words in reason


def test_an_outline_is_left_out(tmp_path: Path, baseline: list[Dataset]) -> None:
    """A planar region of interest (TID 1410) has a length, but no end-points of it."""
    image = baseline[1]
    region = hd.sr.ImageRegion(
        hd.sr.GraphicTypeValues.POLYLINE,
        np.array([[1, 1], [9, 1], [9, 9], [1, 9], [1, 1]], float),
        hd.sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID),
    )
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(hd.UID(), "T01"),
        referenced_region=region,
        measurements=[hd.sr.Measurement(LONG, 8.0, codes.UCUM.Millimeter)],
    )
    file = write_report(tmp_path / "sr.dcm", [], baseline, others=[group])

    report = read_report(file)

    assert report.measurements == ()
    assert "outline" in report.left_out[0].reason


def test_a_report_by_dcmqi_is_of_a_segmentation_and_has_no_line(
    tmp_path: Path, baseline: list[Dataset], series: tuple[Series, ...]
) -> None:
    """Of dcmqi come measurements of segments only (TID 1411): told as such, never a crash."""
    file = _by_dcmqi(tmp_path, baseline, series[0])

    report = read_report(file)

    assert report.program == "dcmqi"
    assert report.measurements == ()
    assert report.left_out[0].reason


def _by_dcmqi(folder: Path, images: list[Dataset], series: Series) -> Path:
    segmentation = hd.seg.Segmentation(
        source_images=[completed(image) for image in images],
        pixel_array=np.ones(series.shape, np.uint8),
        segmentation_type="BINARY",
        segment_descriptions=[
            hd.seg.SegmentDescription(
                1, "lesion", codes.SCT.MorphologicallyAbnormalStructure, codes.SCT.Lesion, "MANUAL"
            )
        ],
        series_instance_uid=hd.UID(),
        series_number=5,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="x",
        manufacturer_model_name="x",
        software_versions="1",
        device_serial_number="1",
    )
    segmentation.save_as(folder / "seg.dcm")
    code = {"CodeValue": "103339001", "CodingSchemeDesignator": "SCT", "CodeMeaning": "Long Axis"}
    unit = {"CodeValue": "mm", "CodingSchemeDesignator": "UCUM", "CodeMeaning": "millimeter"}
    liver = {"CodeValue": "10200004", "CodingSchemeDesignator": "SCT", "CodeMeaning": "Liver"}
    told = {
        "SeriesDescription": "Measurements",
        "SeriesNumber": "7",
        "InstanceNumber": "1",
        "compositeContext": ["seg.dcm"],
        "imageLibrary": [one.file.name for one in series.slices],
        "observerContext": {"ObserverType": "PERSON", "PersonObserverName": "Canary"},
        "VerificationFlag": "UNVERIFIED",
        "CompletionFlag": "COMPLETE",
        "activitySession": "1",
        "timePoint": "1",
        "Measurements": [
            {
                "MeasurementGroup": "1",
                "TrackingIdentifier": "T01",
                "ReferencedSegment": 1,
                "SourceSeriesForImageSegmentation": series.series_uid,
                "segmentationSOPInstanceUID": str(segmentation.SOPInstanceUID),
                "Finding": {**liver, "CodeValue": "52988006", "CodeMeaning": "Lesion"},
                "FindingSite": liver,
                "measurementItems": [{"value": "30.0", "quantity": code, "units": unit}],
            }
        ],
    }
    (folder / "sr.json").write_text(json.dumps(told), encoding="utf-8")
    writer = Path(sys.prefix) / "bin" / "tid1500writer"
    out = folder / "dcmqi.dcm"
    done = subprocess.run(
        [str(writer), "--inputImageLibraryDirectory", str(series.slices[0].file.parent),
         "--inputCompositeContextDirectory", str(folder), "--inputMetadata",
         str(folder / "sr.json"), "--outputDICOM", str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert out.is_file(), done.stdout + done.stderr
    return out


def outcome(file: Path) -> str:
    """Return what is said of a refused report, and the file of one that could be read."""
    try:
        return str(read_report(file).file)
    except ReportError as refused:
        return refused.problem


@settings(max_examples=60)
@given(kept=st.floats(0, 0.999))
def test_a_report_cut_anywhere_is_refused_or_read(written: Path, kept: float) -> None:
    """No cut makes us crash: a report is read as far as it is whole, or refused by its name."""
    whole = written.read_bytes()
    file = written.with_name("cut report.dcm")
    file.write_bytes(whole[: int(len(whole) * kept)])

    assert "cut report.dcm" in outcome(file)


@settings(max_examples=80)
@given(place=st.floats(0.1, 0.999), byte=st.integers(0, 255))
def test_a_report_with_a_wrong_byte_is_refused_or_read(
    written: Path, place: float, byte: int
) -> None:
    """A changed byte anywhere gives lines, things left out, or a refusal: never a bare error."""
    damaged = bytearray(written.read_bytes())
    damaged[int(len(damaged) * place)] = byte
    file = written.with_name("damaged.dcm")
    file.write_bytes(damaged)

    assert "damaged.dcm" in outcome(file)


def test_what_is_no_report_is_refused(tmp_path: Path, series: tuple[Series, ...]) -> None:
    """A text, an image, nothing at all, and a report without measurements: each in its words."""
    text = tmp_path / "notes.txt"
    text.write_text("T1 30 mm", encoding="utf-8")
    empty = pydicom.dcmread(series[0].slices[0].file, stop_before_pixels=True)
    empty.SOPClassUID = empty.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.33"
    empty.save_as(tmp_path / "empty.dcm")

    for file, words in (
        (text, "no DICOM file"),
        (series[0].slices[0].file, "no structured report"),
        (tmp_path / "gone.dcm", "cannot be read"),
        (tmp_path / "empty.dcm", "no imaging measurements"),
    ):
        with pytest.raises(ReportError, match=words) as refused:
            read_report(file)
        assert file.name in refused.value.problem


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("T01", "T1"),
        ("T1", "T1"),
        ("T10", "T10"),
        (" T02 ", "T2"),
        ("T02.1", "T2.1"),
        ("T0", ""),
        ("T1 Dr Who", ""),
        ("Dr Who", ""),
        ("t1", ""),
        ("NT1", ""),
        ("", ""),
    ],
)
def test_a_label_is_a_target_s_name_or_nothing(label: str, name: str) -> None:
    """Free text never comes in: a label is one of T1 to T99, with a fragment's number, or none."""
    assert target_named([label]) == name


def test_codes_of_older_programs_are_known() -> None:
    """SNOMED RT's long axis, short axis and length are SNOMED CT's (PS3.16, 8.1.1)."""
    assert modern("G-A185", "SRT") == ("103339001", "SCT")
    assert modern("G-A186", "SRT") == ("103340004", "SCT")
    assert modern("G-D7FE", "SRT") == ("410668003", "SCT")
    assert modern("T-62000", "SRT") == ("10200004", "SCT")
    assert modern("121206", "DCM") == ("121206", "DCM")
