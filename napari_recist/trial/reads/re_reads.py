"""Blinded re-reads: a patient comes to the same reader again under another code."""

from dataclasses import replace

from napari_recist.errors import RecordError
from napari_recist.trial.open_record import ReadKey
from napari_recist.trial.record.trial_facts import (
    FollowUpEnded,
    ReadAssigned,
    ReReadScheduled,
    VisitRegistered,
)
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial


def schedule_re_read(trial: Trial, alias: str, subject: str, reader: str) -> None:
    """Let a reader read a patient again without knowing it, to learn how well reads repeat.

    Parameters
    ----------
    trial : Trial
        The open trial.
    alias : str
        The code under which the patient comes: one that looks like the others and is not taken.
    subject, reader : str
        A finished read.

    Raises
    ------
    AccessRefusedError
        If the person acting may not schedule re-reads.
    RecordError
        If the code is taken, or the read is not finished or is to be repeated already.
    """
    trial.require(Action.SCHEDULE_RE_READ)
    scheduled = trial.re_reads()
    if alias in {*trial.subjects(), *scheduled} or not alias.strip():
        raise RecordError(f"{alias!r} cannot be the code of a re-read: it is taken or blank.")
    if any((one.of_subject, one.reader) == (subject, reader) for one in scheduled.values()):
        raise RecordError(f"{reader} reads {subject} again already.")
    read = ReadKey(subject, reader)
    visits, signed = trial.visits_of(read), trial.signatures(read).visits
    if not visits or {visit.visit for visit in visits} - signed:
        raise RecordError(
            f"{reader} has not finished {subject}.", "Wait until every visit is signed."
        )
    act = Action.SCHEDULE_RE_READ
    trial.state(act, subject, ReReadScheduled(alias, subject, reader))
    for visit in visits:
        trial.state(act, alias, VisitRegistered(replace(visit, subject=alias)))
    trial.state(act, alias, FollowUpEnded("read again"))
    trial.state(act, alias, ReadAssigned(reader))
