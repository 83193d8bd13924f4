"""The raw DICOM elements of one file that this program looks at, and their conversion to values.

Parsers hand over bytes; every conversion happens here, so two parsers that find the same bytes
give the same series.
"""

import math
import struct
from dataclasses import dataclass, field
from functools import lru_cache

from pydicom.charset import python_encoding

PIXEL_DATA = 0x7FE00010
"""(7FE0,0010): the stored pixels of an image."""

_CHARACTER_SET = 0x00080005

PRIVATE_B_VALUES = (
    (0x00190010, "SIEMENS MR HEADER", 0x0019100C),
    (0x00430010, "GEMS_PARM_01", 0x00431039),
    (0x20010010, "Philips Imaging DD 001", 0x20011003),
)
"""Creator element, its text, and the b-value kept under it, by maker."""

WANTED: dict[int, str] = {
    0x00041130: "CS",  # File-set ID (of a DICOMDIR)
    0x00041200: "UL",  # Offset of the First Directory Record (of a DICOMDIR)
    0x00080005: "CS",  # Specific Character Set
    0x00080008: "CS",  # Image Type
    0x00080016: "UI",  # SOP Class UID
    0x00080018: "UI",  # SOP Instance UID
    0x00080020: "DA",  # Study Date
    0x00080021: "DA",  # Series Date
    0x00080022: "DA",  # Acquisition Date
    0x00080023: "DA",  # Content Date
    0x00080032: "TM",  # Acquisition Time
    0x00080033: "TM",  # Content Time
    0x00080060: "CS",  # Modality
    0x0008103E: "LO",  # Series Description
    0x00100020: "LO",  # Patient ID, the coded subject; the name is never read
    0x00180010: "LO",  # Contrast/Bolus Agent
    0x00180024: "SH",  # Sequence Name
    0x00180050: "DS",  # Slice Thickness
    0x00180060: "DS",  # KVP
    0x00180081: "DS",  # Echo Time
    0x00180082: "DS",  # Inversion Time
    0x00180086: "IS",  # Echo Numbers
    0x00180088: "DS",  # Spacing Between Slices
    0x00181030: "LO",  # Protocol Name
    0x00181042: "TM",  # Contrast/Bolus Start Time
    0x00181060: "DS",  # Trigger Time
    0x00181120: "DS",  # Gantry/Detector Tilt
    0x00181164: "DS",  # Imager Pixel Spacing
    0x00181210: "SH",  # Convolution Kernel
    0x00181314: "DS",  # Flip Angle
    0x00185100: "CS",  # Patient Position
    0x00189087: "FD",  # Diffusion b-value
    0x00189089: "FD",  # Diffusion Gradient Orientation
    0x0020000D: "UI",  # Study Instance UID
    0x0020000E: "UI",  # Series Instance UID
    0x00200011: "IS",  # Series Number
    0x00200012: "IS",  # Acquisition Number
    0x00200013: "IS",  # Instance Number
    0x00190010: "LO",  # private creator (see PRIVATE_B_VALUES)
    0x0019100C: "IS",
    0x00430010: "LO",
    0x00431039: "IS",
    0x20010010: "LO",
    0x20011003: "FL",
    0x00200032: "DS",  # Image Position (Patient)
    0x00200037: "DS",  # Image Orientation (Patient)
    0x00200052: "UI",  # Frame of Reference UID
    0x00200100: "IS",  # Temporal Position Identifier
    0x00280002: "US",  # Samples per Pixel
    0x00280004: "CS",  # Photometric Interpretation
    0x00280006: "US",  # Planar Configuration
    0x00280008: "IS",  # Number of Frames
    0x00280010: "US",  # Rows
    0x00280011: "US",  # Columns
    0x00280030: "DS",  # Pixel Spacing
    0x00280100: "US",  # Bits Allocated
    0x00280101: "US",  # Bits Stored
    0x00280102: "US",  # High Bit
    0x00280103: "US",  # Pixel Representation
    0x00280120: "US",  # Pixel Padding Value
    0x00280301: "CS",  # Burned In Annotation
    0x00281052: "DS",  # Rescale Intercept
    0x00281053: "DS",  # Rescale Slope
    0x00281054: "LO",  # Rescale Type
    0x00282110: "CS",  # Lossy Image Compression
    0x00282112: "DS",  # Lossy Image Compression Ratio
    0x00541001: "CS",  # Units (of PET)
    0x52009229: "SQ",  # Shared Functional Groups Sequence
    0x52009230: "SQ",  # Per-frame Functional Groups Sequence
}
"""Tags read from every file and the VR the standard gives them (for implicit VR)."""

NESTED: dict[int, str] = {
    0x00089007: "CS",  # Frame Type
    0x00089208: "CS",  # Complex Image Component
    0x00180050: "DS",  # Slice Thickness
    0x00189074: "DT",  # Frame Acquisition DateTime
    0x00189076: "SQ",  # Diffusion Gradient Direction Sequence
    0x00189082: "FD",  # Effective Echo Time
    0x00189087: "FD",  # Diffusion b-value
    0x00189089: "FD",  # Diffusion Gradient Orientation
    0x00189114: "SQ",  # MR Echo Sequence
    0x00189118: "SQ",  # Cardiac Synchronization Sequence
    0x00189117: "SQ",  # MR Diffusion Sequence
    0x00189226: "SQ",  # MR Image Frame Type Sequence
    0x00189329: "SQ",  # CT Image Frame Type Sequence
    0x00189751: "SQ",  # PET Frame Type Sequence
    0x00200032: "DS",  # Image Position (Patient)
    0x00200037: "DS",  # Image Orientation (Patient)
    0x00209056: "SH",  # Stack ID
    0x00209111: "SQ",  # Frame Content Sequence
    0x00209113: "SQ",  # Plane Position Sequence
    0x00209116: "SQ",  # Plane Orientation Sequence
    0x00209128: "UL",  # Temporal Position Index
    0x00209153: "FD",  # Nominal Cardiac Trigger Delay Time
    0x00209156: "US",  # Frame Acquisition Number
    0x00209157: "UL",  # Dimension Index Values
    0x00280030: "DS",  # Pixel Spacing
    0x00281052: "DS",  # Rescale Intercept
    0x00281053: "DS",  # Rescale Slope
    0x00289110: "SQ",  # Pixel Measures Sequence
    0x00289145: "SQ",  # Pixel Value Transformation Sequence
}
"""Tags read from the functional groups of an enhanced image; everything else there is left."""

STANDARD = WANTED | NESTED
"""The VR the standard gives each tag this program reads."""

_ESCAPE = b"\x1b"
"""Begins another character set (ISO 2022); all other ASCII reads the same in every one."""

_BINARY = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}


Leg = tuple[bytes, int, int, int | None]
"""Bytes to recognise, up to an element whose value changes; how many they are; how many of them
that element's tag and VR take, or 0 where its length has 16 bits; its tag where it is wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What files of one kind repeat byte for byte, and the elements that change between.

    Parameters
    ----------
    legs : tuple of Leg
        From one changing element to the next.
    last : bytes
        From the last one up to the length of Pixel Data.
    values, representations : dict
        The wanted elements that do not change (see ``Elements``).
    own : tuple of int
        The wanted elements that change.
    """

    legs: tuple[Leg, ...]
    last: bytes
    values: dict[int, "bytes | list[Elements]"]
    representations: dict[int, str]
    own: tuple[int, ...]


@dataclass(slots=True)
class Elements:
    """Raw values of one file or of one sequence item.

    Parameters
    ----------
    values : dict
        Tag to bytes as stored, or to a list of ``Elements`` for a sequence.
    representations : dict
        Tag to the two-letter VR written in the file, where it differs from ``STANDARD``.
    little_endian : bool
        Byte order of binary values.
    form : Form or None
        What the file was recognised by, where others had the same form.
    """

    values: dict[int, bytes | list["Elements"]]
    representations: dict[int, str]
    little_endian: bool = True
    form: "Form | None" = field(default=None, compare=False, repr=False)

    def raw(self, tag: int) -> bytes:
        """Return the stored bytes, empty when absent."""
        value = self.values.get(tag, b"")
        return value if isinstance(value, bytes) else b""

    def items(self, tag: int) -> "list[Elements]":
        """Return the items of a sequence, empty when absent."""
        value = self.values.get(tag, b"")
        return value if isinstance(value, list) else []

    def texts(self, tag: int) -> tuple[str, ...]:
        """Return the parts of a text value, without padding; empty when absent or blank."""
        raw = self.raw(tag)
        return _texts(raw, self.raw(_CHARACTER_SET)) if raw else ()

    def text(self, tag: int) -> str:
        """Return a text value as one string, empty when absent."""
        raw = self.raw(tag)
        if raw.isascii() and b"\\" not in raw and _ESCAPE not in raw:
            return raw.strip(b" \0").decode("ascii")
        return "\\".join(self.texts(tag))

    def numbers(self, tag: int) -> tuple[float, ...]:
        """Return the numbers of a value; empty when absent or when any part is not a number."""
        raw = self.raw(tag)
        if not raw:
            return ()
        letters = self.representations.get(tag, "UN")
        code = _BINARY.get(STANDARD[tag] if letters == "UN" else letters)
        return _decimals(raw) if code is None else _binary(raw, code, self.little_endian)

    def number(self, tag: int) -> float | None:
        """Return the first number of a value, or None."""
        numbers = self.numbers(tag)
        return numbers[0] if numbers else None

    def integer(self, tag: int) -> int | None:
        """Return the first number of a value as an integer, or None when it is not whole."""
        number = self.number(tag)
        return int(number) if number is not None and number.is_integer() else None


@lru_cache(maxsize=4096)
def _texts(raw: bytes, character_set: bytes) -> tuple[str, ...]:
    raw = raw.strip(b" \0")
    text = raw.decode(_codec(character_set), errors="replace")
    return tuple(part.strip(" \0") for part in text.split("\\")) if raw else ()


@lru_cache(maxsize=64)
def _codec(character_set: bytes) -> str:
    """Return the Python codec of Specific Character Set; an unknown one reads as Latin-1."""
    terms = character_set.strip(b" \0").decode("ascii", errors="replace").split("\\")
    return str(python_encoding.get(terms[-1].strip(), "latin-1"))


@lru_cache(maxsize=4096)
def _binary(raw: bytes, code: str, little_endian: bool) -> tuple[float, ...]:
    size = struct.calcsize(code)
    order = "<" if little_endian else ">"
    values = struct.unpack_from(f"{order}{len(raw) // size}{code}", raw)
    return tuple(map(float, values)) if all(map(math.isfinite, values)) else ()


def _decimals(raw: bytes) -> tuple[float, ...]:
    """Read DS or IS text. An underscore, which Python would take, is no DICOM number."""
    raw = raw.strip(b" \0")
    if not raw or b"_" in raw:
        return ()
    try:
        numbers = tuple(map(float, raw.split(b"\\"))) if b"\\" in raw else (float(raw),)
    except ValueError:
        return ()
    if math.isfinite(sum(numbers)):
        return numbers
    return numbers if all(map(math.isfinite, numbers)) else ()
