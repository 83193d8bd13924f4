"""Opens a signed visit again, after taking back what rests on it."""

from napari_recist.criteria import VisitReopened
from napari_recist.errors import RecordError
from napari_recist.trial.open_record import ReadKey
from napari_recist.trial.reads.adjudication import standing, withdraw_adjudication
from napari_recist.trial.reasons import reason_given
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial


def reopen(trial: Trial, read: ReadKey, visit: str, reason: str) -> tuple[str, ...]:
    """Open a signed visit of a reader again; return the visits opened, last one first.

    What depends on it goes first: an adjudication of the patient is withdrawn, then the visits
    signed later are opened from the last one backwards. So whenever this is interrupted, nothing
    stands that rests on an open visit. The old signatures stay on record.

    Raises
    ------
    AccessRefusedError
        If the person acting may not re-open visits.
    RecordError
        If the visit is not signed, or there is no reason.
    """
    trial.require(Action.REOPEN)
    signed = trial.signatures(read).visits
    if visit not in signed:
        raise RecordError(f"{visit} of {read.subject} by {read.reader} is not signed.")
    why = reason_given(reason, f"Re-opening {visit} of {read.subject}")
    if standing(trial, read.subject):
        withdraw_adjudication(trial, read.subject, f"{visit} by {read.reader} was re-opened: {why}")
    later = _signed_later(trial, read, visit)
    for label in later:
        dependent = VisitReopened(label, f"{visit} before it was re-opened: {why}")
        trial.state_in_read(Action.REOPEN, read, dependent)
    trial.state_in_read(Action.REOPEN, read, VisitReopened(visit, why))
    return (*later, visit)


def withdrawn_with(trial: Trial, read: ReadKey, visit: str) -> tuple[tuple[str, ...], bool]:
    """Return what :func:`reopen` would take back first: later visits, an adjudication."""
    return _signed_later(trial, read, visit), standing(trial, read.subject) is not None


def _signed_later(trial: Trial, read: ReadKey, visit: str) -> tuple[str, ...]:
    """Return the signed visits after this one, last one first."""
    signed = trial.signatures(read).visits
    labels = [scheduled.visit for scheduled in trial.visits(read.subject)]
    later = labels[labels.index(visit) + 1 :]
    return tuple(label for label in reversed(later) if label in signed)
