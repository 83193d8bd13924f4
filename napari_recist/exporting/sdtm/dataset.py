"""What an SDTM dataset is before it becomes a file: its variables and its records, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class DataType(StrEnum):
    """The two data types of SDTM."""

    CHAR = "Char"
    NUM = "Num"


Value: TypeAlias = str | int | Decimal | None
"""A value of a record. Of a character variable "" is null, of a numeric one ``None``."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a dataset, as SDTMIG 3.4 describes it.

    ``core`` is Req (present and never null), Exp (present) or Perm. ``codelist`` is the NCI code of
    the CDISC codelist that its values come from, "" where there is none.
    """

    name: str
    label: str
    type: DataType
    role: str
    core: str
    codelist: str = ""

    @property
    def null(self) -> Value:
        """What stands in a record that has no value of this variable."""
        return "" if self.type is DataType.CHAR else None


@dataclass(frozen=True, slots=True)
class Dataset:
    """One SDTM dataset: records in the order of ``keys``, each with a value of every variable.

    ``structure`` says in words what one record is; ``keys`` are the variables that tell records
    apart, the outermost first.
    """

    name: str
    label: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    rows: tuple[Mapping[str, Value], ...]
