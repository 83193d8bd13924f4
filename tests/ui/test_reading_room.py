"""The reading room under real mouse and key events: what is drawn is recorded, and stays so."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QWidget

from napari_recist.criteria import Response, Role, Status
from napari_recist.demo import gestures
from napari_recist.imaging import distance_mm
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, TrialRole, create_trial, open_trial
from napari_recist.ui.lesion_form import NewLesion
from napari_recist.ui.room_window import TITLE
from napari_recist.ui.window_level import PRESETS
from tests.reading.conftest import sample_charter_as_they_are
from tests.trial.conftest import seated
from tests.ui.conftest import PASSWORD, SAMPLE, SUBJECT

pytestmark = pytest.mark.ui

ZOOM = 4.0
LINE = ((12, 70.0, 70.0), (12, 70.0, 100.0))
ACROSS = ((12, 62.0, 85.0), (12, 78.0, 85.0))


def add_target(room: Any, **more: Any) -> None:
    """Put a liver target on the list and look at the place of LINE."""
    wanted = {"node": False, "porta_hepatis": False} | more
    room.add_lesion(NewLesion(Role.TARGET, "liver", "S6", **wanted))
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()


def drag(room: Any, line: Any, moves: int = 6) -> None:
    """Drag along a line of indices in the current pane."""
    pane = room.current
    gestures.drag(pane.canvas_widget, pane.to_screen(line[0]), pane.to_screen(line[1]), moves)


def length_mm(session: ReadingSession, line: Any) -> float:
    """Return the length of a line of indices in the patient."""
    return distance_mm(*session.volume(session.visit).geometry.to_patient(np.array(line)))


def key(widget: QWidget, name: str) -> None:
    """Press a key on a pane."""
    gestures.press(widget, name)


def sign(room: Any, password: str = PASSWORD) -> None:
    """Complete the visit and sign it."""
    key(room.current.canvas_widget, "Ctrl+Return")
    gestures.write(room.sign_dialog.password, password)
    gestures.click(room.sign_dialog.sign_button)
    gestures.settle(0.05)


@pytest.mark.parametrize("moves", [1, 3, 40])
def test_a_caliper_measures_what_was_meant_at_any_speed(
    session: ReadingSession, room: Any, moves: int
) -> None:
    """Each end lies within half a screen pixel of the place meant, drawn fast or slowly."""
    add_target(room)
    drag(room, LINE, moves)
    ((_, drawn, _),) = session.caliper_index("BL", "T1")
    pixel_mm = 1 / ZOOM
    spacing = session.volume("BL").geometry.column_spacing
    off_mm = np.abs(np.array(drawn) - np.array(LINE))[:, 1:] * spacing

    assert off_mm.max() <= pixel_mm / 2 + 1e-3
    (diameter,) = session.read.observation("BL", "T1").diameters
    assert diameter / 10 == pytest.approx(length_mm(session, LINE), abs=pixel_mm)


def test_a_fast_drag_without_any_move_event_loses_nothing(
    session: ReadingSession, room: Any
) -> None:
    """Press and release alone, the way a throttled window hears a flick, measure the whole line."""
    add_target(room)
    widget = room.current.canvas_widget
    start, end = (gestures._point(room.current.to_screen(point)) for point in LINE)
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)
    gestures.settle()
    (diameter,) = session.read.observation("BL", "T1").diameters

    assert diameter / 10 == pytest.approx(length_mm(session, LINE), abs=1 / ZOOM)


def test_the_value_is_in_the_table_and_on_the_picture(session: ReadingSession, room: Any) -> None:
    """What the record holds is what the table and the label beside the caliper say."""
    add_target(room)
    drag(room, LINE)
    (diameter,) = session.read.observation("BL", "T1").diameters
    (drawn,) = room.current.glass.calipers

    assert room.lesions.model.text("T1", "BL") == f"{diameter / 10:.1f}"
    assert drawn.value == f"{diameter / 10:.1f}"


def test_the_second_drag_across_is_the_short_axis(session: ReadingSession, room: Any) -> None:
    """Two drags give a bidimensional caliper whose axes are perpendicular."""
    add_target(room)
    drag(room, LINE)
    drag(room, ACROSS)
    (caliper,) = session.read.observation("BL", "T1").calipers
    along, across = (
        np.subtract(axis.end, axis.start) for axis in (caliper.long_axis, caliper.short_axis)
    )

    assert along @ across == pytest.approx(0, abs=1e-6)
    assert caliper.short_axis.raw_mm == pytest.approx(length_mm(session, ACROSS), abs=1 / ZOOM)
    assert caliper.pixels_per_mm == pytest.approx(ZOOM)


def test_a_node_is_recorded_with_its_short_axis_only(session: ReadingSession, room: Any) -> None:
    """After the long axis the room asks for the short one; then the short axis is the value."""
    add_target(room, node=True)
    drag(room, LINE)
    asked = room.bar.message.text(), session.read.observation("BL", "T1")
    drag(room, ACROSS)

    assert asked == ("T1: place its short axis by a click, or a drag across (Esc: drop)", None)
    assert room.lesions.model.text("T1", "BL").endswith(" s")
    (diameter,) = session.read.observation("BL", "T1").diameters
    assert diameter / 10 == pytest.approx(length_mm(session, ACROSS), abs=1 / ZOOM)


def test_an_end_can_be_moved_and_both_gestures_undone_and_redone(
    session: ReadingSession, room: Any
) -> None:
    """An edit is a further fact: undo goes back to the first line, then to none, redo forward."""
    canvas = room.current.canvas_widget
    add_target(room)
    drag(room, LINE)
    first = session.read.observation("BL", "T1").diameters
    drag(room, (LINE[1], (12, 70.0, 110.0)))
    edited = session.read.observation("BL", "T1").diameters
    key(canvas, "Ctrl+Z")
    undone = session.read.observation("BL", "T1").diameters
    key(canvas, "Ctrl+Z")
    none = session.read.observation("BL", "T1")
    key(canvas, "Ctrl+Shift+Z")
    key(canvas, "Ctrl+Shift+Z")

    assert edited > first
    assert undone == first
    assert none is None
    assert session.read.observation("BL", "T1").diameters == edited


@pytest.mark.parametrize("name", ["Delete", "Backspace", "3"])
def test_no_key_deletes_a_measurement(session: ReadingSession, room: Any, name: str) -> None:
    """Delete, Backspace and 3, which delete in napari's shapes, leave record and picture (H4)."""
    add_target(room)
    drag(room, LINE)
    before = session.events, list(room.current.glass.calipers), len(room.viewer.layers)
    key(room.current.canvas_widget, name)
    key(room.prior.canvas_widget, name)

    assert (session.events, list(room.current.glass.calipers), len(room.viewer.layers)) == before


def test_escape_drops_the_caliper_in_hand(session: ReadingSession, room: Any) -> None:
    """A node's long axis that waits for the short one goes with Esc; nothing is recorded."""
    add_target(room, node=True)
    drag(room, LINE)
    key(room.current.canvas_widget, "Escape")

    assert room.tool.hand is None
    assert room.current.glass.calipers == []
    assert session.read.observation("BL", "T1") is None


def test_wheel_keys_and_right_drag_move_the_picture_and_not_the_camera(
    session: ReadingSession, room: Any
) -> None:
    """The wheel turns slices, number keys set windows, a right drag sets W/L and never zooms."""
    canvas = room.current.canvas_widget
    room.current.go_to(10)
    zoom = room.current.pixels_per_mm
    gestures.wheel(canvas, (100, 100), 2)
    turned = room.current.slice
    key(canvas, "Down")
    stepped = room.current.slice
    key(canvas, "Home")
    first = room.current.slice
    key(canvas, "2")
    liver = room.current.view.window
    right = Qt.MouseButton.RightButton
    QTest.mousePress(canvas, right, pos=gestures._point((200, 200)))
    QTest.mouseMove(canvas, gestures._point((260, 200)))
    gestures.settle(0.03)
    QTest.mouseRelease(canvas, right, pos=gestures._point((260, 200)))
    gestures.settle()

    assert (turned, stepped, first) == (12, 11, 0)
    assert liver == PRESETS["liver"]
    assert room.current.view.window.width > liver.width
    assert room.current.pixels_per_mm == zoom


def test_panes_and_lesions_are_worked_by_keys_alone(session: ReadingSession, room: Any) -> None:
    """N and Shift+N choose lesions, J and K panes and link, H hides calipers, M the tool."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    canvas = room.current.canvas_widget
    key(canvas, "N")
    chosen = room.desk.chosen
    states = []
    for name, state in (
        ("J", lambda: room.panes.prior_visible),
        ("K", lambda: room.link.on),
        ("H", lambda: not room.current.glass.hidden_calipers),
        ("M", lambda: room.tool.on),
    ):
        key(canvas, name)
        off = state()
        key(canvas, name)
        states.append((off, state()))
    key(canvas, "PgUp")

    assert chosen == "T1"
    assert states == [(False, True)] * 4
    assert session.visit == "BL"


def test_a_visit_is_signed_and_locked_and_the_next_one_opens_beside_it(
    session: ReadingSession, room: Any
) -> None:
    """After the signature the baseline stands at the left, locked, and W8 is to be read."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    prior = [(one.lesion.identifier, one.locked) for one in room.prior.glass.calipers]

    assert (session.visit, session.prior) == ("W8", "BL")
    assert session.read.visit("BL").signed is not None
    assert prior == [("T1", True)]
    assert room.panes.prior_visible
    assert room.bar.visit_buttons["BL"].text() == "BL ✓"
    assert "W16" not in room.bar.visit_buttons


def test_nothing_can_be_drawn_on_the_prior_pane_nor_on_a_signed_visit(
    session: ReadingSession, room: Any
) -> None:
    """Drags over locked calipers change nothing, in either pane."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    before = session.events
    pane = room.prior
    pane.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    gestures.drag(pane.canvas_widget, pane.to_screen(LINE[1]), pane.to_screen((12, 60, 60)))
    on_prior = session.events
    room.open_visit("BL")
    opened = session.events
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    drag(room, (LINE[1], (12, 60.0, 60.0)))

    assert on_prior == before
    assert session.events == opened
    assert "signed" in room.bar.message.text()


def test_both_panes_scroll_together_in_millimetres(session: ReadingSession, room: Any) -> None:
    """The wheel on either pane keeps both within half a slice of the same height."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    room.link.reset()
    heights = []
    for pane, steps in ((room.current, 3), (room.prior, -4), (room.current, 2)):
        gestures.wheel(pane.canvas_widget, (100, 100), steps)
        shown = (room.current, room.prior)
        heights.append([one.volume.geometry.slice_positions[one.slice] for one in shown])
    thickest = max(one.view.frame.scale[0] for one in (room.current, room.prior))

    assert all(abs(current - prior) <= thickest / 2 + 1e-6 for current, prior in heights)


def test_a_lesion_drawn_at_both_visits_stands_side_by_side(
    session: ReadingSession, room: Any
) -> None:
    """Once T1 is drawn here, the prior pane shows its T1 at the same spot, and by how many mm."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    room.current.zoom_to(ZOOM, (14, 75.0, 80.0))
    gestures.settle()
    drag(room, ((14, 80.0, 70.0), (14, 80.0, 100.0)))
    here, there = (
        [pane.to_screen(np.mean(one.long_axis, axis=0)) for one in pane.glass.calipers]
        for pane in (room.current, room.prior)
    )

    assert room.prior.slice == 12
    assert np.allclose(here, there, atol=0.5)
    assert room.bar.offset.text().endswith("mm")


def test_an_unfinished_visit_cannot_be_signed_and_a_wrong_password_is_refused(
    session: ReadingSession, room: Any
) -> None:
    """The dialog says what is missing, then that the password is wrong; nothing is signed."""
    add_target(room)
    room.complete_visit()
    unfinished = room.sign_dialog.sign_button.isEnabled()
    room.sign_dialog.reject()
    drag(room, LINE)
    sign(room, "not the password")
    refusal = room.sign_dialog.refusal.text()
    room.sign_dialog.reject()

    assert not unfinished
    assert refusal
    assert session.read.visit("BL").signed is None


def test_statuses_are_said_with_buttons_and_a_reason_where_one_is_due(
    session: ReadingSession, room: Any
) -> None:
    """Not evaluable asks why in the panel, and nothing is recorded before the answer."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    gestures.click(room.lesions.status_buttons[Status.NOT_EVALUABLE])
    before = session.read.observation("W8", "T1")
    gestures.write(room.lesions.prompt.words, "breathing artefact")
    gestures.press(room.lesions.prompt.words, "Return")
    said = session.read.observation("W8", "T1")

    assert before is None
    assert (said.status, said.reason) == (Status.NOT_EVALUABLE, "breathing artefact")
    assert "T1 missing" in room.response.sum.text()


def test_a_split_target_is_drawn_fragment_by_fragment(session: ReadingSession, room: Any) -> None:
    """Two fragments are two calipers; moving an end of one leaves the other (R-15)."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    gestures.click(room.lesions.status_buttons[Status.SPLIT])
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    second = ((12, 80.0, 80.0), (12, 80.0, 90.0))
    drag(room, ((12, 60.0, 75.0), (12, 60.0, 90.0)))
    drag(room, second)
    drawn = session.read.observation("W8", "T1").diameters
    drag(room, (second[1], (12, 80.0, 100.0)))
    moved = session.read.observation("W8", "T1")

    assert (moved.status, len(drawn)) == (Status.SPLIT, 2)
    assert moved.diameters[0] == drawn[0]
    assert moved.diameters[1] > drawn[1]
    assert [one.name for one in room.current.glass.calipers] == ["T1.1", "T1.2"]


def test_a_merged_target_names_the_other(session: ReadingSession, room: Any) -> None:
    """T2 merged into T1 is asked for by name and recorded with it (R-16)."""
    add_target(room)
    drag(room, LINE)
    add_target(room)
    drag(room, ((12, 90.0, 70.0), (12, 90.0, 95.0)))
    sign(room)
    room.choose_lesion("T2")
    gestures.click(room.lesions.status_buttons[Status.MERGED])
    gestures.write(room.lesions.prompt.choice, "t1")
    gestures.press(room.lesions.prompt.choice, "Return")
    said = session.read.observation("W8", "T2")

    assert (said.status, said.into) == (Status.MERGED, "T1")


def test_a_read_opened_again_is_as_it_was(trial: Trial, session: ReadingSession, room: Any) -> None:
    """Another process would see the same list, calipers, sum and visit: it is all on disk."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    before = _seen(room)
    with open_trial(trial.url) as reopened:
        room.read(ReadingSession(seated(reopened, session.reader, SUBJECT), SUBJECT))
        after = _seen(room)

    assert before[0] == "W8"
    assert after == before


def _seen(room: Any) -> tuple[Any, ...]:
    lines = [one.long_axis for one in room.prior.glass.calipers]
    return room.session.visit, room.response.sum.text(), lines


def test_another_reader_in_the_same_window_sees_nothing_of_the_first(
    trial: Trial, session: ReadingSession, room: Any
) -> None:
    """Lists, calipers and signed visits of one reader are gone when the next one begins."""
    add_target(room)
    drag(room, LINE)
    sign(room)
    trial.admit(f"{session.reader} again", TrialRole.READER, PASSWORD)
    room.read(ReadingSession(seated(trial, f"{session.reader} again", SUBJECT), SUBJECT))

    assert room.lesions.model.rowCount() == 0
    assert room.current.glass.calipers == []
    assert list(room.bar.visit_buttons) == ["BL"]
    assert not room.panes.prior_visible


def test_after_the_last_visit_the_next_patient_is_one_press_away(
    trial: Trial, session: ReadingSession, room: Any
) -> None:
    """Signed to the last visit, "Next patient" goes on in the same window."""
    trial.admit(f"{session.reader} next", TrialRole.READER, PASSWORD)
    following = ReadingSession(seated(trial, f"{session.reader} next", SUBJECT), SUBJECT)
    room.successor = lambda: following
    add_target(room)
    drag(room, LINE)
    sign(room)
    while not session.locked:
        gestures.click(room.lesions.status_buttons[Status.ABSENT])
        sign(room)
    offered = room.response.complete_button.text()
    gestures.click(room.response.complete_button)
    room.successor = None

    assert [visit.signed is not None for visit in session.read.visits] == [True] * 4
    assert session.assessment.visit("W8").overall == Response.CR
    assert offered == "Next patient"
    assert room.session is following


def test_the_window_tells_nothing_about_the_patient(session: ReadingSession, room: Any) -> None:
    """Neither title, layer names nor corner texts carry a name, a file or a date."""
    date = session.visits[0].date
    words = [room.window.windowTitle(), *(layer.name for layer in room.viewer.layers)]

    assert words == [TITLE, "Baseline"]
    assert str(date.year) not in " ".join(words)


def test_a_visit_whose_images_are_gone_shows_no_picture_at_all(room: Any, tmp_path: Path) -> None:
    """The pane says why it is empty; the picture of the visit before never stands in for it."""
    for visit in ("BL", "W8"):
        shutil.copytree(SAMPLE / SUBJECT / visit, tmp_path / visit)
    with create_trial(str(tmp_path / "trial.db"), sample_charter_as_they_are(tmp_path)) as trial:
        import_images(trial, tmp_path)
        trial.admit("anna", TrialRole.READER, PASSWORD)
        shutil.rmtree(tmp_path / "W8")
        session = ReadingSession(seated(trial, "anna", SUBJECT), SUBJECT)
        room.read(session)
        gestures.settle()
        add_target(room)
        drag(room, LINE)
        sign(room)
        drag(room, LINE)

        assert session.visit == "W8"
        assert room.current.volume is None
        assert not room.current.view.layer.visible
        assert "Tell the image manager this code" in room.current.glass.empty_text
        assert room.prior.volume is not None
        assert session.read.observation("W8", "T1") is None


def test_refusals_are_words_in_the_window(session: ReadingSession, room: Any) -> None:
    """A new lesion at baseline is refused with what to do instead; nothing is recorded."""
    before = session.events
    room.add_lesion(NewLesion(Role.NEW, "liver", "", node=False, porta_hepatis=False))

    assert "no lesion is new" in room.bar.message.text()
    assert session.events == before


def test_the_question_mark_shows_the_keys(session: ReadingSession, room: Any) -> None:
    """A question mark on a pane opens the list of keys."""
    QTest.keyClick(room.current.canvas_widget, "?")
    gestures.settle()
    shown = [
        box for box in room.window.findChildren(QWidget) if box.windowTitle() == "Keys and mouse"
    ]

    assert len(shown) == 1
    shown[0].close()


def test_floating_the_panel_keeps_both_canvases_alive(session: ReadingSession, room: Any) -> None:
    """The panel floats and comes back; both panes still draw (H3)."""
    dock = room.viewer.window.dock_widgets[TITLE].parentWidget()
    while not hasattr(dock, "setFloating"):
        dock = dock.parentWidget()
    dock.setFloating(True)
    gestures.settle(0.05)
    dock.setFloating(False)
    gestures.settle(0.05)
    add_target(room)
    drag(room, LINE)

    assert session.read.observation("BL", "T1") is not None
