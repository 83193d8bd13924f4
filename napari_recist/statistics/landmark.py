"""Response and disease control at the landmark, under each of the three readings of rule B-11.

"At month 4" is not defined by RECIST; the charter picks one reading, the others are sensitivity
analyses.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from napari_recist.criteria import Charter, LandmarkRule, Response
from napari_recist.criteria.best_overall import best_response
from napari_recist.criteria.confirmation import DatedResponse
from napari_recist.statistics.courses import CONTROLLED, RESPONDED, Course
from napari_recist.statistics.proportions import (
    CONFIDENCE,
    Interval,
    Proportion,
    exact_interval,
    wilson_interval,
)


@dataclass(frozen=True, slots=True)
class LandmarkOutcome:
    """What one patient counts as at the landmark under one reading, and why."""

    subject: str
    rule: LandmarkRule
    responded: bool
    controlled: bool
    why: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of patients with its exact and its Wilson interval."""

    proportion: Proportion
    exact: Interval
    wilson: Interval


@dataclass(frozen=True, slots=True)
class LandmarkRates:
    """Objective response and disease control of all patients under one reading."""

    rule: LandmarkRule
    response: Rate
    control: Rate


def landmark_outcome(course: Course, charter: Charter, rule: LandmarkRule) -> LandmarkOutcome:
    """Return whether a patient responded, and was controlled, at the landmark (B-11).

    Days count from the first dose. A patient without what a reading asks for is a failure.
    """
    day, window = charter.landmark.day, charter.landmark.window_days
    start = course.follow_up.start
    earliest, latest = (start + dt.timedelta(days=day + off) for off in (-window, window))
    match rule:
        case LandmarkRule.STATUS:
            responded, controlled, why = _status(course, charter, (earliest, latest))
        case LandmarkRule.CUMULATIVE:
            responded, controlled, why = _cumulative(course, latest)
        case LandmarkRule.CONFIRMED:
            responded, controlled, why = _confirmed(course, charter, latest)
    return LandmarkOutcome(course.subject, rule, responded, controlled, why)


def landmark_rates(outcomes: Sequence[LandmarkOutcome], level: float = CONFIDENCE) -> LandmarkRates:
    """Return the rates of response and disease control of these patients, all by one reading.

    Raises
    ------
    ValueError
        If there is nobody, or the readings differ.
    """
    rules = {outcome.rule for outcome in outcomes}
    if len(rules) != 1:
        message = f"one reading of the landmark is needed, not {len(rules)}"
        raise ValueError(message)
    responded = sum(outcome.responded for outcome in outcomes)
    controlled = sum(outcome.controlled for outcome in outcomes)
    return LandmarkRates(
        rules.pop(),
        rate(responded, len(outcomes), level),
        rate(controlled, len(outcomes), level),
    )


def rate(events: int, total: int, level: float = CONFIDENCE) -> Rate:
    """Return a share with both intervals; ``ValueError`` of no patients."""
    return Rate(
        Proportion(events, total),
        exact_interval(events, total, level),
        wilson_interval(events, total, level),
    )


def best_response_counts(courses: Iterable[Course], *, confirmed: bool) -> Mapping[Response, int]:
    """Return how many patients had each best response, in the order of :class:`Response`."""
    found = [
        course.best.confirmed_best_response if confirmed else course.best.best_response
        for course in courses
    ]
    return MappingProxyType({one: found.count(one) for one in Response if one in found})


Window = tuple[dt.date, dt.date]
Reading = tuple[bool, bool, str]


def _status(course: Course, charter: Charter, window: Window) -> Reading:
    """Judge by the visit at the landmark, if nothing had progressed before (reading a).

    Of several visits in the window the one nearest to the day counts, of two as near the earlier.
    """
    day = course.follow_up.start + dt.timedelta(days=charter.landmark.day)
    counted = _counted(course)
    inside = [one for one in counted if window[0] <= one[0] <= window[1]]
    progressed = _progressed(course, window[1])
    if not inside:
        return False, False, progressed or "no assessment in the window"
    date, overall = min(inside, key=lambda one: (abs((one[0] - day).days), one[0]))
    why = f"{overall} on {date.isoformat()}"
    if _progressed(course, date):
        return False, False, f"{_progressed(course, date)}; {why}"
    return overall in RESPONDED, overall in CONTROLLED, why


def _cumulative(course: Course, latest: dt.date) -> Reading:
    """Judge by what was first seen by the landmark, and confirmed even if later (reading b)."""
    best = course.best
    responded = _by(best.first_response_date, latest)
    controlled = responded or _by(best.clinical_benefit_date, latest)
    why = "nothing but progression or no lasting control by then"
    if responded:
        why = f"response first seen on {best.first_response_date}"
    elif controlled:
        why = f"control first seen on {best.clinical_benefit_date}"
    return responded, controlled, why


def _confirmed(course: Course, charter: Charter, latest: dt.date) -> Reading:
    """Judge by what was confirmed by the landmark, from what was seen up to then (reading c)."""
    seen = [one for one in _counted(course) if one[0] <= latest]
    best = best_response(seen, course.baseline, charter).confirmed_best_response
    progressed = _progressed(course, latest)
    responded = best in RESPONDED and not progressed
    controlled = best in CONTROLLED and not progressed
    return responded, controlled, progressed or f"confirmed best response {best} by then"


def _counted(course: Course) -> Sequence[DatedResponse]:
    """Return the responses before another therapy began (B-7)."""
    until = course.follow_up.new_therapy
    return [one for one in course.responses if until is None or one[0] < until]


def _progressed(course: Course, by: dt.date) -> str:
    """Return why a patient had progressed or died by a day; "" for one who had not (B-12)."""
    date, death = course.best.progression_date, course.follow_up.death
    if date is not None and date <= by:
        return f"progression on {date.isoformat()}"
    if death is not None and death <= by:
        return f"death on {death.isoformat()}"
    return ""


def _by(date: dt.date | None, latest: dt.date) -> bool:
    return date is not None and date <= latest
