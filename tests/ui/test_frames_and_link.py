"""Panes and their link are at the same place in the patient: models only, no screen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.components import ViewerModel

from napari_recist.imaging import Geometry
from napari_recist.ui.orientation_letters import direction_letters, edge_letters, plane_name
from napari_recist.ui.pane_frame import PaneFrame
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.view_link import ViewLink
from napari_recist.ui.window_level import PRESETS, WindowLevel
from tests.ui.conftest import axial, picture

SOFT = PRESETS["soft tissue"]


def pane(geometry: Geometry | None = None, shape: tuple[int, int, int] | None = None) -> PaneView:
    """Return a pane with a picture of this geometry."""
    view = PaneView(ViewerModel())
    view.show(picture(geometry, shape), "W8", SOFT)
    return view


@given(
    st.tuples(*[st.floats(0, 60)] * 3),
    st.tuples(st.floats(0.3, 2.0), st.floats(0.3, 2.0)),
    st.floats(0.5, 8.0),
)
def test_the_world_of_a_pane_and_indices_map_into_each_other(
    index: tuple[float, ...], pixel: tuple[float, float], gap: float
) -> None:
    """An index mapped to napari's world and back is itself, whatever the spacing."""
    frame = PaneFrame.of(picture(axial(gap=gap, pixel=pixel)))

    assert np.allclose(frame.to_index(frame.to_world(index)), index, atol=1e-9)


def test_distances_in_the_world_of_a_pane_are_millimetres() -> None:
    """Ten columns of 0.7 mm are 7 mm apart in the world, as in the patient."""
    geometry = axial(pixel=(0.9, 0.7))
    frame = PaneFrame.of(picture(geometry))
    here, there = frame.to_world([[3, 10, 10], [3, 10, 20]])

    assert np.linalg.norm(there - here) == pytest.approx(7.0)
    assert np.linalg.norm(np.diff(geometry.to_patient([[3, 10, 10], [3, 10, 20]]), axis=0)) == (
        pytest.approx(7.0)
    )


def test_every_layer_carries_millimetres() -> None:
    """A layer without units would silently take the ruler's away (NAPARI.md 2.2)."""
    assert {str(unit) for unit in pane(axial()).layer.units} == {"millimeter"}


def test_a_layer_moved_by_hand_goes_back_to_where_the_geometry_says() -> None:
    """Neither scale nor position of the picture can be changed under a caliper."""
    view = pane(axial())
    before = view.layer.extent.world.copy()
    view.layer.scale = (9, 9, 9)
    view.layer.translate = (100, 100, 100)
    view.layer.rotate = 30

    assert np.allclose(view.layer.extent.world, before)


def test_a_blocked_picture_has_pixels_and_no_millimetres() -> None:
    """Without trustworthy geometry a pane counts pixels and has no place in the patient."""
    view = pane(shape=(3, 8, 8))

    assert view.frame.unit == "pixel"
    with pytest.raises(ValueError, match="no place in the patient"):
        view.frame.nearest_slice((0, 0, 0))


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


def test_a_right_drag_widens_and_lowers_the_window() -> None:
    """To the right is wider, downwards is a lower level, and no width vanishes."""
    assert SOFT.dragged(50, 0) == WindowLevel(500, 40)
    assert SOFT.dragged(0, 10) == WindowLevel(400, 20)
    assert SOFT.dragged(-1000, 0).width == 1


def test_letters_of_an_axial_picture_are_radiological() -> None:
    """The patient's right is at the left, the front at the top."""
    letters = edge_letters(axial())

    assert (letters.left, letters.right, letters.top, letters.bottom) == ("R", "L", "A", "P")
    assert plane_name(axial()) == "axial"


def test_letters_of_an_oblique_direction_name_the_larger_part_first() -> None:
    """A direction mostly to the head and a little to the front is "HA"."""
    assert direction_letters((0, -0.5, 0.86)) == "HA"
    assert direction_letters((0, -0.1, 0.99)) == "H"
