"""Courses of made-up patients: responses at weeks since the first dose."""

import datetime as dt

from napari_recist.criteria import Charter, Response
from napari_recist.criteria.best_overall import best_response
from napari_recist.statistics.courses import Course, FollowUp

START = dt.date(2025, 1, 6)

# The rules as the trial's charter has them: confirmation, two visits of 8 weeks may be missed.
CHARTER = Charter()


def day(weeks: float) -> dt.date:
    """Return a day so many weeks after the first dose."""
    return START + dt.timedelta(days=round(7 * weeks))


def course(
    told: str = "",
    *,
    baseline: bool = True,
    death: float | None = None,
    last_alive: float | None = None,
    new_therapy: float | None = None,
    charter: Charter = CHARTER,
) -> Course:
    """Return the course of a patient: ``"8 SD, 16 PD"`` are responses by week."""
    words = [one.split() for one in told.split(",") if one.strip()]
    responses = tuple((day(float(week)), Response(word)) for week, word in words)
    dates = [None if week is None else day(week) for week in (death, last_alive, new_therapy)]
    known = FollowUp(START, *dates)
    reference = START if baseline else None
    best = best_response(
        responses, reference, charter, new_therapy=known.new_therapy, death=known.death
    )
    return Course("NRC-001-0001", reference, responses, best, known)
