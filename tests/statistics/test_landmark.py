"""Response and control at month 4: the three readings of B-11, case by case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.criteria import LandmarkRule, Response
from napari_recist.statistics.courses import Course
from napari_recist.statistics.landmark import (
    best_response_counts,
    landmark_outcome,
    landmark_rates,
)
from napari_recist.statistics.proportions import exact_interval, wilson_interval
from tests.statistics.courses import CHARTER, course

# Response and control under (a) the status of week 16, (b) by then, (c) confirmed by then.
CASES = [
    ("8 PR, 16 PR", (1, 1), (1, 1), (1, 1)),
    ("8 SD, 16 PR, 24 PR", (1, 1), (1, 1), (0, 1)),
    ("8 SD, 16 PR, 24 PD", (1, 1), (0, 1), (0, 1)),
    ("8 PR, 16 SD, 24 SD", (0, 1), (0, 1), (0, 1)),
    ("8 SD, 16 SD, 24 PR, 32 PR", (0, 1), (0, 1), (0, 1)),
    ("8 SD, 16 PD", (0, 0), (0, 1), (0, 0)),
    ("8 PD, 16 SD", (0, 0), (0, 0), (0, 0)),
    ("8 SD, 16 NE, 24 SD", (0, 0), (0, 1), (0, 1)),
    ("8 SD, 24 SD", (0, 0), (0, 1), (0, 1)),
    ("8 NON-CR/NON-PD, 16 NON-CR/NON-PD", (0, 1), (0, 1), (0, 1)),
    ("8 PR, 14 PR, 18.5 PD", (1, 1), (1, 1), (1, 1)),
    ("8 PR, 14 PR, 17.9 PD", (0, 0), (1, 1), (0, 0)),
    ("", (0, 0), (0, 0), (0, 0)),
]


@pytest.mark.parametrize(("told", "status", "cumulative", "confirmed"), CASES)
def test_three_readings(
    told: str, status: tuple[int, int], cumulative: tuple[int, int], confirmed: tuple[int, int]
) -> None:
    """Each reading says of the patient what its definition says."""
    expected = {
        LandmarkRule.STATUS: status,
        LandmarkRule.CUMULATIVE: cumulative,
        LandmarkRule.CONFIRMED: confirmed,
    }
    for rule, (responded, controlled) in expected.items():
        found = landmark_outcome(course(told), CHARTER, rule)
        assert (found.responded, found.controlled) == (bool(responded), bool(controlled)), rule
        assert found.why


def test_the_dead_are_not_controlled() -> None:
    """A death before the visit, or another therapy, leaves nothing at the landmark (B-7)."""
    dead = course("8 PR, 16 PR", death=12)
    treated = course("8 SD, 16 PR", new_therapy=12)

    for rule in (LandmarkRule.STATUS, LandmarkRule.CONFIRMED):
        assert not landmark_outcome(dead, CHARTER, rule).controlled
    assert landmark_outcome(treated, CHARTER, LandmarkRule.STATUS).why.startswith("no assessment")


WORDS = st.sampled_from(["CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD"])
COURSES = st.lists(WORDS, max_size=6).map(
    lambda words: course(", ".join(f"{8 * n} {word}" for n, word in enumerate(words, start=1)))
)


@settings(deadline=None)
@given(st.lists(COURSES, min_size=1, max_size=30), st.sampled_from(list(LandmarkRule)))
def test_rates_count_patients(courses: list[Course], rule: LandmarkRule) -> None:
    """Who responded is controlled; the rates are of all patients, with their two intervals."""
    outcomes = [landmark_outcome(one, CHARTER, rule) for one in courses]
    rates = landmark_rates(outcomes)
    responded = sum(one.responded for one in outcomes)

    assert all(one.controlled for one in outcomes if one.responded)
    assert rates.response.proportion.events == responded
    assert rates.response.proportion.total == len(courses)
    assert rates.response.exact == exact_interval(responded, len(courses))
    assert rates.response.wilson == wilson_interval(responded, len(courses))


def test_best_responses_are_counted() -> None:
    """As seen and as confirmed."""
    courses = [course("8 PR, 16 SD"), course("8 SD"), course("8 PR, 16 PR")]

    assert best_response_counts(courses, confirmed=False) == {Response.PR: 2, Response.SD: 1}
    assert best_response_counts(courses, confirmed=True) == {Response.PR: 1, Response.SD: 2}


def test_readings_are_not_mixed() -> None:
    """A rate of nobody, or of two readings, is refused."""
    mixed = [landmark_outcome(course("8 SD"), CHARTER, rule) for rule in LandmarkRule]

    for outcomes in ([], mixed):
        with pytest.raises(ValueError, match="one reading"):
            landmark_rates(outcomes)
