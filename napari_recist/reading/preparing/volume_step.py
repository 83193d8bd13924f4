"""Makes one series ready: its headers found, its passport written, its volume in the cache."""

import math
from collections.abc import Iterator

from napari_recist.errors import ImageError
from napari_recist.imaging import Series
from napari_recist.imaging.cache import VolumeCache
from napari_recist.imaging.volume import shape_of
from napari_recist.reading.preparing.jobs import Check, Job, Means, Outcome, State
from napari_recist.reading.registered import registered_series
from napari_recist.trial import Trial

WORKER_BYTES = 1 << 29
"""What a worker takes before it loads a volume: the program itself and its threads."""

GIB = 1 << 30

BYTES_PER_VOXEL = 4
"""Of the widest type a volume is kept in, float32."""


class _CannotBeKeptError(Exception):
    """The series can be read, but its volume cannot be made or kept with these means."""


def volume_jobs(trial: Trial) -> Iterator[Job]:
    """Yield a job for every series of every registered visit, patient by patient."""
    for subject in trial.subjects():
        for visit in trial.visits(subject):
            for entry in visit.series:
                yield Job.of(visit, entry)


def prepare_volume(job: Job, means: Means, check: Check) -> Outcome:
    """Put the volume of a series into the cache, unless it is there.

    Whatever is wrong with the series is its outcome and no exception: the rest goes on. Only what
    ``check`` raises is passed on.
    """
    series = None
    try:
        series = registered_series(job.visit, job.entry, lambda _done, _total: check())
        state = _made(series, VolumeCache(means.cache_folder, means.cache_bytes), means, check)
    except (ImageError, _CannotBeKeptError) as error:
        return Outcome.failure(job, str(error), series)
    except MemoryError:
        return Outcome.failure(job, _too_large(means), series)
    return Outcome.success(job, state, series)


def _made(series: Series, cache: VolumeCache, means: Means, check: Check) -> State:
    if cache.holds(series):
        return State.ALREADY
    needed = WORKER_BYTES + math.prod(shape_of(series)) * BYTES_PER_VOXEL
    if means.memory_bytes is not None and needed > means.memory_bytes:
        raise _CannotBeKeptError(_too_large(means))
    cache.load(series, lambda _done, _total: check())
    if not cache.holds(series):
        trouble = cache.trouble or "it is larger than the cache may be"
        raise _CannotBeKeptError(f"Read, but not kept in {cache.folder}: {trouble}.")
    return State.PREPARED


def _too_large(means: Means) -> str:
    share = "" if means.memory_bytes is None else f", {means.memory_bytes / GIB:.1f} GiB"
    return f"It needs more memory than a worker may take{share}; use fewer workers."
