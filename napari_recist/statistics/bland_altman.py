"""Bland-Altman agreement of paired measurements, in mm: bias, limits of agreement, repeatability.

Differences are first minus second. Sizes are those of one lesion at one visit, each by two readers,
or by one reader twice.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import linregress, nct, t

from napari_recist.statistics.proportions import CONFIDENCE, Interval, normal_quantile, tail_of

LIMITS = 0.95
"""The share of differences that lie between the limits of agreement."""
_LEAST_FOR_SLOPE = 3


@dataclass(frozen=True, slots=True)
class PairedSize:
    """One lesion measured twice, in mm; ``lesion`` tells which measurements are of one lesion."""

    lesion: Hashable
    first_mm: float
    second_mm: float

    @property
    def difference(self) -> float:
        """Return first minus second."""
        return self.first_mm - self.second_mm

    @property
    def mean(self) -> float:
        """Return the mean of both."""
        return (self.first_mm + self.second_mm) / 2


@dataclass(frozen=True, slots=True)
class ProportionalBias:
    """Whether the difference grows with size: mm per mm of the mean, with interval and p-value."""

    slope: float
    interval: Interval
    p_value: float


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Agreement of paired sizes, in mm.

    ``sd`` is of a single difference. ``*_interval`` are ``None`` where measurements of one lesion
    repeat: the exact ones need independent pairs. ``proportional`` is ``None`` of fewer than three
    pairs or where all means are equal.
    """

    pairs: int
    lesions: int
    bias: float
    sd: float
    lower: float
    upper: float
    bias_interval: Interval | None
    lower_interval: Interval | None
    upper_interval: Interval | None
    proportional: ProportionalBias | None


def bland_altman(pairs: Sequence[PairedSize], level: float = CONFIDENCE) -> BlandAltman | None:
    """Return bias and 95 % limits of agreement; ``None`` of fewer than two pairs.

    Bias and limits: Bland and Altman, Lancet 1986;i:307 (limits at 1.96, not 2, SD). Intervals of
    the limits are exact, each limit by itself: Carkeet, Optom Vis Sci 2015;92:e71, by the
    non-central t distribution. Where lesions are measured at several visits and their true size
    changes, the SD is put together from the differences between and within lesions by one-way
    analysis of variance: Bland and Altman, J Biopharm Stat 2007;17:571. Proportional bias is the
    regression of the difference on the mean: Bland and Altman, Stat Methods Med Res 1999;8:135; it
    takes all pairs as independent.
    """
    if len(pairs) < 2:  # noqa: PLR2004 - one difference has no spread
        return None
    differences = np.array([pair.difference for pair in pairs])
    lesions = len({pair.lesion for pair in pairs})
    bias = float(differences.mean())
    repeated = lesions < len(pairs)
    sd = _sd_of_repeated(pairs) if repeated else float(differences.std(ddof=1))
    reach = normal_quantile((1 + LIMITS) / 2) * sd
    bias_interval, lower_interval, upper_interval = (
        (None, None, None) if repeated else _intervals(bias, sd, len(pairs), level)
    )
    return BlandAltman(
        pairs=len(pairs),
        lesions=lesions,
        bias=bias,
        sd=sd,
        lower=bias - reach,
        upper=bias + reach,
        bias_interval=bias_interval,
        lower_interval=lower_interval,
        upper_interval=upper_interval,
        proportional=_proportional(pairs, level),
    )


def _intervals(
    bias: float, sd: float, count: int, level: float
) -> tuple[Interval, Interval, Interval]:
    """Return the intervals of the bias and of both limits, each at the level."""
    tail, root = tail_of(level), math.sqrt(count)
    reach = float(t.ppf(1 - tail, count - 1)) * sd / root
    off_centre = normal_quantile((1 + LIMITS) / 2) * root
    near, far = (
        float(nct.ppf(share, count - 1, off_centre)) * sd / root for share in (tail, 1 - tail)
    )
    return (
        Interval(bias - reach, bias + reach, level),
        Interval(bias - far, bias - near, level),
        Interval(bias + near, bias + far, level),
    )


def _sd_of_repeated(pairs: Sequence[PairedSize]) -> float:
    """Return the SD of a single difference where lesions repeat (Bland and Altman 2007).

    The variance between lesions is (MSB - MSW) / m, not below 0, with m = ((sum of m_i)^2 - sum of
    m_i^2) / ((n - 1) sum of m_i) for n lesions of m_i pairs each.
    """
    of_lesion: dict[Hashable, list[float]] = {}
    for pair in pairs:
        of_lesion.setdefault(pair.lesion, []).append(pair.difference)
    counts = np.array([len(each) for each in of_lesion.values()])
    means = np.array([np.mean(each) for each in of_lesion.values()])
    within = sum(float(np.var(each)) * len(each) for each in of_lesion.values())
    mean_square_within = within / (len(pairs) - len(of_lesion))
    if len(of_lesion) == 1:
        return math.sqrt(mean_square_within)
    overall = float((counts * means).sum()) / len(pairs)
    mean_square_between = float((counts * (means - overall) ** 2).sum()) / (len(of_lesion) - 1)
    per_lesion = (len(pairs) ** 2 - int((counts**2).sum())) / ((len(of_lesion) - 1) * len(pairs))
    between = max((mean_square_between - mean_square_within) / per_lesion, 0.0)
    return math.sqrt(between + mean_square_within)


def _proportional(pairs: Sequence[PairedSize], level: float) -> ProportionalBias | None:
    means = np.array([pair.mean for pair in pairs])
    if len(pairs) < _LEAST_FOR_SLOPE or np.ptp(means) == 0:
        return None
    line = linregress(means, [pair.difference for pair in pairs])
    reach = float(t.ppf(1 - tail_of(level), len(pairs) - 2)) * float(line.stderr)
    slope = float(line.slope)
    return ProportionalBias(
        slope, Interval(slope - reach, slope + reach, level), float(line.pvalue)
    )


@dataclass(frozen=True, slots=True)
class Repeatability:
    """How far repeated measurements of one lesion scatter, in mm.

    ``within_sd`` is the within-subject standard deviation; two measurements of one lesion differ by
    less than ``coefficient`` 95 times in 100.
    """

    lesions: int
    measurements: int
    within_sd: float
    coefficient: float


def repeatability(repeated: Sequence[Sequence[float]]) -> Repeatability | None:
    """Return the within-subject SD and the repeatability coefficient, 1.96 x sqrt(2) x that SD.

    Bland and Altman, BMJ 1996;312:1654 and 313:106. One sequence per lesion; a lesion measured once
    tells nothing and does not count. ``None`` where no lesion was measured twice.
    """
    groups = [np.asarray(each, np.float64) for each in repeated if len(each) > 1]
    freedom = sum(len(each) - 1 for each in groups)
    if not freedom:
        return None
    squares = sum(float(((each - each.mean()) ** 2).sum()) for each in groups)
    sd = math.sqrt(squares / freedom)
    coefficient = normal_quantile((1 + LIMITS) / 2) * math.sqrt(2) * sd
    return Repeatability(len(groups), sum(map(len, groups)), sd, coefficient)
