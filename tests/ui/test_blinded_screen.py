"""Nothing of a file's name, a header or a traceback is ever seen in the reading room."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest
from napari.utils.notifications import notification_manager
from qtpy.QtWidgets import QApplication

from napari_recist.demo import gestures
from napari_recist.errors import ImageError, LockedError, RecordError
from napari_recist.reading import ReadingSession, import_images
from napari_recist.reading.faults import FAULT_FILE, for_reader
from napari_recist.reading.place import STATE_VARIABLE
from napari_recist.trial import Trial, TrialRole, create_trial
from napari_recist.ui.corner_text import corners
from tests.reading.conftest import sample_charter_as_they_are
from tests.trial.conftest import seated
from tests.ui.conftest import PASSWORD, SAMPLE, SUBJECT

NAME = "DOE^JOHN"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which faults are kept."""
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def named(tmp_path: Path, state: Path) -> Iterator[Trial]:
    """Return a trial whose images lie in a patient's folder and carry the name in each header."""
    folder = tmp_path / NAME / "BL"
    shutil.copytree(SAMPLE / SUBJECT / "BL", folder)
    for file in folder.iterdir():
        image = pydicom.dcmread(file)
        image.PatientName = image.StudyDescription = image.SeriesDescription = NAME
        image.save_as(file)
    with create_trial(str(tmp_path / "trial.db"), sample_charter_as_they_are(tmp_path)) as trial:
        import_images(trial, tmp_path / NAME)
        trial.admit("anna", TrialRole.READER, PASSWORD)
        yield trial


def on_screen() -> str:
    """Return every text that any widget of this program holds, shown or hidden."""
    asked = ("text", "toPlainText", "toolTip", "statusTip", "windowTitle", "empty_text")
    found: list[str] = []
    for widget in QApplication.allWidgets():
        for name in asked:
            value = getattr(widget, name, "")
            found.append(str(value() if callable(value) else value))
        found += [action.text() + action.toolTip() for action in widget.actions()]
    return "\n".join(found)


def faults(state: Path) -> list[dict[str, str]]:
    """Return what the image manager finds."""
    lines = (state / FAULT_FILE).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def gone(folder: Path) -> None:
    """Take a file away."""
    next(folder.rglob("*.dcm")).unlink()


def damaged(folder: Path) -> None:
    """Cut every file short."""
    for file in folder.rglob("*.dcm"):
        file.write_bytes(file.read_bytes()[:-4000])


@pytest.mark.ui
@pytest.mark.parametrize("harm", [gone, damaged])
def test_a_file_that_fails_is_a_code_on_the_screen_and_a_name_in_the_list(
    room: Any, named: Trial, state: Path, harm: Any, capfd: Any
) -> None:
    """Pane, hint, notices, console: a code and fixed words; the whole text is kept beside it."""
    home = Path(named.url).parent
    harm(home / NAME)
    room.read(ReadingSession(seated(named, "anna", SUBJECT), SUBJECT))
    gestures.settle()
    told, seen = room.current.glass.empty_text, on_screen()
    (fault,) = {line["code"]: line for line in faults(state)}.values()

    assert room.current.volume is None
    assert fault["code"] in told
    assert "Tell the image manager" in told
    assert fault["code"] in str(notification_manager.records[-1])
    assert NAME not in seen
    assert str(home) not in seen
    assert NAME not in "".join(capfd.readouterr())
    assert NAME in fault["text"]


@pytest.mark.ui
def test_a_good_series_shows_nothing_of_its_headers(room: Any, named: Trial) -> None:
    """With its name in the header and in the folder, the picture and its panels tell neither."""
    room.read(ReadingSession(seated(named, "anna", SUBJECT), SUBJECT))
    gestures.settle()
    room.series.ask()
    QApplication.processEvents()
    seen = on_screen()
    room.series.dialog.reject()
    words = corners(room.current.view, room.current.glass.title)

    assert room.current.volume is not None
    assert NAME not in seen
    assert NAME not in str(words)
    assert NAME not in str([layer.name for layer in room.viewer.layers])
    assert NAME not in str([layer.metadata for layer in room.viewer.layers])


@pytest.mark.ui
def test_an_unforeseen_error_shows_no_traceback(room: Any, state: Path, capfd: Any) -> None:
    """What napari would show with its traceback becomes a code; the traceback is kept."""
    try:
        Path(f"/data/{NAME}/1.dcm").read_bytes()
    except OSError as error:
        notification_manager.receive_error(type(error), error, error.__traceback__)
    QApplication.processEvents()
    (fault,) = faults(state)

    assert NAME not in on_screen()
    assert NAME not in "".join(capfd.readouterr())
    assert str(notification_manager.records[-1]).count(fault["code"]) == 1
    assert "read_bytes" in fault["text"]
    assert NAME in fault["text"]


@pytest.mark.ui
def test_a_library_warning_stays_off_the_screen(room: Any, capfd: Any) -> None:
    """A warning may quote a header: napari shows none while a patient is read."""
    notification_manager.receive_warning(UserWarning(f"odd value {NAME}"), UserWarning, "x.py", 1)
    QApplication.processEvents()

    assert NAME not in on_screen()
    assert NAME not in "".join(capfd.readouterr())


def test_refusals_of_the_read_are_told_as_they_are(tmp_path: Path) -> None:
    """They name coded patients, visits and lesions only, and say what to do."""
    refusal = LockedError("W8 of 1003-0007 is signed.", "Open the visit that follows.")

    assert for_reader(refusal, tmp_path) is refusal
    assert not (tmp_path / FAULT_FILE).exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImageError(f"/data/{NAME}/1.dcm: truncated."), "images"),
        (RecordError(f"The trial database /data/{NAME}.db refuses."), "database"),
        (ValueError(NAME), "not of your doing"),
    ],
)
def test_a_fault_has_one_code(tmp_path: Path, error: Exception, words: str) -> None:
    """The same fault has the same code, which leads to its text; the words tell what failed."""
    first, second = for_reader(error, tmp_path), for_reader(error, tmp_path)
    lines = faults(tmp_path)

    assert str(first) == str(second)
    assert words in first.problem
    assert NAME not in str(first)
    assert all(line["code"] in first.problem and NAME in line["text"] for line in lines)
    assert len(lines) == 2
