"""Search of every text a reader's or adjudicator's program holds for what they must not know."""

import shutil
from pathlib import Path
from typing import Any

import pydicom
import pytest
from qtpy.QtWidgets import QApplication

from napari_recist.demo import gestures
from napari_recist.reading import import_images
from napari_recist.trial import Trial, TrialRole, assign, create_trial
from napari_recist.trial.record.trial_facts import IdentityRegistered
from napari_recist.ui.workplace import open_workplace
from tests.trial.conftest import PASSWORD, quick_passwords
from tests.ui.conftest import SAMPLE, SUBJECT, put_away
from tests.ui.test_blinded_screen import on_screen

__all__ = ["quick_passwords"]

pytestmark = pytest.mark.ui

SITE = "Saint Elsewhere"
OTHERS = ("Zacharias Otherreader", "Adalbert Imagemanager", "Quentin Settler")


@pytest.fixture
def named(tmp_path: Path) -> Any:
    """Return a trial with other people, whose scans name their site in every header."""
    folder = tmp_path / "scans"
    shutil.copytree(SAMPLE / SUBJECT, folder)
    for file in folder.rglob("*.dcm"):
        image = pydicom.dcmread(file)
        image.InstitutionName = image.StationName = SITE
        image.save_as(file)
    with create_trial(str(tmp_path / "trial.db"), SAMPLE / "charter.toml") as trial:
        import_images(trial, folder)
        trial.admit("anna", TrialRole.READER, PASSWORD)
        trial.admit(OTHERS[0], TrialRole.READER, PASSWORD)
        trial.admit(OTHERS[1], TrialRole.IMAGE_MANAGER, PASSWORD)
        trial.admit(OTHERS[2], TrialRole.ADJUDICATOR, PASSWORD)
        for reader in ("anna", OTHERS[0]):
            assign(trial, SUBJECT, reader)
        yield trial


def test_no_screen_of_a_reader_names_anybody_or_a_day(
    named: Trial, screen: None, qapp: Any, tmp_path: Path
) -> None:
    """Room, worklist, series, keys, dialog to sign, lock: nobody else, no site, path, day."""
    put_away()
    scanned = [visit.date for visit in named.visits(SUBJECT)]
    true = [fact for _, fact in named.stated(IdentityRegistered)]
    room = open_workplace(named.sign_in("anna", PASSWORD))
    gestures.settle(0.05)
    seen = [on_screen()]
    for key in ("Shift+P", "W", "F1", "Ctrl+Return"):
        gestures.press(room.current.canvas_widget, key)
        seen.append(on_screen())
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            gestures.press(dialog, "Escape")
    room.idle.lock()
    seen.append(on_screen())
    gestures.write(room.idle.screen.password, PASSWORD)
    gestures.press(room.idle.screen.password, "Return")
    room.close()
    text = "\n".join(seen)
    days = [day.isoformat() for day in scanned] + [f"{day:%Y%m%d}" for day in scanned]

    assert SUBJECT in text
    assert [word for word in (*OTHERS, SITE, str(tmp_path), *days) if word in text] == []
    assert len(true) <= 1
