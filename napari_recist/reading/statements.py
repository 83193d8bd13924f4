"""What a reader may say of lesions at a visit: each function gives the fact, or says why not."""

from collections.abc import Iterable

from napari_recist.criteria import (
    STATUSES_OF_ROLE,
    Advice,
    AdviceOverridden,
    Event,
    Lesion,
    LesionAdded,
    LesionWithdrawn,
    ObservationWithdrawn,
    Read,
    Role,
    Status,
    StatusStated,
    WhyNotEvaluable,
    effective,
)
from napari_recist.errors import LockedError, ReadError

NAME_OF_ROLE = {Role.TARGET: "T", Role.NON_TARGET: "NT", Role.NEW: "N"}
"""First letters of a lesion's automatic name."""

AT_BASELINE = {
    Role.TARGET: frozenset({Status.MEASURED}),
    Role.NON_TARGET: frozenset({Status.PRESENT}),
    Role.NEW: frozenset[Status](),
}
"""What can be said at baseline: the lesions are there, for they are being listed (L-1, L-4)."""

BY_CALIPER = frozenset({Status.MEASURED, Status.SPLIT})
"""Statuses that follow from a drawn caliper and are never stated by word."""


def next_name(events: Iterable[Event], role: Role) -> str:
    """Return the automatic name of the next lesion of this role: T1, NT2, N1.

    The name of a withdrawn lesion is not given again, so that the record reads without doubt.
    """
    taken = sum(
        isinstance(event.fact, LesionAdded) and event.fact.lesion.role is role
        for event in effective(events)
    )
    return f"{NAME_OF_ROLE[role]}{taken + 1}"


def added(read: Read, visit: str, lesion: Lesion, *, at_baseline: bool) -> LesionAdded:
    """Return the fact that a lesion joins the list (targets and non-targets at baseline: L-5)."""
    if lesion.role is Role.NEW and at_baseline:
        raise ReadError(
            f"At baseline of {read.subject} no lesion is new.",
            "Add it as a target or non-target.",
        )
    if lesion.role is not Role.NEW and not at_baseline:
        raise ReadError(
            f"{visit} of {read.subject}: the list of targets and non-targets is closed since "
            "baseline (L-5).",
            "A lesion that was not there before is added as new.",
        )
    return LesionAdded(visit, lesion)


def withdrawn(read: Read, lesion: str, reason: str) -> LesionWithdrawn:
    """Return the fact that a lesion leaves the list, unless a signed visit speaks of it."""
    known(read, lesion)
    for visit in read.visits:
        listed_here = read.added_at[lesion] == visit.identifier
        if visit.signed and (listed_here or read.observation(visit.identifier, lesion)):
            raise LockedError(
                f"{lesion} of {read.subject} stands in {visit.identifier}, which is signed.",
                "Say at this visit what became of it.",
            )
    return LesionWithdrawn(lesion, given(reason, f"Withdrawing {lesion}"))


def observation_withdrawn(read: Read, visit: str, lesion: str, reason: str) -> ObservationWithdrawn:
    """Return the fact that what was said of a lesion at this visit is taken back."""
    known(read, lesion)
    if read.observation(visit, lesion) is None:
        raise ReadError(f"Nothing was said of {lesion} at {visit} of {read.subject}.")
    return ObservationWithdrawn(
        visit, lesion, given(reason, f"Taking back what was said of {lesion}")
    )


def overridden(
    advice: tuple[Advice, ...], visit: str, rule: str, lesion: str, reason: str
) -> AdviceOverridden:
    """Return the fact that a piece of standing advice is not followed, and why."""
    for one in advice:
        finding = one.finding
        if (finding.rule, finding.lesion) == (rule, lesion):
            why = given(reason, f"Doing otherwise than {rule} advises")
            return AdviceOverridden(visit, rule, lesion, finding.message, why)
    about = f" on {lesion}" if lesion else ""
    raise ReadError(f"There is no advice by {rule}{about} at {visit}.")


def stated(read: Read, fact: StatusStated, *, at_baseline: bool) -> StatusStated:
    """Return the fact if its status suits the lesion's role and this visit."""
    lesion = known(read, fact.lesion)
    allowed = AT_BASELINE[lesion.role] if at_baseline else STATUSES_OF_ROLE[lesion.role]
    if fact.status in BY_CALIPER & allowed:
        raise ReadError(
            f"{fact.lesion} of {read.subject} counts as {fact.status.value} once its diameter is "
            "drawn.",
            "Draw it.",
        )
    if fact.status not in allowed:
        words = ", ".join(sorted(status.value for status in allowed)) or "nothing"
        raise ReadError(
            f"{fact.lesion} of {read.subject} is a {lesion.role.value} lesion and cannot be "
            f"{fact.status.value} at {fact.visit}.",
            f"Possible: {words}.",
        )
    if fact.status is Status.NOT_EVALUABLE and fact.code in {None, WhyNotEvaluable.OTHER}:
        given(fact.reason, f"{fact.lesion}: not evaluable")
    if fact.status is Status.MERGED:
        _refuse_wrong_merger(read, fact)
    if fact.status is Status.RESOLVED and read.added_at[fact.lesion] == fact.visit:
        raise ReadError(
            f"{fact.lesion} of {read.subject} was first seen at {fact.visit}.",
            "If it is no lesion, withdraw it.",
        )
    return fact


def known(read: Read, lesion: str) -> Lesion:
    """Return the lesion of this name, or refuse."""
    for listed in read.lesions:
        if listed.identifier == lesion:
            return listed
    raise ReadError(f"{read.subject} has no lesion {lesion} in this read.", "Add it first.")


def _refuse_wrong_merger(read: Read, fact: StatusStated) -> None:
    into = known(read, fact.into)
    if into.role is not Role.TARGET or fact.into == fact.lesion:
        raise ReadError(f"{fact.lesion} can only merge into another target (R-16).")
    for (visit, other), said in read.observations.items():
        if visit == fact.visit and said.into == fact.lesion:
            raise ReadError(
                f"{other} is said to have merged into {fact.lesion} at {fact.visit}.",
                f"Say what became of {other} first.",
            )
    beside = read.observation(fact.visit, fact.into)
    if beside is not None and beside.status is Status.MERGED:
        raise ReadError(
            f"{fact.into} has itself merged into {beside.into} at {fact.visit}.",
            f"Say that {fact.lesion} merged into {beside.into}.",
        )


def given(reason: str, act: str) -> str:
    """Return a reason in one line, or refuse where there is none."""
    if not reason.strip():
        raise ReadError(f"{act} needs a reason.", "Give one in a few words.")
    return in_one_line(reason)


def in_one_line(text: str) -> str:
    """Return text without line breaks, control characters and outer blanks, as a cell holds it."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
