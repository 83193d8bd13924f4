"""Many small jobs with an archive at once: tried again where that may help, stopped at a wish."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event
from typing import TypeAlias, TypeVar

from napari_recist.errors import UnreachableArchiveError

CONNECTIONS = 4
"""Asked at once: archives such as Orthanc serve four by default, and more gain little."""

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Waited before each further try: a quarter of a minute bridges a restart of the archive."""

_Job = TypeVar("_Job")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a transfer is: instances done and wanted, bytes moved by this run."""

    done: int
    total: int
    moved: int


Watch: TypeAlias = Callable[[Progress], None]
"""Called as a transfer goes on; may raise to cancel it."""


class Patience:
    """Does one thing again and again while the archive cannot be reached, and not for ever."""

    def __init__(self) -> None:
        self._stopped = Event()

    def stop(self) -> None:
        """Wait no more, and begin nothing new."""
        self._stopped.set()

    def until_done(self, work: Callable[[], bool]) -> None:
        """Call ``work`` until it returns True; a fault of the network is followed by a pause.

        ``work`` tells by False that it got on, though not to the end: then the pauses begin anew.

        Raises
        ------
        UnreachableArchiveError
            If the last try failed too, or it was stopped.
        """
        pauses = iter(PAUSES_S)
        while not self._stopped.is_set():
            try:
                if work():
                    return
                pauses = iter(PAUSES_S)
            except UnreachableArchiveError:
                pause = next(pauses, None)
                if pause is None or self._stopped.wait(pause):
                    raise


def in_parallel(
    jobs: Sequence[_Job], work: Callable[[_Job], None], patience: Patience, connections: int
) -> Iterator[None]:
    """Do all jobs, several at once; yields whenever some are done. The first error ends them all.

    Closing the iterator, as Ctrl-C does, ends them too: what is under way is finished or undone.
    """
    pool = ThreadPoolExecutor(connections, thread_name_prefix="pacs")
    try:
        waiting: set[Future[None]] = {pool.submit(work, job) for job in jobs}
        while waiting:
            done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
            for one in done:
                one.result()
            yield
    finally:
        patience.stop()
        pool.shutdown(cancel_futures=True)
