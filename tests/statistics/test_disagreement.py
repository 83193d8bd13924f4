"""The Reader Disagreement Index, counted by hand."""

import pytest

from napari_recist.statistics.disagreement import (
    DoubleRead,
    disagreement_by_pair,
    disagreement_by_reader,
    disagreement_limits,
)
from napari_recist.statistics.proportions import Proportion


def case(number: int, readers: str, sided_with: str | None = None) -> DoubleRead:
    """Return a case of two readers; ``sided_with``: discordant, "?" pending, "-" with neither."""
    settled = None if sided_with in {None, "?"} else frozenset((sided_with or "").strip("-"))
    first, second = readers
    return DoubleRead(f"P-{number:03}", (first, second), sided_with is not None, settled)


CASES = (
    *(case(n, "AB") for n in range(5)),
    case(5, "AB", "A"),
    case(6, "AB", "A"),
    case(7, "AB", "B"),
    case(8, "AB", "?"),
    case(9, "AC", "C"),
    case(10, "CA", "-"),
    case(11, "BC"),
)


def test_a_reader_is_counted_over_all_cases_read() -> None:
    """A read 11 cases; the adjudicator disagreed in 3 of them: 27.3. One case still waits."""
    a, b, c = disagreement_by_reader(CASES)

    assert a.index == pytest.approx(100 * 3 / 11)
    assert (a.adjudicated, a.agreed, a.pending) == (Proportion(6, 11), Proportion(2, 5), 1)
    assert b.index == pytest.approx(100 * 2 / 10)
    assert c.index == pytest.approx(100 * 1 / 3)
    assert (c.adjudicated, c.agreed) == (Proportion(2, 3), Proportion(1, 2))


def test_a_pair_is_counted_by_itself() -> None:
    """Beside B the adjudicator disagreed with A once in 9 cases, beside C twice in 2."""
    of_pair = {(one.reader, one.pair): one.disagreed for one in disagreement_by_pair(CASES)}

    assert of_pair["A", "B"] == Proportion(1, 9)
    assert of_pair["B", "A"] == Proportion(2, 9)
    assert of_pair["A", "C"] == Proportion(2, 2)
    assert of_pair["B", "C"] == Proportion(0, 1)
    assert len(of_pair) == 6


def test_the_rate_of_adjudication_cannot_tell_a_pair_apart_and_the_index_can() -> None:
    """Two readers of one pair have one rate; the index names the one who was mostly wrong."""
    cases = [case(n, "AB") for n in range(6)] + [case(n, "AB", "A") for n in range(6, 10)]
    a, b = disagreement_by_reader(cases)

    assert a.adjudicated == b.adjudicated
    assert (a.index, b.index) == (0, 40)


def test_outliers_lie_above_mean_and_standard_deviation() -> None:
    """Indices of 10, 10, 10 and 50: mean 20, SD 20; only 50 lies above 40."""
    cases = [
        *(case(n, "AB", "AB"[n // 1] if n < 2 else None) for n in range(10)),
        *(case(n, "CD", ("D" if n == 0 else "C") if n < 6 else None) for n in range(10)),
    ]
    readers = disagreement_by_reader(cases)
    limits = disagreement_limits(readers, planned_reads=100)
    assert limits is not None

    assert [one.index for one in readers] == [10, 10, 10, 50]
    assert (limits.mean, limits.sd, limits.upper) == pytest.approx((20, 20, 40))
    assert limits.outliers == ("D",)


def test_a_tenth_of_the_reads_must_be_done() -> None:
    """With 40 of 401 planned reads nobody is called an outlier yet; with 40 of 400 one is."""
    cases = [case(n, "AB", "A" if n < 5 else None) for n in range(10)]
    cases += [case(n, "CD") for n in range(10)]
    readers = disagreement_by_reader(cases)
    early, due = (disagreement_limits(readers, planned) for planned in (401, 400))
    assert early is not None
    assert due is not None

    assert (early.early, early.outliers) == (True, ())
    assert (due.early, due.outliers) == (False, ("B",))


def test_one_reader_has_no_limits() -> None:
    """A spread over readers needs two of them; no case at all has no index."""
    assert disagreement_limits(disagreement_by_reader(()), 10) is None
