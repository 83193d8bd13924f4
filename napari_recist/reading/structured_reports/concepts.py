"""The codes by which a structured report names what a line is, and the words they become here.

Codes of SNOMED RT, with which older programs write, are taken for the SNOMED CT codes that PS3.16
gives for them. A label or a place becomes a word of a closed list or nothing: whatever else a
person typed may name somebody.
"""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import TypeAlias

Code: TypeAlias = tuple[str, str]
"""A code value and the designator of its scheme."""

IMAGING_MEASUREMENTS: Code = ("126010", "DCM")
MEASUREMENT_GROUP: Code = ("125007", "DCM")
TRACKING_IDENTIFIER: Code = ("112039", "DCM")
COMMENT: Code = ("121106", "DCM")
FINDING_SITE: Code = ("363698007", "SCT")
NOT_A_TARGET: Code = ("112075", "DCM")
"""Non-target lesion at baseline (PS3.16, annex D)."""

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

ORGAN_OF_SITE = MappingProxyType(
    {
        "10200004": "liver",
        "39607008": "lung",
        "59441001": "lymph node",
        "23451007": "adrenal",
        "272673000": "bone",
        "12738006": "brain",
        "64033007": "kidney",
        "15776009": "pancreas",
        "32764006": "portal vein",
        "28273000": "bile duct",
        "28231008": "gallbladder",
        "82849001": "retroperitoneum",
        "3120008": "pleura",
        "72410000": "mediastinum",
        "78961009": "spleen",
        "69695003": "stomach",
        "30315005": "small bowel",
        "71854001": "colon",
        "34402009": "rectum",
        "89837001": "bladder",
        "15497006": "ovary",
        "35039007": "uterus",
        "41216001": "prostate",
        "76752008": "breast",
        "69748006": "thyroid",
        "78904004": "chest wall",
        "71616004": "muscle",
        "39937001": "skin",
    }
)
"""The organ of our list by the SNOMED CT code of a finding site."""

_TARGET = re.compile(r"T0*([1-9]\d?)(?:\.0*([1-9]))?")
_NOT_MEASURED = re.compile(r"(?:NT|NEW|N)0*[1-9]\d?")
OHIF = "OHIF"
_PROGRAMS = (("cornerstone", OHIF), ("highdicom", "highdicom"), ("dcmqi", "dcmqi"))
_OURS = ("napari-recist", "napari-recist")
_ANOTHER = "another program"


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


def names_what_is_not_measured(labels: Iterable[str]) -> bool:
    """Tell whether a label names a non-target or a new lesion."""
    return any(_NOT_MEASURED.fullmatch(label.strip()) for label in labels)


def program_named(told: Iterable[str]) -> str:
    """Return which program wrote a report, by its own words, none of which are repeated."""
    words = " ".join(told).casefold()
    known = (name for mark, name in (_OURS, *_PROGRAMS) if mark in words)
    return next(known, _ANOTHER)
