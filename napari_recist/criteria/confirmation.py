"""Confirmation: whether a response seen once was seen again, long enough after (B-1, B-5, B-8)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from napari_recist.criteria.charter import ConfirmationSettings
from napari_recist.criteria.responses import RESPONDING, Response

DatedResponse: TypeAlias = tuple[dt.date, Response]
"""The date that counts for a response, and the response."""


def until_progression(responses: Iterable[DatedResponse]) -> list[DatedResponse]:
    """Return the responses by date, up to and including the first PD (B-7, B-12)."""
    kept: list[DatedResponse] = []
    for response in sorted(responses, key=lambda dated: dated[0]):
        kept.append(response)
        if response[1] is Response.PD:
            break
    return kept


def first_confirmed(
    responses: Sequence[DatedResponse], response: Response, settings: ConfirmationSettings
) -> dt.date | None:
    """Return when a response that is later confirmed was first seen, ``None`` where none is.

    Parameters
    ----------
    responses : sequence of (date, Response)
        By date. Callers leave out what follows the first PD.
    response : Response
        ``CR`` or ``PR``.
    settings : ConfirmationSettings
        The charter's interval and what may lie between.
    """
    confirms = {Response.CR} if response is Response.CR else RESPONDING
    for place, (date, seen) in enumerate(responses):
        if seen is response and _confirmed(date, responses[place + 1 :], confirms, settings):
            return date
    return None


def _confirmed(
    first: dt.date,
    later: Sequence[DatedResponse],
    confirms: Iterable[Response],
    settings: ConfirmationSettings,
) -> bool:
    partial = Response.PR in confirms
    not_evaluable, stable, complete = 0, 0, False
    for date, seen in later:
        if complete and seen is Response.PR:
            return False  # a CR cannot be followed by PR: the reader is asked, nothing is confirmed
        if seen in confirms and (date - first).days >= settings.min_days:
            return True
        complete = complete or seen is Response.CR
        not_evaluable += seen is Response.NE
        stable += seen is Response.SD
        between = seen in confirms or seen is Response.NE
        between = between or (seen is Response.SD and partial and settings.accept_sd_between_pr)
        if not between or not_evaluable > settings.max_ne_between or stable > 1:
            return False
    return False
