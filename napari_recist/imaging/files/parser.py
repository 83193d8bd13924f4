"""Parse any DICOM data set with pydicom into raw elements: for what the scanner leaves."""

import struct
import threading
import warnings
from io import BytesIO
from typing import Any

from pydicom.filereader import read_dataset

from napari_recist.imaging.files.elements import PIXEL_DATA, STANDARD, WANTED, Elements
from napari_recist.imaging.files.scanner import Found
from napari_recist.imaging.files.syntaxes import EXPLICIT_BIG, IMPLICIT_LITTLE

_UNDEFINED_LENGTH = 0xFFFFFFFF
_FIRST_PIXEL_TAG = 0x7FE00008
"""Float Pixel Data, the first element that may hold pixels."""

_PARSER = threading.Lock()
"""pydicom speaks through the process-wide warnings machinery: one thread at a time."""


def parse(data: bytes, start: int, syntax: str) -> Found:
    """Parse a data set up to its pixels; whatever pydicom raises goes through.

    What pydicom would warn of is judged here by its effect: a value that cannot be read counts as
    absent, and the passport says what is missing.
    """
    little = syntax != EXPLICIT_BIG
    source = BytesIO(data)
    source.seek(start)
    with _PARSER, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = read_dataset(
            source,
            is_implicit_VR=syntax == IMPLICIT_LITTLE,
            is_little_endian=little,
            stop_when=lambda tag, _vr, _length: tag >= _FIRST_PIXEL_TAG,
            specific_tags=list(WANTED),
        )
        elements = elements_of(dataset, little_endian=little)
    return elements, *_pixels(data, source.tell(), syntax)


def _pixels(data: bytes, at: int, syntax: str) -> tuple[int | None, int | None]:
    """Read the element header of Pixel Data, where the parser stopped."""
    head = data[at : at + 12]
    order = ">" if syntax == EXPLICIT_BIG else "<"
    if len(head) < 12:  # noqa: PLR2004 - tag, VR, two reserved bytes, length
        return None, None
    group, element = struct.unpack_from(f"{order}HH", head)
    if (group << 16 | element) != PIXEL_DATA:
        return None, None
    explicit = head[4:6] in (b"OB", b"OW", b"UN")
    (length,) = struct.unpack_from(f"{order}I", head, 8 if explicit else 4)
    return at + (12 if explicit else 8), None if length == _UNDEFINED_LENGTH else length


def elements_of(dataset: Any, *, little_endian: bool) -> Elements:
    """Turn a pydicom data set, read but not converted, into raw elements, items included."""
    elements = Elements({}, {}, little_endian)
    for tag in map(int, STANDARD.keys() & dataset.keys()):
        item = dataset.get_item(tag)
        if STANDARD[tag] == "SQ":
            elements.values[tag] = [
                elements_of(child, little_endian=little_endian) for child in dataset[tag].value
            ]
        elif isinstance(value := item.value or b"", bytes):
            elements.values[tag] = value
            if item.VR and STANDARD[tag] != item.VR:
                elements.representations[tag] = item.VR
    return elements
