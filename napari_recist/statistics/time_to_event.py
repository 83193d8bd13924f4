"""Times to events and why each ended: PFS, TTP, duration of response, time to response, OS.

Rules E-1 to E-4. Each outcome says from when to when, whether with the event, and why it ended.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from napari_recist.criteria import Charter
from napari_recist.statistics.courses import Course, adequate
from napari_recist.statistics.survival import SurvivalTime

DAYS_PER_WEEK = 7
WINDOWS = 2  # an assessment may be early at one end of a gap and late at the other


class Endpoint(StrEnum):
    """What is timed."""

    PFS = "progression-free survival"
    TTP = "time to progression"
    DOR = "duration of response"
    TTR = "time to response"
    OS = "overall survival"


class CensoringRule(StrEnum):
    """Whether an event still counts after missed visits or another therapy (E-2)."""

    CHARTER = "censored after missed visits and at another therapy"
    """As FDA prefers: the last adequate assessment before either ends the time."""
    REGARDLESS = "events count regardless"
    """As EMA prefers, and a sensitivity analysis here."""


class EndReason(StrEnum):
    """Why a time ended where it did."""

    PROGRESSION = "progression"
    DEATH = "death"
    RESPONSE = "response"
    NO_EVENT = "no progression by the last adequate assessment"
    DEATH_WITHOUT_PROGRESSION = "death without progression"
    NEW_THERAPY = "another anticancer therapy began"
    MISSED_VISITS = "the event came after missed visits"
    NO_BASELINE = "no baseline assessment"
    NO_ASSESSMENT = "no adequate assessment after baseline"
    ALIVE = "alive when last seen"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One patient's time: both days count, so a time that ends where it starts is one day (E-1)."""

    subject: str
    endpoint: Endpoint
    start: dt.date
    end: dt.date
    event: bool
    reason: EndReason

    @property
    def days(self) -> int:
        """How long it was."""
        return (self.end - self.start).days + 1

    @property
    def time(self) -> SurvivalTime:
        """The time as an estimate of survival takes it."""
        return SurvivalTime(self.days, self.event)


def progression_free_survival(
    course: Course, charter: Charter, rule: CensoringRule = CensoringRule.CHARTER
) -> Outcome:
    """Return the time from first dose to progression or death (E-1, E-2)."""
    return _to_progression(course, charter, rule, Endpoint.PFS, course.follow_up.start)


def time_to_progression(
    course: Course, charter: Charter, rule: CensoringRule = CensoringRule.CHARTER
) -> Outcome:
    """Return the time from first dose to progression; a death without it is censored (E-4)."""
    return _to_progression(course, charter, rule, Endpoint.TTP, course.follow_up.start)


def duration_of_response(
    course: Course, charter: Charter, rule: CensoringRule = CensoringRule.CHARTER
) -> Outcome | None:
    """Return the time from the first response that counts to progression or death (E-4).

    None for a patient who did not respond. The charter says whether a response counts only once
    it is confirmed.
    """
    first = course.best.first_response_date
    return None if first is None else _to_progression(course, charter, rule, Endpoint.DOR, first)


def time_to_response(course: Course) -> Outcome | None:
    """Return the time from first dose to the first response that counts; None without one (E-4)."""
    first, start = course.best.first_response_date, course.follow_up.start
    if first is None:
        return None
    return Outcome(
        course.subject,
        Endpoint.TTR,
        start,
        max(first, start),
        event=True,
        reason=EndReason.RESPONSE,
    )


def overall_survival(course: Course) -> Outcome:
    """Return the time from first dose to death, else to the last day known to be alive (E-4)."""
    known = course.follow_up
    if known.death is not None:
        end, event, reason = known.death, True, EndReason.DEATH
    else:
        scans = [date for date, _ in course.responses]
        seen = [date for date in (known.last_alive, known.start, *scans) if date is not None]
        end, event, reason = max(seen), False, EndReason.ALIVE
    return Outcome(course.subject, Endpoint.OS, known.start, end, event, reason)


def longest_gap(charter: Charter) -> int:
    """Return how many days may lie between an adequate assessment and an event that counts (E-3).

    As many intervals as visits may be missed, and a window at either end.
    """
    schedule = charter.schedule
    intervals = charter.censoring.missed_visits * schedule.interval_weeks * DAYS_PER_WEEK
    return intervals + WINDOWS * schedule.window_days


def _to_progression(
    course: Course, charter: Charter, rule: CensoringRule, endpoint: Endpoint, start: dt.date
) -> Outcome:
    known, strict = course.follow_up, rule is CensoringRule.CHARTER
    until = known.new_therapy if strict else None

    def outcome(end: dt.date, reason: EndReason, *, event: bool = False) -> Outcome:
        return Outcome(course.subject, endpoint, start, max(end, start), event, reason)

    counted = [one for one in course.responses if until is None or one[0] < until]
    progression = _before(course.best.progression_date, until)
    death = _before(known.death, until)
    if course.baseline is None or not counted:
        soon = charter.censoring.missed_visits * charter.schedule.interval_weeks * DAYS_PER_WEEK
        dies = death is not None and endpoint is not Endpoint.TTP
        if dies and death is not None and (not strict or (death - start).days <= soon):
            return outcome(death, EndReason.DEATH, event=True)
        nothing = EndReason.NO_BASELINE if course.baseline is None else EndReason.NO_ASSESSMENT
        return outcome(start, nothing)
    event = _event(progression, death, endpoint)
    ends = [date for date in adequate(counted) if event is None or date < event[0]]
    last = max(ends, default=start)
    if event is not None and strict and (event[0] - max(last, start)).days > longest_gap(charter):
        return outcome(last, EndReason.MISSED_VISITS)
    if event is not None:
        return outcome(event[0], event[1], event=True)
    return outcome(last, _why_censored(death, until, ends, endpoint))


def _event(
    progression: dt.date | None, death: dt.date | None, endpoint: Endpoint
) -> tuple[dt.date, EndReason] | None:
    events = [(progression, EndReason.PROGRESSION)]
    if endpoint is not Endpoint.TTP:
        events.append((death, EndReason.DEATH))
    return min(((date, why) for date, why in events if date is not None), default=None)


def _why_censored(
    death: dt.date | None,
    until: dt.date | None,
    ends: list[dt.date],
    endpoint: Endpoint,
) -> EndReason:
    if until is not None:
        return EndReason.NEW_THERAPY
    if death is not None and endpoint is Endpoint.TTP:
        return EndReason.DEATH_WITHOUT_PROGRESSION
    return EndReason.NO_EVENT if ends else EndReason.NO_ASSESSMENT


def _before(date: dt.date | None, until: dt.date | None) -> dt.date | None:
    return None if date is None or (until is not None and date >= until) else date
