"""Inflate deflated data sets: the start of one to find the header, the whole to have the pixels."""

import zlib
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import imagecodecs
import numpy as np
import numpy.typing as npt

from napari_recist.imaging.files.encoding import DamagedError, encoding

LARGEST_INFLATED = 1 << 30
"""An honest image of 16-bit pixels stays far below 1 GiB; more is an attack or damage."""

_TOO_LARGE = "it inflates to more than 1 GiB"

_PIECE = 1 << 20
"""Bytes inflated at a time where the whole would take too much memory."""

_AFTER_PIXELS = 1 << 16
"""Room for what may follow the pixels: padding, a signature."""

_LONGEST_START = 1 << 18
"""Longer headers, of enhanced images, are few: then the whole data set is inflated."""


def inflated_data(file: Path, expected: int) -> memoryview:
    """Return the whole data set of a deflated file, of which ``expected`` bytes are awaited.

    Raises
    ------
    OSError, DamagedError
        The file is gone, is not deflated, or inflates to more than 1 GiB.
    """
    data = file.read_bytes()
    return _inflated(memoryview(data)[encoding(data, file)[1] :], expected)


def inflate_to(file: Path, target: IO[bytes]) -> None:
    """Write the data set of a deflated file, inflated, piece by piece: memory stays small.

    Raises
    ------
    OSError, DamagedError
        The file is gone, is not deflated, or inflates to more than 1 GiB.
    """
    inflater, written = zlib.decompressobj(-zlib.MAX_WBITS), 0
    with file.open("rb") as stream:
        packed = stream.read(_PIECE)
        packed = packed[encoding(packed, file)[1] :]
        while packed:
            try:
                data = inflater.decompress(packed, _PIECE)
            except zlib.error as error:
                raise DamagedError(str(error)) from error
            written += target.write(data)
            if written > LARGEST_INFLATED:
                raise DamagedError(_TOO_LARGE)
            packed = inflater.unconsumed_tail or stream.read(_PIECE)


def inflated_start(packed: bytes) -> bytes:
    """Return what the first bytes of a deflated data set hold; nothing if they are no deflate."""
    with suppress(zlib.error):
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _LONGEST_START)
    return b""


def inflated(packed: bytes, expected: int) -> bytes:
    """Return a whole data set inflated, up to ``LARGEST_INFLATED`` bytes.

    Raises
    ------
    DamagedError
        It is not deflated, or inflates to more than 1 GiB.
    """
    return bytes(_inflated(memoryview(packed), expected))


def _inflated(packed: memoryview, expected: int) -> memoryview:
    """Undo deflate without copying more than needed.

    libdeflate is twice as fast as zlib, but must be told the room it may fill. Where that does not
    do, zlib gives all there is, also of a truncated file.
    """
    decode: Any = imagecodecs.deflate_decode
    room = expected + _AFTER_PIXELS
    if room <= LARGEST_INFLATED:
        with suppress(imagecodecs.DeflateError):
            array: npt.NDArray[np.uint8] = decode(packed, raw=True, out=np.empty(room, np.uint8))
            return array.data
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, LARGEST_INFLATED)
    except zlib.error as error:
        raise DamagedError(str(error)) from error
    if inflater.unconsumed_tail:
        raise DamagedError(_TOO_LARGE)
    return memoryview(data)
