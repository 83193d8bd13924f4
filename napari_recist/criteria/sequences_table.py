"""SEQUENCES.csv: overall responses by patient and date, checked and made ready for the rules."""

import datetime as dt
from dataclasses import dataclass

from napari_recist.criteria.confirmation import DatedResponse
from napari_recist.criteria.csv_rows import Complaints, Row, date_of, natural_order, rows_of
from napari_recist.criteria.responses import Response
from napari_recist.errors import Problem, TableError

COLUMNS = ("subject", "reference_date", "date", "response")
"""The columns of SEQUENCES.csv."""

RESPONSES = frozenset(
    {
        Response.CR,
        Response.PR,
        Response.SD,
        Response.PD,
        Response.NE,
        Response.NON_CR_NON_PD,
        Response.NED,
        Response.NA,
    }
)
"""The responses SEQUENCES.csv admits."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One patient's overall responses by date, and the date time runs from."""

    subject: str
    reference_date: dt.date
    responses: tuple[DatedResponse, ...]


@dataclass(frozen=True, slots=True)
class SequencesTable:
    """All patients of a SEQUENCES.csv, by name, and what deserves a look."""

    sequences: tuple[Sequence, ...]
    warnings: tuple[Problem, ...]


def parse_sequences(content: bytes | str, file: str = "SEQUENCES.csv") -> SequencesTable:
    """Read the content of a SEQUENCES.csv; the order of its rows does not matter.

    A patient without any visit after the reference date has one row with blank date and response.

    Raises
    ------
    TableError
        With every problem of the file, each with its line, column, value and rule.
    """
    complaints = Complaints(file)
    by_subject: dict[str, list[Row]] = {}
    for row in rows_of(content, COLUMNS, complaints):
        if row["subject"]:
            by_subject.setdefault(row["subject"], []).append(row)
        else:
            complaints.refuse(row, "subject", "a patient code is needed")
    sequences = [
        _sequence(subject, rows, complaints)
        for subject, rows in sorted(by_subject.items(), key=lambda item: natural_order(item[0]))
    ]
    if complaints.problems:
        raise TableError(complaints.problems)
    return SequencesTable(
        tuple(sequence for sequence in sequences if sequence is not None),
        tuple(complaints.warnings),
    )


def _sequence(subject: str, rows: list[Row], complaints: Complaints) -> Sequence | None:
    reference = _reference_date(rows, complaints)
    found: dict[dt.date, Response] = {}
    lines: dict[dt.date, int] = {}
    for row in rows:
        if len(rows) == 1 and not row["date"] and not row["response"]:
            continue
        date, response = date_of(row, "date", complaints), _response(row, complaints)
        if date is None or response is None:
            continue
        if date in found:
            rule = f"{subject} already has a response on this date, line {lines[date]} (L-6)"
            complaints.refuse(row, "date", rule)
        elif reference is not None and date < reference:
            complaints.warn(row, "date", f"before the reference date {reference}")
        found.setdefault(date, response)
        lines.setdefault(date, row.line)
    if reference is None:
        return None
    return Sequence(subject, reference, tuple(sorted(found.items())))


def _reference_date(rows: list[Row], complaints: Complaints) -> dt.date | None:
    first: dt.date | None = None
    for row in rows:
        date = date_of(row, "reference_date", complaints)
        if date is not None and first is not None and date != first:
            rule = f"the patient's reference date is {first} in line {rows[0].line}"
            complaints.refuse(row, "reference_date", rule)
        first = first or date
    return first


def _response(row: Row, complaints: Complaints) -> Response | None:
    text = row["response"]
    if text not in RESPONSES:
        known = ", ".join(sorted(RESPONSES))
        complaints.refuse(row, "response", f"not a response; known are {known}")
        return None
    return Response(text)
