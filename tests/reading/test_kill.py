"""SIGKILL at any moment: every acknowledged gesture is there, and the read goes on where it was."""

import multiprocessing
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from napari_recist.criteria import Redone, Undone
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, assign, open_trial
from napari_recist.trial.record.fact_codec import canonical
from tests.reading.reader_process import read_at_random
from tests.trial.conftest import seated

LIVES = 15
"""Processes killed on one and the same read."""

LONGEST_LIFE_S = 0.4

Acknowledged = tuple[int, str, str]
"""Sequence of an event, the visit shown after it, and the fact as text."""


@pytest.fixture
def url(new_trial: Callable[[str], Trial], scans: Path) -> str:
    """Return where a trial with P1's images is; it is closed."""
    trial = new_trial("")
    import_images(trial, scans)
    assign(trial, "P1", "anna")
    trial.close()
    return trial.url


def live_and_die(url: str, seed: int, seconds: float) -> list[Acknowledged]:
    """Let a reader read in a process until it is killed; return what it acknowledged."""
    # A server that has loaded the program once makes new processes quickly.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["napari_recist.reading"])
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=read_at_random, args=(url, seed, theirs))
    process.start()
    theirs.close()
    assert ours.recv() == "ready"
    time.sleep(seconds)
    process.kill()
    process.join()
    assert process.exitcode in {-signal.SIGKILL, 0}
    heard = []
    try:
        while True:
            heard.append(ours.recv())
    except (EOFError, OSError):  # the kill cut the last acknowledgement short
        return heard
    finally:
        ours.close()
        process.close()


def test_no_acknowledged_gesture_is_lost(url: str) -> None:
    """Killed again and again at random moments, a read holds every gesture it acknowledged."""
    dice = random.Random(5)
    acknowledged: list[Acknowledged] = []
    for seed in range(LIVES):
        acknowledged += live_and_die(url, seed, dice.uniform(0, LONGEST_LIFE_S))
        with open_trial(url) as trial:
            trial.verify()
            session = ReadingSession(seated(trial, "anna", "P1"), "P1")
            recorded = {event.sequence: canonical(event.fact) for event in session.events}

            assert [recorded.get(n) for n, _, _ in acknowledged] == [f for _, _, f in acknowledged]
            shown = {sequence: visit for sequence, visit, _ in acknowledged}
            if session.events[-1].sequence in shown:
                assert session.visit == shown[session.events[-1].sequence]

    assert len(acknowledged) > LIVES
    assert any(isinstance(event.fact, Undone | Redone) for event in session.events)
