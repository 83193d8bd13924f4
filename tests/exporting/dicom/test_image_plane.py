"""Calipers on real images: coordinates in a report name the same patient points again."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from highdicom.spatial import ImageToReferenceTransformer
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread

from napari_recist.criteria import Axis, from_raw
from napari_recist.criteria.calipers import Point
from napari_recist.exporting.dicom.image_plane import ImagePlane
from napari_recist.exporting.dicom.line_coordinates import in_patient, on_image
from napari_recist.exporting.dicom.source_images import SourceImage
from napari_recist.imaging import Series, find_series
from napari_recist.measuring.calipers import axis

SAME_MM = 1e-3
"""Single precision holds a pixel coordinate of 512 to 0.00003 pixel."""

REAL = (
    "ct_abdomen_kits_arterial",
    "ct_gantry_tilt_siemens",
    "mr_nonsquare_varying_slope",
    "mr_4d_philips_oblique",
    "mr_mixed_orientation",
    "emr_siemens_t1w",
    "ct_legacy_vs_multiframe",
)

finite = st.floats(-500, 500)
angles = st.floats(-3.2, 3.2)
spacings = st.floats(0.2, 8)


def rotation(about_x: float, about_y: float, about_z: float) -> np.ndarray:
    """Return a rotation matrix."""
    cx, cy, cz = np.cos([about_x, about_y, about_z])
    sx, sy, sz = np.sin([about_x, about_y, about_z])
    x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    product: np.ndarray = x @ y @ z
    return product


@st.composite
def planes(draw: st.DrawFn) -> ImagePlane:
    """Return a plane in any direction, its axes up to half a degree off a right angle."""
    turned = rotation(draw(angles), draw(angles), draw(angles))
    skew = draw(st.floats(-0.01, 0.01))
    column = np.cos(skew) * turned[:, 1] + np.sin(skew) * turned[:, 0]
    position = draw(st.tuples(finite, finite, finite))
    return ImagePlane(
        position, _three(turned[:, 0]), _three(column), draw(spacings), draw(spacings)
    )


def _three(values: np.ndarray) -> Point:
    x, y, z = map(float, values)
    return x, y, z


@given(planes(), st.floats(0, 512), st.floats(0, 512))
def test_there_and_back(plane: ImagePlane, column: float, row: float) -> None:
    """Any image place, mapped into the patient and back, is the same place, on the plane."""
    point = plane.to_patient(column, row)

    assert plane.to_image(point) == pytest.approx((column, row), abs=1e-6)
    assert plane.distance(point) < 1e-9


@given(planes(), st.floats(0, 512), st.floats(0, 512), st.floats(-50, 50))
def test_distance_is_along_the_normal(
    plane: ImagePlane, column: float, row: float, away: float
) -> None:
    """A point off the plane is as far from it as it was moved, and falls onto the same place."""
    normal = np.cross(plane.row, plane.column)
    normal /= np.linalg.norm(normal)
    point = _three(np.array(plane.to_patient(column, row)) + away * normal)

    assert plane.distance(point) == pytest.approx(abs(away), abs=1e-6)
    assert plane.to_image(point) == pytest.approx((column, row), abs=1e-6)


@given(planes(), st.tuples(*[st.floats(0.5, 511.5)] * 4), st.sampled_from([1, 10]))
def test_single_precision_keeps_the_reported_value(
    plane: ImagePlane, drawn: tuple[float, float, float, float], step: int
) -> None:
    """Measured again from the coordinates of the report, a line has the value it was signed with.

    ``step``: reported in tenths or in whole millimetres.
    """
    line = axis(plane.to_patient(*drawn[:2]), plane.to_patient(*drawn[2:]))
    image, patient = on_image(line, plane, step), in_patient(line, step)
    again = axis(plane.to_patient(*image[:2]), plane.to_patient(*image[2:]))
    in_space = axis(patient[:3], patient[3:])

    for found in (again, in_space):
        assert found.start == pytest.approx(line.start, abs=SAME_MM)
        assert from_raw(found.raw_mm, step) == from_raw(line.raw_mm, step)
    assert (*image, *patient) == tuple(np.float32((*image, *patient)).tolist())


@given(st.integers(20, 200), st.floats(1, 300))
def test_a_length_on_the_edge_between_two_tenths_is_kept(tenths: int, column: float) -> None:
    """12.35 mm is reported as 12.4, also where the nearest single-precision numbers say less."""
    plane = ImagePlane((0, 0, 0), (1, 0, 0), (0, 1, 0), 1.0, 1.0)
    length = (tenths + 0.5) / 10
    line = Axis((column, 0, 0), (column + length, 0, 0), length)
    start, _, end, _ = on_image(line, plane, 1)

    assert from_raw(end - start) == tenths + 1


def drawn_on(series: Series) -> Iterator[tuple[SourceImage, int, tuple[Point, Point]]]:
    """Yield a caliper on the first, a middle and the last slice, with its file and frame."""
    assert series.geometry is not None
    count, rows, columns = series.shape
    for place in sorted({0, count // 2, count - 1}):
        index = [(place, rows * 0.3, columns * 0.21), (place, rows * 0.62, columns * 0.77)]
        start, end = map(_three, series.geometry.to_patient(index))
        piece = series.slices[place]
        header = dcmread(piece.file, stop_before_pixels=True, force=True)
        yield SourceImage(piece.file, header), piece.frame + 1, (start, end)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_images_give_the_same_points(shared_data: Path, name: str) -> None:
    """On real images our ruler, the report's coordinates and highdicom agree to 0.001 mm.

    Tilted gantry, oblique planes, pixels of 4.0 x 6.4 mm, enhanced multi-frame: highdicom maps the
    coordinates of the report back to the points on which the caliper was drawn.
    """
    tried = 0
    for series in find_series(shared_data / "dicom" / name):
        if series.geometry is None:
            continue
        for image, frame, ends in drawn_on(series):
            plane = image.plane(frame)
            coordinates = np.float32([plane.to_image(end) for end in ends])
            back = ImageToReferenceTransformer(
                image_position=plane.position,
                image_orientation=(*plane.row, *plane.column),
                pixel_spacing=(plane.row_spacing, plane.column_spacing),
            )(coordinates.astype(float))
            assert back == pytest.approx(np.array(ends), abs=SAME_MM)
            assert max(plane.distance(end) for end in ends) < SAME_MM
            tried += 1

    assert tried
