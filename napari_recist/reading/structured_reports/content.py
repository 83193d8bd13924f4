"""Walks the content tree of a structured report (PS3.3 C.17.3): items, their names and values."""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from napari_recist.reading.structured_reports.concepts import Code, modern

DEEPEST = 32
"""Nesting beyond this is no report that a program wrote: the standard's templates need about 8."""


def items_of(item: Dataset) -> tuple[Dataset, ...]:
    """Return the items directly below one."""
    return tuple(item.get("ContentSequence") or ())


def all_below(item: Dataset, depth: int = 0) -> Iterator[Dataset]:
    """Yield every item below one, parents first."""
    if depth > DEEPEST:
        message = "its content is nested without end"
        raise ValueError(message)
    for below in items_of(item):
        yield below
        yield from all_below(below, depth + 1)


def name_of(item: Dataset) -> Code:
    """Return the code that says what an item is; blank where it says none."""
    return _first_code(item, "ConceptNameCodeSequence")


def code_value(item: Dataset) -> Code:
    """Return the value of a CODE item."""
    return _first_code(item, "ConceptCodeSequence")


def texts(item: Dataset, *names: Code) -> tuple[str, ...]:
    """Return the values of the TEXT items directly below with one of these names."""
    return tuple(
        str(below.get("TextValue", ""))
        for below in items_of(item)
        if below.get("ValueType") == "TEXT" and name_of(below) in names
    )


def codes(item: Dataset) -> tuple[tuple[Code, Code], ...]:
    """Return the CODE items directly below, each with its name and its value."""
    return tuple(
        (name_of(below), code_value(below))
        for below in items_of(item)
        if below.get("ValueType") == "CODE"
    )


def _first_code(item: Dataset, sequence: str) -> Code:
    for code in item.get(sequence) or ():
        return code_of(code)
    return "", ""


def code_of(code: Dataset) -> Code:
    """Return a code as (value, scheme), in the scheme used today."""
    value = code.get("CodeValue") or code.get("LongCodeValue") or ""
    return modern(str(value).strip(), str(code.get("CodingSchemeDesignator", "")).strip())
