"""Limits of agreement and repeatability, on Bland and Altman's own data and against R."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.statistics.bland_altman import PairedSize, bland_altman, repeatability

# Bland and Altman, Lancet 1986;i:307, table 1: peak flow of 17 subjects by two meters, l/min.
WRIGHT = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
WRIGHT_AGAIN = (490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421)
MINI = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)
MINI_AGAIN = (525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443)


def pairs(*both: tuple[tuple[float, ...], tuple[float, ...]]) -> list[PairedSize]:
    """Return pairs of measurements; the n-th of each is of the n-th subject."""
    return [
        PairedSize(subject, first, second)
        for of_first, of_second in both
        for subject, (first, second) in enumerate(zip(of_first, of_second, strict=True))
    ]


def test_the_published_bias_and_limits() -> None:
    """The paper prints mean -2.1, SD 38.8, interval -22.0 to 17.8; limits with 2 SD."""
    found = bland_altman(pairs((WRIGHT, MINI)))
    assert found is not None
    assert found.bias_interval is not None

    assert round(found.bias, 1) == -2.1
    assert round(found.sd, 1) == 38.8
    assert (round(found.bias_interval.low, 1), round(found.bias_interval.high, 1)) == (-22.0, 17.8)
    # The paper rounds before it multiplies: -2.1 - 2 x 38.8 and -2.1 + 2 x 38.8.
    assert found.bias - 2 * found.sd == pytest.approx(-79.7, abs=0.06)
    assert found.bias + 2 * found.sd == pytest.approx(75.5, abs=0.1)


def test_the_exact_interval_of_a_limit() -> None:
    """R 4.2.2: qt(c(.025, .975), 16, ncp = qnorm(.975) * sqrt(17)) * sd / sqrt(17) + mean."""
    found = bland_altman(pairs((WRIGHT, MINI)))
    assert found is not None
    assert found.upper_interval is not None
    assert found.lower_interval is not None

    assert found.upper == pytest.approx(73.86061135)
    ends = (found.upper_interval.low, found.upper_interval.high)
    assert ends == pytest.approx((48.8596373, 119.9255042), rel=1e-6)
    # The lower limit's interval is the mirror image about the bias.
    mirrored = (2 * found.bias - ends[1], 2 * found.bias - ends[0])
    assert (found.lower_interval.low, found.lower_interval.high) == pytest.approx(mirrored)


def test_the_exact_interval_covers_as_it_says() -> None:
    """Of 4000 samples of 12 differences 95 % of the intervals hold the true limit, +-1 %."""
    random = np.random.default_rng(2015)
    hits = 0
    for sample in random.normal(size=(4000, 12)):
        found = bland_altman([PairedSize(n, value, 0) for n, value in enumerate(sample)])
        assert found is not None
        assert found.upper_interval is not None
        hits += 1.959963984540054 in found.upper_interval

    assert hits / 4000 == pytest.approx(0.95, abs=0.01)


def test_proportional_bias() -> None:
    """R 4.2.2: summary(lm(d ~ mean)) of the peak flows."""
    found = bland_altman(pairs((WRIGHT, MINI)))
    assert found is not None
    assert found.proportional is not None

    assert found.proportional.slope == pytest.approx(0.02868744515)
    assert found.proportional.p_value == pytest.approx(0.7494985336)
    interval = found.proportional.interval
    assert (interval.low, interval.high) == pytest.approx((-0.1593200637, 0.216694954))


def test_repeated_measurements_of_one_lesion() -> None:
    """R 4.2.2, anova(lm(d ~ subject)) of both measurements: sqrt((MSB - MSW) / 2 + MSW)."""
    found = bland_altman(pairs((WRIGHT, MINI), (WRIGHT_AGAIN, MINI_AGAIN)))
    assert found is not None

    assert (found.pairs, found.lesions) == (34, 17)
    assert found.sd == pytest.approx(37.62821219)
    assert found.upper_interval is None  # the exact interval is not for pairs that repeat


def test_lesions_measured_at_different_numbers_of_visits() -> None:
    """R 4.2.2, the same of 3, 2, 1 and 4 differences: bias 0.02, SD 1.616710849."""
    subjects = (1, 1, 1, 2, 2, 3, 4, 4, 4, 4)
    differences = (1.2, 0.7, 1.9, -0.4, 0.1, 2.2, -1.5, -0.9, -1.1, -2.0)
    found = bland_altman(
        [PairedSize(s, 20 + d, 20) for s, d in zip(subjects, differences, strict=True)]
    )
    assert found is not None

    assert found.bias == pytest.approx(0.02)
    assert found.sd == pytest.approx(1.616710849)


def test_lesions_that_do_not_differ_from_one_another() -> None:
    """Every lesion differs by +1 and -1: all spread is within, none (not less) between lesions."""
    found = bland_altman(
        [PairedSize(lesion, 20 + gap, 20) for lesion in range(3) for gap in (1, -1)]
    )
    assert found is not None

    assert found.sd == pytest.approx(2**0.5)


def test_the_published_repeatability() -> None:
    """Within-subject SDs of 15.3 and 19.9 l/min (Bland and Altman, SMMR 1999;8:135, 2.1)."""
    wright = repeatability(list(zip(WRIGHT, WRIGHT_AGAIN, strict=True)))
    mini = repeatability(list(zip(MINI, MINI_AGAIN, strict=True)))
    assert wright is not None
    assert mini is not None

    assert (round(wright.within_sd, 1), round(mini.within_sd, 1)) == (15.3, 19.9)
    assert wright.coefficient == pytest.approx(1.96 * 2**0.5 * wright.within_sd, rel=1e-4)


def test_too_little_to_tell() -> None:
    """One pair has no spread; a lesion measured once has no repeatability; two have no slope."""
    assert bland_altman([PairedSize(1, 2, 3)]) is None
    assert repeatability([[3.0], []]) is None
    two = bland_altman([PairedSize(1, 2, 3), PairedSize(2, 5, 4)])
    assert two is not None
    assert two.proportional is None


SIZES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1200), st.integers(0, 1200)), min_size=2
)


@settings(deadline=None)
@given(SIZES)
def test_swapping_the_readers_mirrors_the_limits(sizes: list[tuple[int, int, int]]) -> None:
    """The bias changes its sign, the limits change places, the spread stays; none is negative."""
    there = bland_altman([PairedSize(lesion, a / 10, b / 10) for lesion, a, b in sizes])
    back = bland_altman([PairedSize(lesion, b / 10, a / 10) for lesion, a, b in sizes])
    assert there is not None
    assert back is not None

    assert there.bias == pytest.approx(-back.bias, abs=1e-9)
    assert there.upper == pytest.approx(-back.lower, abs=1e-9)
    assert there.sd == pytest.approx(back.sd, abs=1e-9)
    assert there.lower <= there.bias <= there.upper
