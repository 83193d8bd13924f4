"""Pictures of a trial's other screens: sign-in, lock, worklist, review, desk, clinical form."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qtpy.QtWidgets import QApplication, QWidget

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.demo.sample_database import PASSWORD, PEOPLE
from napari_recist.exporting.csv_files import export_csv
from napari_recist.phantom import sample_charter
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import (
    Trial,
    assign,
    assign_waiting,
    create_trial,
    end_follow_up,
    freeze,
)
from napari_recist.trial.images.queries import raise_query
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.clinical import give_clinical_data
from napari_recist.ui.clinical_review import ClinicalReview
from napari_recist.ui.reading_room import open_reading_room
from napari_recist.ui.sign_in import SignInDialog
from napari_recist.ui.trial_desk.desk_window import TrialDesk

READ, ASKED = "NRC-003-0002", "NRC-001-0001"
LINE = ((12.0, 70.0, 70.0), (12.0, 70.0, 100.0))
"""A target in index coordinates of the sample's scans: the pictures show screens, not a reading."""
CLINICAL = (
    ("ECOG", "1"),
    ("Child-Pugh", "A6"),
    ("AFP, ng/ml", "420, 380, 350"),
    ("symptoms", "no"),
)
DESK_TABS = ("Status", "Images", "People", "Re-open", "Transfers", "Audit")


def take_trial_screens(scans: Path, out: Path) -> None:
    """Take every picture of a trial made for it.

    Parameters
    ----------
    scans : Path
        The sample trial's folder.
    out : Path
        Where the pictures go.
    """
    with _trial(scans) as trial:
        _sign_in(out)
        _room(trial, out)
        _desk(trial, out)
        _clinical(trial, out)


@contextmanager
def _trial(scans: Path) -> Iterator[Trial]:
    """Make a trial with a global review, one of its patients read through by R1."""
    with tempfile.TemporaryDirectory() as scratch:
        charter = Path(scratch) / "charter.toml"
        text = sample_charter().replace("global_review = false", "global_review = true")
        charter.write_text(text.replace("readers = 2", "readers = 1"), encoding="utf-8")
        with create_trial(str(Path(scratch) / "trial.sqlite"), charter) as trial:
            for code in (READ, ASKED):
                import_images(trial, scans / code)
            for name, role in PEOPLE:
                trial.admit(name, role, PASSWORD)
            assign(trial, READ, "R1")
            assign(trial, ASKED, "R1")
            assign_waiting(trial)
            raise_query(trial, ASKED, "W8", QueryCode.MISSING_SLICES, "Slices 3 to 5?")
            _read_through(ReadingSession(trial.sign_in("R1", PASSWORD), READ))
            yield trial


def _read_through(session: ReadingSession) -> None:
    session.add_lesion(Role.TARGET, "liver", "S7")
    session.draw_caliper("T1", LINE)
    session.sign_visit(PASSWORD, "I have read the images myself, blinded.")
    while session.next_visit:
        session.open_visit(session.next_visit)
        session.state_status("T1", Status.TOO_SMALL)
        session.sign_visit(PASSWORD, "I have read the images myself, blinded.")


def _sign_in(out: Path) -> None:
    dialog = SignInDialog("postgresql://trials.example/hcc201", "R1")
    dialog.show()
    _grab(dialog, out / "sign-in.png")
    dialog.close()


def _room(trial: Trial, out: Path) -> None:
    """Show the global review, the worklist and the lock; then sign the review."""
    room = open_reading_room(ReadingSession(trial.sign_in("R1", PASSWORD), READ))
    gestures.settle(0.5)
    gestures.click(room.response.complete_button)
    gestures.settle(0.5)
    room.screenshot(out / "global-review.png")
    gestures.press(room.current.canvas_widget, "Shift+P")
    _grab(_dialog(), out / "worklist.png")
    gestures.press(_dialog(), "Escape")
    gestures.press(room.current.canvas_widget, "Ctrl+L")
    screen = room.idle.screen
    if screen is None:
        raise AssertionError("the room is not locked")
    _grab(screen, out / "locked.png")
    gestures.write(screen.password, PASSWORD)
    gestures.press(screen.password, "Return")
    gestures.press(room.current.canvas_widget, "Ctrl+Return")
    dialog = room.sign_dialog
    if dialog is None:
        raise AssertionError("the review cannot be signed")
    gestures.write(dialog.password, PASSWORD)
    gestures.press(dialog.password, "Return")
    room.close()
    gestures.settle(0.2)


def _desk(trial: Trial, out: Path) -> None:
    freeze(trial, "interim analysis")
    with tempfile.TemporaryDirectory() as folder:
        export_csv(trial, Path(folder))
    desk = TrialDesk(trial)
    for title in DESK_TABS:
        desk.tabs.open(title)
        _grab(desk.window, out / f"desk-{title.lower()}.png")
    desk.close()


def _clinical(trial: Trial, out: Path) -> None:
    end_follow_up(trial, READ, "progressive disease")
    give_clinical_data(trial, {READ: CLINICAL})
    review = ClinicalReview(trial.sign_in("O1", PASSWORD))
    _grab(review.window, out / "clinical-review.png")
    review.close()


def _dialog() -> QWidget:
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        raise AssertionError("no dialog is open")
    return dialog


def _grab(widget: QWidget, file: Path) -> None:
    gestures.settle(0.3)
    widget.grab().save(str(file))
