"""The conformance suite: rule-numbered cases with their answers, and this engine's run of them.

The cases are plain CSV beside this module (``conformance_cases``), for other engines to run too.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import Enum
from importlib.resources import files
from typing import Any

from napari_recist.criteria.assessment import Assessment
from napari_recist.criteria.best_overall import BestResponse, best_response
from napari_recist.criteria.charter import Charter, CriteriaName
from napari_recist.criteria.lesion_row import LESION_COLUMNS
from napari_recist.criteria.lesions_table import parse_lesions
from napari_recist.criteria.sequences_table import COLUMNS as SEQUENCE_COLUMNS
from napari_recist.criteria.sequences_table import parse_sequences
from napari_recist.criteria.tenths import show
from napari_recist.criteria.timepoints import assess_read
from napari_recist.errors import TableError

CONFORMANCE_VERSION = "1"
"""Version of the cases; rises whenever an input or an expected answer changes."""

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: the rule it shows, the fact in words, and where the answer differs, if at all."""

    case: str
    rule: str
    fact: str
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the answer is the expected one."""
        return not self.differences


def conformance_cases() -> tuple[str, ...]:
    """Return the names of the cases, in the order of the table."""
    return tuple(case["case"] for case in _table("cases"))


def run_conformance(*only: str) -> tuple[CaseResult, ...]:
    """Run every case, or only those named; say where this engine's answer is not the expected."""
    tables = {name: tuple(_table(name)) for name in _TABLES}
    return tuple(
        CaseResult(case["case"], case["rule"], case["fact"], tuple(_differences(case, tables)))
        for case in tables["cases"]
        if not only or case["case"] in only
    )


_TABLES = ("cases", "lesions", "timepoints", "subjects", "sequences", "best_responses")


def _table(name: str) -> Iterator[Cells]:
    place = files("napari_recist.criteria") / "conformance_cases" / f"{name}.csv"
    yield from csv.DictReader(place.read_text(encoding="utf-8").splitlines())


def _rows(tables: dict[str, tuple[Cells, ...]], table: str, case: str) -> list[Cells]:
    return [row for row in tables[table] if case in (row.get("case"), row.get("subject"))]


def _differences(case: Cells, tables: dict[str, tuple[Cells, ...]]) -> Iterator[str]:
    name = case["case"]
    charter = charter_with(case["setting"], CriteriaName(case["criteria"]))
    if expected := _rows(tables, "best_responses", name):
        content = _csv(SEQUENCE_COLUMNS, _rows(tables, "sequences", name))
        (sequence,) = parse_sequences(content).sequences
        best = best_response(sequence.responses, sequence.reference_date, charter)
        yield from _unequal(name, expected[0], {"subject": name, **_best_cells(best)})
        return
    content = _csv(LESION_COLUMNS, _rows(tables, "lesions", name))
    try:
        (read,) = parse_lesions(content, charter).reads
    except TableError as refusal:
        columns = {problem.column for problem in refusal.problems}
        if case["refused"] not in columns:
            yield f"refused by {sorted(columns)}, expected {case['refused'] or 'an answer'}"
        return
    if case["refused"]:
        yield f"accepted, expected a refusal by {case['refused']}"
        return
    assessment = assess_read(read, charter)
    for row in _rows(tables, "timepoints", name):
        yield from _unequal(row["visit"], row, {"case": name, **_visit_cells(assessment, row)})
    for row in _rows(tables, "subjects", name):
        yield from _unequal("best", row, {"case": name, **_best_cells(assessment.best)})
    found = {finding.rule for finding in assessment.findings}
    for rule in case["findings"].split():
        if rule not in found:
            yield f"{rule} was not pointed out"


def charter_with(setting: str, criteria: CriteriaName) -> Charter:
    """Return the suggested charter with one ``section.key=value`` changed ("" for none)."""
    charter = Charter()
    charter = replace(charter, criteria=replace(charter.criteria, name=criteria))
    if not setting:
        return charter
    dotted, _, text = setting.partition("=")
    section, _, key = dotted.partition(".")
    values: Any = getattr(charter, section)
    kind = type(getattr(values, key))
    value = _value(kind, text)
    return replace(charter, **{section: replace(values, **{key: value})})


def _value(kind: type[Any], text: str) -> object:
    if kind is bool:
        return text == "true"
    return kind(text) if issubclass(kind, Enum | Decimal | int) else text


def _csv(columns: Sequence[str], rows: Iterable[Cells]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _visit_cells(assessment: Assessment, row: Cells) -> Cells:
    visit = assessment.visit(row["visit"])
    return {
        "visit": visit.visit,
        "sum_mm": "" if visit.sum is None else show(visit.sum),
        "nadir_sum_mm": "" if visit.nadir_sum is None else show(visit.nadir_sum),
        "target_response": visit.target or "",
        "nontarget_response": visit.nontarget or "",
        "new_lesion": "yes" if visit.new_lesion else "no",
        "overall_response": visit.overall or "",
    }


def _best_cells(best: BestResponse) -> Cells:
    cells = {
        field.name: str(getattr(best, field.name) or "")
        for field in fields(best)
        if field.name != "not_evaluable_reason"
    }
    for name in ("response", "confirmed_response", "clinical_benefit"):
        cells[name] = "Y" if cells[f"{name}_date"] else "N"
    return cells


def _unequal(place: str, expected: Cells, found: Cells) -> Iterator[str]:
    for column, value in expected.items():
        if found[column] != value:
            yield f"{place}: {column} is {found[column]!r}, expected {value!r}"
