"""The adjudication room: two reads on the same images, led by mouse and keys, and nobody named."""

import gc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from qtpy.QtWidgets import QApplication

from napari_recist.demo import gestures
from napari_recist.reading.adjudication import AdjudicationSession
from napari_recist.trial import Trial, accepted_reader
from napari_recist.ui import keys
from napari_recist.ui.adjudication_room import TITLE, AdjudicationRoom
from napari_recist.ui.corner_text import corners
from napari_recist.ui.room_window import new_viewer
from napari_recist.ui.workplace import open_workplace
from tests.trial.conftest import quick_passwords
from tests.two_reads import ADJUDICATOR, FIRST, PASSWORD, SECOND, SUBJECT, trial_of_two
from tests.ui.test_blinded_screen import on_screen

__all__ = ["quick_passwords"]

pytestmark = pytest.mark.ui


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Return a trial in which a case waits."""
    with trial_of_two(tmp_path_factory.mktemp("case")) as trial:
        yield trial


@pytest.fixture(scope="module")
def opened(screen: None, qapp: Any, case: Trial) -> Iterator[Any]:
    """Return what holds an adjudication room that the tests share."""
    session = AdjudicationSession(case.sign_in(ADJUDICATOR, PASSWORD), SUBJECT)
    viewer = new_viewer()
    viewer.window.resize(1600, 900)
    held = SimpleNamespace(room=AdjudicationRoom(viewer, session))
    gestures.settle()
    yield held
    held.room.close()
    del held.room, viewer
    gestures.put_away()


@pytest.fixture
def room(opened: Any, case: Trial) -> Any:
    """Return the room as it is on opening the case."""
    opened.room.take(AdjudicationSession(opened.room.session.trial, SUBJECT))
    gestures.settle()
    return opened.room


def press(room: Any, *names: str) -> None:
    """Press keys on the right pane."""
    for name in names:
        gestures.press(room.right.canvas_widget, name)
        gestures.settle()


def progressed(room: Any) -> str:
    """Return the letter of the read with a new lesion."""
    return next(read.letter for read in room.session.reads if read.assessment.best.progression_date)


def painted(room: Any) -> str:
    """Return what the canvases show in words: corners, calipers, marks and layers."""
    words = []
    for pane in (room.left, room.right):
        glass = pane.glass
        words += [str(corners(pane.view, glass.title)), str(glass.calipers), str(glass.places)]
        words += [layer.name + str(layer.metadata) for layer in pane.viewer.layers]
    return "\n".join(words)


def test_it_opens_at_the_difference_that_decides(room: Any) -> None:
    """Both panes show week 24 of one patient, each titled by its read, on the same images."""
    titles = [pane.glass.title.visit for pane in (room.left, room.right)]

    assert room.session.visit == "W24"
    assert titles == ["Read A, Week 24", "Read B, Week 24"]
    assert room.left.volume is room.right.volume
    assert room.panel.reasons.currentRow() == 0
    assert room.lesion.names in {("N1", ""), ("", "N1")}


def test_each_read_has_its_own_calipers_colour_and_line(room: Any) -> None:
    """The pane of a read shows its calipers alone, until both are asked for by Shift+H."""
    sides = {"A": room.left, "B": room.right}
    alone = {letter: {one.of_read for one in pane.glass.calipers} for letter, pane in sides.items()}
    press(room, "Shift+H")
    both = {letter: [one.of_read for one in pane.glass.calipers] for letter, pane in sides.items()}
    marks = [{mark.of_read for mark in pane.glass.places} for pane in sides.values()]
    press(room, "Shift+H")

    assert alone == {"A": {"A"}, "B": {"B"}}
    assert sorted(both["A"]) == sorted(both["B"]) == ["A", "A", "B", "B"]
    assert marks == [{progressed(room)}] * 2
    assert [len(pane.glass.calipers) for pane in sides.values()] == [2, 2]


def test_the_calipers_of_both_lie_on_each_other(room: Any) -> None:
    """T1 of one read and T2 of the other were drawn on one lesion: to the mm in the same place."""
    press(room, "Shift+H")
    shown = room.left.glass.calipers
    press(room, "Shift+H")
    of_a = {one.lesion.identifier: one.middle for one in shown if one.of_read == "A"}
    of_b = {one.lesion.identifier: one.middle for one in shown if one.of_read == "B"}

    assert of_a["T1"] == pytest.approx(of_b["T2"], abs=0.01)
    assert of_a["T2"] == pytest.approx(of_b["T1"], abs=0.01)


def test_swapping_lays_the_other_read_at_the_left(room: Any) -> None:
    """Shift+X swaps titles and calipers; the pictures, slice and zoom stay."""
    before = room.left.slice, room.left.pixels_per_mm
    press(room, "Shift+X")
    titles = [pane.glass.title.visit for pane in (room.left, room.right)]
    swapped = {one.of_read for one in room.left.glass.calipers}
    after = room.left.slice, room.left.pixels_per_mm
    press(room, "Shift+X")

    assert titles == ["Read B, Week 24", "Read A, Week 24"]
    assert swapped == {"B"}
    assert after == before
    assert room.left.glass.title.visit.startswith("Read A")


def test_keys_step_visits_and_lesions_in_both_panes(room: Any) -> None:
    """Page Up goes back a visit, N to the next lesion, and both panes follow."""
    press(room, "PgUp", "PgUp")
    visit, titles = room.session.visit, [room.left.glass.title.visit, room.right.glass.title.visit]
    press(room, "N")
    chosen = [side.desk.chosen for side in room.sides]
    points = [side.desk.point_of(side.desk.chosen, "W8") for side in room.sides]
    shown = [
        side.pane.view.frame.geometry.to_patient(side.pane.view.centre_index())
        for side in room.sides
    ]

    assert visit == "W8"
    assert titles == ["Read A, Week 8", "Read B, Week 8"]
    assert tuple(chosen) in {("T1", "T2"), ("T2", "T1")}
    assert shown[0] == pytest.approx(points[0], abs=2.5)
    assert shown[1] == pytest.approx(points[1], abs=2.5)


def test_a_click_on_a_reason_and_on_a_cell_leads_there(room: Any) -> None:
    """The reason leads back to week 24; a cell of the table to its lesion at its visit."""
    press(room, "Home", "PgUp")
    reasons = room.panel.reasons
    place = reasons.visualItemRect(reasons.item(0)).center()
    gestures.click(reasons.viewport(), (place.x(), place.y()))
    gestures.settle()
    by_reason = room.session.visit, room.lesion.names
    table = room.table
    cell = table.visualRect(table.both.index(1, 2)).center()
    gestures.click(table.viewport(), (cell.x(), cell.y()))
    gestures.settle()

    assert by_reason[0] == "W24"
    assert "N1" in by_reason[1]
    assert room.session.visit == "W8"
    assert room.lesion == room.session.lesions[1]


def test_the_table_marks_what_differs(room: Any) -> None:
    """A new lesion of one read alone, and progression at week 24, are marked; equal words not."""
    cells = {row.title: row.cells for row in room.table.both.rows}
    new = next(cells for title, cells in cells.items() if title.startswith("N1"))
    answers = [cell.text for cell in cells["Overall"]]

    assert [cell.differs for cell in cells["Overall"]] == [False] * 6 + [True] * 2
    assert sorted(answers[6:]) == ["PD", "SD"]
    assert [cell.differs for cell in new] == [False] * 6 + [True] * 2
    assert len({title for title in cells if "=" in title}) == 2
    assert all(len(row) == 8 for row in cells.values())


def test_nothing_is_drawn_and_napari_keys_do_nothing(room: Any) -> None:
    """A drag, Delete, 3 or napari's own keys change neither record nor picture."""
    before = [read.events for read in room.session.reads]
    layers = [list(pane.viewer.layers) for pane in (room.left, room.right)]
    gestures.drag(room.right.canvas_widget, (60, 60), (160, 120))
    press(room, "Del", "Backspace", "Ctrl+Y", "V", "M", "Y", "A", "Ctrl+Z", "Z")

    assert [read.events for read in room.session.reads] == before
    assert [list(pane.viewer.layers) for pane in (room.left, room.right)] == layers
    assert room.right.viewer.dims.ndisplay == 2
    assert room.dialog is None


def test_no_text_names_a_reader_a_site_or_a_date(room: Any) -> None:
    """All widgets, canvases and titles hold weeks and Read A and B; no name of who read."""
    press(room, "Ctrl+Return")
    seen = on_screen() + painted(room)
    press_back(room)
    dates = {visit.date for read in room.session.reads for visit in read.visits}

    assert room.window.windowTitle() == TITLE
    assert "Read A" in seen
    for name in (*FIRST.split(), *SECOND.split(), ADJUDICATOR):
        assert name not in seen
    for date in dates:
        assert date.isoformat() not in seen
        assert date.strftime("%Y%m%d") not in seen


def press_back(room: Any) -> None:
    """Leave the form."""
    gestures.press(room.dialog, "Escape")
    gestures.settle()


def test_the_keys_are_listed(room: Any) -> None:
    """``?`` shows every key of the room and none that draws."""
    gestures.press(room.right.canvas_widget, "F1")
    listed = next(
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.windowTitle() == "Keys and mouse"
    )
    words = on_screen()
    listed.close()
    shown = {key.action for key in room.actions.keys}

    assert {key.action for key in keys.ADJUDICATION_KEYS} < shown
    assert "open_caliper" not in shown
    assert "swap which read is at the left" in words


def test_a_case_is_decided_by_keyboard_alone(case: Trial, room: Any) -> None:
    """Ctrl+Enter, the read, the reason, the password: refused while something is missing."""
    press(room, "Ctrl+Return")
    form = room.dialog
    gestures.press(form, "Return")
    missing = form.refusal.text()
    if progressed(room) == "B":
        gestures.press(form.focusWidget(), "Right")
    gestures.press(form.focusWidget(), "Space")
    gestures.press(form.focusWidget(), "Tab")
    gestures.write(form.focusWidget(), "it is right about the new")
    gestures.press(form.focusWidget(), "Tab")
    gestures.write(form.focusWidget(), "seen at week 24")
    gestures.press(form.focusWidget(), "Tab")
    gestures.write(form.focusWidget(), "wrong password")
    gestures.press(form.focusWidget(), "Return")
    refused, undecided = form.refusal.text(), room.session.decision
    gestures.write(form.focusWidget(), PASSWORD)
    gestures.press(form.focusWidget(), "Return")
    gestures.settle()
    assert room.dialog is None, form.refusal.text()
    decided = room.session.decision.fact

    assert "which read" in missing
    assert "assword" in refused
    assert undecided is None
    assert room.dialog is None
    assert (decided.chosen, decided.comment) == (f"Read {progressed(room)}", "seen at week 24")
    assert accepted_reader(case, SUBJECT) == SECOND
    assert "No case" in room.bar.message.text()
    assert not room.panel.decide_button.isEnabled()


def test_an_adjudicators_workplace_is_this_room(tmp_path: Path, screen: None, qapp: Any) -> None:
    """Whoever signs in as an adjudicator gets the waiting case; an own read where allowed."""
    with trial_of_two(tmp_path, own=True) as trial:
        room = open_workplace(trial.sign_in(ADJUDICATOR, PASSWORD))
        gestures.settle()
        assert isinstance(room, AdjudicationRoom)
        gestures.click(room.panel.own_button)
        gestures.settle()
        own = room.own_room
        assert own is not None
        subject, reader, told = own.session.subject, own.session.reader, own.session.read.lesions
        room.close()
        is_open = own.is_open
        del own, room
        gc.collect()
        gestures.put_away()

    assert (subject, reader, told) == (SUBJECT, ADJUDICATOR, ())
    assert not is_open
