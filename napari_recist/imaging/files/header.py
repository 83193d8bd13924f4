"""Read the header of one DICOM file: the wanted elements and where the pixels lie."""

import os
import struct
import zlib
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from napari_recist.errors import ImageError
from napari_recist.imaging.files.elements import Elements
from napari_recist.imaging.files.parser import parse
from napari_recist.imaging.files.scanner import Found, Scanner, TooShortError, UnusualError
from napari_recist.imaging.files.syntaxes import (
    DEFLATED,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
)

LARGEST_INFLATED = 1 << 30
"""An honest image of 16-bit pixels stays far below 1 GiB; more is an attack or damage."""

_FIRST_READ = 1 << 14
"""Most CT and MR headers end within 16 KiB."""

_PREAMBLE = 128
_ELEMENT_HEADER, _LONG_HEADER = 8, 12
_META_GROUP = 0x0002
_TRANSFER_SYNTAX = 0x00100002
"""(0002,0010) as one little-endian read of its four bytes gives it."""

_meta_header = struct.Struct("<I2sH").unpack_from


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


class HeaderReader:
    """Reads headers one after the other; what files repeat is recognised and not parsed again."""

    def __init__(self) -> None:
        self._explicit, self._implicit = Scanner(explicit=True), Scanner(explicit=False)

    def read(self, file: Path) -> Header:
        """Read one file's header; the pixels are located, not read.

        Raises
        ------
        ImageError
            The file cannot be opened, is not DICOM, or is damaged; the message says how.
        """
        try:
            with FileIO(file) as stream:
                return self._read(stream, file)
        except OSError as error:
            message = f"{file}: cannot be opened ({error.strerror})."
            raise ImageError(message) from error
        except DamagedError as error:
            message = f"{file}: damaged DICOM file ({error})."
            raise ImageError(message, "Ask the site to send it again.") from error

    def _read(self, stream: FileIO, file: Path) -> Header:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read(_FIRST_READ)
        syntax, start = _encoding(data, file)
        if syntax == DEFLATED:
            data = _inflated(data[start:] + stream.read())
            size, start = len(data), 0
        found = self._scanned(stream, data, start, size, syntax)
        if found is None:
            stream.seek(0)
            data = data if len(data) == size else stream.read()
            try:
                found = parse(data, start, syntax)
            except Exception as error:
                # Whatever a damaged file makes the parser raise becomes the reason it is left out.
                raise DamagedError(str(error)) from error
        return Header(file, size, found[0], syntax, found[1], found[2])

    def _scanned(
        self, stream: FileIO, data: bytes, start: int, size: int, syntax: str
    ) -> Found | None:
        """Scan what is plain, reading on while the header goes on; None leaves it to the parser."""
        if syntax == EXPLICIT_BIG:
            return None
        scanner = self._implicit if syntax == IMPLICIT_LITTLE else self._explicit
        while True:
            try:
                return scanner.scan(data, start)
            except (UnusualError, RecursionError):
                return None
            except TooShortError as short:
                if len(data) >= size or short.needed > size:
                    return None
                stream.seek(0)
                data = stream.read(max(short.needed, 4 * len(data)))
                if len(data) < min(size, short.needed):
                    return None


class DamagedError(Exception):
    """The structure of the file cannot be read."""


def inflated_data(file: Path) -> bytes:
    """Return the whole data set of a deflated file, inflated."""
    data = file.read_bytes()
    return _inflated(data[_encoding(data, file)[1] :])


def _inflated(packed: bytes) -> bytes:
    """Undo the deflate of a whole data set, up to ``LARGEST_INFLATED`` bytes."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, LARGEST_INFLATED)
    except zlib.error as error:
        raise DamagedError(str(error)) from error
    if inflater.unconsumed_tail:
        message = "it inflates to more than 1 GiB"
        raise DamagedError(message)
    return data


def _encoding(data: bytes, file: Path) -> tuple[str, int]:
    """Return the transfer syntax and where the data set starts."""
    if data[_PREAMBLE : _PREAMBLE + 4] == b"DICM":
        return _meta(data, _PREAMBLE + 4)
    if data[:2] == b"\x02\x00" and _explicit(data):
        return _meta(data, 0)
    if data[:2] == b"\x08\x00" and len(data) >= _ELEMENT_HEADER:
        return (EXPLICIT_LITTLE if _explicit(data) else IMPLICIT_LITTLE), 0
    if data[:2] == b"\x00\x08" and _explicit(data):
        return EXPLICIT_BIG, 0
    message = f"{file}: not a DICOM file."
    raise ImageError(message)


def _explicit(data: bytes) -> bool:
    """Whether two capital letters stand where explicit VR has its VR."""
    return data[4:6].isalpha() and data[4:6].isupper()


def _meta(data: bytes, at: int) -> tuple[str, int]:
    """Read the file meta group (always explicit VR little endian) for the transfer syntax."""
    syntax, end = "", len(data)
    while at + _LONG_HEADER <= end:
        tag, letters, length = _meta_header(data, at)
        if tag & 0xFFFF != _META_GROUP:
            break
        value = at + _ELEMENT_HEADER
        if letters in (b"OB", b"UN"):
            value = at + _LONG_HEADER
            length = int.from_bytes(data[value - 4 : value], "little")
        if tag == _TRANSFER_SYNTAX:
            syntax = data[value : value + length].strip(b" \0").decode("ascii", errors="replace")
        at = value + length
    if at + _ELEMENT_HEADER > end:
        message = "it ends inside the file meta information"
        raise DamagedError(message)
    if syntax:
        return syntax, at
    head = data[at : at + _ELEMENT_HEADER]
    if head[:1] == b"\0":
        return EXPLICIT_BIG, at
    return (EXPLICIT_LITTLE if _explicit(head) else IMPLICIT_LITTLE), at
