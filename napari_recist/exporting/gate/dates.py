"""Checks of dates: whole, in the order of the visits, and as the study days count them."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import ReadRecords, Record, Records

_DATES = ("--DTC", "SVSTDTC", "SVENDTC", "RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC")


def date_in(text: str) -> dt.date | None:
    """Return a whole date written as ISO 8601 has it, ``None`` where the text is none."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def partial_dates(records: Records) -> Iterator[Finding]:
    """G-DATE-1: a date is not a whole date of ISO 8601 (E-6: images tell their day exactly)."""
    for name in ("TU", "TR", "RS", "SV", "DM"):
        for record in records.of(name):
            for variable in _DATES:
                text = record.text(variable)
                if text and date_in(text) is None:
                    message = f"{variable.replace('--', name)} is {text!r}, no whole date"
                    yield Finding("G-DATE-1", name, record.place, message)


def dates_before_baseline(records: Records) -> Iterator[Finding]:
    """G-DATE-2: a statement is dated before the first visit that its evaluator read."""
    for read in records.reads.values():
        first = _baseline(read)
        for record in read.all:
            when = date_in(record.text("--DTC"))
            if first and when and when < first:
                message = f"{when} is before the baseline of the read, {first}"
                yield Finding("G-DATE-2", record.dataset, record.place, message)


def _baseline(read: ReadRecords) -> dt.date | None:
    """Return the day of the visit with the lowest number."""
    numbered: list[tuple[float, dt.date]] = []
    for record in (*read.results, *read.responses):
        number, when = record.amount("VISITNUM"), date_in(record.text("--DTC"))
        if number is not None and when is not None:
            numbered.append((float(number), when))
    return min(numbered)[1] if numbered else None


def visits_in_time(records: Records) -> Iterator[Finding]:
    """G-DATE-3: a later visit is dated earlier. G-DATE-4: one day is of two visits."""
    for read in records.reads.values():
        spans = _days_of_visits(read)
        order = sorted(spans, key=float)
        for earlier, later in pairwise(order):
            before, after = spans[earlier], spans[later]
            both = {day for day, _ in before} & {day for day, _ in after}
            record = min(after, key=lambda told: told[0])[1]
            if both:
                message = f"{min(both)} is of visit {earlier} too"
                yield Finding("G-DATE-4", record.dataset, record.place, message)
            elif min(day for day, _ in after) < max(day for day, _ in before):
                message = f"visit {later} is dated before visit {earlier}"
                yield Finding("G-DATE-3", record.dataset, record.place, message)


def _days_of_visits(read: ReadRecords) -> dict[str, list[tuple[dt.date, Record]]]:
    spans: dict[str, list[tuple[dt.date, Record]]] = {}
    for record in read.results:
        when, number = date_in(record.text("--DTC")), record.text("VISITNUM")
        if when is not None and number:
            spans.setdefault(number, []).append((when, record))
    return spans


def study_days(records: Records) -> Iterator[Finding]:
    """G-DATE-5: a study day does not count from the subject's reference start; none is day 0."""
    for record in (*records.stated, *records.of("SV")):
        subject = records.subjects.get(record.subject)
        if subject is None:
            continue
        start = date_in(subject.text("RFSTDTC"))
        for day_of, date_of in (("--DY", "--DTC"), ("SVSTDY", "SVSTDTC"), ("SVENDY", "SVENDTC")):
            told, when = record.amount(day_of), date_in(record.text(date_of))
            due = _study_day(when, start)
            if told is not None and told != due:
                variable = day_of.replace("--", record.dataset)
                message = f"{variable} is {told}; from RFSTDTC it is {due or 'not known'}"
                yield Finding("G-DATE-5", record.dataset, record.place, message)


def _study_day(when: dt.date | None, start: dt.date | None) -> int | None:
    if when is None or start is None:
        return None
    days = (when - start).days
    return days + 1 if days >= 0 else days


def dates_outside_visits(records: Records) -> Iterator[Finding]:
    """G-DATE-6: a result is dated outside of its visit as SV has it."""
    held = {(record.subject, record.text("VISITNUM")): record for record in records.of("SV")}
    for record in records.of("TR"):
        visit = held.get((record.subject, record.text("VISITNUM")))
        when = date_in(record.text("--DTC"))
        if visit is None or when is None:
            continue
        start = date_in(visit.text("SVSTDTC"))
        end = date_in(visit.text("SVENDTC")) or start
        if start and end and not start <= when <= end:
            message = f"{when} is not within the visit, {start} to {end}"
            yield Finding("G-DATE-6", "TR", record.place, message)


def dates_to_come(records: Records, frozen: dt.date) -> Iterator[Finding]:
    """G-DATE-7: a statement is dated after the day of the freeze, by true dates."""
    last = frozen + dt.timedelta(days=1)  # the freeze is told in UTC; east of it the day is later
    for record in records.stated:
        when = date_in(record.text("--DTC"))
        if when and when > last:
            message = f"{when} is after the freeze of {frozen}"
            yield Finding("G-DATE-7", record.dataset, record.place, message)
