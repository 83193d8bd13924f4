"""p-charts against the textbook."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.statistics.control_charts import Batch, p_chart

# Montgomery, Introduction to Statistical Quality Control, example on orange juice cans: cans that
# leak in 30 samples of 50.
CANS = (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22)
CANS += (8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6)


def test_montgomery_s_cans() -> None:
    """He prints centre 0.2313, limits 0.0524 and 0.4102; samples 15 and 23 plot outside."""
    chart = p_chart([Batch(str(n), leaking, 50) for n, leaking in enumerate(CANS, 1)])
    assert chart is not None

    assert round(chart.centre, 4) == 0.2313
    assert round(chart.points[0].lower, 4) == 0.0524
    assert round(chart.points[0].upper, 4) == 0.4102
    assert [point.label for point in chart.signals] == ["15", "23"]


def test_each_batch_has_limits_of_its_own_size() -> None:
    """A quarter of the cases doubles the reach; limits stay between 0 and 1."""
    chart = p_chart([Batch("large", 50, 400), Batch("small", 50, 100)], centre=0.5)
    assert chart is not None
    large, small = chart.points

    assert small.upper - chart.centre == pytest.approx(2 * (large.upper - chart.centre))
    (lonely,) = (p_chart([Batch("one", 1, 1)], centre=0.5) or chart).points
    assert (lonely.lower, lonely.upper) == (0, 1)


def test_empty_batches_and_nonsense() -> None:
    """A batch without cases signals nothing; counts and centres that are none are refused."""
    chart = p_chart([Batch("July", 0, 0), Batch("August", 3, 10)])
    assert chart is not None

    assert chart.points[0].share is None
    assert not chart.points[0].signal
    assert p_chart([Batch("July", 0, 0)]) is None
    with pytest.raises(ValueError, match="batch July"):
        p_chart([Batch("July", 2, 1)])
    with pytest.raises(ValueError, match="centre"):
        p_chart([Batch("July", 1, 1)], centre=1.5)


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1), st.floats(0.0, 1.0))
def test_a_process_at_its_centre_signals_nothing(sizes: list[int], share: float) -> None:
    """Batches that hold as nearly the centre's share as they can never signal."""
    chart = p_chart([Batch("", round(share * size), size) for size in sizes], centre=share)
    assert chart is not None

    for point, size in zip(chart.points, sizes, strict=True):
        off = abs((point.share or 0) - share)
        assert not point.signal or off <= 0.5 / size + 1e-9
