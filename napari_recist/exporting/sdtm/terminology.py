"""CDISC controlled terminology: the codelists by which SDTM values are written and checked.

``scripts/terminology`` writes ``terminology.csv`` from an extract of CDISC's SDTM terminology
(20 lists; membership as of package 2024-03-29).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

TRTESTCD, TRTEST, TRPROPRS = "C96779", "C96778", "C124309"
TUTESTCD, TUTEST, TUIDRS = "C96784", "C96783", "C123650"
RSTESTCD, RSTEST, RSCAT, ONCRSR = "C96782", "C96781", "C124298", "C96785"
EVAL, MEDEVAL = "C78735", "C96777"
LOC, LAT, METHOD, UNIT = "C74456", "C99073", "C85492", "C71620"
ND, NY, EPOCH = "C66789", "C66742", "C99079"

NAMES_OF: Mapping[str, str] = MappingProxyType(
    {TRTESTCD: TRTEST, TUTESTCD: TUTEST, RSTESTCD: RSTEST}
)
"""The list of test names that belongs to a list of short names."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a codelist: its submission value and its NCI code.

    ``decode`` is the name of the test that a short name stands for; "" elsewhere.
    """

    value: str
    code: str
    decode: str = ""


@dataclass(frozen=True, slots=True)
class Codelist:
    """A codelist by its NCI code; ``terms`` by submission value.

    ``extensible`` tells that a sponsor may add terms of his own.
    """

    code: str
    name: str
    extensible: bool
    terms: Mapping[str, Term]


@cache
def codelists() -> Mapping[str, Codelist]:
    """Return the codelists that our datasets use, by NCI code."""
    text = files(__package__).joinpath("terminology.csv").read_text(encoding="ascii")
    rows = list(csv.DictReader(text.splitlines()))
    terms: dict[str, dict[str, Term]] = {row["list"]: {} for row in rows}
    for row in rows:
        if row["code"]:
            terms[row["list"]][row["value"]] = Term(row["value"], row["code"], row["decode"])
    return MappingProxyType(
        {
            row["list"]: Codelist(
                row["list"], row["value"], bool(row["decode"]), MappingProxyType(terms[row["list"]])
            )
            for row in rows
            if not row["code"]
        }
    )


def codelist(code: str) -> Codelist:
    """Return the codelist of an NCI code; ``KeyError`` for a list that we do not use."""
    return codelists()[code]
