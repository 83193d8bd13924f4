"""Step from one DICOM element to the next (PS3.5, 7.1 and 7.5), little endian."""

import struct

from napari_recist.imaging.files.elements import PIXEL_DATA, STANDARD, WANTED

_SHORT = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split())
"""VRs with a length of 16 bits."""

_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
"""VRs with a length of 32 bits."""

UNDEFINED = 0xFFFFFFFF
_explicit = struct.Struct("<I2sH").unpack_from
_implicit = struct.Struct("<II").unpack_from
_length = struct.Struct("<I").unpack_from

Step = tuple[int, bytes, int, int]
"""Swapped tag, VR (empty for implicit), where the value starts and where it ends.

For pixels of undefined length the end is ``UNDEFINED`` bytes after the start.
"""


class UnusualError(Exception):
    """The data set has something that is left to pydicom."""


class TooShortError(Exception):
    """The bytes at hand end inside the header; ``needed`` is how many are wanted at least."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


def swapped(tag: int) -> int:
    """Return a tag as one little-endian read of its four bytes gives it."""
    return (tag & 0xFFFF) << 16 | tag >> 16


_ITEM, _ITEM_END, _SEQUENCE_END = map(swapped, (0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD))
PIXEL_DATA_SWAPPED = swapped(PIXEL_DATA)
STANDARD_SWAPPED = {swapped(tag): (tag, letters.encode()) for tag, letters in STANDARD.items()}
"""Swapped tags of what is read from items: the tag and the VR the standard gives it."""

WANTED_SWAPPED = {swapped(tag): (tag, letters.encode()) for tag, letters in WANTED.items()}
"""Swapped tags of what is read from every file: the tag and the VR the standard gives it."""

_PIXEL_GROUP = 0x7FE0
_FIRST_PIXELS = swapped(0x7FE00008)
"""Float Pixel Data: what comes before it in its group is no pixel."""


def is_pixels(tag: int) -> bool:
    """Whether a swapped tag begins pixels of any kind."""
    return tag & 0xFFFF == _PIXEL_GROUP and tag >= _FIRST_PIXELS


def step_explicit(data: bytes, at: int) -> Step:
    """Read the element at ``at``, explicit VR.

    Raises
    ------
    UnusualError
        An unknown VR, or an undefined length where it does not belong.
    TooShortError
        The data end within the element.
    """
    end = len(data)
    if at + 12 > end:
        raise TooShortError(at + 12)
    tag, letters, length = _explicit(data, at)
    if letters in _SHORT:
        value = at + 8
    elif letters in _LONG:
        (length,) = _length(data, at + 8)
        value = at + 12
        if length == UNDEFINED and not is_pixels(tag):
            return tag, letters, value, _after_sequence(data, value, letters)
    else:
        raise UnusualError
    after: int = value + length
    if after > end and not is_pixels(tag):
        raise TooShortError(after)
    return tag, letters, value, after


def step_implicit(data: bytes, at: int) -> Step:
    """Read the element at ``at``, implicit VR (see ``step_explicit``)."""
    end = len(data)
    if at + 12 > end:
        raise TooShortError(at + 12)
    tag, length = _implicit(data, at)
    value = at + 8
    if is_pixels(tag):
        return tag, b"", value, value + length
    if length == UNDEFINED:
        return tag, b"", value, _after_sequence(data, value, b"")
    if value + length > end:
        raise TooShortError(value + length)
    return tag, b"", value, value + length


def item_step(data: bytes, at: int) -> tuple[int | None, int]:
    """Return the length of the item at ``at``, None where the sequence ends, and what follows.

    Raises
    ------
    UnusualError
        There is neither an item nor the end of the sequence.
    TooShortError
        The data end before.
    """
    if at + 8 > len(data):
        raise TooShortError(at + 8)
    tag, length = _implicit(data, at)
    if tag == _SEQUENCE_END:
        return None, at + 8
    if tag != _ITEM:
        raise UnusualError
    return length, at + 8


def _after_sequence(data: bytes, at: int, letters: bytes) -> int:
    """Return where a sequence of undefined length ends; ``letters`` is empty for implicit VR."""
    if letters not in (b"SQ", b""):
        raise UnusualError
    while True:
        length, at = item_step(data, at)
        if length is None:
            return at
        at = _after_item(data, at, letters) if length == UNDEFINED else at + length


def _after_item(data: bytes, at: int, letters: bytes) -> int:
    """Return where an item of undefined length ends."""
    step = step_explicit if letters else step_implicit
    while True:
        if at + 8 > len(data):
            raise TooShortError(at + 8)
        if _implicit(data, at)[0] == _ITEM_END:
            return at + 8
        at = step(data, at)[3]
