"""Reports on real images: anisotropic, tilted, oblique, enhanced; judged by OHIF and highdicom."""

import math
import shutil
from pathlib import Path

import highdicom
import numpy as np
import pytest
from pydicom import dcmread

from napari_recist.criteria import from_raw
from napari_recist.exporting.dicom.structured_report import structured_reports
from napari_recist.imaging import Series, find_series
from tests.exporting.dicom.by_hand import caliper_on, images_of, measured, signed_visit
from tests.exporting.dicom.judges import dciodvfy, dcmqi, hydrated
from tests.exporting.dicom.reports import groups, report
from tests.exporting.dicom.reports import measured as values_of

pytestmark = pytest.mark.shared

HALF_TENTH = 0.05
"""What rounding to tenths explains between a signed value and the length of its line."""


def series_of(folder: Path) -> Series:
    """Return the first measurable volume of a folder."""
    found = find_series(folder)
    return next(one for one in found if one.geometry is not None and one.shape[0] > 1)


def copied(folder: Path, out: Path, space: str) -> Path:
    """Return the folder, or where ``space`` is given copies of its files in that space."""
    if not space:
        return folder
    out.mkdir()
    for number, file in enumerate(sorted((folder / "dicom").rglob("*"))):
        if file.is_file():
            image = dcmread(file)
            image.FrameOfReferenceUID = space
            image.save_as(out / f"{number}.dcm")
    return out


def written(series: Series, place: int, out: Path, *, node: bool = False) -> Path:
    """Write the report of two targets on one slice and return its file."""
    calipers = caliper_on(series, place), caliper_on(series, place, (0.6, 0.6))
    signed = signed_visit(*measured(*calipers, node=node))
    ((name, content),) = structured_reports(signed, images_of(series)).items()
    (out / name).write_bytes(content)
    return out / name


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("ct_abdomen_kits_arterial", ""),
        ("ct_gantry_tilt_siemens", ""),
        ("mr_nonsquare_varying_slope", "1.2.3"),
    ],
)
def test_ohif_draws_the_same_millimetres(
    shared_data: Path, ohif_judge: Path, tmp_path: Path, name: str, space: str
) -> None:
    """OHIF's adapters put both axes where they were drawn, and both lengths are the signed ones.

    Also on pixels of 4.0 x 6.4 mm, where a line on the image would come out with another length;
    those files name no space, so one is written into copies of them.
    """
    series = series_of(copied(shared_data / "dicom" / name, tmp_path / "set", space))
    place = series.shape[0] // 2
    (tmp_path / "images").mkdir()
    shutil.copy(series.slices[place].file, tmp_path / "images")
    drawn = hydrated(ohif_judge, written(series, place, tmp_path), tmp_path / "images")

    assert [one["label"] for one in drawn] == ["T1", "T2"]
    for one, at in zip(drawn, ((0.4, 0.35), (0.6, 0.6)), strict=True):
        caliper = caliper_on(series, place, at)
        assert caliper.short_axis is not None
        axes = (caliper.long_axis, caliper.short_axis)
        points = np.array([point for one_axis in axes for point in (one_axis.start, one_axis.end)])
        assert np.array(one["pts"]) == pytest.approx(points, abs=0.01)  # it prints two decimals
        for (start, end), one_axis in zip((one["pts"][:2], one["pts"][2:]), axes, strict=True):
            signed = from_raw(one_axis.raw_mm) / 10
            assert math.dist(start, end) == pytest.approx(signed, abs=HALF_TENTH + 0.02)


def test_ohif_draws_nothing_rather_than_another_length(
    shared_data: Path, ohif_judge: Path, tmp_path: Path
) -> None:
    """Pixels that are not square, and no space to draw in: OHIF leaves such lines alone.

    The report has them all the same, on their image, for readers that know rows from columns.
    """
    series = series_of(shared_data / "dicom" / "mr_nonsquare_varying_slope")
    (tmp_path / "images").mkdir()
    shutil.copy(series.slices[1].file, tmp_path / "images")
    file = written(series, 1, tmp_path)

    assert hydrated(ohif_judge, file, tmp_path / "images") == []
    assert {one.kind for one in values_of(groups(report(file.read_bytes()))["T1"])} == {"SCOORD"}


def test_a_frame_of_an_enhanced_image_is_named(shared_data: Path, tmp_path: Path) -> None:
    """On frame 40 of 96 of one file, line and image name that frame; dcmqi reads the same mm."""
    series = series_of(shared_data / "dicom" / "emr_siemens_t1w")
    place = next(n for n, piece in enumerate(series.slices) if piece.frame == 39)
    file = written(series, place, tmp_path)
    group = groups(report(file.read_bytes()))["T1"]
    read = dcmqi(file, tmp_path / "read.json")

    assert dciodvfy(file) == []
    assert {(one.kind, one.frame) for one in values_of(group)} == {("SCOORD", 40)}
    assert [item["value"] for item in read["Measurements"][0]["measurementItems"]] == [
        one.value for one in values_of(group)
    ]


@pytest.mark.parametrize("name", ["ct_abdomen_kits_arterial", "mr_4d_philips_oblique"])
@pytest.mark.parametrize("node", [False, True])
def test_highdicom_reads_the_report(
    shared_data: Path, tmp_path: Path, name: str, *, node: bool
) -> None:
    """Its own reader finds two groups with tracking UIDs, sites and measurements in mm."""
    series = series_of(shared_data / "dicom" / name)
    file = written(series, series.shape[0] // 2, tmp_path, node=node)
    document = highdicom.sr.srread(file)
    found = document.content.get_image_measurement_groups()
    site = "Lymph Node" if node else "Couinaud hepatic segment IV"

    assert isinstance(document, highdicom.sr.Comprehensive3DSR)
    assert len({one.tracking_uid for one in found}) == 2
    for one in found:
        assert [place.value.meaning for place in one.finding_sites] == [site]
        assert [m.name.meaning for m in one.get_measurements()] == ["Long Axis", "Short Axis"]
        assert {m.unit.value for m in one.get_measurements()} == {"mm"}
