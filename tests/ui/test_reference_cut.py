"""Reference planes are true to the patient: each value lies where its millimetres say."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from napari_recist.imaging import Geometry
from napari_recist.imaging.geometry import FloatArray
from napari_recist.ui.reference_cut import Along, ReferenceCut, reference_cut, why_none
from tests.ui.conftest import axial, picture

X, Y, Z = np.eye(3)


def stack(row: FloatArray, column: FloatArray, origins: FloatArray) -> Geometry:
    """Return a geometry of 48 rows of 0.7 mm and 40 columns of 0.9 mm with these slices."""
    return Geometry(origins, row, column, 0.7, 0.9, 48, 40, "1.2.3")


def even(row: FloatArray, column: FloatArray, step: FloatArray, slices: int = 20) -> Geometry:
    """Return evenly stepped slices; a step off the normal is a sheared stack."""
    corner = np.array([-17.0, 23.0, -60.0])
    return stack(row, column, corner + np.arange(slices)[:, None] * step)


def telling(geometry: Geometry, direction: FloatArray) -> Any:
    """Return a volume whose voxels tell their own place along a direction of the patient, mm."""
    index = np.stack(np.meshgrid(*map(np.arange, geometry.shape), indexing="ij"), axis=-1)
    values = (geometry.to_patient(index) @ direction).astype(np.float32)
    return SimpleNamespace(voxels=values, geometry=geometry)


def pixel_places(cut: ReferenceCut, near: FloatArray) -> FloatArray:
    """Return the patient place of the centre of each pixel of a cut, (down, right, 3)."""
    down_mm, right_mm = cut.pixel_mm
    rows, columns = cut.values.shape
    return np.array(
        [
            [
                cut.to_patient(((column + 0.5) * right_mm, (row + 0.5) * down_mm), near)
                for column in range(columns)
            ]
            for row in range(rows)
        ]
    )


UPRIGHT = even(X, Y, 5.0 * Z)
TILTED_ROW, TILTED_COLUMN = Rotation.from_euler("x", 18, degrees=True).apply([X, Y])
GANTRY = even(TILTED_ROW, TILTED_COLUMN, 5.0 * Z)
SAGITTAL = even(Y, -Z, -3.0 * X)
CORONAL = even(X, -Z, 3.0 * Y)
OBLIQUE_ROW, OBLIQUE_COLUMN = Rotation.from_euler("zyx", [20, 15, -25], degrees=True).apply([X, Y])
OBLIQUE = even(OBLIQUE_ROW, OBLIQUE_COLUMN, 4.0 * np.cross(OBLIQUE_ROW, OBLIQUE_COLUMN))
ALL = [UPRIGHT, GANTRY, SAGITTAL, CORONAL, OBLIQUE]


@pytest.mark.parametrize("along", list(Along))
@pytest.mark.parametrize("geometry", ALL, ids=["axial", "gantry", "sagittal", "coronal", "oblique"])
def test_every_pixel_lies_where_its_voxel_lies(geometry: Geometry, along: Along) -> None:
    """Voxels that tell their own x, y and z stand at that place, to the pixel, tilted or not."""
    near = geometry.to_patient((10, 24, 20))
    for axis in (X, Y, Z):
        cut = reference_cut(telling(geometry, axis), along, near)
        places = pixel_places(cut, near)
        off = np.abs(cut.values - places @ axis)[cut.known]

        # half a pixel of the shift of a slice, half a pixel of the fixed axis
        assert off.max() <= 0.5 * (0.7 + 0.9) + 1e-3


def test_upright_slices_are_exact() -> None:
    """Where slices are not sheared a place in the cut is exactly its voxel's place."""
    near = UPRIGHT.to_patient((10, 24, 20))
    cut = reference_cut(telling(UPRIGHT, X + 10 * Z), Along.ROW, near)

    assert np.abs(cut.values - pixel_places(cut, near) @ (X + 10 * Z)).max() < 1e-3
    assert cut.known.all()


@given(st.sampled_from(ALL), st.sampled_from(list(Along)), st.tuples(*[st.floats(1, 18)] * 3))
@settings(deadline=None)
def test_a_place_in_the_picture_and_in_the_patient_map_into_each_other(
    geometry: Geometry, along: Along, index: tuple[float, ...]
) -> None:
    """A click leads to the place that is painted under it."""
    point = geometry.to_patient(np.array(index))
    cut = reference_cut(telling(geometry, X), along, point)

    assert np.allclose(cut.to_patient(cut.to_picture(point), point), point, atol=1e-6)


def test_a_ball_is_round_in_every_plane() -> None:
    """A ball of 30 mm is 30 mm wide and high in a cut of 5 mm slices, within slice and pixel."""
    geometry = axial(20, 5.0, pixel=(0.8, 0.8))
    index = np.stack(np.meshgrid(*map(np.arange, geometry.shape), indexing="ij"), axis=-1)
    middle = geometry.to_patient((10, 32, 40))
    ball = np.linalg.norm(geometry.to_patient(index) - middle, axis=-1) <= 15.0
    for along in Along:
        volume = SimpleNamespace(voxels=ball.astype(np.int16) * 100, geometry=geometry)
        cut = reference_cut(volume, along, middle)
        rows, columns = np.nonzero(cut.values)

        assert (np.ptp(columns) + 1) * cut.pixel_mm[1] == pytest.approx(30, abs=1.0)
        assert (np.ptp(rows) + 1) * cut.pixel_mm[0] == pytest.approx(30, abs=5.0)


@pytest.mark.parametrize(
    ("geometry", "along", "name", "letters"),
    [
        (UPRIGHT, Along.ROW, "coronal", "RLHF"),
        (UPRIGHT, Along.COLUMN, "sagittal", "APHF"),
        (SAGITTAL, Along.ROW, "axial", "RLAP"),
        (SAGITTAL, Along.COLUMN, "coronal", "RLHF"),
        (CORONAL, Along.ROW, "axial", "RLAP"),
        (CORONAL, Along.COLUMN, "sagittal", "APHF"),
        (even(-X, -Y, 5.0 * Z), Along.ROW, "coronal", "RLHF"),  # prone: turned about the feet
    ],
)
def test_planes_are_looked_at_as_radiologists_do(
    geometry: Geometry, along: Along, name: str, letters: str
) -> None:
    """However a volume was acquired: R left, H or A at the top, in a sagittal plane A left."""
    cut = reference_cut(telling(geometry, X), along, geometry.to_patient((5, 5, 5)))
    seen = cut.plane.letters

    assert cut.plane.name == name
    assert seen.left + seen.right + seen.top + seen.bottom == letters


def test_an_oblique_volume_gives_oblique_planes_with_their_letters() -> None:
    """A plane that is none of the three says so, and its letters name more than one axis."""
    cut = reference_cut(telling(OBLIQUE, X), Along.ROW, OBLIQUE.to_patient((5, 5, 5)))

    assert cut.plane.name == "oblique coronal"
    assert len(cut.plane.letters.left) > 1


def test_missing_slices_are_shown_as_nothing_and_stretched_over_by_none() -> None:
    """With slices 8 to 11 gone, 20 mm of the cut are empty and the rest is where it was."""
    whole = axial(20, 5.0)
    kept = [index for index in range(20) if index not in {8, 9, 10, 11}]
    gappy = Geometry(whole.slice_origins[kept], X, Y, 0.8, 0.8, whole.rows, whole.columns, "1.2.3")
    near = gappy.to_patient((3, 30, 30))
    cut = reference_cut(telling(gappy, Z), Along.ROW, near)
    places = pixel_places(cut, near)
    empty = ~cut.known.any(axis=1)

    assert empty.sum() * cut.pixel_mm[0] == pytest.approx(20.0, abs=cut.pixel_mm[0])
    assert np.abs(cut.values - places @ Z)[cut.known].max() <= 2.5 + 1e-3
    assert cut.size_mm[1] == pytest.approx(95.0 + cut.pixel_mm[0])


def test_what_has_no_other_planes_says_why() -> None:
    """No millimetres, one slice, colour: each refused in words."""
    colour = picture(axial(4))
    colour.voxels = np.zeros((4, 64, 80, 3), dtype=np.uint8)

    assert "no millimetres" in why_none(picture(None))
    assert "One slice" in why_none(picture(axial(1)))
    assert "Colour" in why_none(colour)
    assert why_none(picture(axial(4))) == ""


def test_of_slices_still_being_loaded_nothing_is_known() -> None:
    """A slice that is not there has no grey in a cut: its voxels are never shown as image."""
    volume = telling(UPRIGHT, Z)
    there = np.arange(20) % 3 != 0
    through = UPRIGHT.to_patient((10, 20, 20))
    whole = reference_cut(volume, Along.ROW, through)

    volume.voxels[~there] = 9999.0
    cut = reference_cut(volume, Along.ROW, through, there)

    assert cut.known[::-1].all(axis=1).tolist() == there.tolist()  # the head is at the top
    assert cut.known[::-1].any(axis=1).tolist() == there.tolist()
    assert np.array_equal(cut.values[cut.known], whole.values[cut.known])
    assert 9999.0 not in cut.values
