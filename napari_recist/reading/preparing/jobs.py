"""What a worker is given, what it may use, and what came of it; all of it travels by pickle."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from napari_recist.imaging import Finding, Series
from napari_recist.imaging.volume import shape_of
from napari_recist.trial import ScheduledVisit, SeriesEntry

LEAST_BYTES_PER_VOXEL = 2


class State(StrEnum):
    """What came of a job."""

    PREPARED = "prepared"
    ALREADY = "already"
    """It was prepared before, so nothing was done."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One series of one visit; ``visit`` holds this series alone."""

    visit: ScheduledVisit

    @classmethod
    def of(cls, visit: ScheduledVisit, entry: SeriesEntry) -> "Job":
        """Return the job for a series of a visit."""
        return cls(replace(visit, series=(entry,)))

    @property
    def entry(self) -> SeriesEntry:
        """The series, as registered."""
        return self.visit.series[0]


@dataclass(frozen=True, slots=True)
class Means:
    """What a worker may use.

    Parameters
    ----------
    cache_folder : Path
        Where the volume cache lies; every worker sees the same folder.
    cache_bytes : int
        What the cache may take.
    memory_bytes : int or None
        What the worker may take of memory; None where nothing limits it.
    """

    cache_folder: Path
    cache_bytes: int
    memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Parameters
    ----------
    verdict : str
        Of the series' passport: green, amber or blocked; empty where there is none.
    findings : tuple of Finding
        Of the passport.
    reason : str
        Why it failed; empty otherwise.
    least_bytes : int
        What the volume takes in the cache at least, as int16.
    """

    job: Job
    state: State
    verdict: str = ""
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    least_bytes: int = 0

    @classmethod
    def success(cls, job: Job, state: State, series: Series) -> "Outcome":
        """Return that a job is done, with the passport of its series."""
        least = math.prod(shape_of(series)) * LEAST_BYTES_PER_VOXEL
        verdict, findings = str(series.passport.verdict), series.passport.findings
        return cls(job, state, verdict, findings, least_bytes=least)

    @classmethod
    def failure(cls, job: Job, reason: str, series: Series | None = None) -> "Outcome":
        """Return that a job failed and why, with the passport as far as there is one."""
        if series is None:
            return cls(job, State.FAILED, reason=reason)
        passport = series.passport
        return cls(job, State.FAILED, str(passport.verdict), passport.findings, reason)


Check: TypeAlias = Callable[[], None]
"""Called between slices by the one who works; raises when the work has to stop."""

Work: TypeAlias = Callable[[Job, Means, Check], Outcome]
"""What a worker does with one job: a function of a module, so that it can travel."""
