"""``napari-recist open`` finds the reader's next patient and refuses in words."""

from types import SimpleNamespace

import pytest

from napari_recist.cli.open import open_window
from napari_recist.errors import DisplayError, SignatureRefusedError
from napari_recist.phantom import sample_trial
from napari_recist.reading import ReadingSession
from napari_recist.trial import Trial
from napari_recist.trial.reads.progress import unread
from napari_recist.ui import sample_data
from tests.ui.conftest import SAMPLE, SUBJECT


def test_without_a_screen_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback from Qt: a sentence, and the command that needs no screen."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("napari_recist.demo.virtual_screen.has_display", lambda: False)

    with pytest.raises(DisplayError, match="--headless"):
        open_window([SAMPLE])


def test_nobody_reads_under_a_name_that_is_not_theirs(
    trial: Trial, session: ReadingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown name and a wrong password are refused alike: names of readers are not told."""
    monkeypatch.setattr("napari_recist.demo.virtual_screen.has_display", lambda: True)
    monkeypatch.setenv("NAPARI_RECIST_PASSWORD", "not the password")

    for name in ("Nobody", session.reader):
        with pytest.raises(SignatureRefusedError, match=r"^Name or password is wrong"):
            open_window(trial=trial.url, reader=name)


def test_a_patient_with_an_unsigned_visit_is_unread(session: ReadingSession) -> None:
    """A reader who signed nothing has every patient still to read."""
    assert unread(session.trial) == (SUBJECT,)


def test_the_sample_menu_opens_a_visit_of_the_synthetic_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The menu Open Sample gives the scan of a visit as a layer in mm."""
    patient = next(one for one in sample_trial().subjects if one.code == SUBJECT)
    monkeypatch.setattr(sample_data, "sample_trial", lambda: SimpleNamespace(subjects=(patient,)))
    monkeypatch.setattr(sample_data, "sample_trial_folder", lambda _told: SAMPLE)
    ((voxels, settings, kind),) = sample_data.sample_week_8()

    assert kind == "image"
    assert voxels.ndim == 3
    assert settings["units"] == ("mm", "mm", "mm")
