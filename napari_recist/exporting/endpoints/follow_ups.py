"""Clinical dates of patients: first dose, death, last seen alive, another therapy."""

import datetime as dt
from collections.abc import Iterable, Mapping

from napari_recist.errors import ExportError
from napari_recist.statistics.courses import FollowUp
from napari_recist.trial.reads.clinical import whole_day
from napari_recist.trial.reads.clinical_items import (
    DEATH,
    LAST_ALIVE,
    NEW_THERAPY,
    TREATMENT_START,
)

DATES = (TREATMENT_START, DEATH, LAST_ALIVE, NEW_THERAPY)
"""The items of clinical data that end points are made of; others are left to the oncologist."""


def follow_up_of(subject: str, items: Iterable[tuple[str, str]]) -> FollowUp | None:
    """Return the clinical dates of a patient, ``None`` where the first dose is not among them.

    Raises
    ------
    ExportError
        If a date is none, or comes before the first dose.
    """
    told = dict(items)
    dates = {item: _date(subject, item, told[item]) for item in DATES if told.get(item)}
    start = dates.get(TREATMENT_START)
    if start is None:
        _refuse_without_start(subject, dates)
        return None
    for item, date in dates.items():
        if date < start:
            raise ExportError(
                f"{item} of {subject} is {date}, before the first dose on {start}.",
                "Correct the clinical data and give them again.",
            )
    return FollowUp(start, dates.get(DEATH), dates.get(LAST_ALIVE), dates.get(NEW_THERAPY))


def _refuse_without_start(subject: str, dates: Mapping[str, dt.date]) -> None:
    if dates:
        raise ExportError(
            f"{', '.join(dates)} of {subject} was given without {TREATMENT_START}.",
            "Times run from the first dose: add it to the clinical data.",
        )


def _date(subject: str, item: str, value: str) -> dt.date:
    date = whole_day(value)
    if date is None:
        raise ExportError(
            f"{item} of {subject} is {value!r}: a whole date is needed, as YYYY-MM-DD.",
            "A partial date is never completed here; correct the clinical data.",
        )
    return date
