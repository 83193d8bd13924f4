"""The best overall iresponse of a patient (I-5): the best before progression is confirmed."""

import datetime as dt
from collections.abc import Iterable, Sequence

from napari_recist.criteria.best_overall import (
    BestResponse,
    earliest,
    first_of,
    last_evaluable,
    lasts,
    reason_of,
)
from napari_recist.criteria.charter import Charter
from napari_recist.criteria.confirmation import DatedResponse, first_confirmed
from napari_recist.criteria.irecist import I_WORDS
from napari_recist.criteria.responses import Response

_I_RESPONDING = frozenset({Response.I_CR, Response.I_PR})
_I_STABLE = frozenset({Response.I_SD, Response.NON_I_CR_NON_I_UPD})
_WORD_OF = {i_word: word for word, i_word in I_WORDS.items()}


def best_iresponse(
    responses: Iterable[DatedResponse], reference_date: dt.date | None, charter: Charter
) -> BestResponse:
    """Return the best iresponse, as seen and with its response confirmed.

    An iUPD that nothing better, and no iCPD, ever followed stays the best response (SY17 table 3).
    ``progression_date`` is of the iUPD that was confirmed, not of its confirmation.
    """
    seen = _until_confirmed(responses) if reference_date is not None else []
    lasting = [one for one in seen if lasts(one, reference_date, charter)]
    words = [(date, _WORD_OF.get(response, response)) for date, response in seen]
    dates = {
        i_word: first_confirmed(words, word, charter.confirmation)
        for i_word, word in ((Response.I_CR, Response.CR), (Response.I_PR, Response.PR))
    }
    as_seen = {i_word: first_of(seen, {i_word}) for i_word in dates}
    best = _best(seen, lasting, as_seen, {Response.I_SD})
    confirmed = _best(seen, lasting, dates, {Response.I_SD, *_I_RESPONDING})
    response_date = first_of(seen, _I_RESPONDING)
    confirmed_date = earliest(*dates.values())
    required = charter.confirmation.required
    decides = confirmed[0] if required else best[0]
    reason = reason_of(words, reference_date) if decides is Response.NE else None
    return BestResponse(
        best_response=best[0],
        best_response_date=best[1],
        confirmed_best_response=confirmed[0],
        confirmed_best_response_date=confirmed[1],
        first_response_date=confirmed_date if required else response_date,
        progression_date=_confirmed_progression(seen),
        last_evaluable_date=last_evaluable(seen),
        not_evaluable_reason=reason,
        response_date=response_date,
        confirmed_response_date=confirmed_date,
        clinical_benefit_date=earliest(response_date, first_of(lasting, _I_STABLE)),
    )


def _until_confirmed(responses: Iterable[DatedResponse]) -> list[DatedResponse]:
    kept: list[DatedResponse] = []
    for one in sorted(responses, key=lambda dated: dated[0]):
        kept.append(one)
        if one[1] is Response.I_CPD:
            break
    return kept


def _best(
    seen: Sequence[DatedResponse],
    lasting: Sequence[DatedResponse],
    responding: dict[Response, dt.date | None],
    stable: Iterable[Response],
) -> tuple[Response, dt.date | None]:
    for response in (Response.I_CR, Response.I_PR):
        if date := responding[response]:
            return response, date
    if date := first_of(lasting, set(stable)):
        return Response.I_SD, date
    if date := first_of(lasting, {Response.NON_I_CR_NON_I_UPD}):
        return Response.NON_I_CR_NON_I_UPD, date
    for response in (Response.I_CPD, Response.NED, Response.I_UPD):
        if date := first_of(seen, {response}):
            return response, date
    return Response.NE, seen[0][0] if seen else None


def _confirmed_progression(seen: Sequence[DatedResponse]) -> dt.date | None:
    """Return when the progression that was confirmed began: visits without result do not end it."""
    if not seen or seen[-1][1] is not Response.I_CPD:
        return None
    began = seen[-1][0]
    for date, response in reversed(seen[:-1]):
        if response is Response.I_UPD:
            began = date
        elif response is not Response.NE:
            break
    return began
