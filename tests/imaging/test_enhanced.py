"""Frames of enhanced images have their own places, spacings and rescales, and are split by them."""

import random
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import SecondaryCaptureImageStorage

from napari_recist.imaging import Kind, Series, Verdict, find_series, load_volume
from tests.imaging.synthetic import ct_slice, write
from tests.imaging.synthetic_enhanced import enhanced, item

PLACES = [(-10.0, -20.0, 2.5 * index) for index in range(8)]


def codes(series: Series) -> set[str]:
    """Return the codes of a passport's findings."""
    return {finding.code for finding in series.passport.findings}


def test_shuffled_frames_are_ordered_by_place(tmp_path: Path) -> None:
    """Frames stored in any order become one green volume in order of position."""
    order = list(range(8))
    random.Random(3).shuffle(order)
    write(enhanced([PLACES[index] for index in order]), tmp_path / "a.dcm")

    (series,) = find_series(tmp_path)
    volume = load_volume(series)

    assert (series.kind, series.passport.verdict) == (Kind.VOLUME, Verdict.GREEN)
    assert volume.geometry is not None
    assert volume.geometry.slice_origins == pytest.approx(np.array(PLACES))
    assert volume.voxels[:, 0, 0].tolist() == [100 * order.index(k) - 1024 for k in range(8)]


def test_a_frames_own_groups_win_over_the_shared_ones(tmp_path: Path) -> None:
    """A frame's own rescale is used for it alone."""

    def own(index: int, groups: Dataset) -> None:
        if index == 2:
            groups.PixelValueTransformationSequence = item(RescaleSlope=2, RescaleIntercept=5)

    write(enhanced(PLACES, own), tmp_path / "a.dcm")

    (series,) = find_series(tmp_path)

    assert load_volume(series).voxels[:4, 0, 1].tolist() == [-1023, -923, 2 * 201 + 5, -723]


def test_stacks_of_different_directions_are_split(tmp_path: Path) -> None:
    """An axial and a coronal stack in one file are two volumes."""
    upright = [(-10.0, 5.0 * index, 40.0) for index in range(4)]

    def coronal(index: int, groups: Dataset) -> None:
        if index >= 8:
            groups.PlaneOrientationSequence = item(ImageOrientationPatient=[1, 0, 0, 0, 0, -1])

    write(enhanced([*PLACES, *upright], coronal), tmp_path / "a.dcm")

    found = find_series(tmp_path)

    assert [(one.kind, one.shape[0]) for one in found] == [(Kind.VOLUME, 8), (Kind.VOLUME, 4)]


def test_two_stacks_of_one_direction_are_split_where_they_are_uneven_together(
    tmp_path: Path,
) -> None:
    """Two parallel stacks far from each other are two even volumes, not one uneven stack."""
    far = [(-10.0, -20.0, 101.0 + 4 * index) for index in range(4)]

    def stack(index: int, groups: Dataset) -> None:
        groups.FrameContentSequence = item(StackID="1" if index < 8 else "2")

    write(enhanced([*PLACES, *far], stack), tmp_path / "a.dcm")

    found = find_series(tmp_path)

    assert [(one.kind, one.shape[0]) for one in found] == [(Kind.VOLUME, 8), (Kind.VOLUME, 4)]


def test_a_stack_number_per_frame_does_not_split(tmp_path: Path) -> None:
    """A scanner that counts every frame as a stack still scanned one volume."""

    def stack(index: int, groups: Dataset) -> None:
        groups.FrameContentSequence = item(StackID=str(index))

    write(enhanced(PLACES, stack), tmp_path / "a.dcm")

    assert [one.kind for one in find_series(tmp_path)] == [Kind.VOLUME]


def test_phases_counted_only_by_dimension_are_split(tmp_path: Path) -> None:
    """Temporal indices that count blocks of frames mislead; the dimension index separates."""

    def counted(index: int, groups: Dataset) -> None:
        values = [1, index % 8 + 1, index // 8 + 1]
        groups.FrameContentSequence = item(
            TemporalPositionIndex=index // 3 + 1, DimensionIndexValues=values
        )

    write(enhanced([*PLACES, *PLACES], counted), tmp_path / "a.dcm")

    found = find_series(tmp_path)

    assert [one.part for one in found] == ["dimension 3 index 1", "dimension 3 index 2"]
    assert [(one.kind, one.shape[0]) for one in found] == [(Kind.VOLUME, 8)] * 2


def test_two_instances_with_one_echo_each_are_split(tmp_path: Path) -> None:
    """Two enhanced files of one series and place are two volumes, told by the echo."""
    for turn, echo in enumerate((2.3, 4.6)):
        dataset = enhanced(PLACES)
        dataset.SOPInstanceUID += f".{turn}"
        shared = dataset.SharedFunctionalGroupsSequence[0]
        shared.MREchoSequence = item(EffectiveEchoTime=echo)
        write(dataset, tmp_path / f"{turn}.dcm")

    found = find_series(tmp_path)

    assert [one.part for one in found] == ["echo time 2.3 ms", "echo time 4.6 ms"]
    assert [len(one.files) for one in found] == [1, 1]


def test_two_instances_told_by_nothing_stay_whole(tmp_path: Path) -> None:
    """Files that differ only in their pixels are kept apart file by file."""
    for turn in range(2):
        dataset = enhanced(PLACES)
        dataset.SOPInstanceUID += f".{turn}"
        dataset.PixelData = bytes(turn + 1 for _ in dataset.PixelData)
        write(dataset, tmp_path / f"{turn}.dcm")

    found = find_series(tmp_path)

    assert [one.part for one in found] == ["file 0.dcm", "file 1.dcm"]
    assert [one.kind for one in found] == [Kind.VOLUME, Kind.VOLUME]


def test_frames_without_groups_have_no_place_of_their_own(tmp_path: Path) -> None:
    """One position for a file of many frames places none of them: blocked, with the reason."""
    dataset = ct_slice(0, (0, 0, 0))
    dataset.SOPClassUID, dataset.NumberOfFrames = SecondaryCaptureImageStorage, 3
    dataset.PixelData *= 3
    write(dataset, tmp_path / "a.dcm")

    (series,) = find_series(tmp_path)

    assert (series.shape[0], series.passport.verdict) == (3, Verdict.BLOCKED)
    assert "no-position" in codes(series)


@pytest.mark.parametrize("lost", ["PlaneOrientationSequence", "PixelMeasuresSequence"])
def test_missing_groups_block(tmp_path: Path, lost: str) -> None:
    """What neither the frame nor the shared groups give is not looked for elsewhere."""
    dataset = enhanced(PLACES)
    delattr(dataset.SharedFunctionalGroupsSequence[0], lost)
    dataset.PixelSpacing, dataset.ImageOrientationPatient = [0.8, 0.6], [1, 0, 0, 0, 1, 0]
    write(dataset, tmp_path / "a.dcm")

    (series,) = find_series(tmp_path)

    assert (series.passport.verdict, series.geometry) == (Verdict.BLOCKED, None)
