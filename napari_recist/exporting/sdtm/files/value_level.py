"""Value-level metadata: what a result is in the records of each test, and of each qualifier."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value, Variable
from napari_recist.exporting.sdtm.files.columns import Column, column_of, text_of
from napari_recist.exporting.sdtm.terminology import NY, ONCRSR, TRPROPRS, TUIDRS, codelist

_LISTS: Mapping[str, tuple[str, ...]] = {
    "TUORRES": (TUIDRS,),
    "TRORRES": (TRPROPRS,),
    "TRSTRESC": (TRPROPRS,),
    "TRSTRESN": (),
    "RSORRES": (ONCRSR, NY),
    "RSSTRESC": (ONCRSR, NY),
    "QVAL": (NY,),
}
"""The results told test by test, and the lists they may come from: the first that holds them."""


@dataclass(frozen=True, slots=True)
class ValueLevel:
    """A variable in the records of one test.

    ``topic`` is the variable that names the test, ``codelist`` the code of the list that all its
    ``values`` come from, "" where none is.
    """

    dataset: str
    variable: Variable
    topic: str
    test: str
    column: Column
    codelist: str
    values: frozenset[str]


def topic_of(dataset: str) -> str:
    """Return the variable by which records of a dataset are of one test or another."""
    return "QNAM" if dataset.startswith("SUPP") else f"{dataset}TESTCD"


def told_by_test(variable: Variable) -> bool:
    """Tell whether a variable is described test by test."""
    return variable.name in _LISTS


def value_levels(dataset: Dataset) -> tuple[ValueLevel, ...]:
    """Return what the results of a dataset are test by test, tests without values left out."""
    results = [variable for variable in dataset.variables if told_by_test(variable)]
    if not results:
        return ()
    topic = topic_of(dataset.name)
    said: dict[tuple[str, str], set[Value]] = {}
    for row in dataset.rows:
        for variable in results:
            if (value := row[variable.name]) not in ("", None):
                said.setdefault((variable.name, text_of(row[topic])), set()).add(value)
    return tuple(
        _value_level(dataset.name, variable, test, said[name, test])
        for variable in results
        for name, test in sorted(said)
        if name == variable.name
    )


def _value_level(dataset: str, variable: Variable, test: str, values: set[Value]) -> ValueLevel:
    texts = frozenset(map(text_of, values))
    lists = (code for code in _LISTS[variable.name] if texts <= codelist(code).terms.keys())
    column = column_of(variable, values)
    if all(_is_number(text) for text in texts):
        # A text variable that holds numbers in this test is described as the number it is.
        column = column_of(replace(variable, type=DataType.NUM), values)
    return ValueLevel(dataset, variable, topic_of(dataset), test, column, next(lists, ""), texts)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()
