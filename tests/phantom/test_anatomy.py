"""Lesions lie where the truth says: inside the liver or beside it, apart, and to be seen."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from napari_recist.phantom.body import Build
from napari_recist.phantom.lesions import Solid
from napari_recist.phantom.patients import SAMPLE_TRIAL
from napari_recist.phantom.render import Canvas, render
from napari_recist.phantom.script import PatientScript, solid, solids
from napari_recist.phantom.shapes import Place
from napari_recist.phantom.texture import noise
from napari_recist.phantom.upper_abdomen import liver

each_patient = pytest.mark.parametrize("script", SAMPLE_TRIAL, ids=lambda script: script.code)


def surface(shape: Solid) -> np.ndarray:
    """Return points on a box-free envelope of the lesion: the ellipsoid of its three reaches."""
    turn, tilt = np.meshgrid(np.linspace(0, 2 * np.pi, 24), np.linspace(-np.pi / 2, np.pi / 2, 9))
    along = shape.long_mm / 2 * np.cos(turn) * np.cos(tilt)
    across = shape.short_mm / 2 * np.sin(turn) * np.cos(tilt)
    angle = np.radians(shape.degrees)
    return np.stack(
        [
            shape.centre[0] + np.cos(angle) * along - np.sin(angle) * across,
            shape.centre[1] + np.sin(angle) * along + np.cos(angle) * across,
            shape.centre[2] + shape.half_height * np.sin(tilt),
        ]
    )


def depth_in_liver(build: Build, place: Place) -> np.ndarray:
    """Return how deep in the liver points of the resting patient lie, mm."""
    return -liver(build).shape(place)


@each_patient
def test_liver_lesions_lie_inside_the_liver(script: PatientScript) -> None:
    """At every visit a liver lesion is at least 4 mm from the liver's surface, all around."""
    for number, visit in enumerate(script.visits):
        for lesion in script.lesions:
            if lesion.organ != "liver" or not lesion.diameters[number]:
                continue
            points = surface(solid(lesion, visit, number))
            shift = np.array(visit.scan.moved((0.0, 0.0, 0.0), 1.0))
            x, y, z = points - shift[:, None, None]

            assert depth_in_liver(script.patient.build, (x, y, z)).min() > 4, lesion.name


@each_patient
def test_nodes_lie_outside_the_liver(script: PatientScript) -> None:
    """A node is at least 1 mm from the liver's surface, all around."""
    for number, visit in enumerate(script.visits):
        for lesion in script.lesions:
            if not lesion.node:
                continue
            points = surface(solid(lesion, visit, number))
            shift = np.array(visit.scan.moved((0.0, 0.0, 0.0), 1.0))
            x, y, z = points - shift[:, None, None]

            assert depth_in_liver(script.patient.build, (x, y, z)).max() < -1, visit.label


@each_patient
def test_lesions_do_not_touch(script: PatientScript) -> None:
    """Lesions of one scan are at least 3 mm apart."""
    for number in range(len(script.visits)):
        for first, second in itertools.combinations(solids(script, number), 2):
            x, y, z = surface(first)
            assert second.distance((x, y, z)).min() > 3


@each_patient
def test_key_slices_are_acquired_with_room_around(script: PatientScript) -> None:
    """A lesion's centre lies on a slice, and the scan covers the lesion from top to bottom."""
    for number, visit in enumerate(script.visits):
        for shape in solids(script, number):
            heights = visit.scan.heights
            assert np.abs(heights - shape.centre[2]).min() == 0
            assert shape.centre[2] + shape.half_height < heights[0]
            assert shape.centre[2] - shape.half_height > heights[-1]


def edge(canvas: Canvas, centre: np.ndarray, end: np.ndarray) -> float:
    """Return how far from the centre the border is found along a ray, at half the contrast, mm."""
    scan = canvas.scan
    reach = np.linalg.norm(end - centre)
    ray = (end - centre) / reach
    distances = np.arange(reach - 4, reach + 4, 0.02)
    points = centre + distances[:, None] * ray
    left, front = scan.first_pixel
    key = np.full(len(points), np.abs(scan.heights - centre[2]).argmin(), float)
    indices = [key, (points[:, 1] - front) / scan.pixel, (points[:, 0] - left) / scan.pixel]
    profile = map_coordinates(canvas.hu, indices, order=1)
    near = np.abs(distances - reach)
    band = profile[(near < 2.5) & (near > 1.2) & (distances < reach)]
    outside = profile[(near < 3.5) & (near > 1.5) & (distances > reach)].mean()
    # the value just inside: of a bright rim its crest, for its core is no part of the border
    inside = band.max() if band.max() > outside else band.mean()
    crossed = np.flatnonzero(np.diff(np.sign(profile - (inside + outside) / 2)))
    return float(min(distances[crossed], key=lambda found: abs(found - reach)))


def test_true_diameters_are_in_the_voxels(painted: tuple[int, int, Canvas]) -> None:
    """Border to border along both true axes, measured in the voxels, is within half a pixel."""
    patient, number, canvas = painted
    measured = 0
    for shape in solids(SAMPLE_TRIAL[patient], number):
        if shape.short_mm < 10:  # smaller than the ray's inside and outside samples need
            continue
        centre = np.array(shape.centre)
        for axis, true_mm in (
            (shape.long_axis, shape.long_mm),
            (shape.short_axis, shape.short_mm),
        ):
            found = sum(edge(canvas, centre, np.array(end)) for end in axis)
            assert found == pytest.approx(true_mm, abs=canvas.scan.pixel / 2), shape
            measured += 1
    assert measured >= 6


@pytest.mark.parametrize(("patient", "number"), [(5, 0), (5, 3)])
def test_lesions_stand_out_of_the_noise(patient: int, number: int) -> None:
    """With noise, every target differs from the tissue around it by more than three noise SDs."""
    script = SAMPLE_TRIAL[patient]
    scan = script.visits[number].scan
    shown = solids(script, number)
    hu = render(script.patient, scan, shown, 0)
    left, front = scan.first_pixel
    x = left + scan.pixel * np.arange(scan.matrix)[None, None, :]
    y = front + scan.pixel * np.arange(scan.matrix)[None, :, None]
    for shape in shown:
        key = np.abs(scan.heights - shape.centre[2]).argmin()
        away = shape.distance((x, y, np.full((1, 1, 1), shape.centre[2])))[0]
        inside, around = hu[key][away < -2], hu[key][(away > 2) & (away < 6)]
        assert abs(inside.mean() - around.mean()) > 3 * around.std()
        assert 5 < around.std() < 16


def test_noise_has_the_spectrum_of_a_reconstruction() -> None:
    """Noise power rises from zero frequency, peaks at 0.1 to 0.35 per mm, and falls off."""
    pixel = 0.8
    field = noise((24, 128, 128), pixel, np.random.default_rng(0))
    power = (np.abs(np.fft.fft2(field)) ** 2).mean(axis=0)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(128, pixel), np.fft.fftfreq(128, pixel)))
    bins = np.arange(0.01, 0.6, 0.03)
    radial = [power[(frequency >= b) & (frequency < b + 0.03)].mean() for b in bins]
    peak = bins[int(np.argmax(radial))] + 0.015

    assert field.std() == pytest.approx(1, abs=1e-3)
    assert 0.1 < peak < 0.35
    assert radial[0] < 0.6 * max(radial)
    assert radial[-1] < 0.1 * max(radial)


def test_no_two_scans_share_their_noise() -> None:
    """The same slice at two visits has independent noise; differences of pixels show only that."""
    script = SAMPLE_TRIAL[5]
    scan = replace(script.visits[0].scan, matrix=128, slices=2)
    first, second = (
        np.diff(render(script.patient, replace(scan, visit=visit), (), 0)[0, 50:78, 30:50]).ravel()
        for visit in (0, 1)
    )

    assert abs(np.corrcoef(first, second)[0, 1]) < 0.3
