"""ICC(2,1) on the example of the paper that named it."""

import numpy as np
import pytest

from napari_recist.statistics.intraclass import intraclass_correlation

# Shrout and Fleiss, Psychol Bull 1979;86:420, table 2: six targets, four judges.
RATINGS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)


def test_the_published_example() -> None:
    """The paper prints ICC(2,1) = .29; R's psych 2.2.9, ICC(x, lmer = FALSE), the interval."""
    found = intraclass_correlation(RATINGS)
    assert found is not None

    assert round(found.value, 2) == 0.29
    assert found.value == pytest.approx(0.2897637795)
    ends = (found.interval.low, found.interval.high)
    assert ends == pytest.approx((0.01878651337, 0.7610843696), rel=1e-9)


def test_full_agreement_and_nothing_to_correlate() -> None:
    """Readers who always agree correlate fully; without differences there is nothing to tell."""
    same = intraclass_correlation(np.array([[10, 10], [20, 20], [35, 35]]))
    assert same is not None

    assert same.value == pytest.approx(1)
    assert intraclass_correlation(np.full((4, 2), 7)) is None
    assert intraclass_correlation(RATINGS[:1]) is None
    assert intraclass_correlation(RATINGS[:, :1]) is None
