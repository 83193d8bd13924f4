"""Takes from an open trial what its quality of reading is judged by."""

import datetime as dt
from dataclasses import replace

from napari_recist.criteria import Event, VisitSigned, assess_read, replay
from napari_recist.reading.reader_quality import FinishedRead, TrialQuality, trial_quality
from napari_recist.statistics.re_reads import (
    EarlierPlans,
    PlannedReRead,
    ReadCase,
    ReReadSettings,
    plan_re_reads,
)
from napari_recist.trial.reads.adjudication import standing
from napari_recist.trial.reads.adjudication_codes import Choice
from napari_recist.trial.reads.cases import READ_NAMES, order_on_table
from napari_recist.trial.trial import Trial


def quality_of(trial: Trial, *, planned_reads: int = 0) -> TrialQuality:
    """Return the quality of reading of a trial, from the patients whose reads are all finished.

    Parameters
    ----------
    trial : Trial
        Open to somebody who may see all reads.
    planned_reads : int
        Primary reads the trial will have in all; those assigned by now where it is not given.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not see all reads.
    """
    aliases = trial.re_reads()
    assigned = {
        subject: assignment.readers
        for subject, assignment in sorted(trial.assignments().items())
        if subject not in aliases
    }
    finished = [subject for subject in assigned if not trial.case_obstacle(subject)]
    return trial_quality(
        [_finished(trial, subject, reader) for subject in finished for reader in assigned[subject]],
        {
            subject: found
            for subject in finished
            if (found := _sided_with(trial, subject)) is not None
        },
        trial.charter,
        planned_reads=planned_reads or sum(map(len, assigned.values())),
        re_reads=[
            _as_patient(_finished(trial, alias, one.reader), one.of_subject)
            for alias, one in sorted(aliases.items())
            if not trial.case_obstacle(alias)
        ],
    )


def planned_re_reads(trial: Trial, seed: int) -> tuple[PlannedReRead, ...]:
    """Return which reads of the trial are to be read again blinded, by the charter's settings.

    What is scheduled already counts, so that asking again adds only for what was read since.
    """
    quality = trial.charter.quality
    settings = ReReadSettings(
        share=quality.re_read_percent / 100, min_days=quality.re_read_min_days
    )
    scheduled = trial.re_reads()
    cases = [
        ReadCase(subject, reader, str(one.assessment.best.best_response), one.finished)
        for subject, assignment in sorted(trial.assignments().items())
        if subject not in scheduled and not trial.case_obstacle(subject)
        for reader in assignment.readers
        for one in [_finished(trial, subject, reader)]
    ]
    earlier = EarlierPlans(
        frozenset((one.of_subject, one.reader) for one in scheduled.values()),
        frozenset({*trial.subjects(), *scheduled}),
    )
    return plan_re_reads(cases, settings, seed, earlier)


def _finished(trial: Trial, subject: str, reader: str) -> FinishedRead:
    events = trial.events(subject, reader)
    read = replay(events)
    charter = trial.charter_of(events).charter
    return FinishedRead(read, assess_read(read, charter), _last_signature(events).date())


def _last_signature(events: tuple[Event, ...]) -> dt.datetime:
    return max(event.recorded_at for event in events if isinstance(event.fact, VisitSigned))


def _sided_with(trial: Trial, subject: str) -> frozenset[str] | None:
    """Return with whom the adjudicator agreed, ``None`` where the patient is not adjudicated."""
    adjudicated = standing(trial, subject)
    if adjudicated is None:
        return None
    if adjudicated.chosen is Choice.OWN:
        return frozenset()
    order = order_on_table(trial.uid, subject, trial.assignment(subject).readers)
    return frozenset({order[READ_NAMES.index(adjudicated.chosen)]})


def _as_patient(one: FinishedRead, subject: str) -> FinishedRead:
    """Return a blinded re-read under the patient's own code."""
    return replace(
        one,
        read=replace(one.read, subject=subject),
        assessment=replace(one.assessment, subject=subject),
    )
