"""A reading room on an invented patient, driven by mouse and keys, of which pictures are taken."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qtpy.QtCore import QPoint, QRect
from qtpy.QtWidgets import QApplication, QWidget

from napari_recist.demo import gestures
from napari_recist.demo.scripted_reader import ScriptedReader
from napari_recist.phantom import SubjectTruth, sample_charter, sample_trial
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import TrialRole, assign, create_trial
from napari_recist.ui.reading_room import ReadingRoom, open_reading_room

PASSWORD = "pictures for the manual"  # noqa: S105 - of a trial that is made and thrown away
READER = "R1"


class Scene:
    """A reading room on one patient, and the pictures taken of it.

    Parameters
    ----------
    room : ReadingRoom
        The room, opened at baseline.
    subject : SubjectTruth
        The patient.
    out : Path
        Where the pictures go.
    """

    def __init__(self, room: ReadingRoom, subject: SubjectTruth, out: Path) -> None:
        self.room, self.subject, self.out = room, subject, out
        self.reading = subject.readings[0]
        self.reader = ScriptedReader(room, subject, self.reading, PASSWORD)
        self.press("2")

    @property
    def canvas(self) -> QWidget:
        """The current pane."""
        return self.room.current.canvas_widget

    def press(self, key: str) -> None:
        """Press a key on the current pane."""
        gestures.press(self.canvas, key)
        gestures.settle(0.1)

    def say(self, visit: str, *lesions: str) -> None:
        """Say of these lesions of a visit (of all, if none is named) what the script says."""
        for statement in self.reading.visit(visit).statements:
            if not lesions or statement.lesion in lesions:
                self.reader.lesion(statement, visit)

    def sign(self, *visits: str) -> None:
        """Read and sign whole visits."""
        for visit in visits:
            self.say(visit)
            self.reader.sign()

    def choose(self, lesion: str) -> None:
        """Click on a lesion's row."""
        table = self.room.lesions.table
        row = self.room.desk.names().index(lesion)
        place = table.visualRect(table.model().index(row, 0)).center()
        gestures.click(table.viewport(), (place.x(), place.y()))

    def picture(self, name: str, *parts: QWidget) -> None:
        """Take a picture of the screen, or of the rectangle around some parts of the window."""
        gestures.settle(0.5)
        whole = self.room.window.rect()
        corner = self.room.window.mapToGlobal(QPoint(0, 0))
        if parts:
            seen = [QRect(part.mapToGlobal(QPoint(0, 0)), part.size()) for part in parts]
            around = seen[0]
            for rectangle in seen[1:]:
                around = around.united(rectangle)
            whole, corner = QRect(QPoint(0, 0), around.size()), around.topLeft()
        screen = self.room.window.screen()
        place = (corner.x(), corner.y(), whole.width(), whole.height())
        screen.grabWindow(0, *place).save(str(self.out / f"{name}.png"))


def open_dialog() -> QWidget:
    """Return the dialog that is open."""
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        raise AssertionError("no dialog is open")
    return dialog


@contextmanager
def invented(scans: Path, code: str) -> Iterator[ReadingSession]:
    """Return a session at baseline of one patient, in a trial made for it."""
    with tempfile.TemporaryDirectory() as scratch:
        charter = Path(scratch) / "charter.toml"
        charter.write_text(sample_charter(), encoding="utf-8")
        with create_trial(str(Path(scratch) / "trial.sqlite"), charter) as trial:
            import_images(trial, scans / code)
            trial.admit(READER, TrialRole.READER, PASSWORD)
            assign(trial, code, READER)
            yield ReadingSession(trial.sign_in(READER, PASSWORD), code)


@contextmanager
def scene_of(scans: Path, code: str, out: Path) -> Iterator[Scene]:
    """Open a room on one patient."""
    with invented(scans, code) as session:
        room = open_reading_room(session)
        gestures.settle(0.5)
        yield Scene(room, sample_trial().subject(code), out)
        room.close()
        gestures.settle(0.2)
