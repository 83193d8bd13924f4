"""iRECIST: a first progression stays unconfirmed until a later scan shows more of it (I-1 to I-4).

The target and non-target responses of a visit are those of RECIST 1.1; what differs is what a
progression, or a new lesion, comes to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from napari_recist.criteria.assessment import VisitAssessment
from napari_recist.criteria.charter import Charter
from napari_recist.criteria.irecist_burden import (
    NO_BURDEN,
    Burden,
    burden_of,
    confirmation,
    first_progression,
)
from napari_recist.criteria.new_lesions import Onset
from napari_recist.criteria.overall import overall_response
from napari_recist.criteria.read import Read
from napari_recist.criteria.responses import Response

_EARLIEST_CONFIRMATION_DAYS = 26  # I-3: 28 days, and a tolerance of two

I_WORDS = {
    Response.CR: Response.I_CR,
    Response.PR: Response.I_PR,
    Response.SD: Response.I_SD,
    Response.PD: Response.I_UPD,
    Response.NON_CR_NON_PD: Response.NON_I_CR_NON_I_UPD,
}
"""The i-word of each RECIST 1.1 response that has one."""

_BETTER = (Response.PD, Response.SD, Response.PR, Response.CR)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A progression that waits for its confirmation: the visit, and the disease it showed."""

    visit: VisitAssessment
    burden: Burden


@dataclass(frozen=True, slots=True)
class _State:
    """What earlier visits leave behind: the bar for new disease, and what is pending."""

    bar: Burden = NO_BURDEN
    pending: _Pending | None = None
    confirmed_at: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """The iresponse of a visit, the rule and reason, and what it leaves behind."""

    response: Response
    rule: str
    why: str
    state: _State


def iresponses(
    read: Read, visits: Sequence[VisitAssessment], found: Sequence[Onset], charter: Charter
) -> tuple[VisitAssessment, ...]:
    """Return RECIST 1.1 visits as iRECIST judges them.

    Parameters
    ----------
    read : Read
        The read.
    visits : sequence of VisitAssessment
        Its visits as RECIST 1.1 judged them, baseline first.
    found : sequence of Onset
        The new lesions that count, and from when.
    charter : Charter
        Limits of the lists.
    """
    state = _State()
    judged = list(visits[:1])
    for place, visit in enumerate(visits[1:], start=1):
        known = [onset for onset in found if onset.first_seen <= place]
        step = _step(visit, burden_of(read, visit, known, charter), state)
        state = step.state
        judged.append(_worded(visit, step))
    return tuple(judged)


def _step(visit: VisitAssessment, burden: Burden, state: _State) -> _Step:
    if state.confirmed_at:
        why = f"progression was confirmed at {state.confirmed_at}"
        return _Step(Response.I_CPD, "I-1", why, state)
    if state.pending is not None:
        return _while_pending(visit, burden, state.pending, state)
    reasons = "; ".join(first_progression(burden, state.bar))
    if reasons:
        why = f"{reasons}, to be confirmed by the next scan"
        return _Step(Response.I_UPD, "I-1", why, replace(state, pending=_Pending(visit, burden)))
    return _Step(_without_progression(visit), "", "", state)


def _while_pending(
    visit: VisitAssessment, burden: Burden, pending: _Pending, state: _State
) -> _Step:
    since = pending.visit.visit
    reasons = "; ".join(confirmation(burden, pending.burden))
    days = (visit.response_date - pending.visit.response_date).days
    if reasons and days < _EARLIEST_CONFIRMATION_DAYS:
        why = f"{reasons}, but {days} days after {since} are too early to confirm"
        return _Step(Response.I_UPD, "I-3", why, state)
    if reasons:
        why = f"{reasons} since iUPD at {since}"
        return _Step(Response.I_CPD, "I-1", why, replace(state, confirmed_at=visit.visit))
    quiet = _without_progression(visit)
    if _cleared(visit, burden, pending):
        why = f"the progression of {since} is not confirmed and cleared"
        return _Step(quiet, "I-2", why, _State(bar=burden))
    if quiet is Response.NE and not burden.target_pd and not burden.progressed:
        return _Step(Response.NE, "I-3", f"the progression of {since} stays open", state)
    why = f"the progression of {since} is unchanged, not confirmed"
    return _Step(Response.I_UPD, "I-3", why, state)


def _cleared(visit: VisitAssessment, burden: Burden, pending: _Pending) -> bool:
    """Return whether the bar is set anew: no progression now, and better than then (I-2).

    New lesions that stay as they are hold the progression only while the disease of baseline has
    not got better since.
    """
    if burden.target_pd or burden.progressed or _without_progression(visit) is Response.NE:
        return False
    return bool(pending.burden.progressed) or _better(visit.target, pending.visit.target)


def _better(now: Response | None, then: Response | None) -> bool:
    return now in _BETTER and then in _BETTER and _BETTER.index(now) > _BETTER.index(then)


def _without_progression(visit: VisitAssessment) -> Response:
    """Return the response of the disease of baseline, new lesions left out."""
    target, nontarget = visit.target or Response.NE, visit.nontarget or Response.NE
    overall = overall_response(target, nontarget, new_lesion=False)
    return I_WORDS.get(overall, overall)


def _worded(visit: VisitAssessment, step: _Step) -> VisitAssessment:
    rules = (*((step.rule,) if step.rule else ()), *visit.rules)
    why = f"{step.why}; " if step.why else ""
    reason = visit.explanation.partition(": ")[2]
    return replace(
        visit,
        target=_i_word(visit.target),
        nontarget=_i_word(visit.nontarget),
        overall=step.response,
        rules=rules,
        explanation=f"{step.response}: {why}{reason}",
    )


def _i_word(response: Response | None) -> Response | None:
    return None if response is None else I_WORDS.get(response, response)
