"""The caliper tool measures what the hand draws: models only, no screen."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_recist.criteria import Lesion, Role
from napari_recist.imaging import Geometry
from napari_recist.ui.caliper_lines import CaliperLines
from napari_recist.ui.caliper_tool import CaliperTool
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexLine, IndexPoint
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.window_level import PRESETS
from tests.ui.conftest import axial, picture

TARGET = Lesion("T1", Role.TARGET, "liver")
NODE = Lesion("T2", Role.TARGET, "lymph node", node=True)


class Desk:
    """A desk that remembers."""

    def __init__(self, lesion: Lesion | None) -> None:
        self.lesion = lesion
        self.calipers: list[DrawnCaliper] = []
        self.committed: list[tuple[Lesion, IndexLine, IndexLine | None]] = []

    def lesion_in_hand(self) -> Lesion | None:
        """Return what the test measures."""
        return self.lesion

    def open_calipers(self) -> list[DrawnCaliper]:
        """Return the last caliper."""
        return self.calipers

    def same_lesion(self, drawn: Lesion, in_hand: Lesion) -> bool:
        """Compare."""
        return drawn == in_hand

    def commit(
        self,
        lesion: Lesion,
        long_axis: IndexLine,
        short_axis: IndexLine | None,
        replaces: DrawnCaliper | None,
    ) -> None:
        """Remember."""
        self.committed.append((lesion, long_axis, short_axis))
        self.calipers = [DrawnCaliper(lesion, long_axis, short_axis, "")]


class Hand:
    """A hand that drags over a pane, telling the tool what napari would."""

    def __init__(self, lesion: Lesion | None = TARGET, geometry: Geometry | None = None) -> None:
        self.pane = PaneView(ViewerModel())
        self.pane.show(picture(geometry or axial()), "W8", PRESETS["liver"])
        self.pane.zoom_to(4.0, (10, 32, 40))
        self.desk = Desk(lesion)
        self.tool = CaliperTool(self.pane, self.desk)

    def event(self, kind: str, index: IndexPoint, **more: Any) -> SimpleNamespace:
        """Return what napari would tell of the mouse at an index."""
        place = self.pane.to_screen(index)
        world = self.pane.frame.to_world(index)
        settings = {"button": 1, "modifiers": (), "handled": False} | more
        return SimpleNamespace(type=kind, pos=place, position=tuple(world), **settings)

    def drag(
        self,
        start: IndexPoint,
        end: IndexPoint,
        moves: Sequence[IndexPoint] = (),
        before_release: Callable[[], object] = lambda: None,
        **more: Any,
    ) -> bool:
        """Drag, and return whether the press was taken."""
        event = self.event("mouse_press", start, **more)
        generator = self.tool.drag(None, event)
        stopped = next(generator, "stopped")
        handled = event.handled
        if stopped is None:
            for place in moves:
                event.__dict__.update(self.event("mouse_move", place).__dict__)
                next(generator, None)
            before_release()
            event.__dict__.update(self.event("mouse_release", end).__dict__)
            next(generator, None)
        return handled


def test_the_place_of_the_release_counts_though_no_move_told_of_it() -> None:
    """A drag so fast that no move arrived ends where the button went up (H1)."""
    hand = Hand()
    hand.drag((10, 30, 30), (10, 30, 50))

    assert hand.desk.committed == [(TARGET, ((10, 30.0, 30.0), (10, 30.0, 50.0)), None)]


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
    """Under three screen pixels nothing is drawn: at 4 px/mm that is 0.7 mm."""
    hand = Hand()
    hand.drag((10, 30, 30), (10, 30, 30.8))

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


def test_a_line_across_the_long_axis_is_the_short_axis_and_perpendicular() -> None:
    """Drawn 10 degrees off, it is turned upright and keeps its reach across."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.drag((10, 20, 42), (10, 40, 38))
    _, long_axis, short_axis = hand.desk.committed[-1]
    along = np.diff(np.array(long_axis), axis=0)[0]
    across = np.diff(np.array(short_axis), axis=0)[0]

    assert long_axis == ((10, 30.0, 20.0), (10, 30.0, 60.0))
    assert along @ across == pytest.approx(0, abs=1e-6)
    assert np.linalg.norm(across) == pytest.approx(20.0)


def test_a_line_beside_the_long_axis_is_drawn_anew() -> None:
    """A second line that does not cross replaces the first."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.drag((10, 40, 20), (10, 45, 60))
    _, long_axis, short_axis = hand.desk.committed[-1]

    assert long_axis[0] == (10, 40.0, 20.0)
    assert short_axis is None


def test_a_node_waits_for_its_short_axis() -> None:
    """Nothing is recorded of a node before both axes are drawn; its short axis is the value."""
    hand = Hand(NODE)
    hand.drag((10, 30, 20), (10, 30, 60))
    waiting = list(hand.desk.committed), hand.tool.hand.waits
    hand.drag((10, 22, 40), (10, 38, 40))
    _, long_axis, short_axis = hand.desk.committed[-1]

    assert waiting == ([], True)
    assert long_axis == ((10, 30.0, 20.0), (10, 30.0, 60.0))
    assert np.allclose(np.sort(np.array(short_axis)[:, 1]), [22.0, 38.0])


def test_a_longer_second_line_becomes_the_long_axis() -> None:
    """The axes are named by length, whichever was drawn first."""
    hand = Hand()
    hand.drag((10, 30, 35), (10, 30, 45))
    hand.drag((10, 15, 40), (10, 45, 40))
    _, long_axis, short_axis = hand.desk.committed[-1]

    assert np.linalg.norm(np.diff(np.array(long_axis), axis=0)) == pytest.approx(30.0)
    assert np.linalg.norm(np.diff(np.array(short_axis), axis=0)) == pytest.approx(10.0)


def test_an_end_is_grabbed_and_moved_and_the_short_axis_goes_along() -> None:
    """A press within reach of an end moves that end only; the short axis stays perpendicular."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.drag((10, 20, 40), (10, 40, 40))
    hand.drag((10, 30.5, 60.5), (10, 50, 60))
    _, long_axis, short_axis = hand.desk.committed[-1]
    along = np.diff(np.array(long_axis), axis=0)[0]
    across = np.diff(np.array(short_axis), axis=0)[0]

    assert long_axis == ((10, 30.0, 20.0), (10, 50.0, 60.0))
    assert along @ across == pytest.approx(0, abs=1e-6)


def test_an_end_of_the_short_axis_is_moved_and_stays_perpendicular() -> None:
    """The dragged end goes under the hand, the other slides along; the long axis stays."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.drag((10, 20, 40), (10, 40, 40))
    hand.drag((10, 40, 40), (10, 44, 50))
    _, long_axis, short_axis = hand.desk.committed[-1]
    ends = sorted(short_axis, key=lambda end: end[1])

    assert long_axis == ((10, 30.0, 20.0), (10, 30.0, 60.0))
    assert np.allclose(ends, [(10, 20, 50), (10, 44, 50)])


def test_an_end_on_another_slice_is_not_grabbed() -> None:
    """Only what is on the slice shown can be taken hold of."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60))
    hand.pane.go_to(11)
    hand.drag((11, 30, 60), (11, 50, 60))
    _, long_axis, _ = hand.desk.committed[-1]

    assert long_axis == ((11, 30.0, 60.0), (11, 50.0, 60.0))


def test_the_wheel_in_mid_drag_keeps_the_caliper_on_its_slice() -> None:
    """Both ends lie on one acquired slice, whatever is scrolled meanwhile (R-11)."""
    hand = Hand()
    hand.drag((10, 30, 20), (10, 30, 60), before_release=lambda: hand.pane.go_to(14))
    _, long_axis, _ = hand.desk.committed[-1]

    assert long_axis[0][0] == long_axis[1][0] == 10


def test_non_square_pixels_measure_true() -> None:
    """20 rows of 0.5 mm are 10.0 mm, 20 columns of 1.5 mm are 30.0 mm."""
    geometry = axial(pixel=(0.5, 1.5))
    down = CaliperLines(geometry, ((3, 10, 10), (3, 30, 10)))
    across = CaliperLines(geometry, ((3, 10, 10), (3, 10, 30)))

    assert down.reported(1, node=False) == "10.0"
    assert across.reported(1, node=False) == "30.0"
    assert across.reported(1, node=True) == ""
