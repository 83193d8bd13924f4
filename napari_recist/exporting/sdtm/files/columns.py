"""What the values of a variable are in a file: their type, their length, each as text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value, Variable

TEXT, INTEGER, FLOAT = "text", "integer", "float"
DATE, DATETIME, PARTIAL_DATE = "date", "datetime", "partialDate"

_DAY = r"\d{4}-\d{2}-\d{2}"
_SHAPES = (
    (DATE, re.compile(_DAY)),
    (DATETIME, re.compile(rf"{_DAY}T\d{{2}}:\d{{2}}(:\d{{2}})?(Z|[+-]\d{{2}}:\d{{2}})?")),
    (PARTIAL_DATE, re.compile(rf"\d{{4}}(-\d{{2}})?|{_DAY}")),
)
_MOMENT = "DTC"


@dataclass(frozen=True, slots=True)
class Column:
    """A variable, or part of its values, as a file holds it.

    ``data_type`` is Define-XML's name of it. ``length`` is that of the longest value as text, at
    least 1, and ``None`` for a moment, whose form tells it; ``decimals`` are the digits behind the
    point, ``None`` where the type has none.
    """

    data_type: str
    length: int | None = None
    decimals: int | None = None


def column_of(variable: Variable, values: Iterable[Value]) -> Column:
    """Return what the values of a variable are; what is null says nothing of it."""
    texts = set(map(text_of, set(values))) - {""}
    if variable.type is DataType.CHAR and variable.name.endswith(_MOMENT):
        for data_type, shape in _SHAPES:
            if all(shape.fullmatch(text) for text in texts):
                return Column(data_type)
    length = max((len(text) for text in texts), default=1)
    if variable.type is DataType.CHAR:
        return Column(TEXT, length)
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return Column(FLOAT, length, decimals) if decimals else Column(INTEGER, length)


def columns_of(dataset: Dataset) -> Mapping[str, Column]:
    """Return what each variable of a dataset is in a file, by name."""
    return {
        variable.name: column_of(variable, (row[variable.name] for row in dataset.rows))
        for variable in dataset.variables
    }


def text_of(value: Value) -> str:
    """Return a value as text, a number with all its digits and no exponent; null is empty."""
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def record_of(dataset: Dataset, row: Mapping[str, Value]) -> str:
    """Return how a person finds a record: by its dataset and the keys that it has values of."""
    keys = (key for key in dataset.keys if key != "STUDYID" and row.get(key) not in ("", None))
    return ", ".join([dataset.name, *(f"{key} {text_of(row[key])}" for key in keys)])
