"""Lesions worked by keys and mouse: statuses, reasons, advice, what is due, and what is refused."""

from typing import Any

import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from napari_recist.criteria import Nature, Role, Status, WhyNotEvaluable
from napari_recist.demo import gestures
from napari_recist.reading import ReadingSession
from napari_recist.ui.lesion_form import NewLesion
from napari_recist.ui.lesion_view import CORRECT, OFF_THE_LIST, WITHDRAW
from tests.ui.test_places import PLACE, add_non_target, click
from tests.ui.test_reading_room import LINE, ZOOM, add_target, drag, key, sign

pytestmark = pytest.mark.ui

SHORT_LINE = ((12, 70.0, 70.0), (12, 70.0, 76.0))
SECOND = ((12, 90.0, 70.0), (12, 90.0, 95.0))


def canvas(room: Any) -> Any:
    """Return what keys are pressed on."""
    return room.current.canvas_widget


def click_row(room: Any, row: int) -> None:
    """Click on a row of the table."""
    table = room.lesions.table
    place = table.visualRect(table.model().index(row, 0)).center()
    gestures.click(table.viewport(), (place.x(), place.y()))


def read_baseline(room: Any) -> None:
    """Read and sign a baseline of T1, T2, NT1 and NT2."""
    for line in (LINE, SECOND):
        add_target(room)
        drag(room, line)
    for _ in range(2):
        add_non_target(room)
        click(room, PLACE)
    sign(room)


def test_an_unchanged_visit_is_one_key_for_each_lesion(session: ReadingSession, room: Any) -> None:
    """T, T, Y, Y say everything of four lesions: each statement leads to the lesion due next."""
    read_baseline(room)
    begun = room.desk.chosen
    chosen = []
    for name in ("T", "T", "Y", "Y"):
        key(canvas(room), name)
        chosen.append(room.desk.chosen)

    assert begun == "T1"
    assert chosen == ["T2", "NT1", "NT2", "NT2"]
    assert session.unfinished() == ()
    assert "Ctrl+Enter" in room.bar.message.text()


def test_a_measured_lesion_stays_until_enter_leads_on(session: ReadingSession, room: Any) -> None:
    """After a caliper the view stays where it was drawn; Enter goes to what is due next."""
    read_baseline(room)
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    drag(room, LINE)
    stays = room.desk.chosen
    key(canvas(room), "Return")

    assert session.read.observation("W8", "T1") is not None
    assert (stays, room.desk.chosen) == ("T1", "T2")
    assert room.bar.message.text().startswith("T2 (liver S6): draw")


@pytest.mark.parametrize(
    ("lesion", "name", "status"),
    [
        ("T1", "A", Status.ABSENT),
        ("T1", "T", Status.TOO_SMALL),
        ("NT1", "Y", Status.PRESENT),
        ("NT1", "A", Status.ABSENT),
        ("NT1", "U", Status.PROGRESSED),
    ],
)
def test_each_key_says_its_status(
    session: ReadingSession, room: Any, lesion: str, name: str, status: Status
) -> None:
    """A key pressed on the picture records the status of the chosen lesion, undone by Ctrl+Z."""
    read_baseline(room)
    room.choose_lesion(lesion)
    key(canvas(room), name)
    said = session.read.observation("W8", lesion)
    key(canvas(room), "Ctrl+Z")

    assert said is not None
    assert said.status is status
    assert session.read.observation("W8", lesion) is None
    assert room.desk.chosen == lesion


def test_a_new_lesion_is_added_marked_and_called_by_keys(
    session: ReadingSession, room: Any
) -> None:
    """Shift+A, organ and segment, Enter; a click marks it; Shift+U and U call it, A is refused."""
    read_baseline(room)
    key(canvas(room), "Shift+A")
    form = room.lesions.form
    gestures.write(form.organ, "liver")
    gestures.write(form.site, "iva")
    gestures.press(form.site, "Return")
    room.current.zoom_to(ZOOM, PLACE)
    gestures.settle()
    click(room, PLACE)
    key(canvas(room), "Shift+U")
    equivocal = session.read.observation("W8", "N1")
    room.choose_lesion("N1")
    key(canvas(room), "U")
    unequivocal = session.read.observation("W8", "N1")
    room.choose_lesion("N1")
    key(canvas(room), "A")
    lesion = session.read.lesion("N1")

    assert [one.identifier for one in session.read.lesions][4:] == ["N1"]
    assert (lesion.organ, lesion.site) == ("liver", "S4a")
    assert ("W8", "N1") in session.read.places
    assert equivocal is not None
    assert equivocal.status is Status.EQUIVOCAL
    assert unequivocal is not None
    assert unequivocal.status is Status.UNEQUIVOCAL
    assert session.read.observation("W8", "N1") == unequivocal
    assert "first seen" in room.bar.message.text()


def test_a_lesion_is_corrected_by_key_form_and_reason(session: ReadingSession, room: Any) -> None:
    """Shift+C fills the form, Enter asks why, the reason records it; Esc leaves it as it was."""
    add_target(room)
    key(canvas(room), "Shift+C")
    form, prompt = room.lesions.form, room.lesions.prompt
    begun = form.organ.currentText(), form.site.currentText(), form.add_button.text()
    gestures.press(form.organ, "Escape")
    left = form.add_button.text(), session.read.lesion("T1").site
    key(canvas(room), "Shift+C")
    form.site.lineEdit().selectAll()
    gestures.write(form.site, "8")
    gestures.press(form.site, "Return")
    gestures.write(prompt.words, "counted anew")
    gestures.press(prompt.words, "Return")
    corrected = session.read.lesion("T1")
    key(canvas(room), "Ctrl+Z")

    assert begun == ("liver", left[1], "Correct T1")
    assert left[0] == "Add"
    assert (corrected.organ, corrected.site) == ("liver", "S8")
    assert session.read.lesion("T1").site == left[1]
    assert form.add_button.text() == "Add"


def test_choosing_another_lesion_ends_a_correction(session: ReadingSession, room: Any) -> None:
    """The form never corrects a lesion other than the chosen one."""
    add_target(room)
    add_target(room)
    key(canvas(room), "Shift+C")
    room.choose_lesion("T1")

    assert room.lesions.form.add_button.text() == "Add"
    assert room.lesions.form.role.isEnabled()


def test_an_organ_outside_the_list_is_not_taken(session: ReadingSession, room: Any) -> None:
    """A misspelt organ is refused in the form, in words, and nothing is recorded."""
    before = session.events
    form = room.lesions.form
    key(canvas(room), "Shift+A")
    form.organ.lineEdit().selectAll()
    gestures.write(form.organ, "livrr")
    gestures.press(form.organ, "Return")
    refused = form.refusal.isVisible(), form.refusal.text()
    gestures.press(form.organ, "Escape")
    form.organ.setCurrentIndex(0)

    assert refused[0]
    assert "Choose an organ of the list" in refused[1]
    assert session.events == before


def test_not_evaluable_takes_a_code_by_its_number(session: ReadingSession, room: Any) -> None:
    """Q, 5, Enter: surgically removed; the keys are the pictures' again."""
    read_baseline(room)
    key(canvas(room), "Q")
    prompt = room.lesions.prompt
    gestures.write(prompt.choice, "5")
    gestures.press(prompt.choice, "Return")
    said = session.read.observation("W8", "T1")

    assert said is not None
    assert (said.status, said.code) == (Status.NOT_EVALUABLE, WhyNotEvaluable.REMOVED)
    assert said.reason == "surgically removed"
    assert not prompt.isVisible()
    assert room.desk.chosen == "T2"


def test_escape_leaves_a_question_and_another_needs_words(
    session: ReadingSession, room: Any
) -> None:
    """Esc records nothing; "other" without words waits for them."""
    read_baseline(room)
    prompt = room.lesions.prompt
    key(canvas(room), "Q")
    gestures.press(prompt.choice, "Escape")
    left = prompt.isVisible(), session.read.observation("W8", "T1")
    key(canvas(room), "Q")
    gestures.write(prompt.choice, "8")
    gestures.press(prompt.choice, "Return")
    waits = session.read.observation("W8", "T1")
    gestures.write(prompt.words, "hidden")
    gestures.press(prompt.words, "Return")
    said = session.read.observation("W8", "T1")

    assert left == (False, None)
    assert waits is None
    assert said is not None
    assert (said.code, said.reason) == (WhyNotEvaluable.OTHER, "hidden")


@pytest.mark.parametrize("name", ["Backspace", "Delete"])
def test_backspace_in_the_table_withdraws_with_a_reason(
    session: ReadingSession, room: Any, name: str
) -> None:
    """In the table the key asks why; the answer is on record, and undo brings the caliper back."""
    add_target(room)
    drag(room, LINE)
    drawn = session.read.observation("BL", "T1")
    click_row(room, 0)
    gestures.press(room.lesions.table, name)
    asked = room.lesions.prompt.isVisible(), session.read.observation("BL", "T1")
    gestures.write(room.lesions.prompt.words, "wrong vessel")
    gestures.press(room.lesions.prompt.words, "Return")
    gone = session.read.observation("BL", "T1")
    key(canvas(room), "Ctrl+Z")

    assert asked == (True, drawn)
    assert gone is None
    assert session.read.observation("BL", "T1") == drawn


def test_other_keys_in_the_table_work_the_pictures(session: ReadingSession, room: Any) -> None:
    """After a click on a row, keys do what they do on the pictures: Up a slice, Y present."""
    read_baseline(room)
    click_row(room, 2)
    before = room.current.slice
    gestures.press(room.lesions.table, "Up")
    turned = room.current.slice
    gestures.press(room.lesions.table, "Y")
    said = session.read.observation("W8", "NT1")

    assert turned == before + 1
    assert said is not None
    assert said.status is Status.PRESENT


def test_a_lesion_listed_by_mistake_leaves_with_a_reason(
    session: ReadingSession, room: Any
) -> None:
    """By key, by button and by the menu of the row; at a later visit it is refused in words."""
    for _ in range(2):
        add_target(room)
    key(canvas(room), "Shift+Z")
    gestures.write(room.lesions.prompt.words, "same as T1")
    gestures.press(room.lesions.prompt.words, "Return")
    first = [lesion.identifier for lesion in session.read.lesions]
    menu = room.lesions.table.menu_of_row()
    titles = [action.text() for action in menu.actions()]
    menu.close()
    gestures.click(room.lesions.off_list_button)
    gestures.write(room.lesions.prompt.words, "a vessel")
    gestures.press(room.lesions.prompt.words, "Return")
    second = [lesion.identifier for lesion in session.read.lesions]
    key(canvas(room), "Ctrl+Z")

    assert first == ["T1"]
    assert titles == [WITHDRAW, CORRECT, OFF_THE_LIST]
    assert second == []
    assert [lesion.identifier for lesion in session.read.lesions] == ["T1"]


def test_advice_stands_at_its_lesion_and_is_answered_by_key(
    session: ReadingSession, room: Any
) -> None:
    """A target under 10 mm is advised against by M-1; Shift+Q records why it stays one."""
    add_target(room)
    drag(room, SHORT_LINE)
    marked = room.lesions.model.data(room.lesions.model.index(0, 0))
    told = room.lesions.advice.text.text()
    key(canvas(room), "Shift+Q")
    gestures.write(room.lesions.prompt.words, "sharp border")
    gestures.press(room.lesions.prompt.words, "Return")
    answered = room.lesions.advice.text.text()
    unmarked = room.lesions.model.data(room.lesions.model.index(0, 0))
    key(canvas(room), "Ctrl+Z")

    assert marked == "T1 !"
    assert "M-1" in told
    assert "do otherwise" in told
    assert "Reason given: sharp border" in answered
    assert unmarked == "T1"
    assert session.advice()[0].open


def test_signing_lists_the_advice_without_an_answer(session: ReadingSession, room: Any) -> None:
    """The dialog names what is missing, then how much advice is unanswered; it blocks neither."""
    wanted = NewLesion(
        Role.TARGET, "bone", "", node=False, porta_hepatis=False, nature=Nature.BLASTIC_BONE
    )
    room.add_lesion(wanted)
    room.complete_visit()
    missing = room.sign_dialog.text()
    room.sign_dialog.reject()
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle()
    drag(room, LINE)
    room.complete_visit()
    standing, may_sign = room.sign_dialog.text(), room.sign_dialog.sign_button.isEnabled()
    room.sign_dialog.reject()

    assert "T1 (bone): draw its longest diameter." in missing
    assert "Advice without an answer: 1" in standing
    assert "M-5" in standing
    assert may_sign


def test_a_signed_visit_says_by_whom_when_and_what_and_refuses_in_words(
    session: ReadingSession, room: Any
) -> None:
    """Name, time and meaning stand under the response; every key says that it is signed."""
    read_baseline(room)
    room.open_visit("BL")
    shown = room.response.work_list.text()
    before = session.events
    said = []
    for name in ("A", "Q", "Shift+Z", "Shift+A", "Z"):
        room.say("")
        key(canvas(room), name)
        said.append(room.bar.message.text())
    signed = session.read.visit("BL").signed
    assert signed is not None

    assert signed.signer in shown
    assert signed.meaning in shown
    assert "20" in shown
    assert all("signed" in words for words in said)
    assert session.events == before
    assert not room.lesions.prompt.isVisible()


def test_the_work_list_leads_to_its_lesions(session: ReadingSession, room: Any) -> None:
    """A line of the work list is a link to its lesion; the list is true after each statement."""
    read_baseline(room)
    lines = room.response.work_list.text()
    room.response.work_list.linkActivated.emit("NT2")
    chosen = room.desk.chosen
    key(canvas(room), "Y")
    after = room.response.work_list.text()

    assert [f"href='{name}'" in lines for name in ("T1", "T2", "NT1", "NT2")] == [True] * 4
    assert chosen == "NT2"
    assert "href='NT2'" not in after
    assert "href='NT1'" in after


def test_a_status_of_another_role_is_refused_in_words(session: ReadingSession, room: Any) -> None:
    """Y on a target says what can be said of it, and records nothing."""
    read_baseline(room)
    before = session.events
    key(canvas(room), "Y")

    assert session.events == before
    assert "target lesion, which cannot be present here" in room.bar.message.text()


def test_why_shows_the_numbers_compared(session: ReadingSession, room: Any) -> None:
    """Shift+W shows the sentence, whole tenths, nadir and rules with their words."""
    read_baseline(room)
    for name in ("A", "T", "Y", "Y"):
        key(canvas(room), name)
    key(canvas(room), "Shift+W")
    words = room.response.why.text()
    seen = room.response.why.isVisible()
    key(canvas(room), "Shift+W")
    assessed = session.assessment.visit("W8")

    assert seen
    assert f"10 x {assessed.sum} = {10 * assessed.sum}" in words
    assert "Nadir:" in words
    assert "R-25 (PR: at least 30 % under baseline)" in words
    assert room.response.distance.text() == str(assessed.distance)


def test_a_point_of_the_trend_leads_to_its_visit_and_lesion(
    session: ReadingSession, room: Any
) -> None:
    """A click on a point opens its visit; with each target shown it also chooses the lesion."""
    read_baseline(room)
    for name in ("T", "T", "Y", "Y"):
        key(canvas(room), name)
    trend = room.trend
    sums = [(point.visit, point.lesion) for point in trend.points()]
    key(canvas(room), "Shift+T")
    gestures.settle(0.05)
    points = trend.points()
    point = next(one for one in points if (one.visit, one.lesion) == ("BL", "T2"))
    QTest.mouseClick(
        trend,
        Qt.MouseButton.LeftButton,
        pos=QPoint(round(point.place.x()), round(point.place.y())),
    )
    gestures.settle()
    opened = session.visit, room.desk.chosen
    key(canvas(room), "Shift+T")

    assert sums == [("BL", ""), ("W8", "")]
    assert {(one.visit, one.lesion) for one in points} == {
        (visit, lesion) for visit in ("BL", "W8") for lesion in ("T1", "T2")
    }
    assert opened == ("BL", "T2")
