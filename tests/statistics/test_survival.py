"""Survival curves against R, a published example and what must hold of any."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.statistics.proportions import exact_interval
from napari_recist.statistics.survival import SurvivalTime, survival_curve
from tests.statistics.random_trials import TRIALS, random_trial

R_SAYS = Path(__file__).parent / "r" / "survival.csv"

# Remission of leukaemia under 6-mercaptopurine, weeks (Freireich and others, Blood 1963;21:699).
REMISSION = [(6, 3), (7, 1), (10, 1), (13, 1), (16, 1), (22, 1), (23, 1)]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def number(text: str) -> float | None:
    """Return a number of R, None for what it does not know."""
    return None if text == "NA" else float(text)


def about(expected: float | None) -> object:
    """Compare to R's answer, to the last digits that R was asked for."""
    return None if expected is None else pytest.approx(expected, abs=1e-6)


def test_r_says_the_same_of_a_thousand_trials() -> None:
    """Median and its limits, the share at 180 days and its interval, and exact intervals."""
    with R_SAYS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == TRIALS
    for row in rows:
        times = random_trial(int(row["trial"]))
        curve = survival_curve(times)
        median, at_180 = curve.quantile(), curve.at(180)
        exact = exact_interval(int(row["events"]), len(times))
        found = (median.days, median.low, median.high, at_180.share)
        told = [number(row[name]) for name in ("median", "low", "high", "share")]
        assert found == tuple(map(about, told)), row["trial"]
        low = None if at_180.interval is None else at_180.interval.low
        high = None if at_180.interval is None else at_180.interval.high
        # Before the first event R says 1 to 1 in one place and NA in the next; we know none.
        nobody = float(row["share"]) == 1
        ends = [None if nobody else number(row[name]) for name in ("share_low", "share_high")]
        assert (low, high) == tuple(map(about, ends)), row["trial"]
        assert exact.low == about(float(row["exact_low"]))
        assert exact.high == about(float(row["exact_high"]))


def test_the_textbook_example() -> None:
    """Remission under 6-mercaptopurine: median 23 weeks, 0.448 in remission after it."""
    times = [SurvivalTime(week, True) for week, many in REMISSION for _ in range(many)]  # noqa: FBT003
    times += [SurvivalTime(week, False) for week in CENSORED]  # noqa: FBT003
    curve = survival_curve(times)

    assert curve.patients == 21
    assert curve.quantile().days == 23
    assert curve.quantile().high is None
    assert [round(curve.at(week).share, 4) for week in (6, 10, 23)] == [0.8571, 0.7529, 0.4482]
    assert [curve.at_risk_at(week) for week in (6, 7, 10, 23, 35)] == [21, 17, 15, 6, 1]


TIMES = st.lists(
    st.builds(SurvivalTime, st.integers(1, 400), st.booleans()), min_size=1, max_size=60
)


@settings(deadline=None)
@given(TIMES)
def test_what_holds_of_any_curve(times: list[SurvivalTime]) -> None:
    """It falls only at events and stays in its interval; uncensored it is the share left."""
    curve = survival_curve(times)
    heights = (1.0, *curve.survival)

    assert sum(curve.events) + sum(curve.censored) == len(times) == curve.patients
    for place, events in enumerate(curve.events):
        fell = heights[place + 1] < heights[place]
        assert fell == bool(events)
        if not math.isnan(curve.low[place]):
            assert 0 <= curve.low[place] <= heights[place + 1] <= curve.high[place] <= 1
    if all(time.event for time in times):
        for day in range(0, 401, 40):
            left = sum(time.days > day for time in times) / len(times)
            assert curve.at(day).share == pytest.approx(left)


@pytest.mark.parametrize("times", [[], [SurvivalTime(0, True)]])  # noqa: FBT003
def test_times_that_are_none_are_refused(times: list[SurvivalTime]) -> None:
    """Nobody, or a time before the first day."""
    with pytest.raises(ValueError, match="followed for a day"):
        survival_curve(times)
