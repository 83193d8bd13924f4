"""Bad input, and series that are not one volume: each gets a clear sentence, the rest loads."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from napari_recist.errors import ImageError, NoImagesError
from napari_recist.imaging import Kind, Scan, Series, Verdict, find_series, load_volume, scan
from tests.imaging.synthetic import SERIES_UID, ct_slice, write, write_axial

HEIGHTS = [0.0, 2.5, 5.0, 7.5, 10.0, 12.5]


def codes(series: Series) -> set[str]:
    """Return the codes of a passport's findings."""
    return {finding.code for finding in series.passport.findings}


def message(series: Series, code: str) -> str:
    """Return the text of the one finding with this code."""
    (text,) = [one.message for one in series.passport.findings if one.code == code]
    return text


def reasons(found: Scan) -> dict[str, str]:
    """Return why each file was left out, by file name."""
    return {skip.file.name: skip.reason for skip in found.skipped}


def test_plain_ct_is_a_green_volume(tmp_path: Path) -> None:
    """Even slices with everything stated give a green volume with its facts read from the files."""
    write_axial(tmp_path, HEIGHTS)

    (series,) = find_series(tmp_path)

    assert (series.kind, series.shape) == (Kind.VOLUME, (6, 6, 5))
    assert series.passport.summary == ("green; PixelSpacing 0.8\\0.6; 2.5 mm slices, 2.5 mm thick")
    assert (series.patient_id, series.phase, str(series.date)) == (
        "S001",
        "portal venous",
        "2026-01-02",
    )
    assert load_volume(series).voxels[2, 1, 3] == 200 + 5 + 3 - 1024


def test_file_names_and_instance_numbers_do_not_order(tmp_path: Path) -> None:
    """Slices are ordered by position though names and instance numbers run the other way."""

    def reversed_numbers(index: int, dataset: Dataset) -> None:
        dataset.InstanceNumber = 100 - index

    write_axial(tmp_path, [12.5, 0.0, 7.5, 2.5, 10.0, 5.0], reversed_numbers)

    (series,) = find_series(tmp_path)

    assert [piece.file.stem for piece in series.slices] == [
        "IM0001", "IM0003", "IM0005", "IM0002", "IM0004", "IM0000",
    ]  # fmt: skip


def test_missing_slices_are_named_by_place_and_count(tmp_path: Path) -> None:
    """Two lost slices are counted and placed; the stack is amber and keeps its own positions."""
    write_axial(tmp_path, [-320.0, -317.5, -315.0, -307.5, -305.0])

    (series,) = find_series(tmp_path)

    assert (series.kind, series.passport.verdict) == (Kind.STACK, Verdict.AMBER)
    assert message(series, "missing-slices").startswith("2 slices missing near S -311.2")
    assert series.geometry is not None
    assert series.geometry.slice_positions == pytest.approx([-320, -317.5, -315, -307.5, -305])


def test_uneven_slices_are_told_from_missing_ones(tmp_path: Path) -> None:
    """Steps that no pitch explains are uneven, not a number of lost slices."""

    def no_thickness(_index: int, dataset: Dataset) -> None:
        del dataset.SliceThickness

    write_axial(tmp_path, [0.0, 2.0, 5.1, 6.4, 9.9], no_thickness)

    (series,) = find_series(tmp_path)

    assert series.kind is Kind.STACK
    assert "uneven-slices" in codes(series)
    assert "missing-slices" not in codes(series)


def test_one_slice_without_spacing_blocks_only_itself(tmp_path: Path) -> None:
    """A file without PixelSpacing gives no millimetres; its neighbours stay a measurable stack."""

    def last_without(index: int, dataset: Dataset) -> None:
        if index == 5:
            del dataset.PixelSpacing
            dataset.ImagerPixelSpacing = [0.5, 0.5]

    write_axial(tmp_path, HEIGHTS, last_without)

    whole, lone = find_series(tmp_path)

    assert (whole.shape[0], whole.passport.verdict) == (5, Verdict.GREEN)
    assert (lone.passport.verdict, lone.geometry) == (Verdict.BLOCKED, None)
    assert "Imager Pixel Spacing 0.5\\0.5 is no distance in the patient" in message(
        lone, "no-pixel-spacing"
    )
    assert load_volume(lone).geometry is None


@pytest.mark.parametrize(
    ("element", "value", "code"),
    [
        ("PixelSpacing", [0.0, 0.5], "no-pixel-spacing"),
        ("ImagePositionPatient", None, "no-position"),
        ("ImageOrientationPatient", None, "no-orientation"),
        ("ImageOrientationPatient", [1, 0, 0, 1, 0, 0], "bad-orientation"),
        ("ImageOrientationPatient", [0, 0, 0, 0, 0, 0], "bad-orientation"),
        ("RescaleSlope", 0, "bad-rescale"),
    ],
)
def test_what_forbids_millimetres_blocks(
    tmp_path: Path, element: str, value: list[float] | None, code: str
) -> None:
    """Without a true spacing, position, orientation or rescale there is no geometry to ask."""

    def spoil(_index: int, dataset: Dataset) -> None:
        setattr(dataset, element, value)

    write_axial(tmp_path, HEIGHTS, spoil)

    for series in find_series(tmp_path):
        assert series.passport.verdict is Verdict.BLOCKED
        assert code in codes(series)
        assert series.geometry is None


def test_two_patients_are_two_series(tmp_path: Path) -> None:
    """Files of two patients under one Series Instance UID are kept apart and told."""

    def second_patient(index: int, dataset: Dataset) -> None:
        dataset.PatientID = "S002" if index > 2 else "S001"

    write_axial(tmp_path, HEIGHTS, second_patient)

    found = find_series(tmp_path)

    assert [(one.patient_id, one.shape[0]) for one in found] == [("S001", 3), ("S002", 3)]
    assert all("S001, S002" in message(one, "mixed-patients") for one in found)


def test_a_copy_is_left_out_by_name(tmp_path: Path) -> None:
    """The same file twice is read once; the copy is named with its reason."""
    files = write_axial(tmp_path, HEIGHTS)
    (tmp_path / "copy.dcm").write_bytes(files[2].read_bytes())

    found = scan(tmp_path)

    assert [one.shape[0] for one in found.series] == [6]
    assert reasons(found) == {
        "copy.dcm": "a copy: it repeats IM0002.dcm to the last pixel, under the same UID"
    } or reasons(found) == {
        "IM0002.dcm": "a copy: it repeats copy.dcm to the last pixel, under the same UID"
    }


def test_different_images_of_one_place_are_kept_apart(tmp_path: Path) -> None:
    """Two different images that claim one place are never stacked, and both are named."""
    write_axial(tmp_path, HEIGHTS)
    rival = ct_slice(9, (-10.0, -20.0, 5.0))
    write(rival, tmp_path / "rival.dcm")

    found = find_series(tmp_path)

    assert sorted(one.shape[0] for one in found) == [1, 6]
    for one in found:
        assert "IM0002.dcm and rival.dcm" in message(one, "duplicate-position")
        assert one.passport.verdict is Verdict.AMBER


def test_phases_half_a_slice_apart_are_not_interleaved(tmp_path: Path) -> None:
    """Two acquisitions whose slices lie between each other's are two volumes."""

    def phase(index: int, dataset: Dataset) -> None:
        dataset.AcquisitionNumber = 1 + index // 6

    write_axial(tmp_path, [*HEIGHTS, *(height + 1.25 for height in HEIGHTS)], phase)

    found = find_series(tmp_path)

    assert [(one.kind, one.shape[0], one.part) for one in found] == [
        (Kind.VOLUME, 6, "acquisition 1"),
        (Kind.VOLUME, 6, "acquisition 2"),
    ]


def test_a_step_and_shoot_scan_stays_one_volume(tmp_path: Path) -> None:
    """Acquisitions that follow each other along the patient are one volume."""

    def station(index: int, dataset: Dataset) -> None:
        dataset.AcquisitionNumber = 1 + index // 3

    write_axial(tmp_path, HEIGHTS, station)

    (series,) = find_series(tmp_path)

    assert series.kind is Kind.VOLUME


def test_a_text_file_beside_the_scan_is_named(tmp_path: Path) -> None:
    """A foreign file is left out with a reason; the scan loads."""
    write_axial(tmp_path, HEIGHTS)
    (tmp_path / "notes.txt").write_text("patient was late")

    found = scan(tmp_path)

    assert reasons(found) == {"notes.txt": "not a DICOM file."}
    assert len(found.series) == 1


def test_a_folder_of_text_files_is_refused(tmp_path: Path) -> None:
    """Where nothing is an image the refusal names the place and the first reasons."""
    (tmp_path / "notes.txt").write_text("nothing here")

    with pytest.raises(NoImagesError, match=r"(?s)No DICOM image in .*txt: not a DICOM"):
        find_series(tmp_path)


def test_an_empty_folder_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    """Both refusals name the folder."""
    with pytest.raises(NoImagesError, match=f"No DICOM image in {tmp_path}"):
        find_series(tmp_path)
    with pytest.raises(NoImagesError, match="nowhere: there is no such file or folder"):
        find_series(tmp_path / "nowhere")


@pytest.mark.parametrize("kept", [0, 100, 200, 700, -1])
def test_a_truncated_file_is_named_and_the_rest_loads(tmp_path: Path, kept: int) -> None:
    """A file cut anywhere never becomes a slice of air; the gap it leaves is reported."""
    files = write_axial(tmp_path, HEIGHTS)
    files[2].write_bytes(files[2].read_bytes()[:kept])

    found = scan(tmp_path)

    assert list(reasons(found)) == ["IM0002.dcm"]
    assert message(found.series[0], "missing-slices").startswith("1 slice missing near S 5.0")


def test_a_file_that_vanishes_is_named_on_loading(tmp_path: Path) -> None:
    """A file deleted between finding and loading gives one message with its name."""
    files = write_axial(tmp_path, HEIGHTS)
    (series,) = find_series(tmp_path)
    files[3].unlink()

    with pytest.raises(ImageError, match=r"IM0003\.dcm"):
        load_volume(series)


def test_a_ct_localizer_is_set_apart_and_blocked(tmp_path: Path) -> None:
    """The scout view in the same series is no slice and gives no millimetres."""
    write_axial(tmp_path, HEIGHTS)
    scout = ct_slice(20, (-10.0, 0.0, 50.0), (0, 1, 0, 0, 0, -1))
    scout.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    write(scout, tmp_path / "scout.dcm")

    volume, localizer = find_series(tmp_path)

    assert (volume.kind, volume.shape[0]) == (Kind.VOLUME, 6)
    assert (localizer.kind, localizer.passport.verdict) == (Kind.SINGLE, Verdict.BLOCKED)


def test_a_single_slice_is_amber(tmp_path: Path) -> None:
    """One slice can be measured on, with a warning that there is nothing across."""
    write_axial(tmp_path, [5.0])

    (series,) = find_series(tmp_path)

    assert (series.kind, series.passport.verdict) == (Kind.SINGLE, Verdict.AMBER)
    assert series.passport.spacing_mm is None


def test_gantry_tilt_is_seen_without_its_tag(tmp_path: Path) -> None:
    """Two degrees of tilt show between positions and normal, and end in the affine."""
    tilt = np.radians(2.0)
    orientation = (1, 0, 0, 0, np.cos(tilt), np.sin(tilt))
    for index in range(40):
        dataset = ct_slice(index, (-10.0, -20.0, 5.0 * index), orientation)
        write(dataset, tmp_path / f"{index}.dcm")

    (series,) = find_series(tmp_path)

    assert series.kind is Kind.VOLUME
    assert series.passport.tilt_degrees == pytest.approx(2.0)
    assert "2.0 degrees" in message(series, "gantry-tilt")
    assert series.geometry is not None
    assert series.geometry.affine_lps()[:3, 0] == pytest.approx([0, 0, 5.0])


def test_jitter_in_the_ninth_digit_does_not_split(tmp_path: Path) -> None:
    """Orientations that differ by rounding are one volume."""

    def jitter(index: int, dataset: Dataset) -> None:
        dataset.ImageOrientationPatient = [1, f"{index}e-9", 0, 0, 1, f"-{index}e-9"]

    write_axial(tmp_path, HEIGHTS, jitter)

    (series,) = find_series(tmp_path)

    assert series.kind is Kind.VOLUME
    assert "orientation-jitter" in codes(series)


def test_each_slice_uses_its_own_rescale(tmp_path: Path) -> None:
    """A slope that differs between slices is applied slice by slice."""

    def slope(index: int, dataset: Dataset) -> None:
        dataset.RescaleSlope, dataset.RescaleIntercept = 0.5 + index, 3

    write_axial(tmp_path, HEIGHTS, slope)

    voxels = load_volume(find_series(tmp_path)[0]).voxels

    assert voxels.dtype == np.float32
    assert voxels[:, 0, 1].tolist() == [(100 * k + 1) * (0.5 + k) + 3 for k in range(6)]


def test_mixed_signs_are_blocked(tmp_path: Path) -> None:
    """Slices stored signed and unsigned in one series are not trusted."""

    def sign(index: int, dataset: Dataset) -> None:
        dataset.PixelRepresentation = index % 2

    write_axial(tmp_path, HEIGHTS, sign)

    (series,) = find_series(tmp_path)

    assert (series.passport.verdict, series.geometry) == (Verdict.BLOCKED, None)
    assert series.series_uid == SERIES_UID


def test_progress_is_told_and_may_cancel(tmp_path: Path) -> None:
    """Progress runs to the number of files; raising in it stops the scan."""
    write_axial(tmp_path, HEIGHTS)
    seen: list[tuple[int, int]] = []
    find_series(tmp_path, lambda done, total: seen.append((done, total)))

    def cancel(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    assert seen[-1] == (6, 6)
    with pytest.raises(KeyboardInterrupt):
        scan(tmp_path, cancel)
