"""Read the stored values of images: at their offset, unpacked, with foreign bits cleared."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from napari_recist.errors import ImageError
from napari_recist.imaging.codecs import Pixels, decode
from napari_recist.imaging.encapsulated import frames_of
from napari_recist.imaging.frames import Storage
from napari_recist.imaging.header import inflated_data
from napari_recist.imaging.series import Slice
from napari_recist.imaging.syntaxes import DEFLATED, EXPLICIT_BIG


def stored_values(slices: Sequence[Slice]) -> Iterator[Pixels]:
    """Yield each slice's stored values: (rows, columns) or (rows, columns, samples).

    Slices of one file are read together; the integers have the sign and the bits of the header.

    Raises
    ------
    ImageError
        A file is gone, truncated or cannot be decoded; the message names it.
    """
    opened: tuple[Path, list[bytes]] | None = None
    for piece in slices:
        storage = piece.storage
        try:
            if storage.length is not None:
                yield cleared(_native(piece), storage)
                continue
            if opened is None or opened[0] != piece.file:
                opened = piece.file, _compressed(storage)
            yield cleared(decode(opened[1][piece.frame], storage), storage)
        except (OSError, ValueError, IndexError) as error:
            raise unreadable(piece.file, str(error)) from error


def unreadable(file: Path, detail: str) -> ImageError:
    """Return the refusal of a file whose pixels cannot be had."""
    return ImageError(f"{file}: its pixels cannot be read ({detail}).", "Ask for it again.")


def _compressed(storage: Storage) -> list[bytes]:
    with storage.file.open("rb") as stream:
        stream.seek(storage.offset)
        return frames_of(stream.read(), storage.frames)


def _native(piece: Slice) -> Pixels:
    """Read an uncompressed frame where the header says it lies."""
    storage = piece.storage
    start = storage.offset + piece.frame * storage.frame_bytes
    if storage.transfer_syntax == DEFLATED:
        data = inflated_data(storage.file)[start : start + storage.frame_bytes]
    else:
        with storage.file.open("rb", buffering=0) as stream:
            stream.seek(start)
            data = stream.read(storage.frame_bytes)
    if len(data) != storage.frame_bytes:
        message = f"truncated: {len(data)} of {storage.frame_bytes} bytes of an image are there"
        raise ValueError(message)
    return shaped(np.frombuffer(data, stored_type(storage)), storage)


def stored_type(storage: Storage) -> np.dtype[Any]:
    """Return the integer type of uncompressed stored values, byte order included."""
    order = ">" if storage.transfer_syntax == EXPLICIT_BIG else "<"
    return np.dtype(f"{order}{'i' if storage.signed else 'u'}{storage.bits_allocated // 8}")


def shaped(flat: Pixels, storage: Storage) -> Pixels:
    """Give a flat frame its rows, columns and samples, samples last."""
    if storage.samples == 1:
        return flat.reshape(storage.rows, storage.columns)
    if storage.planar == 1:
        return np.moveaxis(flat.reshape(storage.samples, storage.rows, storage.columns), 0, -1)
    return flat.reshape(storage.rows, storage.columns, storage.samples)


def cleared(pixels: Pixels, storage: Storage) -> Pixels:
    """Return the values of the stored bits alone, with the header's sign (PS3.5, 8.1.1).

    Bits above High Bit may hold overlays or garbage; a signed value may arrive without its sign
    extended.
    """
    wanted = np.dtype(f"{'i' if storage.signed else 'u'}{pixels.dtype.itemsize}")
    native = pixels.astype(pixels.dtype.newbyteorder("="), copy=False).view(wanted)
    width = wanted.itemsize * 8
    stored = min(storage.bits_stored, width)
    below = max(0, min(storage.high_bit, width - 1) + 1 - stored)
    if stored == width:
        return native
    low, high = (
        (-(1 << stored - 1), (1 << stored - 1) - 1) if storage.signed else (0, (1 << stored) - 1)
    )
    if below == 0 and native.min() >= low and native.max() <= high:
        return native
    return (native << (width - stored - below)) >> (width - stored)
