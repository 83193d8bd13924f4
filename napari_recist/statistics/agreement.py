"""Agreement of two ratings of the same cases: proportion agreed and Cohen's kappa.

Ratings are responses or other categories. Tables of counts are (category of the first, category of
the second).
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from napari_recist.statistics.proportions import (
    CONFIDENCE,
    Interval,
    Proportion,
    normal_quantile,
    tail_of,
)

Floats: TypeAlias = NDArray[np.float64]
RESAMPLES = 2000
"""Bootstrap samples: ends of a percentile interval move by less than a hundredth between seeds."""
_CERTAIN = 1e-12  # chance agreement this near to 1 leaves nothing to agree beyond chance


class Weights(StrEnum):
    """How far two categories are apart, for agreement that counts near misses."""

    NONE = "unweighted"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of two ratings.

    ``value``, ``standard_error`` and ``interval`` are ``None`` where kappa is not defined: no case,
    or both ratings always the same one category. ``agreed`` counts cases of equal rating, also
    where near misses are weighted; ``observed`` and ``expected`` are the (weighted) agreement found
    and by chance.
    """

    weights: Weights
    agreed: Proportion
    observed: float
    expected: float
    value: float | None
    standard_error: float | None
    interval: Interval | None


def agreement_table(
    ratings: Sequence[tuple[Hashable, Hashable]], categories: Sequence[Hashable]
) -> NDArray[np.int64]:
    """Return how often each pair of ratings was given, shape (categories, categories).

    Raises
    ------
    ValueError
        If a rating is none of the categories, or a category stands twice.
    """
    place = {category: at for at, category in enumerate(categories)}
    if len(place) != len(categories):
        message = f"a category stands twice: {list(categories)}"
        raise ValueError(message)
    counts = np.zeros((len(place), len(place)), np.int64)
    for first, second in ratings:
        if first not in place or second not in place:
            message = f"({first!r}, {second!r}) is not of the categories {list(categories)}"
            raise ValueError(message)
        counts[place[first], place[second]] += 1
    return counts


def kappa(
    counts: NDArray[Any], weights: Weights = Weights.NONE, level: float = CONFIDENCE
) -> Kappa:
    """Return Cohen's kappa of a table with its large-sample interval.

    Kappa: Cohen, Educ Psychol Meas 1960;20:37; weighted: Cohen, Psychol Bull 1968;70:213, with
    agreement weights 1 - d/(k - 1) (linear) or 1 - (d/(k - 1))^2 (quadratic) of categories d apart
    in the order given. Standard error: Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323, the one
    for an interval, not that for a test of no agreement. The interval is cut at -1 and 1.

    Parameters
    ----------
    counts : array of shape (categories, categories)
        Cases by rating of the first (rows) and the second (columns).
    """
    table = np.asarray(counts, np.float64)
    cases = float(table.sum())
    agreed = Proportion(int(np.trace(table)), int(cases))
    if not cases:
        return Kappa(weights, agreed, 0.0, 0.0, None, None, None)
    near = _nearness(len(table), weights)
    shares = table / cases
    of_rows, of_columns = near @ shares.sum(axis=0), shares.sum(axis=1) @ near
    observed = float((near * shares).sum())
    expected = float((near * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum())
    if 1 - expected < _CERTAIN:
        return Kappa(weights, agreed, observed, expected, None, None, None)
    value = (observed - expected) / (1 - expected)
    chance = of_rows[:, np.newaxis] + of_columns[np.newaxis, :]
    squares = float((shares * (near - chance * (1 - value)) ** 2).sum())
    variance = (squares - (value - expected * (1 - value)) ** 2) / (cases * (1 - expected) ** 2)
    error = math.sqrt(max(variance, 0.0))
    reach = normal_quantile(1 - tail_of(level)) * error
    interval = Interval(max(value - reach, -1.0), min(value + reach, 1.0), level)
    return Kappa(weights, agreed, observed, expected, value, error, interval)


def bootstrap_kappa(
    tables: Sequence[NDArray[Any]],
    weights: Weights = Weights.NONE,
    *,
    seed: int,
    level: float = CONFIDENCE,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """Return the percentile interval of kappa over resampled clusters (Efron and Tibshirani 1993).

    Use it for few cases, and for visits: those of one patient are alike, so whole patients are
    drawn, with all their visits.

    Parameters
    ----------
    tables : sequence of arrays of shape (categories, categories)
        The counts of each cluster (a patient; a single case where cases are independent).
    seed : int
        Of the generator; the same seed gives the same interval.

    Returns
    -------
    Interval or None
        ``None`` where kappa is not defined for any sample. Samples without a defined kappa (all of
        one category) do not count.
    """
    if not len(tables):
        return None
    stacked = np.stack([np.asarray(table, np.float64) for table in tables])
    generator = np.random.default_rng(seed)
    even = np.full(len(stacked), 1 / len(stacked))
    drawn = generator.multinomial(len(stacked), even, size=resamples)
    samples = np.tensordot(drawn.astype(np.float64), stacked, axes=1)
    values = _kappas(samples, _nearness(stacked.shape[1], weights))
    if not values.size:
        return None
    tail = tail_of(level)
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high), level)


def _kappas(samples: Floats, near: Floats) -> Floats:
    totals = samples.sum(axis=(1, 2))
    shares = samples[totals > 0] / totals[totals > 0, np.newaxis, np.newaxis]
    observed = (near * shares).sum(axis=(1, 2))
    expected = np.einsum("si,ij,sj->s", shares.sum(axis=2), near, shares.sum(axis=1))
    defined = 1 - expected >= _CERTAIN
    values: Floats = (observed[defined] - expected[defined]) / (1 - expected[defined])
    return values


def _nearness(categories: int, weights: Weights) -> Floats:
    """Return how much two categories agree, 1 for the same."""
    if weights is Weights.NONE:
        return np.eye(categories)
    place = np.arange(categories)
    apart = np.abs(place[:, np.newaxis] - place[np.newaxis, :]) / max(categories - 1, 1)
    power = 2 if weights is Weights.QUADRATIC else 1
    return np.asarray(1 - apart**power, np.float64)
