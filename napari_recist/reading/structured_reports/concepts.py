"""The codes by which a structured report names what a line is, and the words they become here.

Codes of SNOMED RT, with which older programs write, are taken for the SNOMED CT codes that PS3.16
gives for them. A label or a place becomes a word of a closed list or nothing: whatever else a
person typed may name somebody.
"""

import re
from collections.abc import Iterable
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

from napari_recist.exporting.dicom.sites import ORGAN_CODES, SITE_CODES

Code: TypeAlias = tuple[str, str]
"""A code value and the designator of its scheme."""

IMAGING_MEASUREMENTS: Code = ("126010", "DCM")
MEASUREMENT_GROUP: Code = ("125007", "DCM")
TRACKING_IDENTIFIER: Code = ("112039", "DCM")
COMMENT: Code = ("121106", "DCM")
FINDING_SITE: Code = ("363698007", "SCT")
NOT_TARGETS: frozenset[Code] = frozenset({("112075", "DCM"), ("112076", "DCM")})
"""Non-target lesion at baseline, non-lesion at baseline (CID 6145)."""

LENGTHS = frozenset(
    {
        ("410668003", "SCT"),  # Length
        ("121206", "DCM"),  # Distance
        ("81827009", "SCT"),  # Diameter
        ("103339001", "SCT"),  # Long Axis
        ("131187009", "SCT"),  # Major Axis
    }
)
"""What names the one line of a lesion, or the longer of two."""

SHORT_AXES = frozenset(
    {
        ("103340004", "SCT"),  # Short Axis
        ("131188004", "SCT"),  # Minor Axis
        ("131189007", "SCT"),  # Perpendicular Axis
    }
)

MM_OF_UNIT = MappingProxyType({"mm": 1.0, "cm": 10.0, "m": 1000.0, "um": 0.001})
"""Millimetres of a unit of length, by its UCUM code."""

_TARGET = re.compile(r"T0*([1-9]\d?)(?:\.0*([1-9]))?")
_NO_WHOLE_TARGET = re.compile(r"(?:NT|NEW|N)0*[1-9]\d?|T\d+(?:\.\d+)? viable")
OHIF = "OHIF"
_PROGRAMS = (("cornerstone", OHIF), ("highdicom", "highdicom"), ("dcmqi", "dcmqi"))
_OURS = ("napari-recist", "napari-recist")
_ANOTHER = "another program"


def place_coded(codes: Iterable[Code]) -> tuple[str, str]:
    """Return organ and site of our list that a finding site names; blank where none is meant.

    The table is that by which this program's own reports are coded.
    """
    named = (_places().get(value) for value, scheme in codes if scheme == "SCT")
    return next(filter(None, named), ("", ""))


@cache
def _places() -> dict[str, tuple[str, str]]:
    """Return organ and site by code: no site where a code stands for several of them."""
    places = {code: (organ, "") for organ, (code, _meaning) in ORGAN_CODES.items()}
    for organ, sites in SITE_CODES.items():
        codes = [code for code, _meaning in sites.values()]
        for site, (code, _meaning) in sites.items():
            places.setdefault(code, (organ, site if codes.count(code) == 1 else ""))
    return places


def modern(value: str, scheme: str) -> Code:
    """Return a code in the scheme that PS3.16 uses today."""
    from pydicom.sr._snomed_dict import mapping  # noqa: PLC0415 - large, and reports are few

    if scheme in {"SRT", "SNM3", "99SDM"}:
        return mapping["SRT"].get(value, value), "SCT"
    return value, scheme


def target_named(labels: Iterable[str]) -> str:
    """Return the first label that names a target as this program does: T01 is T1, T01.2 is T1.2."""
    for label in labels:
        found = _TARGET.fullmatch(label.strip())
        if found:
            return f"T{found[1]}" + (f".{found[2]}" if found[2] else "")
    return ""


def names_no_whole_target(labels: Iterable[str]) -> bool:
    """Tell whether a label names a non-target, a new lesion, or the viable part of a target."""
    return any(_NO_WHOLE_TARGET.fullmatch(label.strip()) for label in labels)


def program_named(told: Iterable[str]) -> str:
    """Return which program wrote a report, by its own words, none of which are repeated."""
    words = " ".join(told).casefold()
    known = (name for mark, name in (_OURS, *_PROGRAMS) if mark in words)
    return next(known, _ANOTHER)
