"""What is one volume stays one; what only looks like one is split, and says by what."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from napari_recist.imaging import Kind, Series, Verdict, find_series
from tests.imaging.synthetic import AXIAL, Change, ct_slice, set_private, write, write_axial

HEIGHTS = [2.5 * index for index in range(8)]


def sizes(found: list[Series]) -> list[tuple[Kind, int]]:
    """Return kind and slices of each series found."""
    return [(one.kind, one.shape[0]) for one in found]


def mr(change: Change) -> Change:
    """Make each slice an MR image before it is changed."""

    def changed(index: int, dataset: Dataset) -> None:
        dataset.Modality, dataset.SOPClassUID = "MR", MRImageStorage
        del dataset.RescaleSlope, dataset.RescaleIntercept
        change(index, dataset)

    return changed


def odd_and_even(index: int, dataset: Dataset) -> None:
    """Scan slowly: first the even slices, then the odd ones."""
    dataset.AcquisitionNumber = 1 + index % 2
    dataset.AcquisitionTime = f"1200{30 * (index % 2):02d}"


def number_per_slice(index: int, dataset: Dataset) -> None:
    """Give each slice its own acquisition and time."""
    dataset.AcquisitionNumber, dataset.AcquisitionTime = index + 1, f"12{index:02d}00.5"


def number_per_slab(index: int, dataset: Dataset) -> None:
    """Scan each half in a breath-hold of its own."""
    dataset.AcquisitionNumber, dataset.AcquisitionTime = 1 + index // 4, f"12{index // 4:02d}00"


def wavering_image_type(index: int, dataset: Dataset) -> None:
    """Add a word to the image type of every other slice."""
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL", *["EDGE"] * (index % 2)]


def wavering_exposure(index: int, dataset: Dataset) -> None:
    """Modulate the tube, and the window, from slice to slice."""
    dataset.KVP, dataset.Exposure, dataset.XRayTubeCurrent = 100 + index, 10 * index, 200 + index
    dataset.WindowCenter, dataset.WindowWidth = 40 + index, 400 - index


def wavering_echo(index: int, dataset: Dataset) -> None:
    """Let the effective echo time follow the slice."""
    dataset.EchoTime = 2.3 + 0.01 * (index % 2)


def trigger_per_slice(index: int, dataset: Dataset) -> None:
    """Let the heart beat unevenly."""
    dataset.TriggerTime = 500 + 7 * (index % 3)


def renamed_midway(index: int, dataset: Dataset) -> None:
    """Correct the description while the scan runs."""
    dataset.SeriesDescription = "liver" if index < 3 else "liver portal venous"


def no_numbers(_index: int, dataset: Dataset) -> None:
    """Neither instance nor acquisition number."""
    del dataset.InstanceNumber, dataset.AcquisitionNumber


@pytest.mark.parametrize(
    "change",
    [
        mr(odd_and_even), number_per_slice, mr(number_per_slice), number_per_slab,
        mr(number_per_slab), wavering_image_type, mr(wavering_image_type), wavering_exposure,
        mr(wavering_echo), mr(trigger_per_slice), renamed_midway, no_numbers,
    ],
)  # fmt: skip
def test_what_legitimately_varies_does_not_split(tmp_path: Path, change: Change) -> None:
    """Facts that differ between the slices of one even stack leave it one green volume."""
    write_axial(tmp_path, HEIGHTS, change)

    found = find_series(tmp_path)

    assert sizes(found) == [(Kind.VOLUME, 8)]
    assert found[0].passport.verdict is Verdict.GREEN


def by(keyword: str, *values: object) -> Callable[[int, Dataset], None]:
    """Give each set of images its own value of an element."""

    def change(turn: int, dataset: Dataset) -> None:
        setattr(dataset, keyword, values[turn])

    return change


def image_type(*words: str) -> Change:
    """Give each set of images its own last word of the image type."""
    return by("ImageType", *(["ORIGINAL", "PRIMARY", word] for word in words))


def private(group: int, creator: str, element: int, letters: str, *values: object) -> Change:
    """Give each set of images its own value of a private element."""

    def change(turn: int, dataset: Dataset) -> None:
        set_private(dataset, (group, creator, element), letters, values[turn])

    return change


def write_sets(folder: Path, count: int, change: Change, offset: float = 0.0) -> None:
    """Write sets of eight slices; each lies ``offset`` mm above the one before."""
    for turn in range(count):
        for index in range(8):
            dataset = ct_slice(index + 8 * turn, (-10.0, -20.0, 2.5 * index + offset * turn), AXIAL)
            change(turn, dataset)
            write(dataset, folder / f"{index}-{turn}.dcm")


SAME_PLACE = [
    (by("ConvolutionKernel", "B30f", "B70f"), "kernel B70f"),
    (by("SliceThickness", 2.5, 5), "slice thickness 5"),
    (image_type("M", "P"), "PRIMARY\\P"),
    (image_type("R", "I"), "PRIMARY\\I"),
    (image_type("DIFFUSION", "ADC"), "ADC"),
    (image_type("IN_PHASE", "OUT_PHASE"), "OUT_PHASE"),
    (by("EchoTime", 2.3, 4.6), "echo time 4.6 ms"),
    (by("EchoNumbers", 1, 2), "echo number 2"),
    (by("TemporalPositionIdentifier", 1, 2), "temporal position 2"),
    (by("TriggerTime", 0, 40), "trigger time 40"),
    (by("InversionTime", 150, 300), "inversion time 300"),
    (by("FlipAngle", 5, 20), "flip angle 20"),
    (by("KVP", 80, 140), "tube voltage 140"),
    (by("AcquisitionNumber", 1, 2), "acquisition 2"),
    (by("SequenceName", "ep_b50", "ep_b800"), "sequence ep_b800"),
    (by("DiffusionBValue", 0.0, 800.0), "b-value 800 s/mm2"),
    (by("ContrastBolusAgent", "", "Iomeprol"), "contrast agent Iomeprol"),
    (by("SeriesDescription", "native", "venous"), "series description venous"),
    (by("AcquisitionTime", "120000", "120100"), "time 120100"),
    (private(0x19, "SIEMENS MR HEADER", 0x0C, "IS", 0, 800), "private b-value 800"),
    (private(0x43, "GEMS_PARM_01", 0x39, "IS", [0, 1], [800, 1]), "private b-value 800"),
    (private(0x2001, "Philips Imaging DD 001", 0x03, "FL", 0.0, 800.0), "private b-value 800"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "label"), SAME_PLACE, ids=[label for _, label in SAME_PLACE])
def test_images_of_one_place_are_told_apart(tmp_path: Path, change: Change, label: str) -> None:
    """Two sets over the same anatomy are two volumes, named by the fact that differs."""
    write_sets(tmp_path, 2, change)

    found = find_series(tmp_path)

    assert sizes(found) == [(Kind.VOLUME, 8), (Kind.VOLUME, 8)]
    assert found[1].part.endswith(label)
    for one in found:
        assert len({piece.file.stem[-1] for piece in one.slices}) == 1
        assert "split" in {finding.code for finding in one.passport.findings}


@pytest.mark.parametrize(
    "change",
    [
        by("AcquisitionNumber", 1, 2),
        by("AcquisitionTime", "120000", "120100"),
        by("ConvolutionKernel", "B30f", "B70f"),
        by("TemporalPositionIdentifier", 1, 2),
    ],
)
def test_sets_half_a_slice_apart_are_told_apart(tmp_path: Path, change: Change) -> None:
    """Two phases whose slices lie between each other's are never stacked into one volume."""
    write_sets(tmp_path, 2, change, offset=1.25)

    assert sizes(find_series(tmp_path)) == [(Kind.VOLUME, 8), (Kind.VOLUME, 8)]


def test_two_ct_passes_with_gaps_are_told_apart(tmp_path: Path) -> None:
    """Thin CT slices 10 mm apart, in and out of breath, do not fill each other's gaps."""

    def thin(index: int, dataset: Dataset) -> None:
        dataset.SliceThickness, dataset.AcquisitionNumber = 1, 1 + index // 5

    write_axial(tmp_path, [*range(0, 50, 10), *range(5, 55, 10)], thin)

    assert sizes(find_series(tmp_path)) == [(Kind.VOLUME, 5), (Kind.VOLUME, 5)]


def test_passes_without_a_number_are_told_by_their_times(tmp_path: Path) -> None:
    """Each slice has its own time; the second pass begins after the first one ended."""

    def taken(index: int, dataset: Dataset) -> None:
        dataset.AcquisitionTime = f"12{index:02d}00"

    write_axial(tmp_path, [*HEIGHTS, *HEIGHTS], taken)

    found = find_series(tmp_path)

    assert [(one.kind, one.part) for one in found] == [
        (Kind.VOLUME, "pass by time 1"),
        (Kind.VOLUME, "pass by time 2"),
    ]
    assert [piece.file.stem for piece in found[1].slices] == [f"IM{i:04d}" for i in range(8, 16)]


def test_cardiac_phases_are_told_by_the_rank_of_their_trigger_time(tmp_path: Path) -> None:
    """Trigger times that differ from slice to slice still order the phases of each slice."""

    def beating(index: int, dataset: Dataset) -> None:
        dataset.TriggerTime = 40 * (index % 3) + index // 3

    write_axial(tmp_path, [2.5 * (index // 3) for index in range(24)], beating)

    found = find_series(tmp_path)

    assert [one.part for one in found] == ["cardiac phase 1", "cardiac phase 2", "cardiac phase 3"]
    assert sizes(found) == [(Kind.VOLUME, 8)] * 3


def test_passes_told_by_instance_number_alone_are_amber(tmp_path: Path) -> None:
    """Where only instance numbers order the passes, the passport says that it is a guess."""
    write_axial(tmp_path, [*HEIGHTS, *HEIGHTS])

    found = find_series(tmp_path)

    assert sizes(found) == [(Kind.VOLUME, 8), (Kind.VOLUME, 8)]
    assert all(one.passport.verdict is Verdict.AMBER for one in found)
    assert all("separated-by-number" in {f.code for f in one.passport.findings} for one in found)


def test_equal_images_under_two_uids_are_used_once(tmp_path: Path) -> None:
    """A slice sent twice with a new UID leaves one volume, and is named."""
    write_axial(tmp_path, HEIGHTS)
    twin = ct_slice(3, (-10.0, -20.0, HEIGHTS[3]))
    twin.SOPInstanceUID += ".9"
    write(twin, tmp_path / "twin.dcm")

    (series,) = find_series(tmp_path)

    assert (series.kind, series.shape[0]) == (Kind.VOLUME, 8)
    assert "duplicate-file" in {finding.code for finding in series.passport.findings}


@pytest.mark.parametrize(
    "odd",
    [
        by("Rows", 4),
        by("FrameOfReferenceUID", "1.2.3.5"),
        by("PixelSpacing", [0.8, 0.61]),
        by("PhotometricInterpretation", "MONOCHROME1"),
        by("ImageOrientationPatient", [1, 0, 0, 0, 0.9998477, 0.0174524]),
    ],
)
def test_one_slice_of_another_kind_is_set_apart(tmp_path: Path, odd: Change) -> None:
    """A slice of another size, space, spacing or direction never enters the volume."""

    def change(index: int, dataset: Dataset) -> None:
        if index == 7:
            odd(0, dataset)
            dataset.PixelData = dataset.PixelData[: 2 * dataset.Rows * dataset.Columns]

    write_axial(tmp_path, HEIGHTS, change)

    assert sizes(find_series(tmp_path)) == [(Kind.VOLUME, 7), (Kind.SINGLE, 1)]


def test_a_dose_sheet_within_the_scan_is_set_apart(tmp_path: Path) -> None:
    """A page without a place is blocked by itself; the scan stays green."""
    write_axial(tmp_path, HEIGHTS)
    page = ct_slice(99, (0.0, 0.0, 0.0))
    del page.ImagePositionPatient, page.ImageOrientationPatient, page.PixelSpacing
    page.ImageType = ["DERIVED", "SECONDARY", "SCREEN SAVE"]
    write(page, tmp_path / "page.dcm")

    scan, sheet = find_series(tmp_path)

    assert (scan.kind, scan.shape[0], scan.passport.verdict) == (Kind.VOLUME, 8, Verdict.GREEN)
    assert (sheet.kind, sheet.passport.verdict) == (Kind.SINGLE, Verdict.BLOCKED)
