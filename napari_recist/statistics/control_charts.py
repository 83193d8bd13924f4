"""p-charts: the share of cases with something, batch after batch, against its 3-sigma limits."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIGMA = 3.0
"""Shewhart's limits: a process in control leaves them about 3 times in 1000."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases of one stretch of time, and how many of them had the event."""

    label: str
    events: int
    total: int


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One batch on the chart: its share, its own limits, and whether it lies outside them.

    ``share`` is ``None`` of a batch without cases, which signals nothing.
    """

    label: str
    total: int
    share: float | None
    lower: float
    upper: float

    @property
    def signal(self) -> bool:
        """Return whether the batch lies outside its limits."""
        return self.share is not None and not self.lower <= self.share <= self.upper


@dataclass(frozen=True, slots=True)
class PChart:
    """The centre line and the points of a p-chart."""

    centre: float
    points: tuple[ChartPoint, ...]

    @property
    def signals(self) -> tuple[ChartPoint, ...]:
        """Return the batches outside their limits."""
        return tuple(point for point in self.points if point.signal)


def p_chart(batches: Sequence[Batch], centre: float | None = None) -> PChart | None:
    """Return the p-chart of batches of differing size; ``None`` where there is no case at all.

    Limits are centre +- 3 sqrt(centre (1 - centre) / n) with the n of each batch, cut at 0 and 1
    (Shewhart; NIST/SEMATECH e-Handbook of Statistical Methods 6.3.3.2; for readers Cohen et al.
    2015). The centre is the pooled share of all batches unless a standard is given.

    Raises
    ------
    ValueError
        If a batch has more events than cases, or the centre is no share.
    """
    for batch in batches:
        if not 0 <= batch.events <= batch.total:
            message = f"batch {batch.label}: {batch.events} of {batch.total} cases"
            raise ValueError(message)
    total = sum(batch.total for batch in batches)
    if not total:
        return None
    share = sum(batch.events for batch in batches) / total if centre is None else centre
    if not 0 <= share <= 1:
        message = f"the centre of a p-chart is a share between 0 and 1: {centre!r}"
        raise ValueError(message)
    return PChart(share, tuple(_point(batch, share) for batch in batches))


def _point(batch: Batch, centre: float) -> ChartPoint:
    if not batch.total:
        return ChartPoint(batch.label, 0, None, 0.0, 1.0)
    reach = SIGMA * math.sqrt(centre * (1 - centre) / batch.total)
    lower, upper = max(centre - reach, 0.0), min(centre + reach, 1.0)
    return ChartPoint(batch.label, batch.total, batch.events / batch.total, lower, upper)
