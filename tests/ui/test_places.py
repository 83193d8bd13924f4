"""Where lesions lie that are not measured: marked by a click, shown, and gone to in both panes."""

from typing import Any

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.reading import ReadingSession
from napari_recist.ui.lesion_form import NewLesion
from tests.ui.test_reading_room import LINE, ZOOM, add_target, drag, key, sign

pytestmark = pytest.mark.ui

PLACE = (7, 60.0, 90.0)


def add_non_target(room: Any) -> None:
    """Put a non-target on the list and look at PLACE."""
    wanted = NewLesion(Role.NON_TARGET, "lung", "", node=False, porta_hepatis=False)
    room.add_lesion(wanted)
    room.current.zoom_to(ZOOM, PLACE)
    gestures.settle()


def click(room: Any, place: Any, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """Click at an index of the current pane."""
    pane = room.current
    point = gestures._point(pane.to_screen(place))
    QTest.mouseClick(pane.canvas_widget, Qt.MouseButton.LeftButton, held, point)
    gestures.settle()


def test_a_click_marks_where_a_non_target_lies(session: ReadingSession, room: Any) -> None:
    """The place clicked is recorded within half a screen pixel, and marked with the name."""
    add_non_target(room)
    asked = session.unfinished()
    click(room, PLACE)
    found = session.place_index("BL", "NT1")
    spacing = session.volume("BL").geometry.column_spacing
    (mark,) = room.current.glass.places

    assert asked == ("NT1 (lung): click on the picture where it lies.",)
    assert session.unfinished() == ()
    assert np.abs(np.subtract(found, PLACE))[1:].max() * spacing <= 0.5 / ZOOM + 1e-3
    assert found[0] == PLACE[0]
    assert (mark.lesion.identifier, mark.slice, mark.chosen) == ("NT1", PLACE[0], True)


def test_a_click_moves_the_mark_and_undo_brings_it_back(session: ReadingSession, room: Any) -> None:
    """A second click is a further fact; undone, the first place stands again."""
    add_non_target(room)
    click(room, PLACE)
    first = session.place_index("BL", "NT1")
    click(room, (7, 64.0, 94.0))
    moved = session.place_index("BL", "NT1")
    key(room.current.canvas_widget, "Ctrl+Z")

    assert moved != first
    assert session.place_index("BL", "NT1") == first
    assert [mark.index for mark in room.current.glass.places] == [first]


def test_a_click_on_a_target_measures_and_marks_nothing(session: ReadingSession, room: Any) -> None:
    """A target's place is its caliper's; with Shift it is marked before it is drawn."""
    add_target(room)
    before = session.events
    click(room, LINE[0])
    clicked = session.events
    click(room, LINE[0], Qt.KeyboardModifier.ShiftModifier)
    marked = [mark.lesion.identifier for mark in room.current.glass.places]
    drag(room, LINE)

    assert clicked == before
    assert marked == ["T1"]
    assert session.read.observation("BL", "T1") is not None
    assert room.current.glass.places == []  # its caliper shows where it lies


def test_a_drag_with_a_non_target_chosen_marks_nothing(session: ReadingSession, room: Any) -> None:
    """What moves is no click, and a non-target is not measured."""
    add_non_target(room)
    before = session.events
    drag(room, (PLACE, (7, 70.0, 100.0)))

    assert session.events == before


def test_any_row_takes_both_panes_to_its_lesion(session: ReadingSession, room: Any) -> None:
    """At week 8 a click on the row of T1 or of NT1 shows both panes where it was at baseline."""
    add_target(room)
    drag(room, LINE)
    add_non_target(room)
    click(room, PLACE)
    sign(room)
    shown = []
    for row in (0, 1):
        table = room.lesions.table
        place = table.visualRect(table.model().index(row, 0)).center()
        gestures.click(table.viewport(), (place.x(), place.y()))
        heights = [
            pane.volume.geometry.slice_positions[pane.slice] for pane in (room.current, room.prior)
        ]
        shown.append((room.prior.slice, abs(heights[0] - heights[1])))
    thickest = max(pane.view.frame.scale[0] for pane in (room.current, room.prior))

    assert [slice_ for slice_, _ in shown] == [LINE[0][0], PLACE[0]]
    assert all(apart <= thickest / 2 + 1e-6 for _, apart in shown)
    assert [mark.lesion.identifier for mark in room.prior.glass.places] == ["NT1"]


def test_nothing_is_marked_on_a_signed_visit(session: ReadingSession, room: Any) -> None:
    """A click on a locked visit says that it is signed and records nothing."""
    add_non_target(room)
    click(room, PLACE)
    sign(room)
    room.open_visit("BL")
    before = session.events
    click(room, PLACE)

    assert session.events == before
    assert "signed" in room.bar.message.text()
    assert Status.PRESENT not in [said.status for said in session.read.observations.values()]
