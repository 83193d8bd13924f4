"""Two monitors of 1920 x 1080: the room on one, the prior pane on the other."""

import ctypes.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from napari_recist.reading import import_images
from napari_recist.trial import TrialRole, assign, create_trial
from tests.conftest import unavailable
from tests.ui.conftest import PASSWORD, SAMPLE, SUBJECT
from tests.ui.two_monitors import HEIGHT, WIDTH

pytestmark = pytest.mark.ui


@pytest.fixture(scope="module")
def wide_display() -> Iterator[str]:
    """Return an X display as wide as two monitors; it keeps its monitors between clients."""
    if shutil.which("Xvfb") is None or ctypes.util.find_library("Xrandr") is None:
        unavailable("no two monitors: install xvfb and libxrandr2")
    told, tells = os.pipe()
    size = f"{2 * WIDTH}x{HEIGHT}x24"
    command = ["Xvfb", "-displayfd", str(tells), "-screen", "0", size, "-noreset"]
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[tells], stderr=subprocess.DEVNULL
    )
    os.close(tells)
    with os.fdopen(told) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def told(wide_display: str, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return where the panes stood: at first, with the prior apart, and together again."""
    place = tmp_path_factory.mktemp("two monitors")
    url = place / "trial.db"
    with create_trial(str(url), SAMPLE / "charter.toml") as trial:
        import_images(trial, SAMPLE / SUBJECT)
        trial.admit("anna", TrialRole.READER, PASSWORD)
        assign(trial, SUBJECT, "anna")
    command = [sys.executable, "-m", "tests.ui.two_monitors", str(url), "anna", str(place)]
    settings = {"DISPLAY": wide_display, "NAPARI_CONFIG": str(place / "napari.yaml")}
    subprocess.run(command, env=os.environ | settings, check=True, timeout=120)
    found: list[dict[str, Any]] = json.loads((place / "told.json").read_text(encoding="utf-8"))
    return found


def test_the_prior_pane_fills_the_second_monitor_and_comes_back(told: list[dict[str, Any]]) -> None:
    """O gives the prior the whole other screen, linked as before; O again brings it back."""
    together, apart, again = told

    assert {pane["screen"] for pane in together.values()} == {"left"}
    assert (apart["current"]["screen"], apart["prior"]["screen"]) == ("left", "right")
    assert apart["prior"]["window"] == [WIDTH, 0, WIDTH, HEIGHT]
    assert apart["current"]["canvas"][0] > together["current"]["canvas"][0]
    assert {pane["screen"] for pane in again.values()} == {"left"}
    assert again["current"]["canvas"] == together["current"]["canvas"]
    for stood in told:
        assert all(pane["shown"] for pane in stood.values())
        assert stood["current"]["zoom"] == pytest.approx(stood["prior"]["zoom"])


def test_the_room_fills_one_monitor_of_1920_by_1080(told: list[dict[str, Any]]) -> None:
    """The window stays on its own screen, wholly, also while the prior stands on the other."""
    for stood in told:
        assert stood["current"]["window"] == [0, 0, WIDTH, HEIGHT]
