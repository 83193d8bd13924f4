"""Workers of a dask.distributed cluster, by the address of its scheduler."""

import importlib
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from napari_recist import __version__
from napari_recist.errors import PreparationError
from napari_recist.reading.preparing.jobs import Job, Means, Outcome, Work

ANSWER_SECONDS = 20.0
"""How long a scheduler may take to answer, and to have a worker."""


class Cluster:
    """A crew of workers that a scheduler knows, on any machine that sees images and cache.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://host:8786``.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def run(self, work: Work, jobs: Sequence[Job], means: Means) -> Generator[Outcome]:
        """Yield the outcome of every job as it comes; closing the iterator stops the work.

        Series in hand are finished by the cluster, the others are taken back. A series at which
        workers die again and again is given up by the scheduler, and told.

        Raises
        ------
        PreparationError
            If there is no cluster, or one that cannot do this work.
        """
        distributed = _distributed()
        with self._connected(distributed) as client:
            _refuse_unfit_workers(client, means.cache_folder)
            futures = {
                client.submit(_do, work, job, means, pure=False, key=_key(job, number)): job
                for number, job in enumerate(jobs)
            }
            try:
                for future in distributed.as_completed(list(futures), loop=client.loop):
                    yield _outcome(future, futures[future], distributed)
            finally:
                client.cancel(list(futures))

    def _connected(self, distributed: Any) -> Any:
        client = None
        try:
            client = distributed.Client(self.address, timeout=ANSWER_SECONDS, set_as_default=False)
            client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        except (OSError, ValueError) as error:
            if client is not None:
                client.close()
            raise PreparationError(
                f"No cluster with a worker answers at {self.address} ({error}).",
                "Start a dask scheduler and its workers, or leave --cluster out.",
            ) from error
        return client


def _distributed() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise PreparationError(
            "The library dask.distributed is not installed.",
            "Install it with pip install 'napari-recist[cluster]'.",
        ) from error


def _refuse_unfit_workers(client: Any, cache_folder: Path) -> None:
    """Refuse workers of another version, and those that do not see the cache."""
    cache_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(prefix="seen-by-all-", dir=cache_folder) as token:
        answers = client.run(_introduce, token.name, on_error="return")
    for worker, answer in answers.items():
        if answer == (__version__, True):
            continue
        if isinstance(answer, Exception):
            what = f"does not run napari-recist ({answer})"
        elif answer[0] != __version__:
            what = f"runs napari-recist {answer[0]}, here it is {__version__}"
        else:
            what = f"does not see the cache folder {cache_folder}"
        raise PreparationError(
            f"The worker {worker} {what}.",
            "Every worker needs the same version, the images and the cache (NAPARI_RECIST_CACHE).",
        )


def _introduce(token: str) -> tuple[str, bool]:
    """Tell, on a worker, its version and whether it sees a file of the cache folder."""
    return __version__, Path(token).is_file()


def _key(job: Job, number: int) -> str:
    return f"prepare-{job.visit.subject}-{job.visit.visit}-{number}"


def _do(work: Work, job: Job, means: Means) -> Outcome:
    """Do a job on a worker, within the memory its nanny allows each of its threads."""
    from distributed import get_worker  # noqa: PLC0415 - an extra, and there on a worker

    worker = get_worker()
    limit = worker.memory_manager.memory_limit
    share = limit // worker.state.nthreads if limit else None
    return work(job, replace(means, memory_bytes=share), lambda: None)


def _outcome(future: Any, job: Job, distributed: Any) -> Outcome:
    error = future.exception()
    if error is None:
        outcome: Outcome = future.result()
        return outcome
    if isinstance(error, distributed.KilledWorker):
        reason = "Workers of the cluster died at it, most likely for want of memory."
        return Outcome.failure(job, reason)
    return Outcome.failure(job, f"{type(error).__name__}: {error}")
