"""Which rows of LESIONS.csv belong to one visit, and the order of a read's visits (L-6, V-3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from napari_recist.criteria.charter import ScheduleSettings
from napari_recist.criteria.csv_rows import Complaints
from napari_recist.criteria.lesion_row import LesionRow
from napari_recist.criteria.read import Visit

_BASELINE_NAMES = frozenset({"bl", "baseline", "screening", "scr"})
_WEEK = re.compile(r"w(?:eek|k)?[\s_-]*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowsOfVisit:
    """One visit of one read and its rows."""

    visit: Visit
    rows: tuple[LesionRow, ...]


def visits_of(
    rows: Sequence[LesionRow], schedule: ScheduleSettings, complaints: Complaints
) -> tuple[RowsOfVisit, ...]:
    """Return the visits of one read by date; the visit's date is its latest scan's (V-2).

    Rows without a visit name belong to the named visit of their date, if there is one; else
    their date names the visit.
    """
    named: dict[str, list[LesionRow]] = {}
    for row in rows:
        if row.visit:
            named.setdefault(row.visit, []).append(row)
    by_date = {row.date: row.visit for row in rows if row.visit}
    for row in rows:
        if not row.visit:
            named.setdefault(by_date.get(row.date, row.date.isoformat()), []).append(row)
    found = [
        RowsOfVisit(Visit(label, max(row.date for row in of_visit)), tuple(of_visit))
        for label, of_visit in named.items()
    ]
    found.sort(key=lambda one: (one.visit.date, one.visit.identifier))
    for one in found:
        _within_window(one, schedule, complaints)
    if _apart(found, complaints):
        _names_fit_dates(found, complaints)
    return tuple(found)


def _within_window(one: RowsOfVisit, schedule: ScheduleSettings, complaints: Complaints) -> None:
    """Refuse scans of one visit that no window around one planned day can hold (V-3)."""
    earliest = min(row.date for row in one.rows)
    latest = max(one.rows, key=lambda row: row.date)
    apart = (latest.date - earliest).days
    if apart > 2 * schedule.window_days:
        rule = (
            f"{one.visit.identifier} also has scans of {earliest}, {apart} days before: correct "
            "the date, or give an unscheduled scan a visit name of its own (V-3)"
        )
        complaints.refuse(latest.row, "date", rule)


def _apart(found: Sequence[RowsOfVisit], complaints: Complaints) -> bool:
    """Refuse visits that share days: they have no order (L-6). Return whether none does."""
    apart = True
    for before, after in pairwise(found):
        first = min(after.rows, key=lambda row: row.date)
        if first.date <= before.visit.date:
            rule = (
                f"{after.visit.identifier} begins no later than {before.visit.identifier} ends "
                f"({before.visit.date}): visits are told apart by their dates (L-6)"
            )
            complaints.refuse(first.row, "date", rule)
            apart = False
    return apart


def _names_fit_dates(found: Sequence[RowsOfVisit], complaints: Complaints) -> None:
    """Refuse visits whose names tell another order than their dates (L-6)."""
    latest: tuple[int, str] | None = None
    for one in found:
        week = _week(one.visit.identifier)
        if week is None:
            continue
        row, label = one.rows[0].row, one.visit.identifier
        if latest is not None and week < latest[0]:
            rule = f"{label} is dated after {latest[1]}: the order of the visits is unclear (L-6)"
            complaints.refuse(row, "date", rule)
        elif week == 0 and _week(found[0].visit.identifier) is None:
            rule = f"{label} is dated after {found[0].visit.identifier}: baseline comes first (L-6)"
            complaints.refuse(row, "date", rule)
        else:
            latest = (week, label)


def _week(label: str) -> int | None:
    """Return the week a visit's name tells: 0 for baseline, ``None`` where it tells none."""
    if label.casefold() in _BASELINE_NAMES:
        return 0
    match = _WEEK.fullmatch(label.strip())
    return int(match[1]) if match else None
