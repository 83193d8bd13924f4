"""The steps of preparing a trial, one after the other, each by a crew of workers."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from napari_recist.reading.preparing.jobs import Job, Means, Outcome, Work
from napari_recist.reading.preparing.volume_step import prepare_volume, volume_jobs
from napari_recist.reading.registered import Progress
from napari_recist.trial import Trial


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of work on a trial: which jobs it gives, and what a worker does with each."""

    name: str
    jobs: Callable[[Trial], Iterable[Job]]
    work: Work


STEPS = (Step("volumes", volume_jobs, prepare_volume),)
"""What is made ready, in this order: a step finds what those before it have made."""


class Crew(Protocol):
    """Those who do the work: processes of this machine, or a cluster."""

    def run(self, work: Work, jobs: Sequence[Job], means: Means) -> Generator[Outcome]:
        """Yield the outcome of every job as it comes; closing the iterator stops the work."""
        ...


def prepare_trial(
    trial: Trial, crew: Crew, means: Means, progress: Progress | None = None
) -> Generator[Outcome]:
    """Make a trial ready for reading; yield the outcome of every job as it comes.

    What is ready already costs next to nothing, so a run that was stopped goes on where it was.

    Parameters
    ----------
    trial : Trial
        Its registered visits are made ready.
    crew : Crew
        Who works.
    means : Means
        What a worker may use.
    progress : callable, optional
        Called with jobs done and jobs in all, of each step.
    """
    for step in STEPS:
        jobs = tuple(step.jobs(trial))
        with closing(crew.run(step.work, jobs, means)) as outcomes:
            for done, outcome in enumerate(outcomes, start=1):
                if progress:
                    progress(done, len(jobs))
                yield outcome
