"""Whatever the order, names and directions of the files, a voxel has one place in the patient."""

import random
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, RLELossless
from scipy.spatial.transform import Rotation

from napari_recist.imaging import Kind, Verdict, distance_mm, find_series, load_volume
from tests.imaging.synthetic import COLUMNS, ROWS, ct_slice, write
from tests.imaging.synthetic_enhanced import enhanced

angles = st.floats(-180.0, 180.0)


@settings(max_examples=25, deadline=None)
@given(
    turn=st.tuples(angles, st.floats(-80.0, 80.0), angles),
    corner=st.tuples(*[st.floats(-300.0, 300.0)] * 3),
    step=st.floats(0.5, 10.0),
    tilt=st.tuples(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0)),
    seed=st.integers(0, 1000),
)
def test_any_oriented_shuffled_series_gives_back_its_patient_coordinates(
    turn: tuple[float, float, float],
    corner: tuple[float, float, float],
    step: float,
    tilt: tuple[float, float],
    seed: int,
) -> None:
    """Slices written in any order, direction and shear are found in the place they were given."""
    row, column, normal = Rotation.from_euler("zyx", turn, degrees=True).as_matrix()
    advance = step * normal + tilt[0] * row + tilt[1] * column
    origins = [np.array(corner) + index * advance for index in range(7)]
    order = list(range(7))
    random.Random(seed).shuffle(order)
    with tempfile.TemporaryDirectory() as folder:
        for name, index in enumerate(order):
            dataset = ct_slice(index, origins[index], (*row, *column))
            dataset.InstanceNumber = name
            write(dataset, Path(folder, f"{name}.dcm"))
        (series,) = find_series(folder)
        volume = load_volume(series)

    assert series.kind is Kind.VOLUME
    assert series.passport.verdict in (Verdict.GREEN, Verdict.AMBER)
    assert volume.geometry is not None
    for index in range(7):
        place = volume.geometry.to_patient((index, ROWS - 1, COLUMNS - 1))
        expected = origins[index] + 0.8 * (ROWS - 1) * column + 0.6 * (COLUMNS - 1) * row
        assert distance_mm(place, expected) < 1e-4
        assert volume.voxels[index, 0, 0] == 100 * index - 1024
        back = volume.geometry.to_index(expected)
        assert np.allclose(back, (index, ROWS - 1, COLUMNS - 1), atol=1e-4)


@settings(max_examples=20, deadline=None)
@given(lost=st.sets(st.integers(1, 18), min_size=1, max_size=8))
def test_every_lost_slice_is_counted(lost: set[int]) -> None:
    """Whichever inner slices are lost, the gaps name as many as are missing."""
    with tempfile.TemporaryDirectory() as folder:
        for index in set(range(20)) - lost:
            write(ct_slice(index, (0.0, 0.0, 1.25 * index)), Path(folder, f"{index}.dcm"))
        (series,) = find_series(folder)
    gaps = [one for one in series.passport.findings if one.code == "missing-slices"]

    assert series.kind is Kind.STACK
    assert sum(int(gap.message.split()[0]) for gap in gaps) == len(lost)


@settings(max_examples=20, deadline=None)
@given(
    turn=st.tuples(angles, st.floats(-80.0, 80.0), angles),
    flips=st.tuples(st.booleans(), st.booleans()),
    every=st.integers(1, 3),
    backwards=st.booleans(),
    encoding=st.sampled_from(["explicit", "implicit", "big endian", "RLE", "enhanced"]),
)
def test_the_same_voxels_lie_in_the_same_place_however_they_are_kept(
    turn: tuple[float, float, float],
    flips: tuple[bool, bool],
    every: int,
    backwards: bool,
    encoding: str,
) -> None:
    """Flipped, thinned, backwards, re-encoded or in one file: each voxel keeps its place."""
    row, column, normal = Rotation.from_euler("zyx", turn, degrees=True).as_matrix()
    row, column = row * (-1 if flips[0] else 1), column * (-1 if flips[1] else 1)
    kept = range(0, 12, every)
    places = {index: (5.0, -7.0, 11.0) + 3.0 * index * normal for index in kept}
    with tempfile.TemporaryDirectory() as folder:
        order = list(reversed(kept)) if backwards else list(kept)
        if encoding == "enhanced":
            whole = enhanced([places[index] for index in order], directions=(*row, *column))
            pixels = [ct_slice(index, (0, 0, 0)).PixelData for index in order]
            whole.PixelData = b"".join(pixels)
            write(whole, Path(folder, "all.dcm"))
        for name, index in enumerate(order if encoding != "enhanced" else ()):
            dataset = ct_slice(index, places[index], (*row, *column))
            write(dataset, Path(folder, f"{name}.dcm"), **encoded(dataset, encoding))
        (series,) = find_series(folder)
        volume = load_volume(series)

    assert volume.geometry is not None
    assert series.kind is Kind.VOLUME
    for at in range(len(kept)):
        index = (int(volume.voxels[at, 0, 0]) + 1024) // 100
        expected = places[index] + 0.8 * 2 * column + 0.6 * 3 * row
        assert volume.voxels[at, 2, 3] == 100 * index + 2 * COLUMNS + 3 - 1024
        assert distance_mm(volume.geometry.to_patient((at, 2, 3)), expected) < 1e-4
        affine = volume.geometry.affine_lps() @ (at, 2, 3, 1)
        assert distance_mm(affine[:3], expected) < 1e-4


def encoded(dataset: Dataset, encoding: str) -> dict[str, bool]:
    """Change a data set to an encoding; return how it is to be written."""
    if encoding == "implicit":
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        return {"implicit_vr": True, "little_endian": True}
    if encoding == "big endian":
        dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
        return {"implicit_vr": False, "little_endian": False}
    if encoding == "RLE":
        dataset.compress(RLELossless, generate_instance_uid=False)
    return {}
