"""A reader's own patients in their own order, and what is left to do of each now."""

from dataclasses import dataclass
from enum import StrEnum

from napari_recist.criteria import replay
from napari_recist.reading.signatures_shown import why_reopened
from napari_recist.trial import Trial
from napari_recist.trial.reads.global_review import why_no_review


class Left(StrEnum):
    """What is left to do of a patient; how many visits are to come is not told."""

    NOTHING = "nothing to read now"
    VISIT = "to be read"
    REOPENED = "re-opened"
    REVIEW = "global review"


@dataclass(frozen=True, slots=True)
class MyPatient:
    """One patient: the visit that is next ("" for none), and why it was re-opened."""

    subject: str
    left: Left
    week: int | None = None
    reason: str = ""


def my_patients(trial: Trial) -> tuple[MyPatient, ...]:
    """Return the patients assigned to whoever acts, in the order of their worklist."""
    return tuple(_patient(trial, subject) for subject in trial.worklist())


def _patient(trial: Trial, subject: str) -> MyPatient:
    events = trial.events(subject, trial.actor)
    read = replay(events)
    signed = {visit.identifier for visit in read.visits if visit.signed}
    open_ = [visit for visit in trial.visits(subject) if visit.visit not in signed]
    if read.reviewing:
        return MyPatient(subject, Left.REVIEW)
    if open_:
        why = why_reopened(events, open_[0].visit)
        left = Left.REOPENED if why else Left.VISIT
        return MyPatient(subject, left, open_[0].week, why)
    left = Left.NOTHING if why_no_review(trial, read) else Left.REVIEW
    return MyPatient(subject, left)
