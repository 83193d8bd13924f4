"""The results of TR: a length, a percentage, a word, or that it was not done."""

from decimal import Decimal
from typing import TypeAlias

from napari_recist.criteria import show
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.terminology import TRTESTCD, codelist

Result: TypeAlias = dict[str, Value]
NOT_DONE, NOT_EVALUABLE = "NOT DONE", "NOT EVALUABLE"


def tested(test: str) -> Result:
    """Return TRTESTCD with the name that the test has beside it."""
    return {"TRTESTCD": test, "TRTEST": codelist(TRTESTCD).terms[test].decode}


def length(tenths: int) -> Result:
    """Return tenths of a millimetre as exact mm."""
    return _number(show(tenths), "mm")


def percentage(shown: str) -> Result:
    """Return a change in per cent as the rules show it, with one decimal."""
    return _number(shown, "%")


def _number(decimal: str, unit: str) -> Result:
    text = decimal.removesuffix(".0")
    return {
        "TRORRES": text,
        "TRORRESU": unit,
        "TRSTRESC": text,
        "TRSTRESN": Decimal(text),
        "TRSTRESU": unit,
    }


def word(said: str) -> Result:
    """Return a result in words."""
    return {"TRORRES": said, "TRSTRESC": said}


def not_done() -> Result:
    """Return that there is no result, as the reader could not judge the lesion (R-17)."""
    return {"TRSTAT": NOT_DONE, "TRREASND": NOT_EVALUABLE}
