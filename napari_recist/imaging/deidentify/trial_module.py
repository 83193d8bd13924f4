"""The attributes a de-identified file gets: coded patient, clinical trial, what was done."""

import re
import struct
from dataclasses import dataclass

from napari_recist.criteria import Charter, DeidentificationSettings, StoredDates
from napari_recist.imaging.deidentify.annex_e import EDITION
from napari_recist.imaging.deidentify.dataset import Encoding
from napari_recist.imaging.deidentify.subjects import Subject

METHOD = f"napari-recist: DICOM PS3.15 {EDITION} Annex E, Basic Profile"
"""De-identification Method; a second value proves under which key."""

NOT_STATED = "NOT STATED"
"""Where the charter names no sponsor or no trial and the standard wants one."""

_LONGEST = 64
_TIME_POINT = re.compile(r"BL|SCR|EOT|FU\d{0,2}|[WUV]\d{1,3}|C\d{1,2}D\d{1,2}")
_ASCII_SET, _UTF_8 = b"", b"ISO_IR 192"

_BASIC = ("113100", "Basic Application Confidentiality Profile")
_DESCRIPTORS = ("113105", "Clean Descriptors Option")
_FULL_DATES = ("113106", "Retain Longitudinal Temporal Information Full Dates Option")
_MODIFIED_DATES = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
_PATIENT = ("113108", "Retain Patient Characteristics Option")
_PRIVATE = ("113111", "Retain Safe Private Option")

Filled = dict[int, tuple[str, bytes]]
"""Tag to VR and value as stored."""


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """What of the charter stands in every file."""

    sponsor: str
    protocol: str
    settings: DeidentificationSettings

    @classmethod
    def of(cls, charter: Charter) -> "TrialFacts":
        """Return those of a charter."""
        trial = charter.trial
        return cls(trial.sponsor or NOT_STATED, trial.id or NOT_STATED, charter.deidentification)


def time_point(label: str) -> str:
    """Return the label of a visit, or "" where it is not in the form of one."""
    return label if _TIME_POINT.fullmatch(label) else ""


@dataclass(frozen=True, slots=True)
class OfFile:
    """What differs between files: the subject, the visit's label, the sex, the key's mark."""

    subject: Subject
    label: str
    sex: str
    mark: str


def filled(facts: TrialFacts, of_file: OfFile, encoding: Encoding) -> Filled:
    """Return the attributes of patient, trial and method (PS3.3, C.7.1.1, C.7.1.3, C.7.2.3)."""
    settings, subject = facts.settings, of_file.subject
    site = subject.site if settings.site else ""
    texts = (facts.sponsor, facts.protocol, site)
    character_set = _ASCII_SET if "".join(texts).isascii() else _UTF_8
    shifted = settings.dates is StoredDates.SHIFTED
    found: Filled = {
        0x00100010: ("PN", _padded(f"{subject.code}^")),
        0x00100020: ("LO", _padded(subject.code)),
        0x00100030: ("DA", b""),
        0x00100040: ("CS", _padded(of_file.sex if settings.patient_characteristics else "")),
        0x00120010: ("LO", _padded(facts.sponsor)),
        0x00120020: ("LO", _padded(facts.protocol)),
        0x00120021: ("LO", b""),
        0x00120030: ("LO", _padded(site)),
        0x00120031: ("LO", b""),
        0x00120040: ("LO", _padded(subject.code)),
        0x00120050: ("LO", _padded(time_point(of_file.label))),
        0x00120062: ("CS", b"YES "),
        0x00120063: ("LO", _padded(f"{METHOD}\\{of_file.mark}", longest=2 * _LONGEST)),
        0x00120064: ("SQ", _method_codes(settings, encoding)),
        0x00280303: ("CS", b"MODIFIED" if shifted else b"UNMODIFIED"),
    }
    if character_set:
        found[0x00080005] = ("CS", character_set)
    return found


def _method_codes(settings: DeidentificationSettings, encoding: Encoding) -> bytes:
    shifted = settings.dates is StoredDates.SHIFTED
    codes = [_BASIC, *([_DESCRIPTORS] if settings.descriptors else [])]
    codes.append(_MODIFIED_DATES if shifted else _FULL_DATES)
    codes += [_PATIENT] if settings.patient_characteristics else []
    codes += [_PRIVATE] if settings.safe_private else []
    return b"".join(
        encoding.item(
            encoding.element(0x00080100, "SH", _padded(code))
            + encoding.element(0x00080102, "SH", b"DCM ")
            + encoding.element(0x00080104, "LO", _padded(meaning))
        )
        for code, meaning in codes
    )


def _padded(text: str, longest: int = _LONGEST) -> bytes:
    data = text[:longest].encode()
    return data + b" " * (len(data) % 2)


IMPLEMENTATION_UID = "2.25.105659585747197878458721493218166507461"
"""This program's own, for the file meta information: 2.25 and a random UUID."""

IMPLEMENTATION_NAME = "NAPARI_RECIST"


def file_meta(sop_class: str, instance: str, syntax: str) -> bytes:
    """Return preamble, prefix and file meta information (PS3.10, 7.1)."""
    little = Encoding(explicit=True, little_endian=True)
    elements = b"".join(
        (
            little.element(0x00020001, "OB", b"\0\1"),
            little.element(0x00020002, "UI", _uid(sop_class)),
            little.element(0x00020003, "UI", _uid(instance)),
            little.element(0x00020010, "UI", _uid(syntax)),
            little.element(0x00020012, "UI", _uid(IMPLEMENTATION_UID)),
            little.element(0x00020013, "SH", _padded(IMPLEMENTATION_NAME)),
        )
    )
    length = little.element(0x00020000, "UL", struct.pack("<I", len(elements)))
    return b"\0" * 128 + b"DICM" + length + elements


def _uid(text: str) -> bytes:
    data = text.encode("ascii")
    return data + b"\0" * (len(data) % 2)
