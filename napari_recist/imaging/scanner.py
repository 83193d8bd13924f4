"""Walk the elements of a data set for the few that are wanted, as fast as Python can.

Only the plain cases are taken: explicit or implicit VR little endian, known VRs, sequences that
nest properly. Everything else raises ``UnusualError`` and is left to pydicom, which is also the
judge of this file in the tests: both must give the same bytes for every tag.
"""

import struct

from napari_recist.imaging.elements import PIXEL_DATA, WANTED, Elements

_SHORT = frozenset(
    b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split()
)  # 16-bit length
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())  # 32-bit length
_UNDEFINED = 0xFFFFFFFF
_explicit = struct.Struct("<I2sH").unpack_from
_implicit = struct.Struct("<II").unpack_from
_length = struct.Struct("<I").unpack_from


def _swapped(tag: int) -> int:
    """Return a tag as one little-endian read of its four bytes gives it."""
    return (tag & 0xFFFF) << 16 | tag >> 16


_WANTED = {_swapped(tag): (tag, letters.encode()) for tag, letters in WANTED.items()}
_ITEM, _ITEM_END, _SEQUENCE_END = map(_swapped, (0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD))
_PIXEL_DATA = _swapped(PIXEL_DATA)
_ENHANCED = frozenset(map(_swapped, (0x52009229, 0x52009230)))
_PIXEL_GROUP = 0x7FE0
_FIRST_PIXELS = _swapped(0x7FE00008)
"""Float Pixel Data: what comes before it in its group is no pixel."""


class UnusualError(Exception):
    """The data set has something this scanner leaves to pydicom."""


class TooShortError(Exception):
    """The bytes at hand end inside the header; ``needed`` is how many are wanted at least."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


Found = tuple[Elements, int | None, int | None]
"""The wanted elements, and offset and length of the pixels (see ``Header``)."""


def scan_explicit(data: bytes, start: int) -> Found:
    """Walk an explicit VR little endian data set up to its pixels.

    Raises
    ------
    UnusualError
        pydicom must read this file.
    TooShortError
        More of the file is needed.
    """
    values: dict[int, bytes | list[Elements]] = {}
    representations: dict[int, str] = {}
    wanted, enhanced, long, short = _WANTED, _ENHANCED, _LONG, _SHORT
    end, at = len(data), start
    while at + 12 <= end:
        tag, letters, length = _explicit(data, at)
        if letters in short:
            at += 8
        elif letters in long:
            if tag & 0xFFFF == _PIXEL_GROUP and tag >= _FIRST_PIXELS:
                return Elements(values, representations), *_pixels(tag, at + 12, data, at + 8)
            (length,) = _length(data, at + 8)
            at += 12
        else:
            raise UnusualError
        if tag in enhanced:
            raise UnusualError
        if length == _UNDEFINED:
            at = _after_sequence(data, at, letters)
            continue
        if tag in wanted:
            name, expected = wanted[tag]
            if at + length > end:
                raise TooShortError(at + length)
            values[name] = data[at : at + length]
            if letters != expected:
                representations[name] = letters.decode()
        at += length
    raise TooShortError(at + 12)


def _pixels(tag: int, offset: int, data: bytes, at: int) -> tuple[int | None, int | None]:
    if tag != _PIXEL_DATA:
        return None, None
    (length,) = _length(data, at)
    return offset, None if length == _UNDEFINED else length


def scan_implicit(data: bytes, start: int) -> Found:
    """Walk an implicit VR little endian data set up to its pixels (see ``scan_explicit``)."""
    values: dict[int, bytes | list[Elements]] = {}
    wanted, enhanced, end, at = _WANTED, _ENHANCED, len(data), start
    while at + 12 <= end:
        tag, length = _implicit(data, at)
        if tag & 0xFFFF == _PIXEL_GROUP and tag >= _FIRST_PIXELS:
            return Elements(values, {}), *_pixels(tag, at + 8, data, at + 4)
        at += 8
        if tag in enhanced:
            raise UnusualError
        if length == _UNDEFINED:
            at = _after_sequence(data, at, b"")
            continue
        if tag in wanted:
            if at + length > end:
                raise TooShortError(at + length)
            values[wanted[tag][0]] = data[at : at + length]
        at += length
    raise TooShortError(at + 12)


def _after_sequence(data: bytes, at: int, letters: bytes) -> int:
    """Return where a sequence of undefined length ends; ``letters`` is empty for implicit VR."""
    if letters not in (b"SQ", b""):
        raise UnusualError
    while True:
        if at + 8 > len(data):
            raise TooShortError(at + 8)
        tag, length = _implicit(data, at)
        at += 8
        if tag == _SEQUENCE_END:
            return at
        if tag != _ITEM:
            raise UnusualError
        at = _after_item(data, at, letters) if length == _UNDEFINED else at + length


def _after_item(data: bytes, at: int, letters: bytes) -> int:
    """Return where an item of undefined length ends."""
    while True:
        if at + 12 > len(data):
            raise TooShortError(at + 12)
        tag, inner, length = _explicit(data, at)
        if tag == _ITEM_END:
            return at + 8
        if not letters:
            (length,), at, inner = _length(data, at + 4), at + 8, b""
        elif inner in _SHORT:
            at += 8
        elif inner in _LONG:
            (length,), at = _length(data, at + 8), at + 12
        else:
            raise UnusualError
        at = _after_sequence(data, at, inner) if length == _UNDEFINED else at + length
