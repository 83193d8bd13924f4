"""Checks that each record stands once, and that numbers count."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.records import Record, Records

_WHOSE = ("USUBJID", "--EVAL", "--EVALID")
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "TU": (*_WHOSE, "--TESTCD", "--LNKID"),
        "TR": (*_WHOSE, "VISITNUM", "--TESTCD", "--LNKID"),
        "RS": (*_WHOSE, "VISITNUM", "--TESTCD", "--CAT", "--SCAT"),
        "DM": ("USUBJID",),
        "SV": ("USUBJID", "VISITNUM"),
        "TV": ("ARMCD", "VISITNUM"),
        "RELREC": ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELID"),
        "SUPP": ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
    }
)
"""What tells two records of a dataset apart: a lesion is identified once for all visits."""


def repeated_records(records: Records) -> Iterator[Finding]:
    """G-DUP-1: a record stands twice, with the same or with another value."""
    for name in records.datasets:
        keys = KEYS["SUPP" if name.startswith("SUPP") else name]
        seen: set[tuple[str, ...]] = set()
        for record in records.of(name):
            key = tuple(record.text(variable) for variable in keys)
            if key in seen:
                variables = ", ".join(variable.replace("--", name) for variable in keys)
                message = f"another record has the same {variables}"
                yield Finding("G-DUP-1", name, record.place, message)
            seen.add(key)


def broken_sequences(records: Records) -> Iterator[Finding]:
    """G-DUP-2: the records of a subject are not numbered 1, 2, 3 ... in their order."""
    for name, dataset in records.datasets.items():
        if f"{name}SEQ" not in {variable.name for variable in dataset.variables}:
            continue
        counted: dict[str, int] = {}
        for record in records.of(name):
            due = counted[record.subject] = counted.get(record.subject, 0) + 1
            if record.amount("--SEQ") != due:
                yield Finding("G-DUP-2", name, record.place, _misnumbered(record, due))


def _misnumbered(record: Record, due: int) -> str:
    return f"{record.dataset}SEQ is {record.text('--SEQ')!r}; the subject's record number is {due}"
