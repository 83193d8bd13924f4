"""A pane shows its volume where the geometry says: models only, no screen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.ui.orientation_letters import direction_letters, edge_letters, plane_name
from napari_recist.ui.pane_frame import PaneFrame
from napari_recist.ui.window_level import PRESETS, WindowLevel
from tests.ui.conftest import axial, pane, picture

SOFT = PRESETS["soft tissue"]


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


def test_a_right_drag_widens_and_lowers_the_window() -> None:
    """To the right is wider, downwards is a lower level, and no width vanishes."""
    assert SOFT.dragged(50, 0) == WindowLevel(500, 40)
    assert SOFT.dragged(0, 10) == WindowLevel(400, 20)
    assert SOFT.dragged(-1000, 0).width > 0


def test_letters_of_an_axial_picture_are_radiological() -> None:
    """The patient's right is at the left, the front at the top."""
    letters = edge_letters(axial())

    assert (letters.left, letters.right, letters.top, letters.bottom) == ("R", "L", "A", "P")
    assert plane_name(axial()) == "axial"


def test_letters_of_an_oblique_direction_name_the_larger_part_first() -> None:
    """A direction mostly to the head and a little to the front is "HA"."""
    assert direction_letters((0, -0.5, 0.86)) == "HA"
    assert direction_letters((0, -0.1, 0.99)) == "H"
