"""RS: the responses at each visit, and the best of the read."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from napari_recist.criteria import BestResponse, Response, Role, Status, VisitAssessment
from napari_recist.criteria.charter import CriteriaName
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.reads import OneRead
from napari_recist.exporting.sdtm.terminology import RSTESTCD, codelist

BEST = "BESTRESP"
_CATEGORIES: Mapping[CriteriaName, str] = {
    CriteriaName.RECIST_1_1: "RECIST 1.1",
    CriteriaName.MRECIST: "MRECIST LENCIONI LIVER CANCER 2010",
    CriteriaName.IRECIST: "iRECIST",
}
_NEW: Mapping[Status, str] = {
    Status.UNEQUIVOCAL: "UNEQUIVOCAL",
    Status.EQUIVOCAL: "EQUIVOCAL",
}
"""What a reader says of a new lesion, the stronger word first."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A record of RS, not numbered yet, and what else is told of it by name of the qualifier."""

    record: dict[str, Value]
    qualifiers: Mapping[str, str] = field(default_factory=dict)


def rs_records(one: OneRead, groups: frozenset[str]) -> Iterator[Answered]:
    """Yield the records of RS of one read; ``groups`` are those that TR has results of.

    At baseline there is no response.
    """
    judged = [visit for visit in one.frozen.assessment.visits if visit.overall is not None]
    for visit in judged:
        group = one.group(visit.visit)
        for test, response in _responses(one, visit):
            record = _record(one, visit.visit, visit.response_date, test, response)
            linked = {**record, "RSLNKGRP": group if group in groups else ""}
            yield Answered(linked, _argument(one, visit) if test == "TRGRESP" else {})
    if judged:
        yield _best(one, judged[-1])


def _responses(one: OneRead, visit: VisitAssessment) -> Iterator[tuple[str, str]]:
    for test, response in (("TRGRESP", visit.target), ("NTRGRESP", visit.nontarget)):
        if response not in {None, Response.NA}:
            yield test, str(response)
    yield "NEWLIND", "Y" if visit.new_lesion else "N"
    said = {
        observation.status
        for lesion in one.frozen.read.lesions
        if lesion.role is Role.NEW and (observation := one.said(visit.visit, lesion)) is not None
    }
    strongest = next((word for status, word in _NEW.items() if status in said), "")
    if strongest:
        yield "NEWLPROG", strongest
    yield "OVRLRESP", str(visit.overall)


def _argument(one: OneRead, visit: VisitAssessment) -> Mapping[str, str]:
    """Return the reader's argument for a target response, where it is the one that counts."""
    argued = one.frozen.read.argued.get(visit.visit)
    counts = argued is not None and argued.response is visit.target
    return {"RSARGUED": argued.argument} if argued is not None and counts else {}


def _best(one: OneRead, last: VisitAssessment) -> Answered:
    """Return the best response over the visits up to the last, confirmed where that is asked."""
    best = one.frozen.assessment.best
    confirmed = one.frozen.charter.confirmation.required
    response = best.confirmed_best_response if confirmed else best.best_response
    record = _record(one, last.visit, last.date, BEST, str(response))
    return Answered(record, dict(_of_best(best, confirmed=confirmed)))


def _of_best(best: BestResponse, *, confirmed: bool) -> Iterator[tuple[str, str]]:
    date = best.confirmed_best_response_date if confirmed else best.best_response_date
    yield "RSCONFRQ", "Y" if confirmed else "N"
    if confirmed:
        yield "RSBESTUC", str(best.best_response)
    if date is not None:
        yield "RSBESTDT", date.isoformat()
    if best.not_evaluable_reason is not None:
        yield "RSREASNE", best.not_evaluable_reason.replace("_", " ")


def _record(one: OneRead, label: str, date: dt.date, test: str, response: str) -> dict[str, Value]:
    return {
        **one.common("RS", label, date),
        "RSTESTCD": test,
        "RSTEST": codelist(RSTESTCD).terms[test].decode,
        "RSCAT": _CATEGORIES[one.frozen.charter.criteria.name],
        "RSORRES": response,
        "RSSTRESC": response,
    }
