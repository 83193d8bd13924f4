"""Proportions with intervals: exact (Clopper and Pearson) and by score (Wilson)."""

import math
from dataclasses import dataclass

from scipy.stats import beta, norm

CONFIDENCE = 0.95
"""The level of every interval unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval, ``low`` to ``high`` at a ``level`` such as 0.95."""

    low: float
    high: float
    level: float = CONFIDENCE

    def __contains__(self, value: float) -> bool:
        """Return whether a value lies in the interval, its ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Proportion:
    """``events`` of ``total`` cases."""

    events: int
    total: int

    def __post_init__(self) -> None:
        """Refuse counts that are none."""
        if not 0 <= self.events <= self.total:
            message = f"{self.events} of {self.total} is no proportion"
            raise ValueError(message)

    @property
    def share(self) -> float | None:
        """Return the proportion, ``None`` of no cases at all."""
        return self.events / self.total if self.total else None


def exact_interval(events: int, total: int, level: float = CONFIDENCE) -> Interval:
    """Return the exact interval of a proportion (Clopper and Pearson, Biometrika 1934;26:404).

    Its coverage is never below the level. The ends are quantiles of beta distributions; no events
    give a lower end of 0, nothing but events an upper end of 1.

    Raises
    ------
    ValueError
        If there are no cases, more events than cases, or the level is not between 0 and 1.
    """
    tail = _tail(events, total, level)
    low = float(beta.ppf(tail, events, total - events + 1)) if events else 0.0
    high = float(beta.ppf(1 - tail, events + 1, total - events)) if events < total else 1.0
    return Interval(low, high, level)


def wilson_interval(events: int, total: int, level: float = CONFIDENCE) -> Interval:
    """Return the score interval of a proportion, uncorrected (Wilson, JASA 1927;22:209).

    Its coverage is close to the level on average; method 3 of Newcombe, Stat Med 1998;17:857.

    Raises
    ------
    ValueError
        As :func:`exact_interval`.
    """
    z = normal_quantile(1 - _tail(events, total, level))
    share = events / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = (centre - spread) / scale if events else 0.0
    high = (centre + spread) / scale if events < total else 1.0
    return Interval(low, high, level)


def normal_quantile(probability: float) -> float:
    """Return the quantile of the standard normal distribution."""
    return float(norm.ppf(probability))


def tail_of(level: float) -> float:
    """Return the probability on each side of an interval; ``ValueError`` where there is none."""
    if not 0 < level < 1:
        message = f"a confidence level lies between 0 and 1, such as 0.95: {level!r}"
        raise ValueError(message)
    return (1 - level) / 2


def _tail(events: int, total: int, level: float) -> float:
    if not Proportion(events, total).total:
        message = "a proportion of no cases has no interval"
        raise ValueError(message)
    return tail_of(level)
