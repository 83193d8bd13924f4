"""Names the visits of a patient from scan dates and the charter's schedule: BL, W8, W16, U11."""

import datetime as dt
from dataclasses import dataclass

from napari_recist.criteria import ScheduleSettings

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """What a scan date is in the schedule: label and nominal week."""

    label: str
    week: int


def planned_visit(
    date: dt.date, baseline: dt.date, schedule: ScheduleSettings
) -> PlannedVisit | None:
    """Return the visit to which a scan of this date belongs; ``None`` before baseline's window.

    A scan within the window of a multiple of the interval belongs to that visit (V-3); another
    is unscheduled and named by its own week, U11.
    """
    days = (date - baseline).days
    interval = schedule.interval_weeks * DAYS_PER_WEEK
    turn = (2 * days + interval) // (2 * interval)
    if abs(days - turn * interval) <= schedule.window_days and turn >= 0:
        week = turn * schedule.interval_weeks
        return PlannedVisit("BL" if week == 0 else f"W{week}", week)
    if days < 0:
        return None
    week = (2 * days + DAYS_PER_WEEK) // (2 * DAYS_PER_WEEK)
    return PlannedVisit(f"U{week}", week)
