"""Checks of responses: RS is what the rules answer to the records of TR alone."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from napari_recist.criteria import (
    Assessment,
    BestResponse,
    Charter,
    Read,
    Response,
    Role,
    Status,
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
    "NEWLPROG": "G-RESP-4",
}


def other_responses(records: Records, reads: Iterable[Rebuilt]) -> Iterator[Finding]:
    """G-RESP-1 to G-RESP-8: a response is not the one that follows from TR, or is missing."""
    tests = {record.text("--TESTCD") for record in records.of("RS")}
    for again in reads:
        assessment = assess_read(again.read, again.charter)
        yield from _other_category(again.records, again.charter)
        yield from _other_visits(again, assessment, tests)
        yield from _other_best(records, again, assessment.best)


def _other_category(read: ReadRecords, charter: Charter) -> Iterator[Finding]:
    due = CATEGORIES[charter.criteria.name]
    for record in read.responses:
        if record.text("RSCAT") not in {"", due}:
            message = f"RSCAT is {record.text('RSCAT')!r}; the charter judges by {due!r}"
            yield Finding("G-RESP-7", "RS", record.place, message)


def _other_visits(again: Rebuilt, assessment: Assessment, tests: set[str]) -> Iterator[Finding]:
    read = again.records
    held = {(r.text("VISITNUM"), r.text("--TESTCD")): r for r in read.responses}
    left = {key: record for key, record in held.items() if key[1] in _RULES}
    for visit in assessment.visits:
        for test, due in _due(again.read, visit):
            record = left.pop((visit.visit, test), None)
            if record is not None and record.text("--STRESC") != due:
                message = f"RSSTRESC is {record.text('--STRESC')!r}; TR comes to {due!r}"
                yield Finding(_RULES[test], "RS", record.place, message)
            elif record is None and test in tests:
                place = f"{read.subject}, {read.evaluator}, visit {visit.visit}"
                yield Finding("G-RESP-5", "RS", place, f"{test} is missing; TR comes to {due!r}")
            elif record is not None:
                yield from _other_date(record, visit)
    for (_, test), record in left.items():
        message = f"TR comes to no {test} at this visit"
        yield Finding("G-RESP-5", "RS", record.place, message)


def _due(read: Read, visit: VisitAssessment) -> Iterator[tuple[str, str]]:
    """Yield each test that a visit has an answer to, with the answer: none at baseline."""
    if visit.overall is None:
        return
    if visit.target not in {None, Response.NA}:
        yield "TRGRESP", str(visit.target)
    if visit.nontarget not in {None, Response.NA}:
        yield "NTRGRESP", str(visit.nontarget)
    yield "NEWLIND", "Y" if visit.new_lesion else "N"
    new = {lesion.identifier for lesion in read.lesions if lesion.role is Role.NEW}
    said = {
        one.status for at, one in read.observations.items() if at[0] == visit.visit and at[1] in new
    }
    if called := said & {Status.UNEQUIVOCAL, Status.EQUIVOCAL}:
        yield "NEWLPROG", "UNEQUIVOCAL" if Status.UNEQUIVOCAL in called else "EQUIVOCAL"
    yield "OVRLRESP", str(visit.overall)


def _other_date(record: Record, visit: VisitAssessment) -> Iterator[Finding]:
    when = date_in(record.text("--DTC"))
    if when is not None and when not in {visit.response_date, visit.date}:
        message = f"RSDTC is {when}; the response is of {visit.response_date} (V-2)"
        yield Finding("G-RESP-6", "RS", record.place, message)


def _other_best(records: Records, again: Rebuilt, best: BestResponse) -> Iterator[Finding]:
    """Yield a best response, its date or the unconfirmed one that do not follow."""
    confirmed = again.charter.confirmation.required
    due = best.confirmed_best_response if confirmed else best.best_response
    date = best.confirmed_best_response_date if confirmed else best.best_response_date
    beside = {
        "RSCONFRQ": "Y" if confirmed else "N",
        "RSBESTUC": str(best.best_response),
        "RSBESTDT": date.isoformat() if date else "",
    }
    for record in again.records.responses:
        if record.text("--TESTCD") != "BESTRESP":
            continue
        told = {"RSSTRESC": (record.text("--STRESC"), str(due))}
        supplements = records.supplements("RS").get((record.subject, record.text("--SEQ")), {})
        told |= {name: (supplements[name], beside[name]) for name in beside if name in supplements}
        for name, (value, follows) in told.items():
            if value != follows:
                message = f"{name} is {value!r}; TR comes to {follows!r}"
                yield Finding("G-RESP-8", "RS", record.place, message)
