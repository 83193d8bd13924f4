"""The visits of a trial as SDTM numbers and names them, by their place in the schedule."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from napari_recist.criteria import ScheduleSettings
from napari_recist.trial import ScheduledVisit

BASELINE_NAME = "SCREENING"
_UNSCHEDULED = "U"  # what the trial calls a visit outside of every window: U11 (V-3)
_DAYS_PER_WEEK = 7
_NUMBER_STEP = Decimal("0.01")  # one day of a schedule of up to 14 weeks is more than that


@dataclass(frozen=True, slots=True)
class SdtmVisit:
    """VISITNUM, VISIT, VISITDY and EPOCH; ``planned`` tells whether the schedule has the visit.

    ``day`` is the planned study day, ``None`` of baseline, for which the charter gives a span, and
    of an unscheduled visit. ``epoch`` is the one in which the schedule has the visit: a core
    laboratory does not know when a subject left treatment.
    """

    number: int | Decimal
    name: str
    day: int | None
    epoch: str
    planned: bool


def planned_visit(week: int, schedule: ScheduleSettings) -> SdtmVisit:
    """Return a visit of the schedule: 1 is baseline, then one more for each interval."""
    if week == 0:
        return SdtmVisit(1, BASELINE_NAME, None, "SCREENING", planned=True)
    number = 1 + week // schedule.interval_weeks
    day = week * _DAYS_PER_WEEK + 1
    return SdtmVisit(number, f"WEEK {week}", day, "TREATMENT", planned=True)


def sdtm_visit(visit: ScheduledVisit, baseline: dt.date, schedule: ScheduleSettings) -> SdtmVisit:
    """Return a visit with images: between two of the schedule it is numbered by its day, 2.38.

    The number follows from the visit alone, so it is the same in every transfer. Dates may be
    shifted: intervals hold.
    """
    if not (visit.visit.startswith(_UNSCHEDULED) or visit.week % schedule.interval_weeks):
        return planned_visit(visit.week, schedule)
    interval = schedule.interval_weeks * _DAYS_PER_WEEK
    share = Decimal((visit.date - baseline).days) / interval
    number = (1 + share).quantize(_NUMBER_STEP).normalize()
    name = f"UNSCHEDULED WEEK {visit.week}"
    return SdtmVisit(number, name, None, "TREATMENT", planned=False)


def study_day(date: dt.date, reference: dt.date | None) -> int | None:
    """Return the study day of a date: the first dose is on day 1, the day before it is day -1."""
    if reference is None:
        return None
    days = (date - reference).days
    return days + 1 if days >= 0 else days
