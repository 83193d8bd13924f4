"""Reported lengths: rounded once, half-up, exact ever after."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.criteria import from_raw, parse, show


@pytest.mark.parametrize(
    ("raw", "precision", "tenths"),
    [
        (12.35, 1, 124),
        (12.34, 1, 123),
        (0.05, 1, 1),
        (2.5, 10, 30),
        (3.5, 10, 40),
        (12.449, 10, 120),
        (Decimal("12.45"), 1, 125),
        (Decimal("0.04999999999999999999"), 1, 0),
        (0, 1, 0),
    ],
)
def test_half_up(raw: float | Decimal, precision: int, tenths: int) -> None:
    """A raw length is rounded half-up on its decimal writing, to 0.1 mm or to 1 mm (N-1)."""
    assert from_raw(raw, precision) == tenths


@pytest.mark.parametrize("raw", [-0.1, float("nan"), float("inf"), Decimal("NaN")])
def test_no_length(raw: float | Decimal) -> None:
    """A negative or non-finite number is no length."""
    with pytest.raises(ValueError, match="finite number"):
        from_raw(raw)


def test_precision_is_positive() -> None:
    """A precision of nothing is refused."""
    with pytest.raises(ValueError, match="precision"):
        from_raw(1.0, 0)


@pytest.mark.parametrize("text", ["", " ", ".", "1,5", "1.2.3", "-1", "+1", "1e2", "5 mm", "٣"])
def test_text_that_is_no_length(text: str) -> None:
    """Only plain digits with at most one point are a length."""
    with pytest.raises(ValueError, match="plain decimal"):
        parse(text)


def test_too_many_digits() -> None:
    """A number of forty digits is refused, not rounded."""
    with pytest.raises(ValueError, match="too many digits"):
        parse("9" * 40)


@given(st.integers(0, 10**6))
def test_shown_and_read_back(tenths: int) -> None:
    """What is shown reads back as the same value."""
    assert parse(show(tenths)) == tenths


@pytest.mark.parametrize(
    ("tenths", "shown"), [(460, "46.0"), (5, "0.5"), (-15, "-1.5"), (0, "0.0")]
)
def test_show(tenths: int, shown: str) -> None:
    """Values are shown in millimetres with one decimal, changes with their sign."""
    assert show(tenths) == shown
