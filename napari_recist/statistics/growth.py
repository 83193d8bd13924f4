"""How fast tumours grow and shrink: growth rates between two visits, and models of a whole course.

Exploratory: no response is decided on these figures.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import curve_fit

DAYS_PER_MONTH = 365.25 / 12
VOLUME = 3
"""A volume grows as the third power of a diameter, where the shape stays."""

Numbers = npt.NDArray[Any]


def tumour_growth_rate(before_mm: float, after_mm: float, days: float) -> float:
    """Return the growth of the volume in per cent per month (TGR; Ferte, Clin Cancer Res 2014).

    With sums of diameters D: TG = 3 ln(D2 / D1) / months, TGR = 100 (exp(TG) - 1).

    Raises
    ------
    ValueError
        If a sum is not positive, or no time lies between.
    """
    growth = specific_growth_rate(before_mm, after_mm, days) * DAYS_PER_MONTH
    return 100 * math.expm1(growth)


def specific_growth_rate(before_mm: float, after_mm: float, days: float) -> float:
    """Return ln(V2 / V1) per day (SGR; Mehrara, Cancer Res 2007), V by the third power of D.

    Defined, unlike the doubling time, where nothing grew. Raises as :func:`tumour_growth_rate`.
    """
    if before_mm <= 0 or after_mm <= 0 or days <= 0:
        message = f"no growth rate from {before_mm} to {after_mm} mm in {days} days"
        raise ValueError(message)
    return VOLUME * math.log(after_mm / before_mm) / days


class GrowthModel(StrEnum):
    """Stein and Fojo's models of a tumour's size relative to baseline (Oncologist 2008;13:1046)."""

    GROWTH = "gx"
    """exp(g t): growth alone."""
    DECAY = "dx"
    """exp(-d t): shrinkage alone."""
    BOTH = "gd"
    """exp(-d t) + exp(g t) - 1: both at once."""
    PARTS = "gdphi"
    """(1 - phi) exp(g t) + phi exp(-d t): one part grows, another shrinks."""


@dataclass(frozen=True, slots=True)
class GrowthFit:
    """A model fitted to one course: rates per day, ``None`` where the model has no such rate.

    ``aicc`` is Akaike's criterion corrected for few points; the model with the smallest is chosen.
    """

    model: GrowthModel
    growth: float | None
    decay: float | None
    shrinking_part: float | None
    aicc: float
    points: int


def fit_growth(days: Sequence[float], sizes: Sequence[float]) -> GrowthFit | None:
    """Return the model that describes a course best, ``None`` of fewer than three points.

    Parameters
    ----------
    days : sequence of float
        Days since baseline, the first of them 0.
    sizes : sequence of float
        Sums of diameters, in any unit; the first is baseline, and not 0.

    Raises
    ------
    ValueError
        If the sequences do not fit together, or baseline is nothing.
    """
    if len(days) != len(sizes) or not sizes or sizes[0] <= 0 or days[0] != 0:
        message = "a course begins at day 0 with a size, and has as many days as sizes"
        raise ValueError(message)
    times = np.asarray(days, dtype=float)
    relative = np.asarray(sizes, dtype=float) / sizes[0]
    fits = (_fitted(model, times, relative) for model in GrowthModel)
    return min((fit for fit in fits if fit is not None), key=lambda fit: fit.aicc, default=None)


Curve = Callable[..., Numbers]

_CURVES: dict[GrowthModel, tuple[Curve, tuple[float, ...], tuple[float, ...]]] = {
    GrowthModel.GROWTH: (lambda t, g: np.exp(g * t), (1e-3,), (0.1,)),
    GrowthModel.DECAY: (lambda t, d: np.exp(-d * t), (5e-3,), (0.5,)),
    GrowthModel.BOTH: (
        lambda t, g, d: np.exp(-d * t) + np.exp(g * t) - 1,
        (1e-3, 5e-3),
        (0.1, 0.5),
    ),
    GrowthModel.PARTS: (
        lambda t, g, d, phi: (1 - phi) * np.exp(g * t) + phi * np.exp(-d * t),
        (1e-3, 5e-3, 0.5),
        (0.1, 0.5, 1.0),
    ),
}
"""Each model's curve, where the search begins, and the largest value of each parameter."""

_SMALLEST_SQUARES = 1e-12
"""A fit this close is perfect to the digits of a diameter; its logarithm must stay finite."""


def _fitted(model: GrowthModel, times: Numbers, sizes: Numbers) -> GrowthFit | None:
    curve, start, most = _CURVES[model]
    free, points = len(start), len(times)
    if points < free + 2:
        return None
    try:
        found, _ = curve_fit(curve, times, sizes, p0=start, bounds=(0, most), max_nfev=5_000)
    except RuntimeError:
        return None  # the search found no end: this model does not describe the course
    squares = max(float(np.sum((curve(times, *found) - sizes) ** 2)), _SMALLEST_SQUARES)
    aicc = points * math.log(squares / points) + 2 * free * points / (points - free - 1)
    values = found.tolist()
    has_growth, has_decay = model is not GrowthModel.DECAY, model is not GrowthModel.GROWTH
    growth = values.pop(0) if has_growth else None
    decay = values.pop(0) if has_decay else None
    return GrowthFit(model, growth, decay, values[0] if values else None, aicc, points)
