"""Read the header of one DICOM file: the wanted elements and where the pixels lie."""

import os
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from napari_recist.errors import ImageError
from napari_recist.imaging.files.deflated import inflated, inflated_start
from napari_recist.imaging.files.elements import Elements
from napari_recist.imaging.files.encoding import DamagedError, EncodingReader
from napari_recist.imaging.files.parser import parse
from napari_recist.imaging.files.scanner import Found, Scanner, TooShortError, UnusualError
from napari_recist.imaging.files.syntaxes import DEFLATED, EXPLICIT_BIG, IMPLICIT_LITTLE
from napari_recist.imaging.pixels.encapsulated import ends_early

_FIRST_READ = 1 << 14
"""Most CT and MR headers end within 16 KiB."""

_LONGEST_FIRST_READ = 1 << 18
"""Longer headers, of enhanced images, are few."""

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""Without waiting: a pipe that took the place of a file must not stop the search."""


class Header(NamedTuple):
    """The wanted elements of one file and the place of its pixels.

    ``pixel_offset`` and ``pixel_length`` place the value of Pixel Data in the file (in the
    inflated data set for deflated files). No offset: no pixels; no length: encapsulated. ``size``
    is that of the file (inflated, again; of a deflated file not inflated to its end the size it
    must have: a truncated one is refused when its pixels are read). ``cut_short``: the file ends
    before its fragments do.
    """

    file: Path
    size: int
    elements: Elements
    transfer_syntax: str
    pixel_offset: int | None
    pixel_length: int | None
    cut_short: bool = False


class HeaderReader:
    """Reads headers one after the other; what files repeat is recognised and not parsed again."""

    def __init__(self) -> None:
        self._encodings = EncodingReader()
        self._explicit, self._implicit = Scanner(explicit=True), Scanner(explicit=False)
        self._first_read = _FIRST_READ

    def read(self, file: Path) -> Header:
        """Read one file's header; the pixels are located, not read.

        Raises
        ------
        ImageError
            The file cannot be opened, is not DICOM, or is damaged; the message says how.
        """
        try:
            descriptor = os.open(file, _FLAGS)
            try:
                return self._read(descriptor, file)
            finally:
                os.close(descriptor)
        except OSError as error:
            message = f"{file}: cannot be read ({error.strerror})."
            raise ImageError(message) from error
        except DamagedError as error:
            message = f"{file}: damaged DICOM file ({error})."
            raise ImageError(message, "Ask the site to send it again.") from error

    def _read(self, descriptor: int, file: Path) -> Header:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, self._first_read)
        syntax, start = self._encodings.read(data, file)
        if syntax == DEFLATED:
            found = self._scanned_start(data[start:]) if len(data) < size else None
            if found and found[1] is not None and found[2] is not None:
                return Header(file, found[1] + found[2], found[0], syntax, found[1], found[2])
            data = inflated(_more(descriptor, size)[start:], size)
            size, start = len(data), 0
        found = self._scanned(descriptor, data, start, size, syntax)
        if found is None:
            data = data if len(data) == size else _more(descriptor, size)
            try:
                found = parse(data, start, syntax)
            except Exception as error:
                # Whatever a damaged file makes the parser raise becomes the reason it is left out.
                raise DamagedError(str(error)) from error
        elements, offset, length = found
        cut_short = offset is not None and length is None and _cut_short(descriptor, offset)
        return Header(file, size, elements, syntax, offset, length, cut_short)

    def _scanned_start(self, packed: bytes) -> Found | None:
        """Scan the start of a deflated data set; None where it does not reach to the pixels."""
        try:
            return self._explicit.scan(inflated_start(packed), 0)
        except (UnusualError, TooShortError, RecursionError):
            return None

    def _scanned(
        self, descriptor: int, data: bytes, start: int, size: int, syntax: str
    ) -> Found | None:
        """Scan what is plain, reading on while the header goes on; None leaves it to the parser."""
        if syntax == EXPLICIT_BIG:
            return None
        scanner = self._implicit if syntax == IMPLICIT_LITTLE else self._explicit
        while True:
            try:
                return scanner.scan(data, start, whole=len(data) == size)
            except (UnusualError, RecursionError):
                return None
            except TooShortError as short:
                if len(data) >= size or short.needed > size:
                    return None
                data = _more(descriptor, max(short.needed, 4 * len(data)))
                if len(data) < min(size, short.needed):
                    return None
                self._first_read = min(max(self._first_read, short.needed), _LONGEST_FIRST_READ)


def _cut_short(descriptor: int, offset: int) -> bool:
    with FileIO(descriptor, closefd=False) as stream:
        return ends_early(stream, offset)


def _more(descriptor: int, count: int) -> bytes:
    """Return up to so many bytes of the file, from its start."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    with FileIO(descriptor, closefd=False) as stream:
        return stream.read(count)
