"""mRECIST: its own measurements and evaluability, and the same tables."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from napari_recist.criteria import (
    Charter,
    CriteriaName,
    CriteriaSettings,
    Event,
    Fact,
    Lesion,
    LesionAdded,
    LesionMeasured,
    LesionWithdrawn,
    Observation,
    ObservationWithdrawn,
    Read,
    Role,
    Status,
    StatusStated,
    VisitOpened,
    assess_read,
    assess_side_by_side,
    replay,
)
from tests.criteria.reads import BASELINE_DAY, Said, a_read, day, observation

MRECIST = Charter(criteria=CriteriaSettings(name=CriteriaName.MRECIST))


def with_viable(read: Read, **lesions: list[Said]) -> Read:
    """Return the read with a second set of observations, of the viable parts."""
    viable = {}
    for name, all_said in lesions.items():
        for visit, said in zip(read.visits, all_said, strict=False):
            seen = observation(said)
            if seen is not None:
                viable[visit.identifier, name] = seen
    return replace(read, viable=viable)


def test_two_measurement_sets_side_by_side() -> None:
    """A lesion that only lost its enhancement is SD by RECIST 1.1 and CR by mRECIST (H-11)."""
    read = with_viable(a_read({"T1": [50, 50]}), T1=[40, "absent"])
    both = assess_side_by_side(read, None, [CriteriaName.RECIST_1_1, CriteriaName.MRECIST])

    assert both[CriteriaName.RECIST_1_1].visits[1].overall == "SD"
    assert both[CriteriaName.MRECIST].visits[1].overall == "CR"
    assert both[CriteriaName.RECIST_1_1].visits[0].sum == 500
    assert both[CriteriaName.MRECIST].visits[0].sum == 400


def test_evaluability_is_never_inferred() -> None:
    """A whole diameter says nothing of the viable part: mRECIST is NE, RECIST 1.1 is not (H-10)."""
    read = with_viable(a_read({"T1": [50, 30]}), T1=[40])

    assert assess_read(read).visits[1].overall == "PR"
    assert assess_read(read, MRECIST).visits[1].overall == "NE"


def test_outside_the_liver_recist_measures() -> None:
    """Nodes and lesions outside the liver go by RECIST 1.1 under mRECIST too (H-11)."""
    lung = a_read({"T1": [50, 30]}, organ="lung")
    node = a_read({"T1": [50, 30]}, nodes=["T1"])

    for read in (lung, node):
        other = with_viable(read, T9=[10])
        assert assess_read(other, MRECIST).visits[1].sum == 300


def test_floor_of_progression_is_the_charters() -> None:
    """Without the 5 mm floor, 20 % of viable growth is PD; any growth from nothing too (H-12)."""
    settings = replace(MRECIST.criteria, mrecist_pd_abs_min_mm=Decimal(0))
    no_floor = Charter(criteria=settings)
    grown = a_read({"T1": [20, 24]})
    back = a_read({"T1": [20, 0, 1]}, {"NT1": ["present"] * 3})
    still = a_read({"T1": [20, 0, 0]}, {"NT1": ["present"] * 3})

    assert assess_read(grown, MRECIST).visits[1].overall == "SD"
    assert assess_read(grown, no_floor).visits[1].overall == "PD"
    assert assess_read(back, no_floor).visits[2].overall == "PD"
    assert assess_read(still, no_floor).visits[2].overall == "PR"


def facts(*stated: Fact) -> list[Event]:
    """Return facts as recorded events."""
    now = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
    return [Event(place, now, "P-001", "R1", fact) for place, fact in enumerate(stated, start=1)]


def test_viable_facts_are_kept_beside_the_others() -> None:
    """A viable measurement, fragment, status or withdrawal never touches the whole lesion's."""
    common = (
        VisitOpened("BL", BASELINE_DAY),
        VisitOpened("W8", day(8)),
        LesionAdded("BL", Lesion("T1", Role.TARGET, organ="liver")),
        LesionMeasured("BL", "T1", 500),
        LesionMeasured("BL", "T1", 400, viable=True),
        LesionMeasured("W8", "T1", 450),
        LesionMeasured("W8", "T1", 100, fragment=1, viable=True),
        LesionMeasured("W8", "T1", 90, fragment=2, viable=True),
    )
    read = replay(facts(*common))

    assert read.observations["W8", "T1"].diameters == (450,)
    assert read.viable["W8", "T1"] == Observation(Status.SPLIT, (100, 90), (None, None))
    assert assess_read(read, MRECIST).visits[1].sum == 190

    withdrawn = replay(facts(*common, ObservationWithdrawn("W8", "T1", "slip", viable=True)))
    assert ("W8", "T1") not in withdrawn.viable
    assert withdrawn.observations == read.observations

    stated = replay(facts(*common, StatusStated("W8", "T1", Status.ABSENT, viable=True)))
    assert stated.viable["W8", "T1"].status is Status.ABSENT
    assert replay(facts(*common, LesionWithdrawn("T1", "a vessel"))).viable == {}
