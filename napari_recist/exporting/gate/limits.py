"""Checks of what the SAS transport file, version 5, can hold; and of the shape of records."""

from collections.abc import Iterator
from decimal import Decimal

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import Record, Records
from napari_recist.exporting.sdtm.dataset import Dataset, DataType

NAME, LABEL, TEXT = 8, 40, 200
"""The most characters of a name, a label and a value; FDA asks for version 5 of the format."""

_LIMITED = {"--TESTCD": NAME, "--TEST": LABEL, "QNAM": NAME, "QLABEL": LABEL}
"""Variables whose values become names and labels when a dataset is transposed."""


def names_and_labels(records: Records) -> Iterator[Finding]:
    """G-XPT-1: a name or label is too long for the format, or no name of SAS."""
    for dataset in records.datasets.values():
        named = [(dataset.name, dataset.label), *((v.name, v.label) for v in dataset.variables)]
        for name, label in named:
            if len(name) > NAME or not name.isidentifier() or not name.isascii():
                message = f"{name!r} is no name of at most {NAME} letters and digits"
                yield Finding("G-XPT-1", dataset.name, "", message)
            if len(label) > LABEL or not label.isascii():
                message = f"the label {label!r} of {name} is not of at most {LABEL} characters"
                yield Finding("G-XPT-1", dataset.name, "", message)


def long_and_foreign_text(records: Records) -> Iterator[Finding]:
    """G-XPT-2: a text is too long, not ASCII, or begins or ends with a blank, which is lost."""
    for dataset in records.datasets.values():
        limits = [
            (one.name, _limit(one.name, dataset.name))
            for one in dataset.variables
            if one.type is DataType.CHAR
        ]
        for record in records.of(dataset.name):
            for name, limit in limits:
                text = record.row.get(name)
                if text and isinstance(text, str) and (flaw := _flaw(text, limit)):
                    message = f"{name} {flaw}: {text!r}"
                    yield Finding("G-XPT-2", dataset.name, record.place, message)


def _limit(variable: str, dataset: str) -> int:
    for name, limit in _LIMITED.items():
        if variable == name.replace("--", dataset):
            return limit
    return TEXT


def _flaw(text: str, limit: int) -> str:
    if len(text) > limit:
        return f"is longer than {limit} characters"
    if not (text.isascii() and text.isprintable()):
        return "has characters that ASCII cannot print"
    return "begins or ends with a blank" if text != text.strip() else ""


def shapes_of_records(records: Records) -> Iterator[Finding]:
    """G-XPT-3: a record has other variables than its dataset, or a value of another type."""
    for dataset in records.datasets.values():
        names = {variable.name for variable in dataset.variables}
        for record in records.of(dataset.name):
            if record.row.keys() != names:
                strange = ", ".join(sorted(record.row.keys() ^ names))
                message = f"the record and its dataset differ in variables: {strange}"
                yield Finding("G-XPT-3", dataset.name, record.place, message)
            yield from _other_types(dataset, record)


def _other_types(dataset: Dataset, record: Record) -> Iterator[Finding]:
    for variable in dataset.variables:
        value = record.row.get(variable.name, variable.null)
        if isinstance(value, str):
            fits = variable.type is DataType.CHAR
        else:
            finite = not isinstance(value, Decimal) or value.is_finite()
            fits = variable.type is DataType.NUM and finite
        if not fits:
            message = f"{variable.name} is {variable.type} and holds {value!r}"
            yield Finding("G-XPT-3", dataset.name, record.place, message)
