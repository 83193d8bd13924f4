"""What the reading room shows of signatures, re-opening, the global review and the worklist."""

from pathlib import Path
from typing import Any

import pytest
from qtpy.compat import isalive
from qtpy.QtWidgets import QApplication, QLabel

from napari_recist import __version__
from napari_recist.criteria import GlobalReviewSigned, Role, Status
from napari_recist.demo import gestures
from napari_recist.reading import ReadingSession, import_images
from napari_recist.reading.my_patients import Left, MyPatient, my_patients
from napari_recist.trial import ReadKey, Trial, TrialRole, create_trial, reopen
from napari_recist.trial.reads.global_review import MEANING
from napari_recist.ui.visit_completion import REVIEW_BEGUN
from napari_recist.ui.worklist_dialog import WorklistDialog
from tests.trial.conftest import PASSWORD, seated
from tests.ui.conftest import SAMPLE, SUBJECT, put_away
from tests.ui.test_blinded_screen import on_screen

pytestmark = pytest.mark.ui
LINE = ((12.0, 70.0, 70.0), (12.0, 70.0, 100.0))
LONGER = ((12.0, 70.0, 70.0), (12.0, 70.0, 110.0))


@pytest.fixture
def reviewed_trial(tmp_path: Path) -> Any:
    """Return a trial whose charter has a global review, with the sample patient."""
    charter = tmp_path / "charter.toml"
    text = (SAMPLE / "charter.toml").read_text(encoding="utf-8")
    charter.write_text(text.replace("global_review = false", "global_review = true"), "utf-8")
    with create_trial(str(tmp_path / "trial.db"), charter) as trial:
        import_images(trial, SAMPLE / SUBJECT)
        trial.admit("other", TrialRole.READER, PASSWORD)
        yield trial


def read_through(session: ReadingSession) -> None:
    """Read and sign every visit: one target that cannot be evaluated later."""
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LINE)
    session.sign_visit(PASSWORD, "I read this")
    while session.next_visit:
        session.open_visit(session.next_visit)
        session.state_status("T1", Status.NOT_EVALUABLE, "motion")
        session.sign_visit(PASSWORD, "I read this")


def sign(dialog: Any) -> None:
    """Type the password and sign."""
    gestures.write(dialog.password, PASSWORD)
    gestures.click(dialog.sign_button)


def test_a_signature_is_shown_wherever_its_visit_is(session: ReadingSession, room: Any) -> None:
    """Panel, pane and tab: who, local time with offset; the panel meaning and program too."""
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LINE)
    signed = session.sign_visit(PASSWORD, "I read this")
    session.open_visit("W8")
    gestures.settle()
    moment = f"{signed.recorded_at:%Y-%m-%d %H:%M %Z}"
    line = f"signed by {session.reader}, {moment}"
    tab, prior = room.bar.visit_buttons["BL"].toolTip(), room.prior.glass.title.note
    session.open_visit("BL")
    gestures.settle()
    panel = room.response.work_list.text()

    assert line in tab
    assert prior == line
    assert room.current.glass.title.note == line
    assert f"<b>Signed</b> by {session.reader}, {moment}" in panel
    assert "I read this" in panel
    assert f"napari-recist {__version__}" in panel


def test_a_reopened_visit_says_why(session: ReadingSession, room: Any, trial: Trial) -> None:
    """The reason stands in the panel and in the worklist until the visit is signed again."""
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LINE)
    session.sign_visit(PASSWORD, "I read this")
    reopen(trial, ReadKey(SUBJECT, session.reader), "BL", "wrong series measured")
    again = ReadingSession(session.trial, SUBJECT)
    room.read(again)
    gestures.settle()
    told = room.response.work_list.text()
    listed = my_patients(session.trial)
    again.sign_visit(PASSWORD, "I read this")

    assert "<b>Re-opened</b>, because wrong series measured" in told
    assert listed == (MyPatient(SUBJECT, Left.REOPENED, 0, "wrong series measured"),)
    assert "Re-opened" not in room.response.work_list.text()
    assert my_patients(session.trial)[0].left is Left.VISIT


def test_the_dialog_to_sign_tells_the_charter(session: ReadingSession, room: Any) -> None:
    """Its corner names version and hash of the charter by which the read is judged."""
    gestures.press(room.current.canvas_widget, "Ctrl+Return")
    told = room.sign_dialog.text()
    gestures.press(room.sign_dialog, "Escape")
    version = session.trial.charter_version

    assert f"charter version 1, {version.charter_hash[:12]}" in told


def test_the_global_review_is_offered_done_and_signed_once(
    room: Any, reviewed_trial: Trial
) -> None:
    """Button, banner, every visit editable, originals beside, one password; then all is closed."""
    session = ReadingSession(seated(reviewed_trial, "anna", SUBJECT), SUBJECT)
    read_through(session)
    room.read(session)
    gestures.settle()
    offered = room.response.complete_button.text()
    listed = my_patients(session.trial)
    gestures.click(room.response.complete_button)
    said, banner = room.bar.message.text(), room.review.banner.text()
    seen = room.review.isVisible()
    room.open_visit("BL")
    session.draw_caliper("T1", LONGER)
    gestures.settle()
    gestures.click(room.review.originals_button)
    originals = QApplication.activeModalWidget() or next(
        one for one in QApplication.topLevelWidgets() if one.windowTitle().startswith("As signed")
    )
    before = "".join(label.text() for label in originals.findChildren(QLabel))
    gestures.press(originals, "Escape")
    gestures.press(room.current.canvas_widget, "Ctrl+Return")
    asked = room.sign_dialog.text()
    sign(room.sign_dialog)
    gestures.settle()

    assert offered == "Review all visits together"
    assert listed == (MyPatient(SUBJECT, Left.REVIEW),)
    assert said == REVIEW_BEGUN
    assert seen
    assert "GLOBAL REVIEW" in banner
    assert "→" in before
    assert "I read this" in before
    assert MEANING in asked
    assert all(visit.signed for visit in session.read.visits)
    assert isinstance(session.events[-1].fact, GlobalReviewSigned)
    assert room.review.banner.text() == "Global review signed"
    assert my_patients(session.trial)[0].left is Left.NOTHING


def test_the_worklist_shows_what_is_left_and_no_more(
    room: Any, reviewed_trial: Trial, tmp_path: Path
) -> None:
    """Shift+P: coded patients and the visit that is next; no other name, date or later visit."""
    session = ReadingSession(seated(reviewed_trial, "anna", SUBJECT), SUBJECT)
    room.read(session)
    gestures.settle()
    gestures.press(room.current.canvas_widget, "Shift+P")
    (dialog,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, WorklistDialog))
    words = [dialog.patients.item(row).text() for row in range(dialog.patients.count())]
    put_away()
    seen = on_screen()
    gestures.press(dialog, "Return")

    assert words == [f"{SUBJECT}   Baseline: to be read"]
    assert "other" not in words[0]
    assert "Week 16" not in seen
    assert not (isalive(dialog) and dialog.isVisible())
