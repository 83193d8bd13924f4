"""The response of the non-target lesions at one visit (RECIST.md section 5, T-1 to T-6)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from napari_recist.criteria.explain import names
from napari_recist.criteria.lesions import Lesion, Status
from napari_recist.criteria.read import Read, Visit
from napari_recist.criteria.responses import Response


@dataclass(frozen=True, slots=True)
class NonTargetDecision:
    """The non-target response, the rules that decided, the reason, and when PD was scanned.

    ``reappeared`` names lesions back after an overall CR (R-31); ``unsaid`` those of which nothing
    was said.
    """

    response: Response
    rules: tuple[str, ...]
    why: str
    pd_date: dt.date | None = None
    reappeared: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


def nontarget_response(
    read: Read, visit: Visit, lesions: Sequence[Lesion], overall_cr: str
) -> NonTargetDecision:
    """Judge the non-target lesions of one visit.

    Parameters
    ----------
    overall_cr : str
        The visit of an earlier overall complete response, "" where there is none: what is
        present after one has come back (R-31).
    """
    if not lesions:
        return NonTargetDecision(Response.NA, (), "")
    with_status: dict[Status | None, list[str]] = {}
    dates: dict[str, dt.date] = {}
    for lesion in lesions:
        said = read.observation(visit.identifier, lesion.identifier)
        with_status.setdefault(said.status if said else None, []).append(lesion.identifier)
        dates[lesion.identifier] = (said.date if said else None) or visit.date
    progressed = tuple(with_status.get(Status.PROGRESSED, ()))
    present = tuple(with_status.get(Status.PRESENT, ()))
    unsaid = tuple(with_status.get(None, ()))
    unseen = (*unsaid, *with_status.get(Status.NOT_EVALUABLE, ()))
    if progressed:
        why = f"unequivocal progression of {names(progressed)}"
        first = min(dates[name] for name in progressed)
        return NonTargetDecision(Response.PD, ("T-2",), why, first, unsaid=unsaid)
    if overall_cr and present:
        why = f"{names(present)} back after the complete response at {overall_cr}"
        first = min(dates[name] for name in present)
        return NonTargetDecision(Response.PD, ("R-31",), why, first, present, unsaid)
    if unseen:
        rules, why = ("T-2", "T-6"), f"non-target {names(unseen)} not evaluated"
        return NonTargetDecision(Response.NE, rules, why, unsaid=unsaid)
    if present:
        why = f"non-target {names(present)} still present"
        return NonTargetDecision(Response.NON_CR_NON_PD, ("T-2",), why)
    return NonTargetDecision(Response.CR, ("T-2",), "all non-target lesions have disappeared")
