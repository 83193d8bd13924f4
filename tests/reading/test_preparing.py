"""Preparing a trial: nothing twice, nothing lost, no series and no worker able to stop the rest."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Self

import psutil
import pydicom
import pytest

from napari_recist.errors import PreparationError
from napari_recist.imaging import VolumeCache, find_series
from napari_recist.reading import import_images
from napari_recist.reading.preparing import (
    Cluster,
    Crew,
    Job,
    Means,
    Outcome,
    State,
    WorkerProcesses,
    cluster,
    prepare_trial,
)
from napari_recist.reading.preparing.volume_step import WORKER_BYTES, prepare_volume
from napari_recist.trial import ScheduledVisit, SeriesEntry, Trial
from tests.reading.tiny_ct import write_ct
from tests.reading.worker_jobs import DEADLY, ENDLESS, GREEDY, begun, work_or_die

ROOT = Path(__file__).resolve().parents[2]
WEEKS = (0, 8, 16, 24)
PATIENCE_S = 60.0
PLENTY = 10**9


@pytest.fixture
def means(tmp_path: Path) -> Means:
    """Return a cache of its own."""
    (tmp_path / "cache").mkdir()
    return Means(tmp_path / "cache", PLENTY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with four scans of P1."""
    for week in WEEKS:
        date = dt.date(2025, 1, 6) + dt.timedelta(weeks=week)
        write_ct(tmp_path / "scans" / f"W{week}", "P1", date)
    return tmp_path / "scans"


@pytest.fixture
def trial(new_trial: Callable[[str], Trial], folder: Path) -> Trial:
    """Return a trial with P1's four visits."""
    trial = new_trial("")
    import_images(trial, folder)
    return trial


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a real scheduler with two worker processes on this machine."""
    place = tmp_path_factory.mktemp("cluster")
    told = place / "scheduler.json"
    spaces = dict(os.environ) | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    ours = ("--scheduler-file", str(told), "--no-dashboard", "--host", "tcp://127.0.0.1")
    commands = {
        "scheduler": ["--port", "0"],
        "worker": ["--nworkers", "2", "--nthreads", "1", "--local-directory", str(place)],
    }
    with ExitStack() as stack:
        for name, options in commands.items():
            log = stack.enter_context((place / f"{name}.log").open("wb"))
            command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *ours, *options]
            process = subprocess.Popen(command, stdout=log, stderr=log, env=spaces, cwd=place)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        assert eventually(lambda: told.is_file() and told.stat().st_size > 0)
        address: str = json.loads(told.read_text(encoding="utf-8"))["address"]
        yield address


@pytest.fixture(params=["processes", "cluster"])
def crew(request: pytest.FixtureRequest) -> Crew:
    """Return each kind of crew, with real workers."""
    if request.param == "processes":
        return WorkerProcesses(2)
    return Cluster(request.getfixturevalue("scheduler"))


def job(description: str) -> Job:
    """Return a job that needs no images."""
    entry = SeriesEntry("1.2", description, "CT", "", ())
    return Job(ScheduledVisit("P1", "BL", 0, dt.date(2025, 1, 6), (entry,)))


def states(outcomes: list[Outcome]) -> dict[str, State]:
    """Return what came of each visit."""
    return {outcome.job.visit.visit: outcome.state for outcome in outcomes}


def tracker() -> set[int]:
    """Return Python's own process that buries shared semaphores; it lives as long as we do."""
    return {resource_tracker._resource_tracker._pid or 0}


def gone(processes: Iterable[int]) -> bool:
    """Wait until none of these processes is there any more."""
    return eventually(lambda: not any(map(alive, processes)))


def eventually(what: Callable[[], bool]) -> bool:
    """Wait until something is so; tell whether it came about."""
    until = time.monotonic() + PATIENCE_S
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    return what()


def alive(process: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be buried does not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class TestTrial:
    """Every series of every visit, by either crew."""

    def test_all_is_ready_and_the_second_time_nothing_is_done(
        self, trial: Trial, crew: Crew, means: Means
    ) -> None:
        """Every volume lies in the cache, each with its passport; again, all is there already."""
        far: list[tuple[int, int]] = []
        first = list(prepare_trial(trial, crew, means, lambda *told: far.append(told)))
        cache = VolumeCache(means.cache_folder, means.cache_bytes)
        files = {file: file.stat().st_mtime_ns for file in means.cache_folder.glob("*.npy")}
        second = list(prepare_trial(trial, crew, means))

        assert states(first) == dict.fromkeys(("BL", "W8", "W16", "W24"), State.PREPARED)
        assert {outcome.verdict for outcome in first} == {"green"}
        assert far == [(done, len(WEEKS)) for done in range(1, len(WEEKS) + 1)]
        for visit in trial.visits("P1"):
            (series,) = find_series(visit.series[0].paths)
            assert cache.holds(series)
        assert set(states(second).values()) == {State.ALREADY}
        assert {file: file.stat().st_mtime_ns for file in files} == files

    def test_bad_series_are_named_and_the_rest_is_ready(
        self, trial: Trial, folder: Path, crew: Crew, means: Means
    ) -> None:
        """Truncated, vanished, absurd: each with its reason, beside the one that is well."""
        cut = folder / "W0" / "1.dcm"
        cut.write_bytes(cut.read_bytes()[:-2000])
        shutil.rmtree(folder / "W8")
        for file in (folder / "W16").iterdir():
            image = pydicom.dcmread(file)
            image.RescaleSlope = "1e300"
            image.save_as(file)
        outcomes = {o.job.visit.visit: o for o in prepare_trial(trial, crew, means)}
        reasons = {visit: outcome.reason for visit, outcome in outcomes.items()}

        assert outcomes["W24"].state is State.PREPARED
        assert str(cut) in reasons["BL"]
        assert "4 images of W8 of P1 are gone" in reasons["W8"]
        assert "absurd" in reasons["W16"]

    def test_a_worker_that_dies_is_told_and_the_others_go_on(
        self, crew: Crew, means: Means
    ) -> None:
        """SIGKILL takes one series; what waited behind it is done by another worker."""
        words = ("a", DEADLY, "b", "c", "d")
        outcomes = list(crew.run(work_or_die, [job(word) for word in words], means))
        reasons = {outcome.job.entry.description: outcome.reason for outcome in outcomes}

        assert "died" in reasons.pop(DEADLY)
        assert reasons == {"a": "", "b": "", "c": "", "d": ""}


class TestMeans:
    """Memory is bounded, and a cache that keeps nothing is no success."""

    def test_a_volume_larger_than_a_workers_share_is_not_begun(
        self, trial: Trial, means: Means
    ) -> None:
        """The reason says how much a worker has and what to do."""
        small = replace(means, memory_bytes=WORKER_BYTES)
        outcome = prepare_volume(first_job(trial), small, lambda: None)

        assert outcome.reason == (
            "It needs more memory than a worker may take, 0.5 GiB; use fewer workers."
        )
        assert outcome.verdict == "green"

    def test_what_takes_more_memory_than_foretold_fails_alone(self, means: Means) -> None:
        """An allocation beyond the worker's share is refused, not the machine brought down."""
        bounded = replace(means, memory_bytes=2 * WORKER_BYTES)
        jobs = [job(GREEDY), job("a")]
        outcomes = list(WorkerProcesses(1).run(work_or_die, jobs, bounded))

        assert "Unable to allocate 1.00 TiB" in outcomes[0].reason
        assert outcomes[1].state is State.PREPARED

    def test_a_volume_that_the_cache_does_not_keep_is_not_ready(
        self, trial: Trial, means: Means
    ) -> None:
        """A cache too small for it is the reason."""
        outcome = prepare_volume(first_job(trial), replace(means, cache_bytes=10), lambda: None)

        assert outcome.state is State.FAILED
        assert "larger than the cache may be" in outcome.reason


class TestStopping:
    """Stopped at any moment, no process and no half-written file stays."""

    def test_closing_ends_every_worker(self, means: Means) -> None:
        """The work under way learns of it at its next slice; then the processes are gone."""
        before = {child.pid for child in psutil.Process().children()}
        jobs = [job(word) for word in ("a", ENDLESS, ENDLESS, "b")]
        running = WorkerProcesses(3).run(work_or_die, jobs, means)
        next(running)
        workers = {child.pid for child in psutil.Process().children(recursive=True)} - before
        running.close()

        assert workers
        assert gone(workers & {child.pid for child in psutil.Process().children()} - tracker())
        assert begun(means.cache_folder) == []

    def test_stopped_by_the_progress_too(self, trial: Trial, means: Means) -> None:
        """What the progress raises ends the work and reaches the caller."""

        class EnoughError(Exception):
            pass

        def enough(_done: int, _total: int) -> None:
            raise EnoughError

        with pytest.raises(EnoughError):
            list(prepare_trial(trial, WorkerProcesses(1), means, enough))
        assert not list(means.cache_folder.glob("unfinished-*"))


class TestCluster:
    """A cluster that cannot do the work is refused in words, before any work."""

    def test_no_scheduler(self, means: Means, monkeypatch: pytest.MonkeyPatch) -> None:
        """The address stands in the refusal."""
        monkeypatch.setattr(cluster, "ANSWER_SECONDS", 0.5)

        with pytest.raises(PreparationError, match=r"tcp://127\.0\.0\.1:9"):
            list(Cluster("tcp://127.0.0.1:9").run(work_or_die, [job("a")], means))

    def test_a_worker_that_does_not_see_the_cache(
        self, scheduler: str, means: Means, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Volumes kept where nobody finds them would be prepared in vain."""
        monkeypatch.setattr(cluster, "NamedTemporaryFile", lambda **_where: NotSeen())

        with pytest.raises(PreparationError, match="does not see the cache folder"):
            list(Cluster(scheduler).run(work_or_die, [job("a")], means))

    def test_another_version(
        self, scheduler: str, means: Means, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another version may judge and keep otherwise."""
        monkeypatch.setattr(cluster, "__version__", "9.9")

        with pytest.raises(PreparationError, match=r"here it is 9\.9"):
            list(Cluster(scheduler).run(work_or_die, [job("a")], means))


class NotSeen:
    """A file that lies on another machine."""

    name = "/nowhere/token"

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave."""


def first_job(trial: Trial) -> Job:
    """Return the job of P1's baseline."""
    baseline = trial.visits("P1")[0]
    return Job.of(baseline, baseline.series[0])
