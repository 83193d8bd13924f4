"""Where the pixels of a data set end: they are copied byte for byte, what follows them is not."""

import struct

from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from napari_recist.imaging.deidentify.dataset import Encoding

_UNDEFINED = 0xFFFFFFFF
_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_HEAD, _LONG_HEAD = 8, 12
_LONG = frozenset(str(vr).encode() for vr in EXPLICIT_VR_LENGTH_32)

CUT_SHORT = "it ends before its pixels do"
"""The reason of a truncated file."""


def pixels_end(data: memoryview, start: int, encoding: Encoding) -> int | None:
    """Return where the pixel element that begins at ``start`` ends; None where the file is cut."""
    order = "<" if encoding.little_endian else ">"
    value = start + _HEAD
    if encoding.explicit:
        if bytes(data[start + 4 : start + 6]) not in _LONG:
            return None
        value = start + _LONG_HEAD
    if value > len(data):
        return None
    (length,) = struct.unpack_from(f"{order}I", data, value - 4)
    if length != _UNDEFINED:
        return value + length if value + length <= len(data) else None
    return _fragments_end(data, value)


def _fragments_end(data: memoryview, at: int) -> int | None:
    while at + _HEAD <= len(data):
        head = bytes(data[at : at + 4])
        if head == _END:
            return at + _HEAD
        if head != _ITEM:
            return None
        at += _HEAD + struct.unpack_from("<I", data, at + 4)[0]
    return None
