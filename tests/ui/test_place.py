"""Nothing is lost: killed in the middle of a visit, the window opens exactly where it was."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from napari_recist.reading import import_images
from napari_recist.trial import TrialRole, assign, create_trial
from tests.ui.conftest import PASSWORD, SAMPLE, SUBJECT
from tests.ui.reader_window import TOLD

pytestmark = pytest.mark.ui
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(tmp_path: Path, screen: None) -> str:
    """Return where a trial with a reader and one patient is; it is closed."""
    place = str(tmp_path / "trial.db")
    with create_trial(place, SAMPLE / "charter.toml") as trial:
        import_images(trial, SAMPLE / SUBJECT)
        trial.admit("anna", TrialRole.READER, PASSWORD)
        assign(trial, SUBJECT, "anna")
    return place


def window(url: str, mode: str) -> subprocess.Popen[str]:
    """Start a reader's window in a process of its own."""
    command = [sys.executable, "-m", "tests.ui.reader_window", url, "anna", mode]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def heard(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return what a window tells of its place."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(TOLD):
            place: dict[str, Any] = json.loads(line.removeprefix(TOLD))
            return place
    pytest.fail("the window closed without a word")


def test_killed_and_opened_again_it_is_exactly_there(url: str) -> None:
    """SIGKILL in a half-done week 8: visit, slice, zoom, window, lesion and prior come back."""
    with window(url, "work") as working:
        before = heard(working)
        working.kill()
        assert working.wait() == -signal.SIGKILL
    with window(url, "tell") as reopened:
        after = heard(reopened)
        assert reopened.wait() == 0

    assert before["visit"] == "W8"
    assert before["slice"] == 5
    assert before["lesion"] == "T2"
    assert before["prior"] == "baseline"
    assert (before["width"], before["level"]) == (2500.0, 480.0)
    assert len(before["to do"]) == 2
    for number in ("row", "column", "pixels_per_mm"):
        assert after.pop(number) == pytest.approx(before.pop(number), abs=1e-3)
    assert after == before
