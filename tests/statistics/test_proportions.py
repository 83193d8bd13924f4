"""Proportions and their intervals, against Newcombe's published examples and R."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from napari_recist.statistics.proportions import Proportion, exact_interval, wilson_interval

# Newcombe, Stat Med 1998;17:857, table I, methods 3 (score) and 5 (exact), to four decimals.
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]

# R 4.2.2: binom.test(x, n)$conf.int; prop.test(x, n, correct = FALSE)$conf.int
R_SAYS = [
    (81, 263, (0.2527367456, 0.3676219226), (0.2552885199, 0.366209577)),
    (29, 29, (0.8805551309, 1.0), (0.8830302015, 1.0)),
    (2, 7, (0.03669256618, 0.7095791363), (0.082218924, 0.6410655482)),
]


@pytest.mark.parametrize(("events", "total", "score", "exact"), NEWCOMBE)
def test_published_intervals(
    events: int, total: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    """Both intervals are Newcombe's to the last printed digit."""
    wilson, clopper = wilson_interval(events, total), exact_interval(events, total)

    assert (round(wilson.low, 4), round(wilson.high, 4)) == score
    assert (round(clopper.low, 4), round(clopper.high, 4)) == exact


@pytest.mark.parametrize(("events", "total", "exact", "score"), R_SAYS)
def test_intervals_of_r(
    events: int, total: int, exact: tuple[float, float], score: tuple[float, float]
) -> None:
    """R gives the same to nine digits."""
    wilson, clopper = wilson_interval(events, total), exact_interval(events, total)

    assert (wilson.low, wilson.high) == pytest.approx(score, rel=1e-9)
    assert (clopper.low, clopper.high) == pytest.approx(exact, rel=1e-9)


COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(COUNTS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_of_scipy(counts: tuple[int, int], level: float) -> None:
    """SciPy's own intervals are the same for every count and level."""
    result = binomtest(*counts)
    for ours, method in ((exact_interval, "exact"), (wilson_interval, "wilson")):
        theirs = result.proportion_ci(level, method)
        found = ours(*counts, level)
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@settings(deadline=None)
@given(COUNTS)
def test_an_interval_holds_its_proportion(counts: tuple[int, int]) -> None:
    """The proportion lies in both intervals, and the mirrored counts give mirrored ones."""
    events, total = counts
    for method in (exact_interval, wilson_interval):
        interval, mirror = method(events, total), method(total - events, total)
        assert events / total in interval
        assert (1 - mirror.high, 1 - mirror.low) == pytest.approx(
            (interval.low, interval.high), abs=1e-9
        )


def test_nonsense_is_refused() -> None:
    """No cases, more events than cases, and levels that are none have no interval."""
    for events, total, level in ((0, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 95.0)):
        with pytest.raises(ValueError, match=r"interval|proportion|level"):
            exact_interval(events, total, level)
    assert Proportion(0, 0).share is None
