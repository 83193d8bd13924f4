"""The analyses of subjects.csv with the timepoints.csv beside it, one for each reader."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from napari_recist.criteria import Charter, Response
from napari_recist.criteria.best_overall import best_response
from napari_recist.criteria.csv_rows import (
    Complaints,
    Row,
    content_of,
    date_of,
    natural_order,
    rows_of,
)
from napari_recist.errors import TableError
from napari_recist.exporting.endpoints.analysis import Analysis
from napari_recist.exporting.endpoints.follow_ups import follow_up_of
from napari_recist.exporting.response_tables import SUBJECT_COLUMNS, TIMEPOINT_COLUMNS
from napari_recist.statistics.courses import Course, FollowUp

TIMEPOINTS = "timepoints.csv"

Key = tuple[str, str]
"""Patient and reader."""

Items = Mapping[str, Iterable[tuple[str, str]]]
"""Clinical data by patient."""


def analyses_of_tables(
    subjects: Path, charter: Charter, clinical: Items | None = None
) -> tuple[Analysis, ...]:
    """Return one analysis for each reader of a subjects.csv.

    Responses come from the timepoints.csv beside it, as ``assess`` and ``export csv`` write both;
    the best responses that follow from them must be those of subjects.csv. Without clinical data
    times run from the baseline scan.

    Raises
    ------
    TableError
        With every fault of the tables, each with its line, column and value.
    ExportError
        If a clinical date is wrong.
    """
    timepoints = subjects.with_name(TIMEPOINTS)
    complaints = Complaints(str(timepoints))
    visits: dict[Key, list[tuple[dt.date, str]]] = {}
    for row in rows_of(content_of(timepoints), TIMEPOINT_COLUMNS, complaints):
        date, overall = date_of(row, "date", complaints), row["overall_response"]
        if overall and overall not in set(Response):
            complaints.refuse(row, "overall_response", "no response of RECIST")
        elif date is not None:
            visits.setdefault((row["subject"], row["reader"]), []).append((date, overall))
    _refuse(complaints)
    courses = {
        key: _course(key[0], of_key, charter, dict(clinical or {}))
        for key, of_key in visits.items()
    }
    _refuse_others(subjects, courses)
    readers = sorted({reader for _, reader in courses}, key=natural_order)
    patients = sorted({subject for subject, _ in courses}, key=natural_order)
    return tuple(
        Analysis(
            reader or "all",
            charter,
            tuple(courses[one, reader] for one in patients if (one, reader) in courses),
            tuple(one for one in patients if (one, reader) not in courses),
        )
        for reader in readers
    )


def _course(
    subject: str,
    visits: Sequence[tuple[dt.date, str]],
    charter: Charter,
    clinical: Items,
) -> Course:
    baseline = min(date for date, _ in visits)
    known = follow_up_of(subject, clinical.get(subject, ())) or FollowUp(baseline)
    responses = tuple(sorted((date, Response(overall)) for date, overall in visits if overall))
    best = best_response(
        responses, baseline, charter, new_therapy=known.new_therapy, death=known.death
    )
    return Course(subject, baseline, responses, best, known)


def _refuse_others(subjects: Path, courses: Mapping[Key, Course]) -> None:
    """Refuse a subjects.csv that was not made from these time points, or by another charter."""
    complaints = Complaints(str(subjects))
    named: set[Key] = set()
    for row in rows_of(content_of(subjects), SUBJECT_COLUMNS, complaints):
        key = row["subject"], row["reader"]
        named.add(key)
        _refuse_other(row, courses.get(key), complaints)
    for subject, reader in sorted(set(courses) - named):
        rule = f"{subject} {reader}".strip() + f" stands in {TIMEPOINTS} and has no row"
        complaints.refuse(None, "subject", rule)
    _refuse(complaints)


def _refuse_other(row: Row, course: Course | None, complaints: Complaints) -> None:
    if course is None:
        complaints.refuse(row, "subject", f"has no visit in {TIMEPOINTS}")
        return
    if course.follow_up.new_therapy is not None:
        return  # what was seen after it counts in the table and no longer here (B-7)
    for column in ("best_response", "confirmed_best_response"):
        ours = getattr(course.best, column)
        if row[column] != ours:
            rule = f"{TIMEPOINTS} and the charter give {ours}: use the charter of `assess`"
            complaints.refuse(row, column, rule)


def _refuse(complaints: Complaints) -> None:
    if complaints.problems:
        raise TableError(complaints.problems)
