"""The few private elements that stay: b-values, and what says where a mosaic's slices lie.

They are those this program reads. A Siemens CSA header is written anew with just that in it: the
original holds the whole protocol, the patient's weight, dates and free text.
"""

import re
import struct
from collections.abc import Callable, Mapping

from napari_recist.imaging.files.siemens import (
    CSA,
    IMAGE,
    IMAGES_IN_MOSAIC,
    MR,
    SERIES,
    SLICE,
    csa_items,
)

_INTEGERS = re.compile(rb"[\d\\ +-]*\0?")
_B_VALUE_BYTES = 4
_COUNT_BYTES = 2
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,12})?(?:e[+-]\d{1,2})?")
_IMAGE_TAGS = ("NumberOfImagesInMosaic", "SliceNormalVector", "ProtocolSliceNumber")
_PROTOCOL = "MrPhoenixProtocol"

Cleaner = Callable[[bytes], bytes]
"""Gives the bytes that stay; none when nothing may."""


def safe(group: int, creator: str) -> Mapping[int, Cleaner]:
    """Return the elements of a private block that stay, by their number within it."""
    return _SAFE.get((group, creator), {})


def _integers(value: bytes) -> bytes:
    return value if _INTEGERS.fullmatch(value) else b""


def _b_value(value: bytes) -> bytes:
    return value if len(value) == _B_VALUE_BYTES else b""


def _count(value: bytes) -> bytes:
    return value if len(value) == _COUNT_BYTES else _integers(value)


def _image_header(value: bytes) -> bytes:
    """Return a CSA header with the numbers that place a mosaic's slices."""
    found = _items(value)
    numbers = {
        name: tuple(item for item in found.get(name, ()) if _NUMBER.fullmatch(item))
        for name in _IMAGE_TAGS
    }
    return _csa({name: items for name, items in numbers.items() if items})


def _series_header(value: bytes) -> bytes:
    """Return a CSA header with the slice centres of the protocol and nothing else of it."""
    found = _items(value)
    protocol = "".join(found.get(_PROTOCOL) or found.get("MrProtocol") or ())
    lines = [
        f"sSliceArray.asSlice[{int(number)}].{name} = {place}"
        for number, name, place in SLICE.findall(protocol)
        if _NUMBER.fullmatch(place)
    ]
    return _csa({_PROTOCOL: ("\n".join(lines),)}) if lines else b""


def _items(value: bytes) -> dict[str, tuple[str, ...]]:
    try:
        return csa_items(value)
    except (ValueError, struct.error, IndexError):
        return {}


def _csa(tags: Mapping[str, tuple[str, ...]]) -> bytes:
    """Write a CSA header of the newer form (SV10), as ``files.siemens`` reads it."""
    if not tags:
        return b""
    parts = [b"SV10\4\3\2\1", struct.pack("<II", len(tags), 77)]
    for name, items in tags.items():
        parts.append(struct.pack("<64si4siii", name.encode(), 1, b"LO\0\0", 0, len(items), 77))
        for item in items:
            text = item.encode("ascii", "replace") + b"\0"
            parts.append(struct.pack("<4i", len(text), len(text), 77, len(text)))
            parts.append(text + b"\0" * (-len(text) % 4))
    whole = b"".join(parts)
    return whole + b"\0" * (len(whole) % 2)


_SAFE: dict[tuple[int, str], Mapping[int, Cleaner]] = {
    (0x0019, MR): {0x0C: _integers, IMAGES_IN_MOSAIC: _count},
    (0x0029, CSA): {IMAGE: _image_header, SERIES: _series_header},
    (0x0043, "GEMS_PARM_01"): {0x39: _integers},
    (0x2001, "Philips Imaging DD 001"): {0x03: _b_value},
}
"""By group and creator: the elements of a block that are known to be safe, and how they are kept
so. ``files.elements.PRIVATE_B_VALUES`` and ``files.siemens`` read them."""
