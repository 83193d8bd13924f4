"""LESIONS.csv: what one reader said, row by row, as the contract words it."""

import datetime as dt

import pytest

from napari_recist.criteria import (
    LESION_COLUMNS,
    Event,
    Fact,
    Lesion,
    LesionAdded,
    LesionMeasured,
    Observation,
    Read,
    Role,
    Status,
    StatusStated,
    VisitOpened,
    VisitSigned,
    parse_lesions,
    replay,
)
from napari_recist.exporting.lesions_csv import lesion_rows, signed_part
from napari_recist.exporting.table_files import csv_text

BASELINE, WEEK_8 = dt.date(2025, 1, 6), dt.date(2025, 3, 3)


def read_of(*facts: Fact) -> Read:
    """Return the read these facts add up to, after the opening of two visits and four lesions."""
    now = dt.datetime(2025, 3, 4, tzinfo=dt.UTC)
    first = (
        VisitOpened("BL", BASELINE),
        LesionAdded("BL", Lesion("T1", Role.TARGET, "liver", "S7")),
        LesionAdded("BL", Lesion("T2", Role.TARGET, "lymph node", node=True)),
        LesionAdded("BL", Lesion("NT1", Role.NON_TARGET, "bone")),
        LesionMeasured("BL", "T1", 300),
        LesionMeasured("BL", "T2", 155),
    )
    return replay(
        Event(number, now, "P1", "anna", fact) for number, fact in enumerate((*first, *facts), 1)
    )


def told(read: Read, visit: str) -> list[str]:
    """Return the rows of a visit, shortened to what differs."""
    return [
        " ".join(filter(None, (row["lesion"], row["status"], row["diameter_mm"], row["into"])))
        for row in lesion_rows(read)
        if row["visit"] == visit
    ]


def test_the_columns_are_those_of_the_contract() -> None:
    """The header is the contract's, in its order, and each row has just these cells."""
    assert ", ".join(LESION_COLUMNS) == (
        "subject, reader, visit, date, lesion, role, node, organ, status, diameter_mm, into, reason"
    )
    assert {tuple(row) for row in lesion_rows(read_of())} == {LESION_COLUMNS}


def test_a_baseline_row_by_row() -> None:
    """Diameters in mm with one decimal, nodes marked, a listed non-target present."""
    rows = [list(row.values()) for row in lesion_rows(read_of())]
    common = ["P1", "anna", "BL", "2025-01-06"]

    assert rows == [
        [*common, "T1", "target", "no", "liver", "measured", "30.0", "", ""],
        [*common, "T2", "target", "yes", "lymph node", "measured", "15.5", "", ""],
        [*common, "NT1", "nontarget", "no", "bone", "present", "", "", ""],
    ]


def test_every_status_has_its_row() -> None:
    """Split into fragments, merged, not evaluable with a reason, new: each as the contract says."""
    read = read_of(
        VisitOpened("W8", WEEK_8),
        LesionMeasured("W8", "T1", 120, fragment=1),
        LesionMeasured("W8", "T1", 85, fragment=2),
        StatusStated("W8", "T2", Status.MERGED, into="T1"),
        StatusStated("W8", "NT1", Status.NOT_EVALUABLE, reason='metal, "streaks"'),
        LesionAdded("W8", Lesion("N1", Role.NEW, "lung")),
        StatusStated("W8", "N1", Status.EQUIVOCAL),
    )

    assert told(read, "W8") == [
        "T1.1 split 12.0",
        "T1.2 split 8.5",
        "T2 merged T1",
        "NT1 not_evaluable",
        "N1 equivocal",
    ]
    assert [row["reason"] for row in lesion_rows(read)][-2] == 'metal, "streaks"'


def test_what_was_not_said_has_no_row() -> None:
    """A lesion nobody spoke of at a visit has no row: no non-target is presumed present."""
    assert told(read_of(VisitOpened("W8", WEEK_8)), "W8") == []


def test_rows_are_dated_by_their_own_scan() -> None:
    """Where a lesion was seen on a scan of another day, its row has that day."""
    read = read_of(VisitOpened("W8", WEEK_8), StatusStated("W8", "T1", Status.ABSENT))
    seen = Observation(Status.ABSENT, date=WEEK_8 + dt.timedelta(days=2))
    moved = type(read)(
        read.subject,
        read.reader,
        read.visits,
        read.lesions,
        {**read.observations, ("W8", "T1"): seen},
        read.added_at,
    )

    assert [row["date"] for row in lesion_rows(moved) if row["visit"] == "W8"] == ["2025-03-05"]


def test_rows_come_back_as_the_read() -> None:
    """The rows, read by the parser of the rules, give the same lesions and observations."""
    read = read_of(
        VisitOpened("W8", WEEK_8),
        LesionMeasured("W8", "T1", 120, fragment=1),
        LesionMeasured("W8", "T1", 85, fragment=2),
        StatusStated("W8", "T2", Status.NOT_EVALUABLE, reason="not in the field of view"),
        StatusStated("W8", "NT1", Status.ABSENT),
    )
    (back,) = parse_lesions(csv_text(LESION_COLUMNS, lesion_rows(read))).reads

    assert [(visit.identifier, visit.date) for visit in back.visits] == [
        ("BL", BASELINE),
        ("W8", WEEK_8),
    ]
    for (visit, lesion), said in read.observations.items():
        other = back.observation(visit, lesion)
        assert other is not None
        assert (other.status, other.diameters, other.reason) == (
            said.status,
            said.diameters,
            said.reason,
        )


@pytest.mark.parametrize("signed", [False, True])
def test_only_signed_visits_leave(signed: bool) -> None:
    """A visit still being read is not part of what is signed, nor a lesion first seen there."""
    signature = VisitSigned("BL", "anna", "I read", "", "c", "h", "0", "0.1")
    facts = (
        VisitOpened("W8", WEEK_8),
        LesionAdded("W8", Lesion("N1", Role.NEW, "lung")),
        StatusStated("W8", "N1", Status.UNEQUIVOCAL),
    )
    part = signed_part(read_of(*((signature, *facts) if signed else facts)))

    assert [visit.identifier for visit in part.visits] == (["BL"] if signed else [])
    assert [lesion.identifier for lesion in part.lesions] == (["T1", "T2", "NT1"] if signed else [])
    assert len(part.observations) == (2 if signed else 0)
