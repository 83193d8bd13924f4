"""Reported lengths as whole tenths of a millimetre, so that no comparison is ever inexact.

A reported value is an ``int``: 46.0 mm is ``460``. Rounding happens in :func:`from_raw` alone
(RECIST.md N-1, N-2, N-3).
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

TENTHS_PER_MM = 10


def from_raw(length_mm: float | Decimal, precision: int = 1) -> int:
    """Round a raw length to the reported value, half-up on its decimal writing (N-1).

    Parameters
    ----------
    length_mm : float or Decimal
        Raw length in mm, finite and not negative.
    precision : int
        Step of a reported value in tenths of a millimetre: 1 for 0.1 mm, 10 for 1 mm.

    Returns
    -------
    int
        Reported length in tenths of a millimetre, a multiple of ``precision``.

    Raises
    ------
    ValueError
        If the length is negative or not finite, or the precision is not positive.
    """
    # repr gives the shortest decimal that names the double: 12.35 stays 12.35, not 12.3499...
    exact = length_mm if isinstance(length_mm, Decimal) else Decimal(repr(float(length_mm)))
    if not exact.is_finite() or exact < 0:
        message = f"a length is a finite number of millimetres, not negative: {length_mm!r}"
        raise ValueError(message)
    if precision < 1:
        message = f"the precision is a positive number of tenths: {precision!r}"
        raise ValueError(message)
    steps = (exact * TENTHS_PER_MM / precision).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(steps) * precision


def parse(text: str, precision: int = 1) -> int:
    """Read decimal text in mm ("46.0") as tenths of a millimetre.

    Raises
    ------
    ValueError
        If the text is not plain decimal digits with at most one point: a comma, a unit, a sign,
        an exponent, "nan" or "inf" are refused.
    """
    plain = text.strip()
    if not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
        message = f"not a plain decimal number of millimetres: {text!r}"
        raise ValueError(message)
    try:
        return from_raw(Decimal(plain), precision)
    except InvalidOperation as error:
        message = f"too many digits for a length in millimetres: {text!r}"
        raise ValueError(message) from error


def show(tenths: int) -> str:
    """Write tenths of a millimetre as mm with one decimal: 460 is "46.0"."""
    sign = "-" if tenths < 0 else ""
    whole, tenth = divmod(abs(tenths), TENTHS_PER_MM)
    return f"{sign}{whole}.{tenth}"
