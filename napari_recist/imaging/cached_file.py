"""One volume kept on disk: a plain npy file, with checksums of its slices behind the array."""

import mmap
import os
import struct
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO, FileIO
from pathlib import Path
from typing import IO, Any

import imagecodecs
import numpy as np
import numpy.typing as npt

from napari_recist.imaging.pixels.filling import THREADS, Voxels

UNFINISHED = "unfinished-"
"""How the name of a file starts that is still being written."""

_TYPES = (np.dtype(np.int16), np.dtype(np.float32))
_LONGEST_HEADER = 4096
"""The npy header of such an array takes 128 bytes; damage may claim any length."""


def write(file: Path, key: str, voxels: Voxels) -> None:
    """Write beside ``file`` and rename: whoever looks finds the old file or the whole new one.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; nothing is left behind.
    """
    descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            _write(stream, key, voxels)
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _write(stream: IO[bytes], key: str, voxels: Voxels) -> None:
    header = np.lib.format.header_data_from_array_1_0(voxels)
    np.lib.format.write_array_header_1_0(stream, header)
    sums = []
    for piece in voxels:
        stream.write(piece.data)
        sums.append(_checksum(piece))
    stream.write(_table(key, sums))


def read(file: Path, key: str, shape: tuple[int, ...]) -> Voxels:
    """Map the file into memory and return its array, read-only, when every slice is as written.

    Raises
    ------
    OSError
        There is no such file, or it cannot be read.
    ValueError
        It is damaged, or holds another volume.
    """
    with FileIO(file) as stream:
        size = os.fstat(stream.fileno()).st_size
        if not size:
            raise ValueError("it is empty")
        mapped = mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ)
    head = BytesIO(mapped[:_LONGEST_HEADER])
    np.lib.format.read_magic(head)
    told, fortran, dtype = np.lib.format.read_array_header_1_0(head)
    if told != shape or fortran or dtype not in _TYPES:
        raise ValueError("it holds another array")
    start, count = head.tell(), int(np.prod(shape))
    end = start + count * dtype.itemsize
    if size - end != len(_table(key, [0] * shape[0])):
        raise ValueError("it has another length")
    array: npt.NDArray[Any] = np.frombuffer(mapped, dtype, count, start).reshape(shape)
    with ThreadPoolExecutor(THREADS) as threads:
        sums = list(threads.map(_checksum, array))
    if mapped[end:] != _table(key, sums):
        raise ValueError("its checksums do not fit")
    return array


def _checksum(piece: npt.NDArray[Any]) -> int:
    fast_crc32: Any = imagecodecs.deflate_crc32
    return int(fast_crc32(piece.data.cast("B")))


def _table(key: str, sums: list[int]) -> bytes:
    """Return the checksums of all slices, then one of these and of the key."""
    table = struct.pack(f"<{len(sums)}I", *sums)
    return table + struct.pack("<I", imagecodecs.deflate_crc32(key.encode() + table))
