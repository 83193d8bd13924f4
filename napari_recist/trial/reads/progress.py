"""How far a trial is: by patient, visit and reader, and what is overdue by the schedule."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from napari_recist.trial.images.queries import open_queries
from napari_recist.trial.open_record import ReadKey
from napari_recist.trial.reads.adjudication import accepted_reader
from napari_recist.trial.record.trial_facts import FollowUpEnded, VisitRegistered
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial


class CaseState(StrEnum):
    """Where a patient stands on its way to an accepted read."""

    UNASSIGNED = "not assigned"
    QUERY = "query open"
    READING = "being read"
    READ = "read"
    """As far as somebody may know who does not see what readers stated."""
    WAITING = "read, follow-up goes on"
    DIFFERING = "waits for adjudication"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """One patient and reader: how many of the visits are signed, and the next to be read."""

    subject: str
    reader: str
    signed: int
    visits: int
    next_visit: str


def reading_progress(trial: Trial) -> Iterator[ReadProgress]:
    """Yield each patient with each of its readers, also where nothing is read yet.

    Whoever sees no status gets their own reads, of the visits open to them.
    """
    for subject in trial.subjects():
        for reader in _readers_of(trial, subject):
            read = ReadKey(subject, reader)
            scheduled, signed = trial.visits_of(read), trial.signatures(read).visits
            waiting = [one.visit for one in scheduled if one.visit not in signed]
            done = len(scheduled) - len(waiting)
            yield ReadProgress(subject, reader, done, len(scheduled), (waiting or [""])[0])


def unread(trial: Trial) -> tuple[str, ...]:
    """Return the patients with a visit to sign for whoever acts, in the order of their worklist."""
    waiting = {read.subject for read in reading_progress(trial) if read.next_visit}
    return tuple(subject for subject in trial.worklist() if subject in waiting)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something late: the scans of a visit that has not arrived, or a read that waits."""

    subject: str
    visit: str
    what: str
    due: dt.date


def overdue_scans(trial: Trial, today: dt.date, shifts: Mapping[str, int]) -> tuple[Overdue, ...]:
    """Return the visits whose images should have arrived by the schedule and have not.

    ``shifts`` tells by how many days the dates of a patient are shifted on record; the due dates
    returned are real ones. A patient whose follow-up has ended has nothing overdue.
    """
    schedule = trial.charter.schedule
    step = dt.timedelta(weeks=schedule.interval_weeks)
    ended = {subject for subject, _ in trial.stated(FollowUpEnded)}
    found = []
    for subject in trial.subjects():
        visits = trial.visits(subject)
        if subject in ended or not visits:
            continue
        baseline = visits[0].date - dt.timedelta(days=shifts.get(subject, 0))
        week = max(visit.week for visit in visits) + schedule.interval_weeks
        due = baseline + dt.timedelta(weeks=week)
        window = dt.timedelta(days=schedule.window_days)
        while due + window < today:
            found.append(Overdue(subject, f"W{week}", "images", due))
            week, due = week + schedule.interval_weeks, due + step
    return tuple(found)


def overdue_reads(trial: Trial, today: dt.date) -> tuple[Overdue, ...]:
    """Return the visits that wait for a signature longer than from one scan to the next.

    They are due one interval of the schedule after their images arrived. Days are UTC.
    """
    interval = dt.timedelta(weeks=trial.charter.schedule.interval_weeks)
    arrived: dict[tuple[str, str], dt.date] = {}
    for subject, fact, moment in trial.stated_when(VisitRegistered):
        if isinstance(fact, VisitRegistered):
            arrived.setdefault((subject, fact.scheduled.visit), moment.date())
    found = []
    for (subject, visit), day in arrived.items():
        for reader in trial.assignment(subject).readers:
            read = ReadKey(subject, reader)
            waits = {one.visit for one in trial.visits_of(read)} - trial.signatures(read).visits
            if visit in waits and day + interval < today:
                found.append(Overdue(subject, visit, f"read by {reader}", day + interval))
    return tuple(found)


def case_states(trial: Trial) -> dict[str, CaseState]:
    """Return where each patient stands."""
    asked = {query.subject for query in open_queries(trial)}
    unfinished = {read.subject for read in reading_progress(trial) if read.next_visit}
    states = {}
    for subject in trial.subjects():
        if subject in asked:
            states[subject] = CaseState.QUERY
        elif not trial.assignment(subject).readers:
            states[subject] = CaseState.UNASSIGNED
        elif subject in unfinished:
            states[subject] = CaseState.READING
        else:
            states[subject] = _state_once_read(trial, subject)
    return states


def _state_once_read(trial: Trial, subject: str) -> CaseState:
    if not trial.may(Action.SEE_READS):
        return CaseState.READ
    if trial.case_obstacle(subject):
        return CaseState.WAITING
    return CaseState.SETTLED if accepted_reader(trial, subject) else CaseState.DIFFERING


def _readers_of(trial: Trial, subject: str) -> tuple[str, ...]:
    if trial.person is not None and subject in trial.worklist():
        return (trial.person.name,)
    return trial.assignment(subject).readers
