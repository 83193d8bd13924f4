"""The caliper tool measures what the hand draws, and changes only what is open: models only."""

import numpy as np
import pytest

from napari_recist.ui.caliper_keys import cancel, finish, nudge, open_next
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.pane_mouse import PaneMouse
from tests.ui.conftest import axial, picture
from tests.ui.drawing_hand import NODE, TARGET, Hand

PIXEL = 1 / (4.0 * 0.8)
"""A screen pixel at 4 px/mm on 0.8 mm voxels, in voxels."""
HALF = PIXEL / 2 + 1e-3


def near(line: object, *places: tuple[float, float]) -> bool:
    """Tell whether the ends of a line are these rows and columns within half a screen pixel."""
    return bool(np.abs(np.array(line)[:, 1:] - np.array(places)).max() <= HALF)


def test_the_place_of_the_release_counts_though_no_move_told_of_it() -> None:
    """A drag so fast that no move arrived ends where the button went up (H1)."""
    hand = Hand()
    hand.drag((10, 30, 30), (10, 30, 50))
    ((lesion, long_axis, short_axis),) = hand.desk.committed

    assert (lesion, short_axis) == (TARGET, None)
    assert near(long_axis, (30, 30), (30, 50))


def test_a_press_is_taken_from_the_camera_at_once() -> None:
    """The press is handled when the tool draws, and left alone when it is off."""
    hand = Hand()
    taken = hand.drag((10, 30, 30), (10, 30, 50))
    hand.tool.on = False
    left = hand.drag((10, 30, 30), (10, 30, 50))

    assert taken
    assert not left
    assert len(hand.desk.committed) == 1


def test_a_click_measures_nothing() -> None:
    """Under three screen pixels nothing is drawn: at 4 px/mm that is 0.75 mm."""
    hand = Hand()
    hand.drag((10, 30, 30), (10, 30, 30.5))

    assert hand.desk.committed == []
    assert hand.tool.hand is None


def test_escape_on_the_way_drops_the_caliper() -> None:
    """A cancelled drag leaves nothing, and its release measures nothing."""
    hand = Hand()
    hand.drag((10, 30, 30), (10, 30, 50), [(10, 30, 40)], before_release=hand.tool.cancel)

    assert hand.desk.committed == []
    assert hand.tool.hand is None


def test_without_a_lesion_nothing_is_drawn() -> None:
    """The tool asks the desk what is measured, and draws nothing for nothing."""
    hand = Hand(lesion=None)
    hand.drag((10, 30, 30), (10, 30, 50))

    assert hand.desk.committed == []


def test_right_and_modified_drags_are_not_the_tools() -> None:
    """Window, pan and zoom gestures pass by."""
    hand = Hand()
    hand.drag((10, 30, 30), (10, 30, 50), button=2)
    hand.drag((10, 30, 30), (10, 30, 50), modifiers=("Alt",))

    assert hand.desk.committed == []


# the short axis


def test_a_line_across_the_long_axis_is_the_short_axis_and_perpendicular() -> None:
    """Drawn 10 degrees off, it is turned upright and keeps its reach across."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.drag((10, 20, 42), (10, 40, 38))
    _, long_axis, short_axis = hand.desk.committed[-1]
    along = np.diff(np.array(long_axis), axis=0)[0]
    across = np.diff(np.array(short_axis), axis=0)[0]

    assert near(long_axis, (30, 20), (30, 60))
    assert along @ across == pytest.approx(0, abs=1e-6)
    assert np.linalg.norm(across) == pytest.approx(20.0, abs=PIXEL)


def test_the_short_axis_follows_the_mouse_and_is_placed_by_a_click() -> None:
    """What is offered under the mouse reaches as far to both sides; only the click records it."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.hover((10, 40, 35))
    offered, recorded = hand.tool.offer.lines.short_axis, len(hand.desk.committed)
    hand.click((10, 40, 35))
    _, _, short_axis = hand.desk.committed[-1]

    assert near(offered, (20, 35), (40, 35))
    assert recorded == 1
    assert short_axis == offered
    assert hand.tool.offer is None


@pytest.mark.parametrize("key", [finish, cancel])
def test_one_drag_stays_a_measurement_without_short_axis(key: object) -> None:
    """Enter or Esc after the long axis leave it recorded alone; a click then adds nothing."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.hover((10, 40, 35))
    key(hand.tool)
    hand.hover((10, 40, 36))
    hand.click((10, 40, 36))

    assert len(hand.desk.committed) == 1
    assert hand.desk.committed[0][2] is None
    assert (hand.tool.offer, hand.tool.opened) == (None, None)


@pytest.mark.parametrize("place", [(10, 33, 62), (10, 55, 40), (10, 31, 40), (10, 30, 40)])
def test_no_short_axis_is_offered_beside_beyond_or_on_the_long_axis(
    place: tuple[int, int, int],
) -> None:
    """Past its ends, further out than it is long, or upon it a click places nothing."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.hover(place)
    offered = hand.tool.offer
    hand.click(place)

    assert offered is None
    assert len(hand.desk.committed) == 1


def test_a_node_waits_for_its_short_axis() -> None:
    """Nothing is recorded of a node before both axes are drawn; its short axis is the value."""
    hand = Hand(NODE)
    hand.drag((10, 30, 20), (10, 30, 60))
    finish(hand.tool)
    waiting = list(hand.desk.committed), hand.tool.hand.waits
    hand.drag((10, 22, 40), (10, 38, 40))
    _, long_axis, short_axis = hand.desk.committed[-1]

    assert waiting == ([], True)
    assert near(long_axis, (30, 20), (30, 60))
    assert near(sorted(short_axis), (22, 40), (38, 40))


def test_the_short_axis_of_a_node_is_placed_by_a_click_or_dropped_by_escape() -> None:
    """The value offered is the short axis; Esc drops the line, and nothing is recorded."""
    hand = Hand(NODE)
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.tool.cancel()
    dropped = hand.tool.hand, list(hand.desk.committed)
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.hover((10, 40, 40))
    (drawn,) = hand.tool.picture([])
    hand.click((10, 40, 40))

    assert dropped == (None, [])
    assert drawn.value.endswith(" s")
    assert float(drawn.value.split()[0]) == pytest.approx(16.0, abs=0.3)
    assert near(hand.desk.committed[-1][2], (20, 40), (40, 40))


def test_a_longer_second_line_becomes_the_long_axis() -> None:
    """The axes are named by length, whichever was drawn first."""
    hand = Hand()
    hand.drag((10, 30, 35), (10, 30, 45))
    hand.drag((10, 15, 40), (10, 45, 40))
    lines = hand.desk.lines(hand.geometry)

    assert lines.raw_mm == pytest.approx((30 * 0.8, 10 * 0.8), abs=0.25)


# changing what is recorded


def drawn() -> Hand:
    """Return a hand that drew both axes and went on: the caliper is locked."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.drag((10, 20, 40), (10, 40, 40))
    finish(hand.tool)
    return hand


def test_a_stray_drag_never_changes_a_finished_caliper() -> None:
    """Neither on its ends, nor across it, nor beside it: the tool says how to open it."""
    hand = drawn()
    before = list(hand.desk.committed)
    hand.drag((10, 30, 60), (10, 50, 60))
    hand.drag((10, 10, 30), (10, 50, 32))
    hand.drag((12, 45, 20), (12, 45, 60))

    assert hand.desk.committed == before
    assert "double-click" in hand.desk.said


def test_a_line_drawn_beside_a_caliper_just_drawn_does_not_replace_it() -> None:
    """The lesion is measured: the next line may be meant for another one."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.drag((10, 40, 20), (10, 45, 60))

    assert len(hand.desk.committed) == 1
    assert "measured here" in hand.desk.said


def test_a_double_click_opens_a_caliper_and_its_ends_can_be_pulled() -> None:
    """A pull moves the end as far as the mouse went, the short axis goes along, upright."""
    hand = drawn()
    hand.double_click((10, 30, 50))
    opened = [one.opened for one in hand.tool.picture(hand.desk.calipers)]
    hand.drag((10, 30.9, 60.9), (10, 50.9, 60.9))
    _, long_axis, short_axis = hand.desk.committed[-1]
    along = np.diff(np.array(long_axis), axis=0)[0]
    across = np.diff(np.array(short_axis), axis=0)[0]

    assert opened == [True]
    assert len(hand.desk.committed) == 3
    assert near(long_axis, (30, 20), (50, 60))
    assert along @ across == pytest.approx(0, abs=1e-6)


def test_an_end_of_the_short_axis_is_moved_and_stays_perpendicular() -> None:
    """The dragged end goes with the hand, the other slides along; the long axis stays."""
    hand = drawn()
    open_next(hand.tool)
    hand.drag((10, 40, 40), (10, 44, 50))
    _, long_axis, short_axis = hand.desk.committed[-1]

    assert near(long_axis, (30, 20), (30, 60))
    assert near(sorted(short_axis), (20, 50), (44, 50))


def test_the_whole_caliper_is_moved_by_its_middle() -> None:
    """Pulled at the middle, every end goes the same way and no length changes."""
    hand = drawn()
    open_next(hand.tool)
    before = hand.desk.lines(hand.geometry).raw_mm
    hand.drag((10, 30, 40), (10, 36, 45))
    _, long_axis, short_axis = hand.desk.committed[-1]

    assert near(long_axis, (36, 25), (36, 65))
    assert near(sorted(short_axis), (26, 45), (46, 45))
    assert hand.desk.lines(hand.geometry).raw_mm == pytest.approx(before, abs=1e-9)


def test_an_opened_caliper_may_be_drawn_anew_on_any_slice() -> None:
    """Opened on purpose, a line on another slice takes its place."""
    hand = drawn()
    open_next(hand.tool)
    hand.pane.go_to(12)
    hand.drag((12, 40, 25), (12, 40, 50))
    (caliper,) = hand.desk.calipers

    assert caliper.slice == 12
    assert caliper.short_axis is None


def test_an_end_on_another_slice_is_not_grabbed() -> None:
    """Only what is on the slice shown can be taken hold of."""
    hand = drawn()
    open_next(hand.tool)
    hand.pane.go_to(11)
    hand.drag((11, 30, 60), (11, 50, 60))

    assert near(hand.desk.committed[-1][1], (30, 60), (50, 60))


@pytest.mark.parametrize("close", [finish, cancel, lambda tool: tool.leave_for("T9")])
def test_a_caliper_is_closed_when_the_reader_goes_on(close: object) -> None:
    """Enter, Esc or another lesion close it: the next drag over it changes nothing."""
    hand = drawn()
    open_next(hand.tool)
    close(hand.tool)
    before = list(hand.desk.committed)
    hand.drag((10, 30, 60), (10, 50, 60))

    assert hand.tool.opened is None
    assert hand.desk.committed == before


# keys


def test_arrow_keys_move_the_held_end_by_a_screen_pixel_or_a_voxel() -> None:
    """Each press is recorded; the end moves 0.25 mm at 4 px/mm, with Shift one voxel."""
    hand = drawn()
    open_next(hand.tool)
    (row, column) = hand.desk.committed[-1][1][0][1:]
    nudge(hand.tool, -1, 0)
    first = hand.desk.committed[-1][1][0]
    nudge(hand.tool, 0, 1, voxels=True)
    second = hand.desk.committed[-1][1][0]

    assert len(hand.desk.committed) == 4
    assert first[1:] == pytest.approx((row, column - 0.25 / 0.8), abs=1e-6)
    assert second[1:] == pytest.approx((row + 1, column - 0.25 / 0.8), abs=1e-6)


def test_nothing_is_nudged_while_nothing_is_held_or_it_is_out_of_sight() -> None:
    """Up and Down stay the keys of slices until an end is held on the slice shown."""
    hand = drawn()
    closed = nudge(hand.tool, 0, 1)
    hand.double_click((10, 30, 50))
    opened = nudge(hand.tool, 0, 1)
    hand.click((10, 30, 60))
    held = nudge(hand.tool, 0, 1)
    hand.pane.go_to(11)

    assert (closed, opened, held) == (False, False, True)
    assert not nudge(hand.tool, 0, 1)


def test_the_key_goes_from_end_to_end_and_to_the_middle() -> None:
    """The key holds the ends one after the other, then the whole, then the first end again."""
    hand = drawn()
    places = []
    for _ in range(6):
        open_next(hand.tool)
        (caliper,) = hand.tool.picture(hand.desk.calipers)
        places.append(tuple(round(number) for number in caliper.held))

    assert places[:5] == [(10, 30, 20), (10, 30, 60), (10, 20, 40), (10, 40, 40), (10, 30, 40)]
    assert places[5] == places[0]


def test_a_held_end_stays_held_when_the_axes_change_their_names() -> None:
    """A long axis nudged shorter than the short one becomes the short axis: the end is the same."""
    hand = Hand()
    hand.drag((10, 30, 40), (10, 30, 51))
    hand.drag((10, 25, 45), (10, 35, 45))
    open_next(hand.tool)
    for _ in range(3):
        nudge(hand.tool, 1, 0, voxels=True)
    (caliper,) = hand.tool.picture(hand.desk.calipers)

    assert near((caliper.held, caliper.held), (30, 43), (30, 43))
    assert caliper.held in caliper.short_axis


# what may happen in the middle of a drag


def test_slices_do_not_turn_under_a_drag() -> None:
    """Both ends are placed on the slice that is seen, whatever the wheel does (R-11)."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60), before_release=lambda: hand.pane.go_to(14))
    _, long_axis, _ = hand.desk.committed[-1]

    assert hand.pane.slice == 10
    assert long_axis[0][0] == long_axis[1][0] == 10


def test_another_volume_under_a_drag_drops_it() -> None:
    """A visit changed by a key in mid-drag records nothing there."""
    hand = Hand()
    other = picture(axial(12))
    hand.drag(
        (10, 30, 20),
        (10, 30, 60),
        before_release=lambda: hand.pane.show(other, "W16", hand.pane.window),
    )

    assert hand.desk.committed == []
    assert hand.tool.hand is None


def test_a_release_of_another_button_drops_the_drag() -> None:
    """Napari ends every drag with any button: a right click on the way is no end of a line."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60), release={"button": 2})

    assert hand.desk.committed == []
    assert hand.tool.hand is None


def test_a_drag_whose_release_never_came_is_dropped_by_the_next_press() -> None:
    """The release went to another window: only the line drawn after it is recorded."""
    hand = Hand()
    lost = hand.tool.drag(None, hand.told("mouse_press", hand.pixel((10, 30, 20))))
    next(lost)
    hand.drag((10, 40, 30), (10, 40, 50))

    assert [len(hand.desk.committed), near(hand.desk.committed[0][1], (40, 30), (40, 50))] == [1, 1]


@pytest.mark.parametrize("button", [2, 3])
def test_a_late_move_neither_windows_nor_moves_the_picture(button: int) -> None:
    """A move from before the press, handed on late, is no part of a right or middle drag."""
    hand = Hand()
    mouse = PaneMouse(hand.pane)
    window, middle = hand.pane.window, tuple(hand.pane.viewer.scene.camera.center)
    event = hand.told("mouse_press", (300, 300), button=button)
    dragging = mouse.drag(None, event)
    next(dragging)
    event.__dict__.update(
        hand.told("mouse_move", (500, 100), button=button, press_event=None).__dict__
    )
    next(dragging)
    late = hand.pane.window, tuple(hand.pane.viewer.scene.camera.center)
    event.__dict__.update(hand.told("mouse_move", (310, 300), button=button).__dict__)
    next(dragging)

    assert late == (window, middle)
    assert (hand.pane.window, tuple(hand.pane.viewer.scene.camera.center)) != late


def test_a_late_move_from_before_the_press_neither_draws_nor_drops() -> None:
    """Moves that napari held back arrive after the press: the line goes on as without them."""
    hand = Hand()
    hand.drag((10, 30, 30), (10, 30, 50), [(10, 5, 5)], press_event=None, buttons=[])

    assert near(hand.desk.committed[-1][1], (30, 30), (30, 50))


def test_a_line_that_ends_outside_the_pane_is_not_recorded() -> None:
    """What the reader could not see is no end of a measurement."""
    hand = Hand(zoom=20.0)
    x, y = hand.pixel((10, 30, 40))
    hand.drag_pixels((x, y), (x + 2000, y))

    assert hand.desk.committed == []
    assert "outside" in hand.desk.said


def test_an_edit_that_is_interrupted_leaves_the_record_and_the_caliper() -> None:
    """The recorded line is shown again, unchanged."""
    hand = drawn()
    open_next(hand.tool)
    before = list(hand.desk.calipers)
    hand.drag((10, 30, 60), (10, 50, 60), before_release=hand.tool.interrupt)

    assert hand.desk.calipers == before
    assert [one.in_hand for one in hand.tool.picture(hand.desk.calipers)] == [False]


def test_a_change_of_the_record_under_a_drag_drops_it() -> None:
    """An undo in mid-drag takes the caliper away, and the release does not bring it back."""
    hand = drawn()
    open_next(hand.tool)
    before = list(hand.desk.committed)

    def undo() -> None:
        hand.desk.calipers = []
        hand.tool.follow_record()

    hand.drag((10, 30, 60), (10, 50, 60), before_release=undo)

    assert hand.desk.committed == before
    assert (hand.tool.hand, hand.tool.opened) == (None, None)


# zoom


def test_a_coarse_pane_zooms_in_before_anything_is_drawn() -> None:
    """At 1 px/mm the press zooms to 4 px/mm about the mouse; the next drag measures."""
    hand = Hand(zoom=1.0)
    place = (10, 30.0, 30.0)
    before = hand.pane.to_screen(place)
    hand.drag(place, (10, 30, 50))
    after = hand.pane.to_screen(place)
    nothing = list(hand.desk.committed)
    hand.drag(place, (10, 30, 50))

    assert nothing == []
    assert hand.pane.pixels_per_mm == pytest.approx(4.0)
    assert np.allclose(before, after, atol=2.0)
    assert hand.desk.zooms == [pytest.approx(4.0)]


def test_zooming_out_in_mid_drag_records_nothing() -> None:
    """A line begun finely and ended coarsely is as coarse as its end."""
    hand = Hand()

    def zoom_out() -> None:
        hand.pane.viewer.scene.camera.zoom = 1.0

    hand.drag((10, 30, 20), (10, 30, 60), before_release=zoom_out)

    assert hand.desk.committed == []
    assert "coarse" in hand.desk.said


def test_the_coarser_zoom_of_a_drag_is_recorded() -> None:
    """Begun at 4 px/mm and ended at 8, a line is as good as at 4."""
    hand = Hand()

    def zoom_in() -> None:
        hand.pane.viewer.scene.camera.zoom = 8.0

    hand.drag((10, 30, 30), (10, 30, 45), before_release=zoom_in)

    assert hand.desk.zooms == [pytest.approx(4.0)]


def test_non_square_pixels_measure_true() -> None:
    """20 rows of 0.5 mm are 10.0 mm, 20 columns of 1.5 mm are 30.0 mm."""
    geometry = axial(pixel=(0.5, 1.5))
    down = CaliperLines(geometry, ((3, 10, 10), (3, 30, 10)))
    across = CaliperLines(geometry, ((3, 10, 10), (3, 10, 30)))

    assert down.reported(1, node=False) == "10.0"
    assert across.reported(1, node=False) == "30.0"
    assert across.reported(1, node=True) == ""
