"""Intraclass correlation of several readers who all measured the same lesions."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f

from napari_recist.statistics.proportions import CONFIDENCE, Interval, tail_of


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """ICC(2,1): absolute agreement of single measurements, readers taken as a sample of readers."""

    lesions: int
    readers: int
    value: float
    interval: Interval


def intraclass_correlation(
    sizes: NDArray[Any], level: float = CONFIDENCE
) -> IntraclassCorrelation | None:
    """Return ICC(2,1) of Shrout and Fleiss, Psychol Bull 1979;86:420, with their interval.

    Parameters
    ----------
    sizes : array of shape (lesions, readers)
        Every lesion measured by every reader, mm.

    Returns
    -------
    IntraclassCorrelation or None
        ``None`` of fewer than two lesions or readers, or where all sizes are equal or only readers
        differ: there is nothing to correlate.
    """
    table = np.asarray(sizes, np.float64)
    lesions, readers = table.shape
    if min(lesions, readers) < 2:  # noqa: PLR2004 - one of a kind has no variance
        return None
    grand, of_lesions, of_readers = table.mean(), table.mean(axis=1), table.mean(axis=0)
    between = readers * float(((of_lesions - grand) ** 2).sum()) / (lesions - 1)
    of_reader = lesions * float(((of_readers - grand) ** 2).sum()) / (readers - 1)
    left = table - of_lesions[:, np.newaxis] - of_readers[np.newaxis, :] + grand
    error = float((left**2).sum()) / ((lesions - 1) * (readers - 1))
    if between <= 0:
        return None
    spread = between + (readers - 1) * error + readers * (of_reader - error) / lesions
    value = (between - error) / spread
    interval = _interval((lesions, readers), (between, of_reader, error), value, level)
    return IntraclassCorrelation(lesions, readers, value, interval)


def _interval(
    shape: tuple[int, int], mean_squares: tuple[float, float, float], value: float, level: float
) -> Interval:
    """Return the interval by Satterthwaite's degrees of freedom (Shrout and Fleiss, p. 424)."""
    n, k = shape
    between, of_reader, error = mean_squares
    if error <= 0:
        return Interval(value, value, level) if of_reader <= 0 else Interval(0.0, 1.0, level)
    ratio = of_reader / error
    part = n * (1 + (k - 1) * value) - k * value
    freedom = (k - 1) * (n - 1) * (k * value * ratio + part) ** 2
    freedom /= (n - 1) * (k * value * ratio) ** 2 + part**2
    tail = tail_of(level)
    upper, lower = f.ppf(1 - tail, n - 1, freedom), f.ppf(1 - tail, freedom, n - 1)
    pooled = k * of_reader + (k * n - k - n) * error
    low = n * (between - upper * error) / (upper * pooled + n * between)
    high = n * (lower * between - error) / (pooled + n * lower * between)
    return Interval(float(low), float(high), level)
