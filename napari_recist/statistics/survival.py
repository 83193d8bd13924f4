"""Time to an event with censoring: Kaplan and Meier's estimate, its intervals, medians, landmarks.

Agrees with R's ``survfit(..., conf.type = "log-log")`` and its quantiles; see
``tests/statistics/r``.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from napari_recist.statistics.proportions import (
    CONFIDENCE,
    Interval,
    normal_quantile,
    tail_of,
)

Numbers: TypeAlias = npt.NDArray[Any]

MEDIAN = 0.5

LEVEL_TOLERANCE = 1.5e-8
"""A curve that stays this near a level lies on it: products of fractions miss 0.5 by rounding.

It is the square root of the spacing of floating-point numbers, as R has it.
"""


@dataclass(frozen=True, slots=True)
class SurvivalTime:
    """How long a patient was followed, in days from 1, and whether that ended with the event."""

    days: int
    event: bool


@dataclass(frozen=True, slots=True)
class SurvivalEstimate:
    """The share without the event at a time; it has no interval before the first had it."""

    share: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Quantile:
    """The time by which a share had the event, and the ends of its interval.

    ``None`` where the curve, or the end's own curve, does not come down as far: it is not reached.
    """

    days: float | None
    low: float | None
    high: float | None
    level: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Kaplan and Meier's estimate; every tuple runs beside ``days``, which rise.

    ``days`` are the times at which somebody had the event or was censored. ``low`` and ``high``
    are NaN where the interval is not defined: before the first event, and once everybody had it.
    """

    days: tuple[int, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]
    survival: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    level: float

    @property
    def patients(self) -> int:
        """How many were followed."""
        return self.at_risk[0]

    def at(self, days: float) -> SurvivalEstimate:
        """Return the share that is without the event after so many days."""
        place = self._place(days)
        if place < 0:
            return SurvivalEstimate(1.0, None)
        low, high = self.low[place], self.high[place]
        known = None if math.isnan(low) else Interval(low, high, self.level)
        return SurvivalEstimate(self.survival[place], known)

    def at_risk_at(self, days: float) -> int:
        """Return how many are still followed, and without the event, just before a time."""
        return sum(
            self.censored[i] + self.events[i] for i in range(len(self.days)) if self.days[i] >= days
        )

    def quantile(self, share: float = MEDIAN) -> Quantile:
        """Return the time by which a share had the event; the median where none is given.

        Where the curve lies exactly on that height for a while, the middle of that while. The ends
        are where the curves of the interval's ends cross it (Brookmeyer and Crowley, Biometrics
        1982;38:29).
        """
        height = 1 - share
        return Quantile(
            _crossing(self.days, self.survival, height),
            _crossing(self.days, self.low, height),
            _crossing(self.days, self.high, height),
            self.level,
        )

    def _place(self, days: float) -> int:
        return int(np.searchsorted(self.days, days, side="right")) - 1


def survival_curve(times: Sequence[SurvivalTime], level: float = CONFIDENCE) -> SurvivalCurve:
    """Return Kaplan and Meier's estimate with intervals by the complementary log-log transform.

    The variance is Greenwood's. The interval is Kalbfleisch and Prentice's (The Statistical
    Analysis of Failure Time Data, 1980): it stays between 0 and 1.

    Raises
    ------
    ValueError
        If there is nobody, a time is before the first day, or the level is none.
    """
    if not times or min(time.days for time in times) < 1:
        message = "survival needs patients, each followed for a day at least"
        raise ValueError(message)
    tail_of(level)
    days = np.array([time.days for time in times])
    event = np.array([time.event for time in times])
    found, place = np.unique(days, return_inverse=True)
    events = np.bincount(place, weights=event, minlength=len(found)).astype(int)
    ended = np.bincount(place, minlength=len(found))
    at_risk = len(times) - np.concatenate(([0], np.cumsum(ended)[:-1]))
    survival = np.cumprod((at_risk - events) / at_risk)
    low, high = _interval(survival, at_risk, events, level)
    return SurvivalCurve(
        days=_whole(found),
        at_risk=_whole(at_risk),
        events=_whole(events),
        censored=_whole(ended - events),
        survival=tuple(survival.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        level=level,
    )


def _interval(
    survival: Numbers, at_risk: Numbers, events: Numbers, level: float
) -> tuple[Numbers, Numbers]:
    """Return the ends of the interval, NaN where it has none."""
    inside = (survival > 0) & (survival < 1)
    left = np.where(inside, at_risk - events, 1)
    greenwood = np.cumsum(np.where(inside, events / (at_risk * left), 0.0))
    log = np.log(np.where(inside, survival, MEDIAN))
    spread = normal_quantile(1 - tail_of(level)) * np.sqrt(greenwood) / log
    ends = (np.exp(log * np.exp(sign * spread)) for sign in (-1, 1))
    low, high = (np.where(inside, end, np.nan) for end in ends)
    return low, high


def _crossing(days: Sequence[int], heights: Sequence[float], height: float) -> float | None:
    """Return where a falling curve comes down to a height, None where it does not."""
    below = _first(heights, lambda at: at < height - LEVEL_TOLERANCE)
    reached = _first(heights, lambda at: at < height + LEVEL_TOLERANCE)
    if reached is None:
        return None
    if below == reached:
        return float(days[reached])
    if below is None:
        # It lies on the height to the end: R gives the middle up to the last time.
        return (days[reached] + days[-1]) / 2
    return (days[reached] + days[below]) / 2


def _first(heights: Sequence[float], wanted: Callable[[float], bool]) -> int | None:
    return next((place for place, at in enumerate(heights) if wanted(at)), None)


def _whole(numbers: Numbers) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers)
