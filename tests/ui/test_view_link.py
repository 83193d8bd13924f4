"""The link of two panes is at the same place in the patient: models only, no screen."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from napari_recist.imaging import Geometry
from napari_recist.imaging.geometry import FloatArray
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.point_map import found_back
from napari_recist.ui.view_link import ViewLink
from napari_recist.ui.window_level import PRESETS
from tests.ui.conftest import axial, pane

SOFT = PRESETS["soft tissue"]


def test_slices_of_different_thickness_scroll_together_in_the_patient() -> None:
    """At -20 mm the pane of 5 mm slices shows slice 6 and that of 2.5 mm slices slice 12."""
    current, prior = pane(axial(40, 2.5)), pane(axial(20, 5.0))
    link = ViewLink(current, prior)
    current.go_to(12)
    prior_follows = prior.slice
    prior.go_to(9)
    current_follows = current.slice
    link.close()

    assert prior_follows == 6
    assert current_follows == 18


def test_a_thick_pane_never_pulls_a_thin_one_back() -> None:
    """Each of three wheel steps on 2.5 mm slices is one slice, though 5 mm slices follow."""
    current, prior = pane(axial(40, 2.5)), pane(axial(20, 5.0))
    link = ViewLink(current, prior)
    shown = []
    for index in (12, 13, 14):
        current.go_to(index)
        shown.append(current.slice)
    link.close()

    assert shown == [12, 13, 14]


def test_the_same_patient_point_stays_in_the_middle_of_both_panes() -> None:
    """Zoom and place are shared in patient mm, though the pixels differ in size."""
    current = pane(axial(pixel=(0.8, 0.8)))
    prior = pane(axial(pixel=(0.5, 0.5), shape=(100, 120)))
    link = ViewLink(current, prior)
    current.zoom_to(3.0, (10, 20.0, 30.0))
    here = current.frame.geometry.to_patient(current.centre_index())
    there = prior.frame.geometry.to_patient(prior.centre_index())
    link.close()

    assert prior.pixels_per_mm == 3.0
    assert np.allclose(here, there)


def test_sync_here_keeps_the_offset_while_scrolling() -> None:
    """After "sync here" 10 mm apart, the panes stay 10 mm apart and say so."""
    current, prior = pane(axial()), pane(axial())
    link = ViewLink(current, prior)
    link.on = False
    current.go_to(10)
    prior.go_to(12)
    link.sync_here()
    link.on = True
    current.go_to(4)
    offset, follows = link.offset_mm, prior.slice
    link.close()

    assert offset == pytest.approx(10.0)
    assert follows == 6


def test_parted_panes_do_not_follow() -> None:
    """With the link off each pane goes its own way."""
    current, prior = pane(axial()), pane(axial())
    link = ViewLink(current, prior)
    link.on = False
    before = prior.slice
    current.go_to(2)
    current.window = PRESETS["lung"]
    link.close()

    assert prior.slice == before
    assert prior.window == SOFT


def test_windows_are_shared() -> None:
    """A lung window in one pane is a lung window in the other."""
    current, prior = pane(axial()), pane(axial())
    link = ViewLink(current, prior)
    prior.window = PRESETS["lung"]
    link.close()

    assert current.window == PRESETS["lung"]
    assert tuple(current.layer.contrast_limits) == (-1350.0, 150.0)


def test_a_picture_without_millimetres_follows_nothing() -> None:
    """A blocked volume beside a good one is not linked: it has no place in the patient."""
    current, prior = pane(axial()), pane(shape=(3, 8, 8))
    link = ViewLink(current, prior)
    before = prior.slice
    current.go_to(0)
    link.close()

    assert prior.slice == before


def tilted(degrees: float, slices: int = 60, gap: float = 2.5) -> Geometry:
    """Return axial slices of a gantry tilted about the left-right axis, the middle at the origin.

    The table moves straight on, so each slice is shifted along the column axis: a sheared stack.
    """
    turn = Rotation.from_euler("x", degrees, degrees=True)
    row, column = turn.apply([[1.0, 0, 0], [0, 1.0, 0]])
    corner = -row * 40 * 0.8 - column * 32 * 0.8
    steps = (np.arange(slices) - slices // 2)[:, None] * np.array([0.0, 0.0, gap])
    return Geometry(corner + steps, row, column, 0.8, 0.8, 64, 80, "1.2.3")


def centre(view: PaneView) -> FloatArray:
    """Return the patient point in the middle of a pane."""
    return view.frame.geometry.to_patient(view.centre_index())


@settings(deadline=None, max_examples=25)  # each example builds two viewer models
@given(st.integers(5, 54), st.floats(5, 75), st.floats(5, 58), st.sampled_from([-20.0, 12.0, 20.0]))
def test_tilted_scans_show_the_nearest_slice_of_the_same_place(
    slice_: int, column: float, row: float, degrees: float
) -> None:
    """Wherever one looks in an upright scan, no slice of a tilted one lies nearer to that place."""
    upright, leaning = axial(60, 2.5, first_z=-75.0), tilted(degrees)
    current, prior = pane(upright), pane(leaning)
    link = ViewLink(current, prior)
    current.zoom_to(2.0, (slice_, row, column))
    place = centre(current)
    away = np.abs(place @ leaning.normal - leaning.slice_positions)
    shown = prior.slice
    there = centre(prior)
    link.close()

    assert away[shown] == pytest.approx(away.min())
    off = there - place
    assert abs(off @ leaning.row_direction) < 1e-6
    assert abs(off @ leaning.column_direction) < 1e-6


def test_moving_the_picture_of_parallel_slices_turns_none() -> None:
    """A thin slice between two thick ones stays when the thick pane is moved sideways."""
    current, prior = pane(axial(40, 2.5)), pane(axial(20, 5.0))
    link = ViewLink(current, prior)
    current.go_to(13)
    prior.move_by(40, 25)
    shown = current.slice
    link.close()

    assert shown == 13


RIGID = Rotation.from_euler("xyz", [4, -7, 15], degrees=True)
SHIFT = np.array([12.0, -8.0, 30.0])


def rigid(points: FloatArray) -> FloatArray:
    """Map the current scan to a prior one in which the patient lay turned and shifted."""
    return np.asarray(points) @ RIGID.as_matrix().T + SHIFT


@pytest.fixture
def registered() -> Iterator[tuple[PaneView, PaneView, ViewLink]]:
    """Return two panes whose link follows a rigid registration."""
    current, prior = pane(axial(60, 2.5)), pane(axial(80, 2.5, shape=(128, 128)))
    link = ViewLink(current, prior)
    link.follow(rigid)
    yield current, prior, link
    link.close()


def test_a_registration_leads_both_ways(
    registered: tuple[PaneView, PaneView, ViewLink],
) -> None:
    """Scrolling either pane shows the place that the map gives, to the nearest slice."""
    current, prior, _ = registered
    normal = prior.frame.geometry.normal
    current.zoom_to(2.0, (30, 30.0, 40.0))
    forth = centre(prior) - rigid(centre(current))
    prior.go_to(prior.slice + 6)
    back = centre(prior) - rigid(centre(current))

    assert abs(forth @ normal) <= 1.25 + 1e-6
    assert np.linalg.norm(forth - (forth @ normal) * normal) < 1e-6
    assert abs(back @ RIGID.apply(current.frame.geometry.normal)) <= 1.25 + 1e-6


def test_a_hand_set_offset_comes_on_top_of_the_registration(
    registered: tuple[PaneView, PaneView, ViewLink],
) -> None:
    """Pressing "sync here" corrects a registration by what it was off, in mm."""
    current, prior, link = registered
    current.zoom_to(2.0, (30, 30.0, 40.0))
    before = prior.slice
    link.on = False
    prior.go_to(before + 3)
    link.sync_here()
    link.on = True
    current.go_to(20)
    current.go_to(30)

    assert prior.slice == before + 3
    assert link.offset_mm == pytest.approx(7.5, abs=1.25)
    link.follow(None)
    assert (link.registered, link.offset_mm) == (False, 0.0)


@given(st.tuples(*[st.floats(-200, 200)] * 3))
def test_a_smooth_deformation_is_followed_back(point: tuple[float, ...]) -> None:
    """The way back of a breathing-like deformation ends within a hundredth of a millimetre."""

    def breathing(points: FloatArray) -> FloatArray:
        wave = 8.0 * np.sin(np.asarray(points)[..., 2:] / 60.0)
        return rigid(points + wave * np.array([0.1, 0.3, 1.0]))

    assert np.linalg.norm(breathing(found_back(breathing, np.array(point))) - point) <= 0.01
