"""The table of DICOM PS3.15 Annex E (E.1-1): what happens to each attribute, and by which option.

Basic actions are those of edition 2026c, options those of edition 2024e (``scripts/annex_e``
writes ``annex_e.csv``). A combined action (X/Z/D) leaves the choice to what the IOD needs.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

EDITION = "2026c"
"""The edition of PS3.15 whose basic actions the table holds."""

UIDS, DEVICE, INSTITUTION, PATIENT, DATES, DESCRIPTORS = "UVIPDW"
"""The letters of the options that this program knows."""


class Rule(NamedTuple):
    """One row: the action of the basic profile, and the letters of the options that change it."""

    action: str
    options: str


@cache
def table() -> Mapping[int, Rule]:
    """Return the rule of every attribute that has a tag of its own."""
    text = files(__package__).joinpath("annex_e.csv").read_text(encoding="ascii")
    rows = (line.split(",") for line in text.splitlines()[1:])
    return MappingProxyType(
        {int(tag, 16): Rule(action, options) for tag, _, action, options in rows if "x" not in tag}
    )


def repeating(tag: int) -> bool:
    """Whether a tag is of the curves (50xx) or the overlays (60xx), which are removed whole."""
    return tag >> 24 in (0x50, 0x60)
