"""Assigns patients to readers and adjudicators, one by one or all that wait."""

from napari_recist.errors import RecordError
from napari_recist.trial.images.queries import open_queries
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.assignments import Assignment, balanced, shuffled
from napari_recist.trial.reasons import reason_given
from napari_recist.trial.record.trial_facts import (
    AdjudicatorAssigned,
    AssignmentWithdrawn,
    ReadAssigned,
)
from napari_recist.trial.staff.access import Action
from napari_recist.trial.staff.roles import TrialRole
from napari_recist.trial.trial import Trial


def assign(trial: Trial, subject: str, reader: str) -> None:
    """Let a reader read a patient; the same again records nothing.

    Raises
    ------
    RecordError
        If there is no such patient or reader, the reader adjudicates the patient, or text burned
        into its images is still suspected.
    AccessRefusedError
        If the person acting may not assign.
    """
    trial.require(Action.ASSIGN)
    _refuse_unknown(trial, subject, reader, TrialRole.READER)
    before = trial.assignment(subject)
    if reader in before.readers:
        return
    for query in open_queries(trial, subject):
        if query.code is QueryCode.BURNED_IN_TEXT:
            raise RecordError(
                f"{subject} cannot be assigned: query {query.identifier} is open ({query.code}).",
                "Settle it first; readers must not see a name in a picture.",
            )
    trial.state(Action.ASSIGN, subject, ReadAssigned(reader))


def assign_adjudicator(trial: Trial, subject: str, adjudicator: str) -> None:
    """Let an adjudicator settle a patient; raises as :func:`assign`."""
    trial.require(Action.ASSIGN)
    _refuse_unknown(trial, subject, adjudicator, TrialRole.ADJUDICATOR)
    before = trial.assignment(subject)
    if adjudicator in {read.reader for read in trial.reads() if read.subject == subject}:
        raise RecordError(
            f"{adjudicator} has read {subject} and cannot adjudicate it.",
            "Choose somebody who never read this patient.",
        )
    if before.adjudicator != adjudicator:
        trial.state(Action.ASSIGN, subject, AdjudicatorAssigned(adjudicator))


def withdraw_assignment(trial: Trial, subject: str, name: str, reason: str) -> None:
    """Take a patient from a person, with a reason; what was stated of it stays on record."""
    before = trial.assignment(subject)
    if name not in {*before.readers, before.adjudicator} or not name:
        raise RecordError(f"{subject} is not assigned to {name!r}.")
    why = reason_given(reason, f"Taking {subject} from {name}")
    trial.state(Action.ASSIGN, subject, AssignmentWithdrawn(name, why))


def assign_waiting(trial: Trial) -> tuple[Assignment, ...]:
    """Assign every patient without enough readers by chance and evenly; return what was done.

    A patient with an open query about burned-in text waits. The adjudicators take turns.
    """
    each = trial.charter.read.readers
    staff = trial.people()
    readers = staff.of_role(TrialRole.READER)
    if len(readers) < each:
        raise RecordError(
            f"The charter asks for {each} readers; the trial has {len(readers)}.",
            "Admit more with trial users.",
        )
    adjudicators = staff.of_role(TrialRole.ADJUDICATOR)
    held = {
        query.subject for query in open_queries(trial) if query.code is QueryCode.BURNED_IN_TEXT
    }
    known = trial.assignments()
    waiting = [one for one in trial.subjects() if one not in held and one not in known]
    made = []
    for number, one in enumerate(
        balanced(shuffled(waiting, trial.uid), readers, each, known.values())
    ):
        for reader in one.readers:
            assign(trial, one.subject, reader)
        if adjudicators:
            chosen = adjudicators[(len(known) + number) % len(adjudicators)]
            assign_adjudicator(trial, one.subject, chosen)
        made.append(trial.assignment(one.subject))
    return tuple(made)


def _refuse_unknown(trial: Trial, subject: str, name: str, role: TrialRole) -> None:
    if subject not in trial.subjects():
        raise RecordError(f"The trial has no patient {subject!r}.", "Import its images first.")
    if name not in trial.people().of_role(role):
        known = ", ".join(trial.people().of_role(role)) or "none yet"
        raise RecordError(f"The trial has no {role} {name!r}.", f"Known: {known}.")
