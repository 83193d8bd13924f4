"""What measurement error alone makes of rates, against the binomial of independent patients."""

import pytest
from scipy.stats import binom

from napari_recist.criteria import Charter, LandmarkRule, assess_read
from napari_recist.statistics.call_uncertainty import MeasurementError, drawn_read
from napari_recist.statistics.courses import course_of
from napari_recist.statistics.rates_by_error import rates_by_error
from tests.statistics.test_call_uncertainty import read_of

NONE = MeasurementError(0.0, floor_mm=0.0)


def test_without_error_the_interval_is_the_rate() -> None:
    """Two of four shrink by a third and stay so: 0.5 to 0.5, and all four are controlled."""
    charter = Charter()
    reads = [read_of([60.0], [end], [end]) for end in (40.0, 40.0, 60.0, 60.0)]
    drawn = []
    for read in reads:
        assessment = assess_read(read, charter)
        course = course_of(assessment, None, charter)
        drawn.append((course, drawn_read(read, assessment, charter, NONE, draws=10)))
    found = rates_by_error(drawn, charter, LandmarkRule.STATUS)

    assert (found.response.low, found.response.high) == (0.5, 0.5)
    assert (found.control.low, found.control.high) == (1.0, 1.0)


def test_patients_on_the_limit_are_a_coin_each() -> None:
    """Twenty sums exactly on the limit of PR: the rate varies as twenty coins do."""
    charter, error = Charter(), MeasurementError(0.05, floor_mm=0.0)
    drawn = []
    for number in range(20):
        read = read_of([60.0, 60.0], [60.0, 60.0], [42.0, 42.0])
        assessment = assess_read(read, charter)
        course = course_of(assessment, None, charter)
        drawn.append((course, drawn_read(read, assessment, charter, error, seed=number)))
    found = rates_by_error(drawn, charter, LandmarkRule.STATUS)
    low, high = binom.ppf([0.025, 0.975], 20, 0.5) / 20

    assert found.response.low == pytest.approx(low, abs=0.051)
    assert found.response.high == pytest.approx(high, abs=0.051)


def test_rates_of_nobody_are_refused() -> None:
    """There is no rate without patients."""
    with pytest.raises(ValueError, match="patients"):
        rates_by_error([], Charter(), LandmarkRule.STATUS)
