"""The global review: all visits of a patient looked at together once more, with its own lock."""

from napari_recist import __version__
from napari_recist.criteria import (
    Event,
    GlobalReviewBegun,
    GlobalReviewSigned,
    Read,
    assess_read,
    replay,
)
from napari_recist.errors import LockedError, ReadError
from napari_recist.trial.reads.signing import read_hash
from napari_recist.trial.trial import Trial

MEANING = "I have reviewed all visits of this patient together, and this is my assessment."
"""What the signature under a global review says; recorded with it."""


def why_no_review(trial: Trial, read: Read) -> str:
    """Return why a global review cannot begin, "" where it can."""
    if not trial.charter_of(trial.events(read.subject, trial.actor)).charter.read.global_review:
        return "The charter has no global review."
    if read.reviewing or read.reviewed:
        return f"The global review of {read.subject} has begun already."
    signed = {visit.identifier for visit in read.visits if visit.signed}
    if signed != {visit.visit for visit in trial.visits(read.subject)} or not signed:
        return f"Not every visit of {read.subject} is signed."
    return ""


def begin_review(trial: Trial, read: Read, last_known: int) -> Event:
    """Open all visits of a finished read to its reader; what was signed stays on record.

    Raises
    ------
    ReadError
        If the charter has no such review, or a visit is not signed.
    """
    obstacle = why_no_review(trial, read)
    if obstacle:
        raise ReadError(obstacle, "Sign every visit first.")
    return trial.append(read.subject, GlobalReviewBegun(), last_known=last_known)


def sign_review(trial: Trial, read: Read, password: str, last_known: int) -> tuple[Event, ...]:
    """Sign every visit of a reviewed read again, then the review itself, with one password.

    Interrupted half-way, it goes on with the visits that are not signed yet.

    Raises
    ------
    LockedError
        If no review is open.
    SignatureRefusedError
        If the password is wrong.
    """
    if not read.reviewing:
        raise LockedError(f"No global review of {read.subject} is open.", "Begin it first.")
    version = trial.charter_of(trial.events(read.subject, trial.actor))
    assessment = assess_read(read, version.charter)
    events: list[Event] = []
    for visit in read.visits:
        if visit.signed is None:
            signature = trial.sign(
                read,
                assessment.visit(visit.identifier),
                password=password,
                meaning=MEANING,
                last_known=events[-1].sequence if events else last_known,
            )
            events.append(signature)
    signed = GlobalReviewSigned(
        signer=trial.actor,
        meaning=MEANING,
        content_hash=read_hash(read, assessment),
        charter_hash=version.charter_hash,
        chain_head="",
        software=__version__,
    )
    last = events[-1].sequence if events else last_known
    events.append(trial.append(read.subject, signed, last_known=last))
    return tuple(events)


def originals(events: tuple[Event, ...]) -> Read:
    """Return a read as it was signed before its global review, or as it is without one."""
    return replay(before_review(events))


def before_review(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return what was stated before the first global review of a read, all of it without one."""
    for place, event in enumerate(events):
        if isinstance(event.fact, GlobalReviewBegun):
            return events[:place]
    return events
