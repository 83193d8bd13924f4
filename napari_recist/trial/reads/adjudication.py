"""Settles a patient whose readers differ: one whole read is accepted, with a reason, and signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from napari_recist import __version__
from napari_recist.criteria import Event, assess_read, discordances, replay
from napari_recist.errors import ReadError, RecordError
from napari_recist.trial.reads.adjudication_codes import AdjudicationReason, Choice
from napari_recist.trial.reads.cases import READ_NAMES, CaseRead, case_hash, order_on_table
from napari_recist.trial.reasons import in_one_line, reason_given
from napari_recist.trial.record.trial_facts import AdjudicationWithdrawn, CaseAdjudicated
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial

MEANING = "I have compared both reads on the images, blinded, and this is my decision."
"""What an adjudicator's signature says; recorded with it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an adjudicator decides: which read, why (coded), and more in words."""

    choice: Choice
    reason: AdjudicationReason
    comment: str = ""


def calls_for_adjudication(trial: Trial, reads: Sequence[CaseRead]) -> bool:
    """Return whether two finished reads differ in what the charter names as a trigger."""
    if len(reads) < 2:  # noqa: PLR2004 - one read differs from nothing
        return False
    first, second = (
        assess_read(replay(read.events), trial.charter_of(read.events).charter)
        for read in reads[:2]
    )
    return bool(discordances(first, second, trial.charter))


def adjudicate(trial: Trial, subject: str, verdict: Verdict, password: str) -> Event:
    """Record and sign which read of a patient is accepted.

    Raises
    ------
    AccessRefusedError
        If whoever acts does not adjudicate this patient, or its reads are not finished.
    ReadError
        If the reads do not differ, the reason "other" has no comment, or an own read is chosen
        that the charter does not allow or that is not finished.
    RecordError
        If the patient is adjudicated already.
    SignatureRefusedError
        If the password is wrong.
    """
    trial.require(Action.ADJUDICATE)
    reads = trial.case(subject)
    if standing(trial, subject):
        raise RecordError(
            f"{subject} is adjudicated already.", "Ask the administrator to withdraw that first."
        )
    if not calls_for_adjudication(trial, reads):
        raise ReadError(f"The reads of {subject} do not differ in what the charter names.")
    comment = in_one_line(verdict.comment)
    if verdict.reason is AdjudicationReason.OTHER and not comment:
        raise ReadError(f"The reason 'other' for {subject} needs a comment.", "Say why.")
    if verdict.choice is Choice.OWN:
        _refuse_unfinished_own(trial, subject)
    trial.check_password(password)
    fact = CaseAdjudicated(
        chosen=verdict.choice,
        reason=verdict.reason,
        comment=comment,
        signer=trial.actor,
        meaning=MEANING,
        content_hash=case_hash(reads),
        charter_hash=trial.charter_of(reads[0].events).charter_hash,
        chain_head="",
        software=__version__,
    )
    return trial.state(Action.ADJUDICATE, subject, fact)


def withdraw_adjudication(trial: Trial, subject: str, reason: str) -> None:
    """Take back that a patient is settled, with a reason; the decision stays on record."""
    if not standing(trial, subject):
        raise RecordError(f"{subject} is not adjudicated.")
    why = reason_given(reason, f"Withdrawing the adjudication of {subject}")
    trial.state(Action.REOPEN, subject, AdjudicationWithdrawn(why))


def standing(trial: Trial, subject: str) -> CaseAdjudicated | None:
    """Return the adjudication of a patient that counts, ``None`` where there is none."""
    found: CaseAdjudicated | None = None
    for _, fact in trial.stated(CaseAdjudicated, AdjudicationWithdrawn, subject=subject):
        found = fact if isinstance(fact, CaseAdjudicated) else None
    return found


def accepted_read(trial: Trial, subject: str) -> CaseRead | None:
    """Return the read of a patient that counts, nobody being named; ``None`` while that is open.

    The only reader's; of reads that agree the one that is shown first; else the one adjudicated.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not see finished reads of this patient, or they are not finished.
    """
    reads = trial.case(subject)
    adjudicated = standing(trial, subject)
    if adjudicated is None:
        return None if calls_for_adjudication(trial, reads) else reads[0]
    if adjudicated.chosen is Choice.OWN:
        return trial.own_read(subject, adjudicated.signer)
    return next(read for read in reads if read.choice is adjudicated.chosen)


def accepted_reader(trial: Trial, subject: str) -> str:
    """Return whose read counts for a patient, as :func:`accepted_read`: "" while that is open."""
    readers = trial.assignment(subject).readers
    if len(readers) == 1:
        return readers[0]
    if trial.case_obstacle(subject):
        return ""
    adjudicated = standing(trial, subject)
    if adjudicated is not None and adjudicated.chosen is Choice.OWN:
        return adjudicated.signer
    read = accepted_read(trial, subject)
    if read is None:
        return ""
    return order_on_table(trial.uid, subject, readers)[READ_NAMES.index(read.choice)]


def _refuse_unfinished_own(trial: Trial, subject: str) -> None:
    if not trial.charter.read.adjudicator_reads:
        raise ReadError("The charter has an adjudicator choose one of the two reads.")
    own = replay(trial.events(subject, trial.actor))
    signed = {visit.identifier for visit in own.visits if visit.signed}
    if not signed or signed != {visit.visit for visit in trial.visits(subject)}:
        raise ReadError(
            f"Your own read of {subject} is not finished.", "Sign every visit of it first."
        )
