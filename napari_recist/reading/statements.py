"""What a reader may say of lesions at a visit: each function gives the fact, or says why not."""

from collections.abc import Iterable

from napari_recist.criteria import (
    STATUSES_OF_ROLE,
    Advice,
    AdviceOverridden,
    Event,
    Lesion,
    LesionAdded,
    LesionCorrected,
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
from napari_recist.reading.coded_words import ROLE_WORDS, STATUS_WORDS
from napari_recist.translation import _
from napari_recist.trial.reasons import in_one_line

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
            _("At baseline of {subject} no lesion is new.", subject=read.subject),
            _("Add it as a target or non-target."),
        )
    if lesion.role is not Role.NEW and not at_baseline:
        raise ReadError(
            _(
                "{visit} of {subject}: the list of targets and non-targets is closed since "
                "baseline (L-5).",
                visit=visit,
                subject=read.subject,
            ),
            _("A lesion that was not there before is added as new."),
        )
    return LesionAdded(visit, lesion)


def withdrawn(read: Read, lesion: str, reason: str) -> LesionWithdrawn:
    """Return the fact that a lesion leaves the list, unless a signed visit speaks of it."""
    known(read, lesion)
    _refuse_signed(read, lesion)
    return LesionWithdrawn(lesion, given(reason, _("Withdrawing {lesion}", lesion=lesion)))


def corrected(read: Read, visit: str, lesion: Lesion, reason: str) -> LesionCorrected:
    """Return the fact that the list says something else of a lesion from now on.

    Raises
    ------
    LockedError
        If a signed visit speaks of the lesion.
    ReadError
        If nothing changes, its role does, or it would be a node and was measured as none (or the
        other way round): its diameter is another one then.
    """
    name, before = lesion.identifier, known(read, lesion.identifier)
    _refuse_signed(read, name)
    if lesion == before:
        raise ReadError(_("{lesion} is what the list says already.", lesion=name))
    if lesion.role is not before.role:
        raise ReadError(
            _("{lesion} keeps its role.", lesion=name), _("Take it off the list and add it anew.")
        )
    measured = any(of == name and said.calipers for (_at, of), said in read.observations.items())
    if measured and lesion.node is not before.node:
        raise ReadError(
            _("{lesion} is measured: of a node the short axis counts, else the long.", lesion=name),
            _("Take back its measurement first."),
        )
    why = given(reason, _("Correcting {lesion}", lesion=name))
    return LesionCorrected(visit, lesion, why)


def _refuse_signed(read: Read, lesion: str) -> None:
    for visit in read.visits:
        listed_here = read.added_at[lesion] == visit.identifier
        if visit.signed and (listed_here or read.observation(visit.identifier, lesion)):
            raise LockedError(
                _(
                    "{lesion} of {subject} stands in {visit}, which is signed.",
                    lesion=lesion,
                    subject=read.subject,
                    visit=visit.identifier,
                ),
                _("Say at this visit what became of it."),
            )


def observation_withdrawn(read: Read, visit: str, lesion: str, reason: str) -> ObservationWithdrawn:
    """Return the fact that what was said of a lesion at this visit is taken back."""
    known(read, lesion)
    if read.observation(visit, lesion) is None:
        raise ReadError(
            _(
                "Nothing was said of {lesion} at {visit} of {subject}.",
                lesion=lesion,
                visit=visit,
                subject=read.subject,
            )
        )
    return ObservationWithdrawn(
        visit,
        lesion,
        given(reason, _("Taking back what was said of {lesion}", lesion=lesion)),
    )


def overridden(
    advice: tuple[Advice, ...], visit: str, rule: str, lesion: str, reason: str
) -> AdviceOverridden:
    """Return the fact that a piece of standing advice is not followed, and why."""
    for one in advice:
        finding = one.finding
        if (finding.rule, finding.lesion) == (rule, lesion):
            why = given(reason, _("Doing otherwise than {rule} advises", rule=rule))
            return AdviceOverridden(visit, rule, lesion, finding.message, why)
    about = _(" on {lesion}", lesion=lesion) if lesion else ""
    raise ReadError(
        _("There is no advice by {rule}{about} at {visit}.", rule=rule, about=about, visit=visit)
    )


def stated(read: Read, fact: StatusStated, *, at_baseline: bool) -> StatusStated:
    """Return the fact if its status suits the lesion's role and this visit."""
    lesion = known(read, fact.lesion)
    allowed = AT_BASELINE[lesion.role] if at_baseline else STATUSES_OF_ROLE[lesion.role]
    if fact.status in BY_CALIPER & allowed:
        raise ReadError(
            _(
                "{lesion} of {subject} counts as {status} once its diameter is drawn.",
                lesion=fact.lesion,
                subject=read.subject,
                status=STATUS_WORDS[fact.status],
            ),
            _("Draw it."),
        )
    if fact.status not in allowed:
        words = ", ".join(sorted(STATUS_WORDS[status] for status in allowed)) or _("nothing")
        raise ReadError(
            _(
                "{lesion} of {subject} is a {role} lesion and cannot be {status} at {visit}.",
                lesion=fact.lesion,
                subject=read.subject,
                role=ROLE_WORDS[lesion.role],
                status=STATUS_WORDS[fact.status],
                visit=fact.visit,
            ),
            _("Possible: {words}.", words=words),
        )
    if fact.status is Status.NOT_EVALUABLE and fact.code in {None, WhyNotEvaluable.OTHER}:
        given(fact.reason, _("{lesion}: not evaluable", lesion=fact.lesion))
    if fact.status is Status.MERGED:
        _refuse_wrong_merger(read, fact)
    if fact.status is Status.RESOLVED and read.added_at[fact.lesion] == fact.visit:
        raise ReadError(
            _(
                "{lesion} of {subject} was first seen at {visit}.",
                lesion=fact.lesion,
                subject=read.subject,
                visit=fact.visit,
            ),
            _("If it is no lesion, withdraw it."),
        )
    return fact


def known(read: Read, lesion: str) -> Lesion:
    """Return the lesion of this name, or refuse."""
    for listed in read.lesions:
        if listed.identifier == lesion:
            return listed
    raise ReadError(
        _("{subject} has no lesion {lesion} in this read.", subject=read.subject, lesion=lesion),
        _("Add it first."),
    )


def _refuse_wrong_merger(read: Read, fact: StatusStated) -> None:
    into = known(read, fact.into)
    if into.role is not Role.TARGET or fact.into == fact.lesion:
        raise ReadError(
            _("{lesion} can only merge into another target (R-16).", lesion=fact.lesion)
        )
    for (visit, other), said in read.observations.items():
        if visit == fact.visit and said.into == fact.lesion:
            raise ReadError(
                _(
                    "{other} is said to have merged into {lesion} at {visit}.",
                    other=other,
                    lesion=fact.lesion,
                    visit=fact.visit,
                ),
                _("Say what became of {other} first.", other=other),
            )
    beside = read.observation(fact.visit, fact.into)
    if beside is not None and beside.status is Status.MERGED:
        raise ReadError(
            _(
                "{into} has itself merged into {other} at {visit}.",
                into=fact.into,
                other=beside.into,
                visit=fact.visit,
            ),
            _("Say that {lesion} merged into {into}.", lesion=fact.lesion, into=beside.into),
        )


def given(reason: str, act: str) -> str:
    """Return a reason in one line, or refuse where there is none."""
    if not reason.strip():
        raise ReadError(_("{act} needs a reason.", act=act), _("Give one in a few words."))
    return in_one_line(reason)
