"""When two reads of one patient call for adjudication."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given

from napari_recist.criteria import (
    AdjudicationTrigger,
    Charter,
    ConfirmationSettings,
    CriteriaName,
    CriteriaSettings,
    Observation,
    Read,
    Status,
    assess_read,
)
from napari_recist.criteria.discordance import Discordance, discordances
from tests.criteria.reads import Said, a_read
from tests.criteria.test_properties import EXAMPLES, first_visits, reads

EVERY = tuple(AdjudicationTrigger)
CHARTER = Charter()
AS_SEEN = Charter(confirmation=ConfirmationSettings(required=False))


def compared(first: Read, second: Read, charter: Charter = CHARTER) -> tuple[Discordance, ...]:
    """Return every discordance of two reads under a charter."""
    assessed = assess_read(first, charter), assess_read(second, charter)
    return discordances(*assessed, charter, triggers=EVERY)


def one_target(*said: Said, new: Said = None) -> Read:
    """Return a read of one target, with a new lesion at the last visit where asked for."""
    news = {"N1": [*[None] * (len(said) - 1), new]} if new else None
    return a_read({"T1": said}, news=news)


def test_best_response_is_the_one_that_the_charter_counts() -> None:
    """A PR that the next visit takes back is best SD where confirmation is required, else PR."""
    first, second = one_target(100, 60, 90), one_target(100, 80, 90)
    best = AdjudicationTrigger.BEST_RESPONSE

    assert best not in {found.trigger for found in compared(first, second)}
    assert Discordance(best, "PR", "SD") in compared(first, second, AS_SEEN)


def test_progression_counts_by_visit() -> None:
    """PD at week 16 against week 24 differs in its date, not in whether there was one."""
    found = compared(one_target(100, 100, 130, 130), one_target(100, 100, 100, 130))

    assert found == (
        Discordance(AdjudicationTrigger.PROGRESSION_DATE, "W16", "W24", "W16"),
        Discordance(AdjudicationTrigger.OVERALL_RESPONSE, "PD", "SD", "W16"),
    )


def test_no_progression_is_an_answer() -> None:
    """Progression for one reader only differs in date and in yes or no."""
    found = compared(one_target(100, 100, 130), one_target(100, 100, 110))

    assert Discordance(AdjudicationTrigger.PROGRESSION, "yes", "no") in found
    assert Discordance(AdjudicationTrigger.PROGRESSION_DATE, "W16", "none", "W16") in found


def test_another_scan_of_the_same_visit_is_no_other_date() -> None:
    """Readers who date a new lesion by two scans of one visit agree: both read that visit."""
    early = Observation(Status.UNEQUIVOCAL, date=dt.date(2024, 2, 24))
    first = one_target(100, 100, new=early)
    second = one_target(100, 100, new="unequivocal")

    assert assess_read(first).best.progression_date != assess_read(second).best.progression_date
    assert compared(first, second) == ()


def test_a_progression_dated_by_an_earlier_scan_is_of_its_own_visit() -> None:
    """A new lesion dated by the scan of week 8, found at week 16, progresses at week 16."""
    early = Observation(Status.UNEQUIVOCAL, date=dt.date(2024, 2, 26))
    first, second = one_target(50, 50, 50, new=early), one_target(50, 50, 50, new="unequivocal")

    assert assess_read(first).best.progression_date == first.visit("W8").date
    assert compared(first, second) == ()


def test_first_response_counts_by_visit() -> None:
    """A confirmed PR from week 8 on against one from week 16 on is another response date."""
    found = compared(one_target(100, 60, 60, 60), one_target(100, 80, 60, 60))

    trigger = AdjudicationTrigger.FIRST_RESPONSE_DATE
    assert Discordance(trigger, "W8", "W16", "W8") in found


def test_not_evaluable_is_an_answer() -> None:
    """NE for one reader and SD for the other differ at that visit."""
    found = compared(one_target(100, "not_evaluable"), one_target(100, 100))

    assert found == (
        Discordance(AdjudicationTrigger.BEST_RESPONSE, "NE", "SD"),
        Discordance(AdjudicationTrigger.OVERALL_RESPONSE, "NE", "SD", "W8"),
    )


def test_a_visit_that_one_reader_lacks_differs() -> None:
    """A visit before progression that only one reader read is told, not passed over."""
    found = compared(one_target(100, 100), one_target(100, 100, 100))

    assert found == (Discordance(AdjudicationTrigger.OVERALL_RESPONSE, "not read", "SD", "W16"),)


def test_a_reader_may_stop_at_progression() -> None:
    """Visits behind the progression of both do not differ because only one reader went on."""
    assert compared(one_target(100, 130), one_target(100, 130, 140)) == ()


def test_a_visit_left_out_before_progression_differs() -> None:
    """A visit that a reader skipped on the way to progression is not read."""
    whole = one_target(100, 100, 130)
    skipped = replace(whole, visits=(whole.visits[0], whole.visits[2]))

    found = compared(whole, skipped)
    assert Discordance(AdjudicationTrigger.OVERALL_RESPONSE, "SD", "not read", "W8") in found


def test_reads_without_visits_agree() -> None:
    """Two reads not begun have nothing to adjudicate; one begun differs by its visits."""
    empty = Read("P-001", "R1")

    assert compared(empty, replace(empty, reader="R2")) == ()
    assert compared(empty, one_target(100, 100))[0].second == "SD"


def test_mrecist_compares_its_own_responses() -> None:
    """Viable diameters decide: whole lesions of equal size differ when one is viable no more."""
    charter = Charter(criteria=CriteriaSettings(name=CriteriaName.MRECIST))
    whole = one_target(50, 50)
    viable = {
        ("BL", "T1"): Observation(Status.MEASURED, (500,)),
        ("W8", "T1"): Observation(Status.ABSENT),
    }
    first = replace(whole, viable=viable)
    second = replace(whole, viable={**viable, ("W8", "T1"): Observation(Status.MEASURED, (500,))})

    found = compared(first, second, charter)
    assert Discordance(AdjudicationTrigger.OVERALL_RESPONSE, "CR", "SD", "W8") in found


def test_irecist_names_its_own_responses() -> None:
    """A confirmed progression dates from the iUPD; without confirmation there is none."""
    charter = Charter(criteria=CriteriaSettings(name=CriteriaName.IRECIST))
    found = compared(one_target(100, 130, 140), one_target(100, 130, 130), charter)

    assert Discordance(AdjudicationTrigger.OVERALL_RESPONSE, "iCPD", "iUPD", "W16") in found
    assert Discordance(AdjudicationTrigger.PROGRESSION_DATE, "W8", "none", "W8") in found
    assert Discordance(AdjudicationTrigger.BEST_RESPONSE, "iCPD", "iUPD") in found


def test_the_charter_says_what_is_compared() -> None:
    """Without other word it is the charter's triggers, in its order, each once."""
    first, second = one_target(100, 100, 130), one_target(100, 60, 60)
    assessed = assess_read(first), assess_read(second)

    found = [one.trigger for one in discordances(*assessed, CHARTER)]
    assert found == list(CHARTER.read.adjudication)


def test_two_patients_are_refused() -> None:
    """Reads of two patients are never compared."""
    first, second = one_target(100), replace(one_target(100), subject="P-002")
    with pytest.raises(ValueError, match="two patients"):
        compared(first, second)


@EXAMPLES
@given(reads())
def test_the_same_read_agrees_with_itself(read: Read) -> None:
    """Identical reads never call for adjudication, under any criteria."""
    for name in CriteriaName:
        charter = Charter(criteria=CriteriaSettings(name=name))
        assert compared(read, replace(read, reader="R2"), charter) == ()


@EXAMPLES
@given(reads(), reads())
def test_swapping_the_readers_swaps_the_answers(first: Read, second: Read) -> None:
    """Which reader is called first decides nothing."""
    there, back = compared(first, second), compared(second, first)
    assert tuple(found.swapped() for found in back) == there


@EXAMPLES
@given(reads())
def test_every_answer_differs(read: Read) -> None:
    """A discordance always holds two different answers."""
    assert all(one.first != one.second for one in compared(read, first_visits(read, 2)))
