"""How the checks see the datasets: record by record, and the records of one read together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from napari_recist.exporting.sdtm.dataset import Dataset, Value

FINDINGS = ("TU", "TR", "RS")
"""The datasets that hold what evaluators stated."""

WhoseRead: TypeAlias = tuple[str, str]
"""Subject and evaluator."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a dataset. In names of variables ``--`` stands for the dataset's letters."""

    dataset: str
    row: Mapping[str, Value]

    def text(self, variable: str) -> str:
        """Return a value as text: "" where it is null or there is no such variable."""
        value = self.row.get(self._named(variable))
        if isinstance(value, str):
            return value
        return "" if value is None else str(value)

    def amount(self, variable: str) -> Decimal | None:
        """Return a number, ``None`` where there is none."""
        value = self.row.get(self._named(variable))
        return None if value is None or isinstance(value, str) else Decimal(value)

    def _named(self, variable: str) -> str:
        return self.dataset + variable[2:] if variable[0] == "-" else variable

    @property
    def subject(self) -> str:
        """The unique subject identifier."""
        return self.text("USUBJID")

    @property
    def evaluator(self) -> str:
        """Who evaluated: the identifier, else what kind of evaluator it is."""
        return self.text("--EVALID") or self.text("--EVAL")

    @property
    def place(self) -> str:
        """The record in words: subject, evaluator, visit, lesion, test and number."""
        sequence = self.text("--SEQ")
        parts = (
            self.subject,
            self.evaluator,
            self.text("VISIT") or self.text("VISITNUM"),
            self.text("--LNKID"),
            self.text("--TESTCD"),
            f"{self.dataset}SEQ {sequence}" if sequence else "",
            self.text("RELID"),
            self.text("IDVARVAL"),
            self.text("QNAM"),
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ReadRecords:
    """What one evaluator stated of one subject, as the datasets have it."""

    subject: str
    evaluator: str
    lesions: list[Record] = field(default_factory=list)
    results: list[Record] = field(default_factory=list)
    responses: list[Record] = field(default_factory=list)

    @property
    def baseline(self) -> Decimal | None:
        """The number of the first visit, ``None`` where nothing was there to be said at baseline.

        Then the first visit with a record has a response, and is none.
        """
        numbers = [n for record in self.all if (n := record.amount("VISITNUM")) is not None]
        first = min(numbers, default=None)
        responded = any(
            record.amount("VISITNUM") == first and record.text("--TESTCD") == "OVRLRESP"
            for record in self.responses
        )
        return None if responded else first

    @property
    def all(self) -> tuple[Record, ...]:
        """Every record of the read: TU, then TR, then RS."""
        return (*self.lesions, *self.results, *self.responses)


class Records:
    """The records of all datasets of an export."""

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self.datasets = {dataset.name: dataset for dataset in datasets}
        self._records = {
            name: tuple(Record(name, row) for row in dataset.rows)
            for name, dataset in self.datasets.items()
        }

    def of(self, name: str) -> tuple[Record, ...]:
        """Return the records of a dataset: none where it is not exported."""
        return self._records.get(name, ())

    @cached_property
    def stated(self) -> tuple[Record, ...]:
        """Every record of TU, TR and RS."""
        return tuple(record for name in FINDINGS for record in self.of(name))

    @cached_property
    def reads(self) -> Mapping[WhoseRead, ReadRecords]:
        """What each evaluator stated of each subject."""
        found: dict[WhoseRead, ReadRecords] = {}
        for record in self.stated:
            whose = record.subject, record.evaluator
            read = found.setdefault(whose, ReadRecords(*whose))
            part = {"TU": read.lesions, "TR": read.results, "RS": read.responses}
            part[record.dataset].append(record)
        return found

    def numbered(self, name: str) -> Mapping[tuple[str, str], Record]:
        """Return the records of TU, TR or RS by subject and number."""
        return self._numbered.get(name, {})

    @cached_property
    def _numbered(self) -> Mapping[str, Mapping[tuple[str, str], Record]]:
        return {
            name: {(record.subject, record.text("--SEQ")): record for record in self.of(name)}
            for name in FINDINGS
        }

    def supplements(self, name: str) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """Return the supplemental qualifiers of a dataset, by subject and number of the record."""
        return self._supplements.get(name, {})

    @cached_property
    def _supplements(self) -> Mapping[str, Mapping[tuple[str, str], Mapping[str, str]]]:
        found: dict[str, dict[tuple[str, str], dict[str, str]]] = {}
        for name in FINDINGS:
            for record in self.of(f"SUPP{name}"):
                of_record = found.setdefault(name, {}).setdefault(
                    (record.subject, record.text("IDVARVAL")), {}
                )
                of_record[record.text("QNAM")] = record.text("QVAL")
        return found

    @cached_property
    def subjects(self) -> Mapping[str, Record]:
        """The demographics of each subject."""
        return {record.subject: record for record in self.of("DM")}
