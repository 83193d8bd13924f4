"""Worker processes of this machine: one dies alone, all stop together, none outlives its parent."""

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Event
from threading import Thread

import psutil

from napari_recist.reading.preparing.jobs import Job, Means, Outcome, Work

SHARE_OF_MEMORY = 0.75
"""Of the machine's memory, for all workers together: the rest is for whoever else works on it."""

USUAL_BYTES = 2 << 30
"""What a worker should have: a CT of 1,000 slices takes half of it, its decoding some more."""

CORES_EACH = 2
"""A worker decodes in threads: on two cores a second one was measured to gain nothing."""

GRACE_SECONDS = 5.0
"""How long a worker whose parent is gone may take to leave nothing half-written."""


class WorkerProcesses:
    """A crew of processes, each with its share of memory.

    Each worker is a pool of its own: when one dies, for want of memory or in a decoder, it is
    known which series it was at, only that one is lost and another worker takes its place.

    Parameters
    ----------
    workers : int, optional
        How many; by default one for every two cores, as far as the memory goes.
    """

    def __init__(self, workers: int | None = None) -> None:
        memory = int(psutil.virtual_memory().total * SHARE_OF_MEMORY)
        usual = max(1, min((os.cpu_count() or 1) // CORES_EACH, memory // USUAL_BYTES))
        self.workers = workers or usual
        self.memory_bytes = memory // self.workers

    def run(self, work: Work, jobs: Sequence[Job], means: Means) -> Generator[Outcome]:
        """Yield the outcome of every job as it comes; closing the iterator stops the work.

        Slices being read are finished, then the workers end; nothing half-written is left.
        """
        context = multiprocessing.get_context("spawn")
        stop = context.Event()
        bound = min(self.memory_bytes, means.memory_bytes or self.memory_bytes)
        means = Means(means.cache_folder, means.cache_bytes, bound)
        waiting, idle = deque(jobs), [_worker(context, stop, bound) for _ in range(self.workers)]
        busy: dict[Future[Outcome], tuple[ProcessPoolExecutor, Job]] = {}
        try:
            while waiting or busy:
                while waiting and idle:
                    worker, job = idle.pop(), waiting.popleft()
                    with _no_interrupt():
                        busy[worker.submit(_do, work, job, means)] = worker, job
                for future in wait(busy, return_when=FIRST_COMPLETED).done:
                    worker, job = busy.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        worker.shutdown()
                        worker = _worker(context, stop, bound)
                    idle.append(worker)
                    yield _outcome(future, job)
        finally:
            stop.set()
            for worker in [*idle, *(worker for worker, _ in busy.values())]:
                worker.shutdown(cancel_futures=True)


def _worker(context: SpawnContext, stop: Event, memory_bytes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, context, _begin, (stop, memory_bytes))


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool):
        reason = "Its worker process died, most likely for want of memory; use fewer workers."
        return Outcome.failure(job, reason)
    return Outcome.failure(job, f"{type(error).__name__}: {error}")


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Keep Ctrl-C from a process that starts here: the parent alone decides when to stop."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the worker process:

_stop: list[Event] = []
_parent_gone: list[bool] = []


def _begin(stop: Event, memory_bytes: int) -> None:
    """Make a process a worker: bounded in memory, deaf to Ctrl-C, gone when its parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _stop.append(stop)
    Thread(target=_follow_parent, daemon=True).start()
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows, where only the size is checked

        _, highest = resource.getrlimit(resource.RLIMIT_DATA)
        bound = memory_bytes if highest == resource.RLIM_INFINITY else min(memory_bytes, highest)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, highest))


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _parent_gone.append(True)
        time.sleep(GRACE_SECONDS)
        os._exit(1)


def _do(work: Work, job: Job, means: Means) -> Outcome:
    return work(job, means, _check)


def _check() -> None:
    if _parent_gone or any(stop.is_set() for stop in _stop):
        raise CancelledError
