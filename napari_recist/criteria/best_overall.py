"""The best overall response, as seen and as confirmed, from responses alone (B-1 to B-12).

Responses are taken as read: nothing here asks whether a CR that turned into PR was one.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from napari_recist.criteria.charter import Charter
from napari_recist.criteria.confirmation import DatedResponse, first_confirmed, until_progression
from napari_recist.criteria.responses import RESPONDING, STABLE, Response


class NotEvaluableReason(StrEnum):
    """Why a patient's best response is NE (B-9)."""

    NO_BASELINE = "no_baseline"
    NO_POST_BASELINE = "no_post_baseline"
    EARLY_DEATH = "early_death"
    NEW_THERAPY_FIRST = "new_therapy_first"
    ALL_NOT_EVALUABLE = "all_not_evaluable"
    STABLE_DISEASE_TOO_EARLY = "stable_disease_too_early"
    RESPONSE_TOO_EARLY = "response_too_early_and_not_confirmed"


@dataclass(frozen=True, slots=True)
class BestResponse:
    """Best overall response of one patient and the dates that end points are made of.

    ``response_date`` is of the first CR or PR as seen, ``confirmed_response_date`` of the first
    that is later confirmed, ``clinical_benefit_date`` of the first CR, PR or lasting SD; each is
    ``None`` where there is none. ``first_response_date`` is one of the first two, as the charter
    asks for confirmation or not (E-4). ``last_evaluable_date`` is of the last visit that could be
    judged, up to the first progression (E-2).
    """

    best_response: Response
    best_response_date: dt.date | None
    confirmed_best_response: Response
    confirmed_best_response_date: dt.date | None
    first_response_date: dt.date | None
    progression_date: dt.date | None
    last_evaluable_date: dt.date | None
    not_evaluable_reason: NotEvaluableReason | None
    response_date: dt.date | None
    confirmed_response_date: dt.date | None
    clinical_benefit_date: dt.date | None


def best_response(
    responses: Iterable[DatedResponse],
    reference_date: dt.date | None,
    charter: Charter | None = None,
    *,
    new_therapy: dt.date | None = None,
    death: dt.date | None = None,
) -> BestResponse:
    """Return the best response of one patient, as seen and as confirmed.

    Parameters
    ----------
    responses : iterable of (date, Response)
        Overall responses after baseline, in any order. What follows the first PD does not count,
        nor does what was seen once another anticancer therapy had begun (B-7).
    reference_date : date or None
        From when the minimum time of stable disease runs; ``None`` where there is no baseline.
    charter : Charter, optional
        Confirmation and duration; the suggested charter by default.
    new_therapy, death : date, optional
        Only to leave out later visits, and to name why nothing could be judged (B-9).
    """
    charter = charter or Charter()
    seen = [one for one in responses if new_therapy is None or one[0] < new_therapy]
    seen = until_progression(seen) if reference_date is not None else []
    lasting = [one for one in seen if lasts(one, reference_date, charter)]
    as_seen = _best(seen, lasting)
    complete = first_confirmed(seen, Response.CR, charter.confirmation)
    partial = first_confirmed(seen, Response.PR, charter.confirmation)
    confirmed = _best_confirmed(seen, lasting, complete, partial)
    response_date = first_of(seen, RESPONDING)
    confirmed_date = earliest(complete, partial)
    required = charter.confirmation.required
    decides = confirmed[0] if required else as_seen[0]
    reason = None
    if decides is Response.NE:
        reason = reason_of(seen, reference_date, new_therapy, death)
    return BestResponse(
        best_response=as_seen[0],
        best_response_date=as_seen[1],
        confirmed_best_response=confirmed[0],
        confirmed_best_response_date=confirmed[1],
        first_response_date=confirmed_date if required else response_date,
        progression_date=first_of(seen, {Response.PD}),
        last_evaluable_date=last_evaluable(seen),
        not_evaluable_reason=reason,
        response_date=response_date,
        confirmed_response_date=confirmed_date,
        clinical_benefit_date=earliest(response_date, first_of(lasting, STABLE)),
    )


def lasts(one: DatedResponse, reference_date: dt.date | None, charter: Charter) -> bool:
    """Return whether a response comes late enough to be stable disease (B-2)."""
    return (
        reference_date is not None
        and (one[0] - reference_date).days >= charter.duration.sd_min_days
    )


def first_of(responses: Sequence[DatedResponse], wanted: Collection[Response]) -> dt.date | None:
    """Return the date of the first response that is one of the wanted."""
    return next((date for date, response in responses if response in wanted), None)


def last_evaluable(responses: Sequence[DatedResponse]) -> dt.date | None:
    """Return the date of the last response that is not NE (E-2)."""
    return max((date for date, response in responses if response is not Response.NE), default=None)


def earliest(*dates: dt.date | None) -> dt.date | None:
    """Return the earliest of the dates there are."""
    return min((date for date in dates if date), default=None)


_BestAndDate = tuple[Response, dt.date | None]


def _best(seen: Sequence[DatedResponse], lasting: Sequence[DatedResponse]) -> _BestAndDate:
    """Return the best of what was seen, in the order of B-7."""
    for response in (Response.CR, Response.PR):
        if date := first_of(seen, {response}):
            return response, date
    return _best_without_response(seen, lasting, {Response.SD})


def _best_confirmed(
    seen: Sequence[DatedResponse],
    lasting: Sequence[DatedResponse],
    complete: dt.date | None,
    partial: dt.date | None,
) -> _BestAndDate:
    """Return the best once confirmation is asked for: an unconfirmed response is lasting SD."""
    if complete:
        return Response.CR, complete
    if partial:
        return Response.PR, partial
    return _best_without_response(seen, lasting, {Response.SD, *RESPONDING})


def _best_without_response(
    seen: Sequence[DatedResponse], lasting: Sequence[DatedResponse], stable: Collection[Response]
) -> _BestAndDate:
    if date := first_of(lasting, stable):
        return Response.SD, date
    if date := first_of(lasting, {Response.NON_CR_NON_PD}):
        return Response.NON_CR_NON_PD, date
    for response in (Response.NED, Response.PD):
        if date := first_of(seen, {response}):
            return response, date
    return Response.NE, seen[0][0] if seen else None


def reason_of(
    seen: Sequence[DatedResponse],
    reference_date: dt.date | None,
    new_therapy: dt.date | None = None,
    death: dt.date | None = None,
) -> NotEvaluableReason:
    """Return why a best response is NE, from what was seen (B-9)."""
    found = {response for _, response in seen}
    if reference_date is None:
        reason = NotEvaluableReason.NO_BASELINE
    elif found & RESPONDING:
        reason = NotEvaluableReason.RESPONSE_TOO_EARLY
    elif found & STABLE:
        reason = NotEvaluableReason.STABLE_DISEASE_TOO_EARLY
    elif found:
        reason = NotEvaluableReason.ALL_NOT_EVALUABLE
    elif new_therapy is not None:
        reason = NotEvaluableReason.NEW_THERAPY_FIRST
    elif death is not None:
        reason = NotEvaluableReason.EARLY_DEATH
    else:
        reason = NotEvaluableReason.NO_POST_BASELINE
    return reason
