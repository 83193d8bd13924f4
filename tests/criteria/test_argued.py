"""Facts about argued responses: they count where RECIST leaves room, with the argument beside."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from napari_recist.criteria import (
    Assessment,
    Event,
    Response,
    TargetResponseArgued,
    Undone,
    VisitOpened,
    assess_read,
    replay,
)
from tests.criteria.reads import Said, a_read, day

ARGUMENT = "T2 lay outside the field of view and cannot have grown by so much"


def argued(
    targets: dict[str, Sequence[Said]], visit: str, response: Response, nodes: Sequence[str] = ()
) -> Assessment:
    """Return the assessment of a read with one argued response."""
    fact = TargetResponseArgued(visit, response, ARGUMENT)
    return assess_read(replace(a_read(targets, nodes=nodes), argued={visit: fact}))


@pytest.mark.parametrize("response", [Response.PR, Response.SD, Response.PD])
def test_an_argument_settles_a_missing_lesion(response: Response) -> None:
    """R-22: NE for a missing lesion becomes what is argued; rule and argument are told."""
    targets = {"T1": [40.0, 30.0], "T2": [20.0, "not_evaluable"]}

    visit = argued(targets, "W8", response).visit("W8")

    assert (visit.target, visit.overall) == (response, response)
    assert visit.sum is None
    assert "R-22" in visit.rules
    assert ARGUMENT in visit.explanation
    assert not any("does not count" in finding.message for finding in visit.findings)


def test_an_argued_visit_is_no_nadir() -> None:
    """R-22: the partial sum of an argued visit never becomes the nadir."""
    targets = {"T1": [40.0, 10.0, 41.0], "T2": [20.0, "not_evaluable", 20.0]}

    visit = argued(targets, "W8", Response.SD).visit("W16")

    assert (visit.nadir_visit, visit.target) == ("BL", Response.SD)


def test_a_missing_lesion_supports_no_complete_response() -> None:
    """R-22: CR cannot be argued while a lesion is missing; the reader is told that it does not."""
    targets = {"T1": [40.0, "absent"], "T2": [20.0, "not_evaluable"]}

    visit = argued(targets, "W8", Response.CR).visit("W8")

    assert visit.overall is Response.NE
    assert "CR argued at W8 does not count" in visit.findings[-1].message


def test_a_mistaken_complete_response_becomes_partial() -> None:
    """R-31: with the CR of week 8 corrected to PR, the lesion back at week 16 makes no PD."""
    targets = {"T1": [40.0, "absent", 4.0]}

    uncorrected = assess_read(a_read(targets))
    corrected = argued(targets, "W8", Response.PR)

    assert [visit.overall for visit in uncorrected.visits[1:]] == [Response.CR, Response.PD]
    assert [visit.overall for visit in corrected.visits[1:]] == [Response.PR, Response.PR]
    assert "R-31" in corrected.visit("W8").rules


def test_measurements_outrank_an_argument() -> None:
    """Where every lesion is measured, nothing can be argued: 40 to 38 mm stays SD."""
    visit = argued({"T1": [40.0, 38.0]}, "W8", Response.PR).visit("W8")

    assert visit.overall is Response.SD
    assert "PR argued at W8 does not count" in visit.findings[-1].message


def test_an_argument_is_a_fact_that_can_be_undone() -> None:
    """The record keeps the argument; undone, it no longer counts."""
    opened = VisitOpened("W8", day(8))
    fact = TargetResponseArgued("W8", Response.SD, ARGUMENT)
    now = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    events = [
        Event(number, now, "P-001", "R1", stated)
        for number, stated in enumerate((opened, fact, Undone(2)), start=1)
    ]

    assert replay(events[:2]).argued == {"W8": fact}
    assert replay(events).argued == {}
