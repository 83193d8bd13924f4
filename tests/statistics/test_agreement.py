"""Cohen's kappa against published tables and other programs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from napari_recist.statistics.agreement import (
    Weights,
    agreement_table,
    bootstrap_kappa,
    kappa,
)

# Altman, Practical Statistics for Medical Research, 1991, p. 404: RAST and MAST of 363 sera.
ALTMAN = np.array(
    [
        [86, 3, 14, 0, 2],
        [26, 0, 10, 4, 0],
        [20, 2, 22, 4, 1],
        [11, 1, 37, 16, 14],
        [3, 0, 15, 24, 48],
    ]
)
# Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 2003, table 18.1, n = 100.
FLEISS = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]])

# statsmodels 0.15.0: cohens_kappa(table, wt=...), kappa and std_kappa; the unweighted ones are also
# those of R 4.2.2, psych 2.2.9: cohen.kappa(table)
OTHER_PROGRAMS = [
    (ALTMAN, Weights.NONE, 0.3186280772443615, 0.030422807086410823),
    (ALTMAN, Weights.LINEAR, 0.5589534649087029, 0.028507042316244475),
    (ALTMAN, Weights.QUADRATIC, 0.7121385057550297, 0.028857331856842205),
    (FLEISS, Weights.NONE, 0.676470588235294, 0.08770295347521254),
    (FLEISS, Weights.LINEAR, 0.7222222222222223, 0.08430095392318866),
    (FLEISS, Weights.QUADRATIC, 0.7553191489361702, 0.08670713249380735),
]


def single_cases(counts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return a table per case."""
    one_each = []
    for place in np.ndindex(counts.shape):
        case = np.zeros_like(counts)
        case[place] = 1
        one_each.extend([case] * int(counts[place]))
    return one_each


def test_altman_s_allergy_tests() -> None:
    """Altman prints kappa 0.32 of RAST against MAST; 172 of 363 sera agree."""
    found = kappa(ALTMAN)

    assert found.value == pytest.approx(0.32, abs=0.005)
    assert (found.agreed.events, found.agreed.total) == (172, 363)


def test_fleiss_s_diagnoses() -> None:
    """Fleiss prints kappa 0.68 and the interval 0.51 to 0.85 of a hundred diagnoses."""
    found = kappa(FLEISS)

    assert found.value is not None
    assert found.interval is not None
    assert round(found.value, 2) == 0.68
    assert found.interval.low == pytest.approx(0.51, abs=0.01)
    assert round(found.interval.high, 2) == 0.85


@pytest.mark.parametrize(("counts", "weights", "value", "error"), OTHER_PROGRAMS)
def test_other_programs(
    counts: NDArray[np.int64], weights: Weights, value: float, error: float
) -> None:
    """Kappa and its standard error are those of statsmodels, weighted or not."""
    found = kappa(counts, weights)

    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.standard_error == pytest.approx(error, rel=1e-9)


def test_the_bootstrap_agrees_with_the_formula_in_a_large_sample() -> None:
    """Of 363 single sera the percentile interval lies within 0.02 of the large-sample one."""
    formula = kappa(ALTMAN).interval
    drawn = bootstrap_kappa(single_cases(ALTMAN), seed=6)

    assert formula is not None
    assert drawn is not None
    assert (drawn.low, drawn.high) == pytest.approx((formula.low, formula.high), abs=0.02)
    assert bootstrap_kappa(single_cases(ALTMAN), seed=6) == drawn


def test_visits_of_one_patient_widen_the_interval() -> None:
    """Counting each serum four times over is no new information when sera are drawn whole."""
    apart = bootstrap_kappa([case for case in single_cases(FLEISS) for _ in range(4)], seed=1)
    whole = bootstrap_kappa([4 * case for case in single_cases(FLEISS)], seed=1)
    assert apart is not None
    assert whole is not None

    assert whole.high - whole.low > 1.5 * (apart.high - apart.low)


def test_where_kappa_is_not_defined() -> None:
    """No case, or one category only, has no kappa: it is not 0 and not 1."""
    for counts in (np.zeros((3, 3)), np.diag([9, 0, 0])):
        assert kappa(counts).value is None
        assert bootstrap_kappa([counts], seed=1) is None
    assert bootstrap_kappa([], seed=1) is None
    assert kappa(np.diag([9, 0, 0])).agreed.share == 1


def test_a_table_is_counted_from_ratings() -> None:
    """Rows are the first rating, columns the second; an unknown rating is refused."""
    ratings = [("PR", "SD"), ("PR", "PR"), ("SD", "SD"), ("PR", "SD")]

    assert agreement_table(ratings, ("PR", "SD")).tolist() == [[1, 2], [0, 1]]
    with pytest.raises(ValueError, match="PD"):
        agreement_table([("PD", "SD")], ("PR", "SD"))
    with pytest.raises(ValueError, match="twice"):
        agreement_table(ratings, ("PR", "PR"))


TABLES = st.integers(2, 5).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 30), min_size=size, max_size=size), min_size=size, max_size=size
    ).map(np.array)
)


@settings(deadline=None)
@given(TABLES, st.sampled_from(Weights))
def test_kappa_does_not_know_which_rating_is_first(
    counts: NDArray[np.int64], weights: Weights
) -> None:
    """Swapping the ratings changes nothing; kappa lies between -1 and 1 and in its interval."""
    found, swapped = kappa(counts, weights), kappa(counts.T, weights)

    assert found.value == pytest.approx(swapped.value)
    assert found.standard_error == pytest.approx(swapped.standard_error, abs=1e-7)
    if found.value is not None and found.interval is not None:
        assert -1 - 1e-9 <= found.value <= 1 + 1e-9
        assert found.interval.low - 1e-9 <= found.value <= found.interval.high + 1e-9


@settings(deadline=None)
@given(st.lists(st.integers(1, 20), min_size=2, max_size=5), st.sampled_from(Weights))
def test_full_agreement_is_one(diagonal: list[int], weights: Weights) -> None:
    """Ratings that always agree on more than one category have kappa 1, without spread."""
    found = kappa(np.diag(diagonal), weights)

    assert found.value == pytest.approx(1)
    assert found.standard_error == pytest.approx(0, abs=1e-6)


@settings(deadline=None)
@given(TABLES)
def test_weights_do_not_matter_for_two_categories(counts: NDArray[np.int64]) -> None:
    """With two categories there are no near misses: all three kappas are one."""
    two = counts[:2, :2]
    values = [kappa(two, weights).value for weights in Weights]
    assert values[1:] == [pytest.approx(values[0])] * 2
