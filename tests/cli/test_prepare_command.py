"""``napari-recist prepare``: a whole trial made ready, killed and gone on with, told in words."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from napari_recist.cli import main
from napari_recist.imaging.cache_folder import CACHE_VARIABLE
from napari_recist.reading import import_images
from napari_recist.trial import create_trial
from tests.reading.conftest import AS_THEY_ARE
from tests.reading.tiny_ct import write_ct

VISITS = 160
PATIENCE_S = 60.0

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of volumes of a cache of its own."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "caches"))
    return tmp_path / "caches" / "volumes"


@pytest.fixture
def run(
    tmp_path: Path,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Return what runs the command on ``trial.db``; gives exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*words: str) -> tuple[int, str, str]:
        arguments = ["napari-recist", "prepare", "--trial", "trial.db", *words]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return command


def make_trial(tmp_path: Path, visits: int) -> None:
    """Make ``trial.db`` with so many visits of P1, eight weeks apart."""
    for number in range(visits):
        date = dt.date(2015, 1, 5) + dt.timedelta(weeks=8 * number)
        write_ct(tmp_path / "scans" / f"{number}", "P1", date)
    (tmp_path / "charter.toml").write_text(AS_THEY_ARE, encoding="utf-8")
    with create_trial(str(tmp_path / "trial.db"), tmp_path / "charter.toml") as trial:
        import_images(trial, tmp_path / "scans")


def started(tmp_path: Path) -> subprocess.Popen[str]:
    """Start the command in a session of its own, as a terminal would."""
    words = ("prepare", "--trial", str(tmp_path / "trial.db"), "--workers", "2")
    return subprocess.Popen(
        [sys.executable, "-m", "napari_recist", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # What a shell runs in the background ignores SIGINT, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - nothing else
    )


def eventually(what: Callable[[], object]) -> bool:
    """Wait until something is so; tell whether it came about."""
    until = time.monotonic() + PATIENCE_S
    while not what() and time.monotonic() < until:
        time.sleep(0.002)
    return bool(what())


def running(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run."""
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


def test_a_program_gets_every_series_and_a_person_one_line(run: Run, tmp_path: Path) -> None:
    """JSON tells outcome and passport of each series; the second run finds all of it ready."""
    make_trial(tmp_path, 2)
    code, out, _ = run("--workers", "1", "--json")
    told = json.loads(out)
    again = run("--workers", "1")

    assert code == 0
    assert (told["prepared"], told["already"], told["failed"]) == (2, 0, 0)
    assert [row["visit"] for row in told["series"]] == ["BL", "W8"]
    assert {row["status"] for row in told["series"]} == {"green"}
    assert told["series"][0]["outcome"] == "prepared"
    assert again[:2] == (0, "2 series: 0 prepared, 2 ready before, 0 failed. Passports: 2 green.\n")


def test_what_could_not_be_prepared_is_named_and_the_code_is_1(run: Run, tmp_path: Path) -> None:
    """The summary names patient code, visit, series and reason; JSON comes all the same."""
    make_trial(tmp_path, 3)
    (tmp_path / "scans" / "1" / "2.dcm").unlink()
    code, out, error = run("--workers", "1", "--json")
    failed = [row for row in json.loads(out)["series"] if row["outcome"] == "failed"]

    assert code == 1
    assert [row["visit"] for row in failed] == ["W8"]
    assert "1 of 3 series could not be prepared." in error
    assert f"P1 W8, CT abdomen portal venous ({failed[0]['series_uid']}): 1 image" in error


def test_a_cache_too_small_for_the_trial_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last volumes push out the first, the trial is not prepared, and it says so."""
    monkeypatch.setenv("NAPARI_RECIST_CACHE_GB", "0.0001")
    make_trial(tmp_path, 4)
    code, _, error = run("--workers", "1")

    assert code == 1
    assert "Set NAPARI_RECIST_CACHE_GB" in error


def test_workers_and_cluster_together_are_wrong_usage(run: Run) -> None:
    """Exit code 2 with a word on what to do."""
    code, _, error = run("--workers", "1", "--cluster", "tcp://127.0.0.1:9")

    assert code == 2
    assert "a cluster has its own workers" in error


def test_killed_in_the_middle_it_goes_on_from_there(run: Run, cache: Path, tmp_path: Path) -> None:
    """After SIGKILL no worker stays, and the next run does only what was left."""
    make_trial(tmp_path, VISITS)
    process = started(tmp_path)
    assert eventually(lambda: any(cache.glob("*.npy")))
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()

    assert workers
    assert eventually(lambda: not running(workers))
    code, out, _ = run("--workers", "1", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["already"] >= 1
    assert told["prepared"] >= 1
    assert told["already"] + told["prepared"] == VISITS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups' SIGINT")
def test_ctrl_c_stops_in_words_and_leaves_nothing(run: Run, cache: Path, tmp_path: Path) -> None:
    """SIGINT to the whole group, as a terminal sends it: no traceback, no process, no debris."""
    make_trial(tmp_path, VISITS)
    process = started(tmp_path)
    assert eventually(lambda: any(cache.glob("*.npy")))
    workers = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert error.startswith("napari-recist: Stopped after ")
    assert "Traceback" not in error
    assert eventually(lambda: not running(workers))  # the tracker of semaphores ends last
    assert not list(cache.glob("unfinished-*"))
    assert run("--workers", "1")[0] == 0
