"""Read the header of one DICOM file: the wanted elements and where the pixels lie."""

import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from pydicom.charset import convert_encodings
from pydicom.filereader import read_dataset

from napari_recist.errors import ImageError
from napari_recist.imaging.elements import PIXEL_DATA, STANDARD, WANTED, Elements

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
NATIVE_SYNTAXES = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED})
"""Transfer syntaxes whose pixels are plain numbers (deflated: once the whole is inflated)."""

LARGEST_INFLATED = 1 << 30
"""An honest image of 16-bit pixels stays far below 1 GiB; more is an attack or damage."""

_UNDEFINED_LENGTH = 0xFFFFFFFF
_FIRST_PIXEL_TAG = 0x7FE00008
_PARSER = threading.Lock()
"""pydicom speaks through the process-wide warnings machinery: one thread at a time."""


@dataclass(frozen=True, slots=True)
class Header:
    """The wanted elements of one file and the place of its pixels.

    ``pixel_offset`` and ``pixel_length`` place the value of Pixel Data in the file (in the
    inflated data set for deflated files). No offset: no pixels; no length: encapsulated. ``size``
    is that of the file (inflated, again).
    """

    file: Path
    size: int
    elements: Elements
    transfer_syntax: str
    pixel_offset: int | None
    pixel_length: int | None


def read_header(file: Path) -> Header:
    """Read one file's header; the pixels are located, not read.

    Raises
    ------
    ImageError
        The file is not DICOM, or damaged beyond reading; the message says how.
    """
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        syntax, start = _encoding(stream, file)
        stream.seek(start)
        try:
            source: BinaryIO = stream
            if syntax == DEFLATED:
                inflated = inflate(stream.read())
                source, size = BytesIO(inflated), len(inflated)
            return _read(source, file, size, syntax)
        except ImageError:
            raise
        except Exception as error:
            raise damaged(file, str(error)) from error


def damaged(file: Path, detail: str) -> ImageError:
    """Return the refusal of a file whose structure cannot be read."""
    return ImageError(f"{file}: damaged DICOM file ({detail}).", "Ask the site to send it again.")


def inflate(packed: bytes) -> bytes:
    """Undo the deflate of a whole data set, up to ``LARGEST_INFLATED`` bytes."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    data = inflater.decompress(packed, LARGEST_INFLATED)
    if inflater.unconsumed_tail:
        message = "inflates to more than 1 GiB"
        raise ValueError(message)
    return data


def inflated_data(file: Path) -> bytes:
    """Return the whole data set of a deflated file, inflated."""
    with file.open("rb") as stream:
        _, start = _encoding(stream, file)
        stream.seek(start)
        return inflate(stream.read())


def _encoding(stream: BinaryIO, file: Path) -> tuple[str, int]:
    """Return the transfer syntax and where the data set starts."""
    head = stream.read(132)
    if head[128:] == b"DICM":
        return _meta(stream, file)
    stream.seek(0)
    start = stream.read(8)
    group = start[:2]
    if group == b"\x02\x00":
        stream.seek(0)
        return _meta(stream, file)
    explicit = start[4:6].isalpha() and start[4:6].isupper()
    if group == b"\x08\x00" and len(start) == 8:  # noqa: PLR2004 - one element header
        return (EXPLICIT_LITTLE if explicit else IMPLICIT_LITTLE), 0
    if group == b"\x00\x08" and explicit:
        return EXPLICIT_BIG, 0
    raise ImageError(f"{file}: not a DICOM file.")


def _meta(stream: BinaryIO, file: Path) -> tuple[str, int]:
    """Read the file meta group (always explicit VR little endian) for the transfer syntax."""
    syntax = ""
    while True:
        start = stream.tell()
        head = stream.read(8)
        if head[:2] != b"\x02\x00":
            break
        if len(head) < 8:  # noqa: PLR2004 - one element header
            raise damaged(file, "it ends inside the file meta information")
        if head[4:6] in (b"OB", b"UN"):
            length = struct.unpack("<I", stream.read(4))[0]
        else:
            length = struct.unpack("<H", head[6:8])[0]
        value = stream.read(length)
        if head[2:4] == b"\x10\x00":
            syntax = value.strip(b" \0").decode("ascii", errors="replace")
    return syntax or _guess(head), start


def _guess(head: bytes) -> str:
    """Tell the encoding from the data set's first element where the meta group does not say."""
    if head[:1] == b"\0":
        return EXPLICIT_BIG
    return EXPLICIT_LITTLE if head[4:6].isalpha() and head[4:6].isupper() else IMPLICIT_LITTLE


def _read(source: BinaryIO, file: Path, size: int, syntax: str) -> Header:
    """Parse the data set up to the pixels with pydicom."""
    little = syntax != EXPLICIT_BIG
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
    offset, length = _pixels(source, syntax)
    return Header(file, size, elements, syntax, offset, length)


def _pixels(source: BinaryIO, syntax: str) -> tuple[int | None, int | None]:
    """Read the element header of Pixel Data, where the parser stopped."""
    head = source.read(12)
    order = ">" if syntax == EXPLICIT_BIG else "<"
    if len(head) < 12:  # noqa: PLR2004 - tag, VR, two reserved bytes, length
        return None, None
    group, element = struct.unpack_from(f"{order}HH", head)
    if (group << 16 | element) != PIXEL_DATA:
        return None, None
    explicit = head[4:6] in (b"OB", b"OW", b"UN")
    (length,) = struct.unpack_from(f"{order}I", head, 8 if explicit else 4)
    offset = source.tell() - (0 if explicit else 4)
    return offset, None if length == _UNDEFINED_LENGTH else length


def elements_of(dataset: Any, *, little_endian: bool) -> Elements:
    """Turn a pydicom data set, read but not converted, into raw elements, items included."""
    elements = Elements({}, {}, little_endian)
    character_set = dataset.get("SpecificCharacterSet")
    if character_set:
        elements.encoding = convert_encodings(character_set)[-1]
    for tag in STANDARD.keys() & dataset.keys():
        item = dataset.get_item(tag)
        if STANDARD[tag] == "SQ":
            elements.values[tag] = [
                elements_of(child, little_endian=little_endian) for child in dataset[tag].value
            ]
        elif isinstance(item.value, bytes):
            elements.values[tag] = item.value
            if item.VR and STANDARD[tag] != item.VR:
                elements.representations[tag] = item.VR
    return elements
