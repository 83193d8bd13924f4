"""Inflate deflated data sets: the start of one to find the header, the whole to have the pixels."""

import zlib
from contextlib import suppress
from pathlib import Path

import imagecodecs

from napari_recist.imaging.files.encoding import DamagedError, encoding

LARGEST_INFLATED = 1 << 30
"""An honest image of 16-bit pixels stays far below 1 GiB; more is an attack or damage."""

_AFTER_PIXELS = 1 << 16
"""Room for what may follow the pixels: padding, a signature."""

_LONGEST_START = 1 << 18
"""Longer headers, of enhanced images, are few: then the whole data set is inflated."""


def inflated_data(file: Path, expected: int) -> bytes:
    """Return the whole data set of a deflated file, of which ``expected`` bytes are awaited.

    Raises
    ------
    OSError, DamagedError
        The file is gone, is not deflated, or inflates to more than 1 GiB.
    """
    data = file.read_bytes()
    return inflated(data[encoding(data, file)[1] :], expected)


def inflated_start(packed: bytes) -> bytes:
    """Return what the first bytes of a deflated data set hold; nothing if they are no deflate."""
    with suppress(zlib.error):
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _LONGEST_START)
    return b""


def inflated(packed: bytes, expected: int) -> bytes:
    """Undo the deflate of a whole data set, up to ``LARGEST_INFLATED`` bytes.

    libdeflate is twice as fast as zlib, but must be told the room it may fill. Where that does not
    do, zlib gives all there is, also of a truncated file.

    Raises
    ------
    DamagedError
        It is not deflated, or inflates to more than 1 GiB.
    """
    room = expected + _AFTER_PIXELS
    if room <= LARGEST_INFLATED:
        with suppress(imagecodecs.DeflateError):
            return bytes(imagecodecs.deflate_decode(packed, raw=True, out=room))
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, LARGEST_INFLATED)
    except zlib.error as error:
        raise DamagedError(str(error)) from error
    if inflater.unconsumed_tail:
        message = "it inflates to more than 1 GiB"
        raise DamagedError(message)
    return data
