"""The record and what it adds up to: replay, undo, withdrawal, signature."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest

from napari_recist.criteria import (
    Charter,
    CriteriaSettings,
    Event,
    Fact,
    Lesion,
    LesionAdded,
    LesionCorrected,
    LesionMeasured,
    LesionWithdrawn,
    Observation,
    ObservationWithdrawn,
    Redone,
    Role,
    Status,
    StatusStated,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
    assess,
    replay,
)
from tests.criteria.reads import day

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
LIST: tuple[Fact, ...] = (
    VisitOpened("BL", day(0)),
    VisitOpened("W8", day(8)),
    LesionAdded("BL", Lesion("T1", Role.TARGET, organ="liver")),
    LesionMeasured("BL", "T1", 500),
)
SIGNED = VisitSigned("BL", "R1", "I read it", "", "c", "h", "p", "0.1.0")


def record(*facts: Fact) -> list[Event]:
    """Return facts as recorded events, numbered from 1."""
    return [Event(place, NOW, "P-001", "R1", fact) for place, fact in enumerate(facts, start=1)]


def test_visits_come_by_date() -> None:
    """Visits stand by date, whatever the order in which they were opened."""
    read = replay(record(VisitOpened("W8", day(8)), VisitOpened("BL", day(0))))

    assert [visit.identifier for visit in read.visits] == ["BL", "W8"]
    assert read.visit("W8").date == day(8)
    with pytest.raises(KeyError):
        read.visit("W16")
    with pytest.raises(KeyError):
        read.lesion("T1")


def test_a_correction_changes_what_the_list_says_and_nothing_else() -> None:
    """Organ and segment are those of the correction; name, place on the list and values stay."""
    corrected = Lesion("T1", Role.TARGET, organ="lung", site="left")
    other = LesionAdded("BL", Lesion("T2", Role.TARGET, organ="spleen"))
    facts = (*LIST, other, LesionCorrected("BL", corrected, "the segment was wrong"))
    read = replay(record(*facts))

    assert read.lesions == (corrected, other.lesion)
    assert read.added_at["T1"] == "BL"
    assert read.observation("BL", "T1") == replay(record(*LIST)).observation("BL", "T1")
    assert replay(record(*facts, Undone(6))).lesion("T1").organ == "liver"
    withdrawn = LesionWithdrawn("T1", "no lesion")
    late = (*LIST, withdrawn, LesionCorrected("BL", corrected, "x"))
    assert replay(record(*late)).lesions == ()


def test_a_later_measurement_replaces_an_earlier() -> None:
    """What was said last of a lesion at a visit is what counts."""
    read = replay(record(*LIST, LesionMeasured("BL", "T1", 480)))

    assert read.observations["BL", "T1"].diameters == (480,)


def test_fragments_build_up_and_change_singly() -> None:
    """Fragments are kept by number; the second measurement of one replaces it (R-15)."""
    split = (
        LesionMeasured("W8", "T1", 200, fragment=1),
        LesionMeasured("W8", "T1", 80, fragment=2),
        LesionMeasured("W8", "T1", 90, fragment=1),
    )
    read = replay(record(*LIST, *split))

    assert read.observations["W8", "T1"].status is Status.SPLIT
    assert read.observations["W8", "T1"].diameters == (90, 80)
    assert assess(record(*LIST, *split)).visits[1].sum == 170


def test_fragments_replace_a_whole_measurement() -> None:
    """A lesion measured whole before and in fragments after is split."""
    facts = (LesionMeasured("W8", "T1", 300), LesionMeasured("W8", "T1", 90, fragment=1))

    assert replay(record(*LIST, *facts)).observations["W8", "T1"].diameters == (90,)


def test_withdrawn_statement() -> None:
    """A statement taken back leaves nothing said: the lesion is missing, not 0 mm."""
    facts = record(
        *LIST,
        StatusStated("W8", "T1", Status.ABSENT),
        ObservationWithdrawn("W8", "T1", "wrong slice"),
    )

    assert replay(facts).observation("W8", "T1") is None
    assert assess(facts).visits[1].overall == "NE"


def test_withdrawn_lesion() -> None:
    """A lesion taken off the list leaves with everything said of it, and only it."""
    other = LesionAdded("BL", Lesion("T2", Role.TARGET, organ="lung"))
    facts = (*LIST, other, LesionMeasured("BL", "T2", 300), LesionWithdrawn("T1", "a vessel"))
    read = replay(record(*facts))

    assert [lesion.identifier for lesion in read.lesions] == ["T2"]
    assert dict(read.observations) == {("BL", "T2"): Observation(Status.MEASURED, (300,), (None,))}
    assert dict(read.added_at) == {"T2": "BL"}


def test_lesion_described_again() -> None:
    """A lesion added again under its name is described anew, not listed twice."""
    again = LesionAdded("BL", Lesion("T1", Role.TARGET, organ="lung"))

    assert [lesion.organ for lesion in replay(record(*LIST, again)).lesions] == ["lung"]


def test_undo_and_redo() -> None:
    """An undone fact does not count, a redone one counts again, and both stay on the record."""
    shrunk = LesionMeasured("W8", "T1", 300)
    done, undone = record(*LIST, shrunk), record(*LIST, shrunk, Undone(5))
    redone = record(*LIST, shrunk, Undone(5), Redone(5))

    assert replay(undone) == replay(done[:-1])
    assert replay(redone) == replay(done)


def test_signature_stays_through_a_change_of_series() -> None:
    """A signed visit stays signed when its series is named again, until it is reopened."""
    signed = record(*LIST, SIGNED, VisitOpened("BL", day(0), "1.2.3"))
    reopened = record(*LIST, SIGNED, VisitReopened("BL", "a lesion was missed"))

    assert replay(signed).visit("BL").signed == SIGNED
    assert replay(signed).visit("W8").signed is None
    assert replay(reopened).visit("BL").signed is None


def test_signature_of_a_visit_taken_back() -> None:
    """A signature of a visit whose opening was undone signs nothing."""
    read = replay(record(VisitOpened("BL", day(0)), SIGNED, Undone(1)))

    assert read.visits == ()


def test_reads_are_never_mixed() -> None:
    """Events of two readers, or of two patients, are refused together (L-5)."""
    other = Event(2, NOW, "P-001", "R2", VisitOpened("BL", day(0)))

    with pytest.raises(ValueError, match="several reads"):
        replay([*record(*LIST), other])


def test_unknown_fact() -> None:
    """A fact of an unknown kind is refused, never passed over."""

    @dataclass(frozen=True)
    class Whispered:
        visit: str

    with pytest.raises(ValueError, match="unknown fact"):
        replay([Event(1, NOW, "P-001", "R1", Whispered("BL"))])  # type: ignore[arg-type]


def test_the_charter_decides_over_a_record_too() -> None:
    """Assessing events goes by the charter given, as assessing a read does."""
    facts = record(*LIST, StatusStated("W8", "T1", Status.TOO_SMALL))
    charter = Charter(criteria=CriteriaSettings(too_small_default_mm=Decimal(7)))

    assert assess(facts, charter).visits[1].sum == 70
    assert assess(facts).visits[1].sum == 50
