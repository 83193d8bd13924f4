"""A file with a canary in every attribute of DICOM, at several depths, and their search."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from pydicom.datadict import DicomDictionary

from napari_recist.imaging.deidentify.dataset import Encoding
from napari_recist.imaging.files.encoding import encoding
from napari_recist.imaging.files.syntaxes import (
    DEFLATED,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
)

SYNTAXES = (EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED)
CT = "1.2.840.10008.5.1.4.1.1.2"

TEXT, NUMBER, UID = "CANARYDOE", "4711.4711", "1.2.826.0.1.47114711"
DATE, TIME = "19470317", "134711.471147"
VALUES = {
    "AS": "CANA",
    "CS": TEXT,
    "DA": DATE,
    "DT": f"{DATE}{TIME}",
    "PN": f"{TEXT}^JANE^^DR",
    "TM": TIME,
    "UI": UID,
    "UR": f"https://{TEXT}.example",
}
"""A canary by VR; every other text is ``TEXT``."""

TEXTS = ("AE", "LO", "LT", "SH", "ST", "UC", "UT")
BYTES = ("OB", "OD", "OF", "OL", "OV", "OW", "UN")

SOUGHT = (
    TEXT,
    "canarydoe",
    "CANA ",
    "4711",
    DATE,
    "1947-03-17",
    "1947.03.17",
    "17.03.1947",
    "19470317",
    "134711",
)
"""What must be found nowhere. ``4711`` is in the number and in the UID."""


def value_of(vr: str) -> bytes | None:
    """Return the canary of a VR, padded; None where it is binary numbers."""
    if vr in BYTES:
        return TEXT.encode() + b"\0" * (len(TEXT) % 2)
    text = VALUES.get(vr, TEXT if vr in TEXTS else NUMBER if vr == "DS" else None)
    text = "4711" if vr == "IS" else text
    if text is None:
        return None
    return text.encode() + (b"\0" if vr == "UI" else b" ") * (len(text) % 2)


GEOMETRY: dict[int, tuple[str, bytes]] = {
    0x00080008: ("CS", b"ORIGINAL\\PRIMARY\\AXIAL"),
    0x00080016: ("UI", CT.encode() + b"\0"),
    0x00080018: ("UI", f"{UID}.1".encode()),
    0x00080060: ("CS", b"CT"),
    0x00200032: ("DS", b"0\\0\\0 "),
    0x00200037: ("DS", b"1\\0\\0\\0\\1\\0 "),
    0x00280002: ("US", struct.pack("<H", 1)),
    0x00280004: ("CS", b"MONOCHROME2 "),
    0x00280010: ("US", struct.pack("<H", 4)),
    0x00280011: ("US", struct.pack("<H", 4)),
    0x00280030: ("DS", b"1\\1 "),
    0x00280100: ("US", struct.pack("<H", 16)),
    0x00280101: ("US", struct.pack("<H", 16)),
    0x00280102: ("US", struct.pack("<H", 15)),
    0x00280103: ("US", struct.pack("<H", 0)),
    0x00280301: ("CS", b"NO"),
}
"""What makes the file an image; no canary goes there."""

NO_CANARY = {0x00080005, 0x00080064, *GEOMETRY}
"""Beside these the character set, which is no text, and Conversion Type, which is refused."""


def attributes(numbers: bool) -> Iterator[tuple[int, str, bytes]]:
    """Yield every attribute of the dictionary that takes a canary."""
    for tag, (stated, *_) in DicomDictionary.items():
        vr = stated.split(" or ")[0]
        if tag >> 16 < 8 or tag >= 0x7FE00000 or tag in NO_CANARY:
            continue
        if vr in ("DS", "IS") and not numbers:
            continue
        value = value_of(vr)
        if value is not None:
            yield tag, vr, value


def item(how: Encoding, depth: int, numbers: bool) -> bytes:
    """Return the elements of an item: all attributes, and below one more of its kind."""
    elements = {tag: (vr, value) for tag, vr, value in attributes(numbers)}
    elements[0x00080016] = elements.get(0x00080016, ("UI", UID.encode()))
    if depth:
        tag = (0x00089215, 0x00082218, 0x52009229)[depth % 3]
        elements[tag] = ("SQ", how.item(item(how, depth - 1, numbers)))
    return b"".join(how.element(tag, vr, value) for tag, (vr, value) in sorted(elements.items()))


def whole(syntax: str, *, depth: int = 2, numbers: bool = False) -> bytes:
    """Return a file of canaries in this transfer syntax."""
    how = Encoding(syntax != IMPLICIT_LITTLE, syntax != EXPLICIT_BIG)
    elements = {tag: (vr, value) for tag, vr, value in attributes(numbers)}
    inner = item(how, 0, numbers)
    for tag in (0x00081140, 0x00082112, 0x0040A730, 0x00081032):
        elements[tag] = ("SQ", how.item(inner))
    elements[0x00082218] = ("SQ", how.item(item(how, depth, numbers)))
    elements[0x00102202] = ("UN", TEXT.encode() + b" ")
    if how.little_endian:
        elements[0x0008114A] = ("SQ", b"")
    for group in (0x0009, 0x0019, 0x0029, 0x0043, 0x2001):
        creator = {0x0019: b"SIEMENS MR HEADER ", 0x0029: b"SIEMENS CSA HEADER"}.get(
            group, f"{TEXT} ".encode()
        )
        elements[group << 16 | 0x10] = ("LO", creator)
        for number in (0x1000, 0x100A, 0x100C, 0x1010, 0x1020, 0x1039):
            elements[group << 16 | number] = ("LO", f"{TEXT} ".encode())
        elements[group << 16 | 0x1050] = ("SQ", how.item(inner))
    for group in (0x5000, 0x6000):
        elements[group << 16 | 0x3000] = ("OW", TEXT.encode() + b" ")
        elements[group << 16 | 0x0022] = ("LO", TEXT.encode() + b" ")
    for tag, (vr, value) in GEOMETRY.items():
        swapped = vr == "US" and not how.little_endian
        elements[tag] = (vr, value[::-1] if swapped else value)
    elements[0x7FE00010] = ("OW", b"\1\0" * 16)
    elements[0xFFFCFFFC] = ("OB", TEXT.encode() + b" ")
    body = b"".join(how.element(tag, vr, value) for tag, (vr, value) in sorted(elements.items()))
    if syntax == DEFLATED:
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        body = packer.compress(body) + packer.flush()
    return _meta(syntax) + body


def _meta(syntax: str) -> bytes:
    little = Encoding(explicit=True, little_endian=True)
    uid = syntax.encode() + b"\0" * (len(syntax) % 2)
    meta = b"".join(
        (
            little.element(0x00020002, "UI", CT.encode() + b"\0"),
            little.element(0x00020003, "UI", f"{UID}.1".encode()),
            little.element(0x00020010, "UI", uid),
            little.element(0x00020013, "SH", TEXT.encode() + b" "),
            little.element(0x00020016, "AE", TEXT.encode() + b" "),
            little.element(0x00020017, "AE", TEXT.encode() + b" "),
            little.element(0x00020102, "OB", TEXT.encode() + b" "),
        )
    )
    return (
        (TEXT * 20).encode()[:128]
        + b"DICM"
        + little.element(0x00020000, "UL", struct.pack("<I", len(meta)))
        + meta
    )


def found_in(data: bytes, sought: tuple[str, ...] = SOUGHT) -> set[str]:
    """Return the canaries in some bytes, in any of four encodings."""
    low = data.lower()
    return {
        canary
        for canary in sought
        for codec in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
        if canary.lower().encode(codec) in low
    }


def found_below(folder: Path, sought: tuple[str, ...] = SOUGHT) -> dict[str, set[str]]:
    """Return the canaries in every file below a folder and in the names of files and folders."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        told = found_in(str(path.relative_to(folder)).encode(), sought)
        if path.is_file():
            told |= found_in(_plain(path), sought)
        if told:
            found[str(path.relative_to(folder))] = told
    return found


def _plain(path: Path) -> bytes:
    """Return a file's bytes, with its data set inflated where it is deflated."""
    data = path.read_bytes()
    if path.suffix == ".dcm":
        syntax, start = encoding(data, path)
        if syntax == DEFLATED:
            data = data[:start] + zlib.decompress(data[start:], -zlib.MAX_WBITS)
    return data
