"""Growth rates and models, against worked figures and simulated courses of known truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.statistics.growth import (
    GrowthModel,
    fit_growth,
    specific_growth_rate,
    tumour_growth_rate,
)

DAYS = [56.0 * visit for visit in range(9)]


def test_the_worked_figures() -> None:
    """From 30 to 36 mm in 56 days: 34.6 % a month, and a doubling of the volume in 71 days."""
    assert tumour_growth_rate(30, 36, 56) == pytest.approx(34.6, abs=0.05)
    assert np.log(2) / specific_growth_rate(30, 36, 56) == pytest.approx(71, abs=0.1)


@settings(deadline=None)
@given(st.floats(5, 200), st.floats(5, 200), st.floats(7, 700))
def test_growth_and_back_is_nothing(before: float, after: float, days: float) -> None:
    """The specific rate of a way there and back adds up to 0; a sum that stays has none."""
    there, back = (specific_growth_rate(*way, days) for way in ((before, after), (after, before)))

    assert there + back == pytest.approx(0, abs=1e-12)
    assert tumour_growth_rate(before, before, days) == 0


def test_rates_of_a_simulated_course_come_back() -> None:
    """Growth 0.0015 and decay 0.008 a day with 4 % noise: both come back, on average, to 5 %."""
    times, random = np.array(DAYS), np.random.default_rng(1)
    true = np.exp(-0.008 * times) + np.exp(0.0015 * times) - 1
    fits = [
        fit_growth(DAYS, [1.0, *(true * np.exp(0.04 * random.standard_normal(9)))[1:]])
        for _ in range(60)
    ]
    both = [fit for fit in fits if fit is not None and fit.model is GrowthModel.BOTH]

    assert len(both) > 40
    assert np.mean([fit.growth or 0 for fit in both]) == pytest.approx(0.0015, rel=0.05)
    assert np.mean([fit.decay or 0 for fit in both]) == pytest.approx(0.008, rel=0.05)


@pytest.mark.parametrize(
    ("model", "curve"),
    [
        (GrowthModel.GROWTH, lambda t: np.exp(0.002 * t)),
        (GrowthModel.DECAY, lambda t: np.exp(-0.004 * t)),
        (GrowthModel.BOTH, lambda t: np.exp(-0.01 * t) + np.exp(0.001 * t) - 1),
        (GrowthModel.PARTS, lambda t: 0.4 * np.exp(0.002 * t) + 0.6 * np.exp(-0.02 * t)),
    ],
)
def test_the_model_that_made_a_course_is_chosen(model: GrowthModel, curve: object) -> None:
    """Without noise Akaike's criterion finds the simplest model that is right."""
    assert callable(curve)
    fit = fit_growth(DAYS, [float(size) for size in 60 * curve(np.array(DAYS))])

    assert fit is not None
    assert fit.model is model


def test_few_points_allow_few_models() -> None:
    """Three points for one rate, four for two, five for three; of two nothing is said."""
    assert fit_growth(DAYS[:2], [50, 40]) is None
    for points in (3, 4):
        fit = fit_growth(DAYS[:points], [50, 30, 38, 47][:points])
        assert fit is not None
        assert (fit.model in {GrowthModel.GROWTH, GrowthModel.DECAY}) or points > 3
        assert fit.model is not GrowthModel.PARTS


@pytest.mark.parametrize(("days", "sizes"), [([0.0], []), ([0.0], [0.0]), ([1.0], [5.0])])
def test_what_is_no_course_is_refused(days: list[float], sizes: list[float]) -> None:
    """Not as many days as sizes, nothing at baseline, a first day that is not 0."""
    with pytest.raises(ValueError, match="course"):
        fit_growth(days, sizes)


@pytest.mark.parametrize("wrong", [(0, 30, 56), (30, 0, 56), (30, 36, 0)])
def test_no_growth_rate_of_nothing(wrong: tuple[float, float, float]) -> None:
    """A sum of 0, or no time between, has no rate."""
    with pytest.raises(ValueError, match="no growth rate"):
        specific_growth_rate(*wrong)
