"""Calipers under real mouse and key events: opened, pulled, nudged, offered, and interrupted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qtpy.QtCore import QEvent, Qt
from qtpy.QtGui import QFocusEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from napari_recist.demo import gestures
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, TrialRole, create_trial
from tests.trial.conftest import seated
from tests.ui.conftest import PASSWORD, SAMPLE, SUBJECT
from tests.ui.test_reading_room import ACROSS, LINE, ZOOM, add_target, drag, key, length_mm, sign

pytestmark = pytest.mark.ui
LEFT = Qt.MouseButton.LeftButton


def measured(session: ReadingSession, lesion: str = "T1") -> Any:
    """Return the caliper the record holds of a lesion at the current visit."""
    (caliper,) = session.read.observation(session.visit, lesion).calipers
    return caliper


def hover(room: Any, place: Any) -> None:
    """Move the mouse to a place of the current pane, in two steps as a hand does."""
    canvas = room.current.canvas_widget
    x, y = room.current.to_screen(place)
    for step in (3, 0):
        QTest.mouseMove(canvas, gestures._point((x - step, y)))
        gestures.settle(0.03)


def press(room: Any, place: Any) -> None:
    """Put the left button down at a place."""
    where = gestures._point(room.current.to_screen(place))
    QTest.mousePress(room.current.canvas_widget, LEFT, pos=where)
    gestures.settle(0.02)


def release(room: Any, place: Any, button: Qt.MouseButton = LEFT) -> None:
    """Let a button go at a place."""
    where = gestures._point(room.current.to_screen(place))
    QTest.mouseRelease(room.current.canvas_widget, button, pos=where)
    gestures.settle(0.02)


def drawn(room: Any) -> None:
    """Draw T1 with both axes and go on."""
    add_target(room)
    drag(room, LINE)
    drag(room, ACROSS)
    key(room.current.canvas_widget, "Esc")


def test_the_short_axis_offered_is_recorded_by_a_click_alone(
    session: ReadingSession, room: Any
) -> None:
    """The mouse beside the line shows it, a click records it, and Ctrl+Z takes it back alone."""
    add_target(room)
    drag(room, LINE)
    place = (12, 76.0, 85.0)
    hover(room, place)
    (shown,) = room.current.glass.calipers
    before = measured(session).short_axis
    gestures.click(room.current.canvas_widget, room.current.to_screen(place))
    placed = measured(session).short_axis
    key(room.current.canvas_widget, "Ctrl+Z")

    assert shown.offered is not None
    assert before is None
    spacing = session.volume("BL").geometry.row_spacing
    assert placed.raw_mm == pytest.approx(12 * spacing, abs=1 / ZOOM)
    assert measured(session).short_axis is None


def test_a_finished_caliper_is_opened_by_a_double_click_only(
    session: ReadingSession, room: Any
) -> None:
    """A stray drag over it changes nothing; after a double-click its end can be pulled."""
    drawn(room)
    before = session.events
    drag(room, (LINE[1], (12, 70.0, 110.0)))
    stray, said = session.events, room.bar.message.text()
    middle = gestures._point(room.current.to_screen((12, 70.0, 78.0)))
    QTest.mouseClick(room.current.canvas_widget, LEFT, pos=middle)
    QTest.mouseDClick(room.current.canvas_widget, LEFT, pos=middle)
    gestures.settle()
    (opened,) = room.current.glass.calipers
    drag(room, (LINE[1], (12, 70.0, 110.0)))

    assert stray == before
    assert "double-click" in said
    assert opened.opened
    longer = length_mm(session, (LINE[0], (12, 70.0, 110.0)))
    assert measured(session).long_axis.raw_mm == pytest.approx(longer, abs=1 / ZOOM)
    assert measured(session).provenance == "edited"


def test_a_held_end_is_nudged_by_arrow_keys_and_slices_turn_again_afterwards(
    session: ReadingSession, room: Any
) -> None:
    """Right moves the end a screen pixel, Shift+Right a voxel; after Esc, Up turns the slice."""
    canvas = room.current.canvas_widget
    drawn(room)
    (before,) = room.current.glass.calipers
    key(canvas, "Shift+M")
    (held,) = room.current.glass.calipers
    loupe = room.current.glass.magnified
    key(canvas, "Right")
    key(canvas, "Up")
    key(canvas, "Shift+Right")
    (after,) = room.current.glass.calipers
    kept_slice = room.current.slice
    key(canvas, "Esc")
    key(canvas, "Up")
    spacing = session.volume("BL").geometry.column_spacing
    pixel = 1 / ZOOM / spacing
    moved = np.subtract(after.long_axis[0], before.long_axis[0])

    assert held.held == pytest.approx(before.long_axis[0])
    assert loupe == pytest.approx(before.long_axis[0])
    assert moved == pytest.approx((0, -pixel, pixel + 1), abs=1e-6)
    assert kept_slice == 12
    assert room.current.slice == 13


def test_the_source_of_a_value_stands_beside_it_under_the_mouse(
    session: ReadingSession, room: Any
) -> None:
    """Reported and raw value, series, slice, passport, zoom and how: nothing of the patient."""
    drawn(room)
    hover(room, (12, 70.0, 76.0))
    card = "\n".join(room.current.glass.hovered.source)
    hover(room, (12, 100.0, 60.0))
    gone = room.current.glass.hovered
    caliper = measured(session)

    assert f"{caliper.long_axis.raw_mm:.3f} mm" in card
    assert "slice 13 of 20" in card
    assert caliper.passport in card
    assert "edited at 4.0 px/mm" in card
    assert str(session.visits[0].date.year) not in card
    assert caliper.series_uid not in card
    assert gone is None


def test_calipers_of_a_signed_visit_cannot_be_opened(session: ReadingSession, room: Any) -> None:
    """Neither a double-click nor the key opens them, and no drag moves them."""
    drawn(room)
    sign(room)
    room.open_visit("BL")
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    before = session.events
    where = gestures._point(room.current.to_screen((12, 70.0, 78.0)))
    QTest.mouseDClick(room.current.canvas_widget, LEFT, pos=where)
    gestures.settle()
    key(room.current.canvas_widget, "Shift+M")
    drag(room, (LINE[1], (12, 70.0, 110.0)))

    assert room.tool.opened is None
    assert session.events == before


# in the middle of a drag


def test_the_wheel_does_not_turn_slices_under_a_drag(session: ReadingSession, room: Any) -> None:
    """The line is drawn on the slice it began on, which stays in sight."""
    add_target(room)
    press(room, LINE[0])
    gestures.wheel(room.current.canvas_widget, room.current.to_screen(LINE[1]), 2)
    key(room.current.canvas_widget, "Up")
    release(room, LINE[1])
    ((_, line, _),) = session.caliper_index("BL", "T1")

    assert room.current.slice == 12
    assert {end[0] for end in line} == {12.0}
    assert measured(session).long_axis.raw_mm == pytest.approx(length_mm(session, LINE), abs=0.25)


@pytest.mark.parametrize(
    "lost", [QEvent(QEvent.Type.WindowDeactivate), QFocusEvent(QEvent.Type.FocusOut)]
)
def test_a_window_that_loses_the_focus_drops_the_drag(
    session: ReadingSession, room: Any, lost: QEvent
) -> None:
    """Nothing half drawn is recorded; the release that comes later records nothing either."""
    add_target(room)
    before = session.events
    press(room, LINE[0])
    QApplication.sendEvent(room.current.canvas_widget, lost)
    release(room, LINE[1])

    assert session.events == before
    assert room.tool.hand is None
    assert "interrupted" in room.bar.message.text()


def test_a_right_click_in_mid_drag_is_no_end_of_the_line(
    session: ReadingSession, room: Any
) -> None:
    """Any button's release ends every drag in napari: the line is dropped."""
    add_target(room)
    before = session.events
    press(room, LINE[0])
    right = Qt.MouseButton.RightButton
    half = gestures._point(room.current.to_screen((12, 70.0, 85.0)))
    QTest.mousePress(room.current.canvas_widget, right, pos=half)
    QTest.mouseRelease(room.current.canvas_widget, right, pos=half)
    release(room, LINE[1])

    assert session.events == before
    assert room.tool.hand is None


def test_a_line_let_go_outside_the_pane_is_dropped(session: ReadingSession, room: Any) -> None:
    """The reader could not see where it ended."""
    add_target(room)
    before = session.events
    press(room, LINE[0])
    outside = gestures._point((room.current.canvas_widget.width() + 60, 200))
    QTest.mouseRelease(room.current.canvas_widget, LEFT, pos=outside)
    gestures.settle()

    assert session.events == before
    assert "outside" in room.bar.message.text()


def test_another_visit_by_key_in_mid_drag_records_nothing_there(
    session: ReadingSession, room: Any
) -> None:
    """Page Up in mid-drag opens the visit; neither visit gets a line, and none is lost."""
    drawn(room)
    sign(room)
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    baseline = session.read.observation("BL", "T1")
    press(room, LINE[0])
    key(room.current.canvas_widget, "PgUp")
    gestures.settle(0.05)
    release(room, LINE[1])

    assert session.visit == "BL"
    assert session.read.observation("W8", "T1") is None
    assert session.read.observation("BL", "T1") == baseline
    assert room.tool.hand is None


def test_undo_in_mid_drag_drops_the_drag_and_takes_back_the_last_fact(
    session: ReadingSession, room: Any
) -> None:
    """The caliper under the hand is gone, and letting go does not bring it back."""
    add_target(room)
    drag(room, LINE)
    press(room, LINE[1])
    key(room.current.canvas_widget, "Ctrl+Z")
    release(room, (12, 70.0, 110.0))

    assert session.read.observation("BL", "T1") is None


# across visits


@pytest.fixture
def free_trial(tmp_path: Path) -> Iterator[Trial]:
    """Return a trial whose visits may be read in any order, so that two are open at once."""
    charter = tmp_path / "charter.toml"
    text = (SAMPLE / "charter.toml").read_text(encoding="utf-8")
    charter.write_text(text.replace("sequential = true", "sequential = false"), encoding="utf-8")
    with create_trial(str(tmp_path / "trial.db"), charter) as made:
        import_images(made, SAMPLE / SUBJECT)
        made.admit("Free", TrialRole.READER, PASSWORD)
        yield made


def test_undo_and_redo_lead_across_visits(free_trial: Trial, window: Any) -> None:
    """Ctrl+Z takes back the line of W8, then both axes at baseline, and shows that visit."""
    room = window.room
    room.read(session := ReadingSession(seated(free_trial, "Free", SUBJECT), SUBJECT))
    gestures.settle()
    canvas = room.current.canvas_widget
    add_target(room)
    drag(room, LINE)
    drag(room, ACROSS)
    room.open_visit("W8")
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    drag(room, LINE)
    whole = dict(session.read.observations)
    seen = []
    for name in ("Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Shift+Z", "Ctrl+Shift+Z"):
        key(canvas, name)
        gestures.settle(0.02)
        drawn_here = [len(one.lines) for one in room.current.glass.calipers]
        seen.append((session.visit, drawn_here))

    assert seen == [
        ("W8", []),
        ("BL", [1]),
        ("BL", []),
        ("BL", [1]),
        ("BL", [2]),
        ("W8", [1]),
    ]
    assert dict(session.read.observations) == whole
