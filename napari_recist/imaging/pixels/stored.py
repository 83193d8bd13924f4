"""Read the stored values of one image: at its offset, decoded, with foreign bits cleared."""

from dataclasses import replace
from io import FileIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Any
from weakref import finalize

import numpy as np

from napari_recist.errors import ImageError
from napari_recist.imaging.files.deflated import inflate_to, inflated_data
from napari_recist.imaging.files.encoding import DamagedError
from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.files.syntaxes import DEFLATED, EXPLICIT_BIG, JPEG
from napari_recist.imaging.pixels.codecs import Pixels, decode
from napari_recist.imaging.pixels.colour import YBR_FULL, rgb_of
from napari_recist.imaging.pixels.encapsulated import Place, frame_places, read_frame
from napari_recist.imaging.series import Slice

_HELD_IN_MEMORY = 1 << 25
"""Inflated data up to 32 MiB stay in memory; more would double what a volume takes."""


class PixelReader:
    """Reads images; what many frames of one file share is found only once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._file: Path | None = None
        self._places: list[list[Place]] = []
        self._inflated = _Inflated()
        self._plane_lock = Lock()
        self._plane_file: Path | None = None
        self._plane: Pixels = np.empty((0, 0))

    def stored(self, piece: Slice) -> Pixels:
        """Return stored values, (rows, columns) or (rows, columns, samples).

        The integers have the sign and only the bits the header declares.

        Raises
        ------
        ImageError
            The file is gone, truncated or cannot be decoded; the message names it.
        """
        storage = piece.storage
        if storage.mosaic > 1:
            return self._tile(piece)
        try:
            if storage.length is None:
                pixels = cleared(decode(self.compressed(piece), storage), storage)
                return _coloured(pixels, storage)
            if storage.transfer_syntax == DEFLATED:
                flat = np.frombuffer(self._inflated.frame(piece), stored_type(storage))
            else:
                flat = np.empty(storage.frame_bytes, np.uint8)
                read_native(piece, flat)
                flat = flat.view(stored_type(storage))
            return _coloured(cleared(shaped(flat, storage), storage), storage)
        except (OSError, ValueError, IndexError, DamagedError) as error:
            raise unreadable(piece.file, error) from error

    def _tile(self, piece: Slice) -> Pixels:
        """Cut a slice out of its Siemens mosaic, whose plane is kept for the next one."""
        side = piece.storage.mosaic
        with self._plane_lock:
            if self._plane_file != piece.file:
                whole = replace(piece, frame=0, storage=piece.storage._replace(mosaic=1))
                self._plane, self._plane_file = self.stored(whole), piece.file
            plane = self._plane
        rows, columns = piece.storage.rows // side, piece.storage.columns // side
        down, across = divmod(piece.frame, side)
        return plane[down * rows :, across * columns :][:rows, :columns]

    def compressed(self, piece: Slice) -> bytes:
        """Return one compressed frame; the places of a file's many are kept for the next.

        Raises
        ------
        OSError, ValueError
            The file is gone, or its fragments are damaged.
        """
        storage = piece.storage
        with FileIO(storage.file) as stream:
            if storage.frames == 1:
                return read_frame(stream, frame_places(stream, storage.offset, 1)[0])
            with self._lock:
                if self._file != storage.file:
                    self._places = frame_places(stream, storage.offset, storage.frames)
                    self._file = storage.file
                places = self._places[piece.frame]
            return read_frame(stream, places)


def _coloured(pixels: Pixels, storage: Storage) -> Pixels:
    """Return red, green and blue where the decoder has not already made them."""
    mixed = storage.samples > 1 and storage.photometric in YBR_FULL
    return rgb_of(pixels) if mixed and storage.transfer_syntax not in JPEG else pixels


class _Inflated:
    """The frames of deflated files; those of the last file with many lie in a temporary file."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._file: Path | None = None
        self._held = SpooledTemporaryFile(_HELD_IN_MEMORY)  # noqa: SIM115 - closed by finalize
        finalize(self, self._held.close)

    def frame(self, piece: Slice) -> memoryview:
        """Return the bytes of one frame.

        Raises
        ------
        OSError, DamagedError
            The file is gone or damaged.
        ValueError
            The file ends before the frame does.
        """
        storage = piece.storage
        start, needed = storage.offset + piece.frame * storage.frame_bytes, storage.frame_bytes
        if storage.frames == 1:
            data = inflated_data(storage.file, start + needed)[start : start + needed]
        else:
            with self._lock:
                if self._file != storage.file:
                    self._file = None
                    self._held.seek(0)
                    self._held.truncate()
                    inflate_to(storage.file, self._held)
                    self._file = storage.file
                self._held.seek(start)
                data = memoryview(self._held.read(needed))
        _require(len(data), needed)
        return data


def _require(got: int, needed: int) -> None:
    if got != needed:
        message = f"truncated: {got} of {needed} bytes of an image are there"
        raise ValueError(message)


def unreadable(file: Path, error: Exception) -> ImageError:
    """Return the refusal of a file whose pixels cannot be had."""
    message = f"{file}: its pixels cannot be read ({error})."
    return ImageError(message, "Ask the site to send it again.")


def read_native(piece: Slice, target: Pixels) -> None:
    """Read an uncompressed frame into place.

    Raises
    ------
    ValueError
        The file ends before the frame does.
    """
    storage = piece.storage
    with FileIO(piece.file) as stream:
        stream.seek(storage.offset + piece.frame * storage.frame_bytes)
        got = stream.readinto(target.data)
    _require(got, storage.frame_bytes)


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
    extended. Values that need it are changed in place where the array can be written.
    """
    wanted = np.dtype(f"{'i' if storage.signed else 'u'}{pixels.dtype.itemsize}")
    native = pixels.astype(pixels.dtype.newbyteorder("="), copy=False).view(wanted)
    up, down = _shifts(storage, wanted.itemsize * 8)
    if down == 0 or (up == down and _in_range(native, storage)):
        return native
    out = native if native.flags.writeable else native.copy()
    np.left_shift(out, up, out=out)
    np.right_shift(out, down, out=out)
    return out


def stored_range(storage: Storage) -> tuple[int, int]:
    """Return the lowest and the highest value the stored bits can hold."""
    half = 1 << storage.bits_stored - 1
    return (-half, half - 1) if storage.signed else (0, 2 * half - 1)


def _shifts(storage: Storage, width: int) -> tuple[int, int]:
    """Return how far to shift up, then down, to leave only the stored bits."""
    stored = min(storage.bits_stored, width)
    top = min(storage.high_bit + 1, width)
    return width - max(top, stored), width - stored


def _in_range(pixels: Pixels, storage: Storage) -> bool:
    """Whether no value has a bit outside those stored."""
    low, high = stored_range(storage)
    return bool(pixels.max() <= high and (not storage.signed or pixels.min() >= low))
