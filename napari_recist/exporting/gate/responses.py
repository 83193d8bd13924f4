"""Checks of responses: RS is what the rules answer to the records of TR alone."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from napari_recist.criteria import (
    Assessment,
    Charter,
    Response,
    VisitAssessment,
    assess_read,
)
from napari_recist.criteria.charter import CriteriaName
from napari_recist.exporting.gate.dates import date_in
from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.rebuilding import Rebuilt
from napari_recist.exporting.gate.records import ReadRecords, Record, Records

CATEGORIES: Mapping[CriteriaName, str] = MappingProxyType(
    {
        CriteriaName.RECIST_1_1: "RECIST 1.1",
        CriteriaName.MRECIST: "MRECIST LENCIONI LIVER CANCER 2010",
        CriteriaName.IRECIST: "iRECIST",
    }
)
"""What RSCAT says of the criteria."""

_RULES = {
    "OVRLRESP": "G-RESP-1",
    "TRGRESP": "G-RESP-2",
    "NTRGRESP": "G-RESP-3",
    "NEWLIND": "G-RESP-4",
}


def other_responses(records: Records, reads: Iterable[Rebuilt]) -> Iterator[Finding]:
    """G-RESP-1 to G-RESP-8: a response is not the one that follows from TR, or is missing."""
    tests = {record.text("--TESTCD") for record in records.of("RS")}
    for again in reads:
        assessment = assess_read(again.read, again.charter)
        yield from _other_category(again.records, again.charter)
        yield from _other_visits(again.records, assessment, tests)
        yield from _other_best(again.records, assessment, again.charter)


def _other_category(read: ReadRecords, charter: Charter) -> Iterator[Finding]:
    due = CATEGORIES[charter.criteria.name]
    for record in read.responses:
        if record.text("RSCAT") not in {"", due}:
            message = f"RSCAT is {record.text('RSCAT')!r}; the charter judges by {due!r}"
            yield Finding("G-RESP-7", "RS", record.place, message)


def _other_visits(read: ReadRecords, assessment: Assessment, tests: set[str]) -> Iterator[Finding]:
    held = {(r.text("VISITNUM"), r.text("--TESTCD")): r for r in read.responses}
    left = {key: record for key, record in held.items() if key[1] in _RULES}
    for visit in assessment.visits:
        for test, due in _due(visit):
            record = left.pop((visit.visit, test), None)
            if record is not None and record.text("--STRESC") != due:
                message = f"RSSTRESC is {record.text('--STRESC')!r}; TR comes to {due!r}"
                yield Finding(_RULES[test], "RS", record.place, message)
            elif record is None and test in tests:
                place = f"{read.subject}, {read.evaluator}, visit {visit.visit}"
                yield Finding("G-RESP-5", "RS", place, f"{test} is missing; TR comes to {due!r}")
            elif record is not None and test == "OVRLRESP":
                yield from _other_date(record, visit)
    for (_, test), record in left.items():
        message = f"TR comes to no {test} at this visit"
        yield Finding("G-RESP-5", "RS", record.place, message)


def _due(visit: VisitAssessment) -> Iterator[tuple[str, str]]:
    """Yield each test that a visit has an answer to, with the answer: none at baseline."""
    if visit.overall is None:
        return
    if visit.target not in {None, Response.NA}:
        yield "TRGRESP", str(visit.target)
    if visit.nontarget not in {None, Response.NA}:
        yield "NTRGRESP", str(visit.nontarget)
    yield "NEWLIND", "Y" if visit.new_lesion else "N"
    yield "OVRLRESP", str(visit.overall)


def _other_date(record: Record, visit: VisitAssessment) -> Iterator[Finding]:
    when = date_in(record.text("--DTC"))
    if when is not None and when not in {visit.response_date, visit.date}:
        message = f"RSDTC is {when}; the response is of {visit.response_date} (V-2)"
        yield Finding("G-RESP-6", "RS", record.place, message)


def _other_best(read: ReadRecords, assessment: Assessment, charter: Charter) -> Iterator[Finding]:
    best = assessment.best
    due = best.confirmed_best_response if charter.confirmation.required else best.best_response
    for record in read.responses:
        if record.text("--TESTCD") == "BESTRESP" and record.text("--STRESC") != due:
            message = f"RSSTRESC is {record.text('--STRESC')!r}; TR comes to {str(due)!r}"
            yield Finding("G-RESP-8", "RS", record.place, message)
