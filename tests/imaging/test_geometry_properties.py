"""Whatever the order, names and directions of the files, a voxel has one place in the patient."""

import random
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from napari_recist.imaging import Kind, Verdict, distance_mm, find_series, load_volume
from tests.imaging.synthetic import COLUMNS, ROWS, ct_slice, write

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
