"""Fill the array of a volume, several slices at a time, in the exact type if there is one."""

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.files.syntaxes import DEFLATED, EXPLICIT_BIG
from napari_recist.imaging.memory import empty_float32, empty_int16
from napari_recist.imaging.pixels.codecs import Pixels
from napari_recist.imaging.pixels.stored import (
    PixelReader,
    cleared,
    read_native,
    stored_range,
    unreadable,
)
from napari_recist.imaging.series import Slice

Voxels = npt.NDArray[np.int16] | npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total); may raise to cancel."""

THREADS = min(4, os.cpu_count() or 1)
"""Reading and decoding leave the interpreter free; more threads only wait for memory."""

_SLICES_AT_ONCE = 8
"""Slices per task: enough to make hand-over cheap, few enough to show progress."""

_LOW, _HIGH = -(1 << 15), (1 << 15) - 1
_WRAP = 1 << 16


class DoesNotFitError(Exception):
    """A value is no 16-bit integer."""


def fill(
    slices: Sequence[Slice],
    shape: tuple[int, ...],
    progress: Progress | None,
    limit: int | None = None,
) -> Voxels:
    """Return the rescaled values of all slices: int16 where that is exact, else float32.

    Where a rescale has fractions that leave whole numbers only, the array is float32 on the way.

    Raises
    ------
    ImageError
        A file is gone, truncated or cannot be decoded; the message names it. Or the array takes
        more than ``limit`` bytes.
    """
    if whole(slices):
        exact = empty_int16(shape, limit)
        try:
            _each(slices, lambda reader, at: read_exact(reader, slices[at], exact[at]), progress)
        except DoesNotFitError:
            del exact
        else:
            return exact
    rough, fits = empty_float32(shape, limit), [True]

    def read(reader: PixelReader, at: int) -> None:
        values = read_float(reader, slices[at], rough[at])
        if fits[0] and not int16_holds(values):
            fits[0] = False  # only ever set false: threads cannot undo each other's finding

    _each(slices, read, progress)
    return rough.astype(np.int16) if fits[0] else rough


def whole(slices: Sequence[Slice]) -> bool:
    """Whether whole numbers become whole numbers, so that int16 is exact if only they fit."""
    return all(
        one.slope == int(one.slope) and one.intercept == int(one.intercept) for one in slices
    )


def _each(
    slices: Sequence[Slice],
    work: Callable[[PixelReader, int], None],
    progress: Progress | None,
) -> None:
    """Do the work for every slice, several files at a time; the first failure stops all."""
    total, done = len(slices), 0
    reader = PixelReader()

    def task(start: int) -> int:
        for index in range(start, min(start + _SLICES_AT_ONCE, total)):
            work(reader, index)
        return min(_SLICES_AT_ONCE, total - start)

    with ThreadPoolExecutor(THREADS) as threads:
        tasks = [threads.submit(task, start) for start in range(0, total, _SLICES_AT_ONCE)]
        try:
            for finished in as_completed(tasks):
                done += finished.result()
                if progress:
                    progress(done, total)
        except BaseException:
            threads.shutdown(wait=True, cancel_futures=True)
            raise


def read_exact(reader: PixelReader, piece: Slice, out: npt.NDArray[np.int16]) -> None:
    """Read one slice into its place and rescale it there, in 16-bit arithmetic.

    The arithmetic wraps, and so do intermediate values; that the result fits is known before.

    Raises
    ------
    DoesNotFitError
        A value is no 16-bit integer.
    ImageError
        The file is gone, truncated or cannot be decoded; the message names it.
    """
    in_place = _plain(piece)
    stored = _in_place(piece, out) if in_place else reader.stored(piece)
    slope, intercept = int(piece.slope), int(piece.intercept)
    if not _fits(stored, piece.storage, slope, intercept):
        raise DoesNotFitError
    if not in_place:
        narrow = np.uint16 if stored.dtype.kind == "u" else np.int16
        out[...] = stored.astype(narrow, copy=False).view(np.int16)
    if slope != 1:
        np.multiply(out, _wrapped(slope), out=out)
    if intercept:
        np.add(out, _wrapped(intercept), out=out)


def _fits(stored: Pixels, storage: Storage, slope: int, intercept: int) -> bool:
    """Whether int16 holds every value; the pixels are looked at only if their bits allow more."""
    possible = stored_range(storage)
    if all(_LOW <= end * slope + intercept <= _HIGH for end in possible):
        return True
    found = int(stored.min()), int(stored.max())
    return all(_LOW <= end * slope + intercept <= _HIGH for end in found)


def _wrapped(value: int) -> np.int16:
    return np.int16((value - _LOW) % _WRAP + _LOW)


def _plain(piece: Slice) -> bool:
    """Whether the file's bytes are the array's bytes."""
    storage = piece.storage
    return (
        storage.length is not None
        and storage.mosaic == 1
        and storage.bits_allocated == 16  # noqa: PLR2004 - the width of int16
        and storage.samples == 1
        and storage.transfer_syntax not in (DEFLATED, EXPLICIT_BIG)
        and sys.byteorder == "little"
    )


def _in_place(piece: Slice, out: npt.NDArray[np.int16]) -> Pixels:
    try:
        read_native(piece, out)
    except (OSError, ValueError) as error:
        raise unreadable(piece.file, error) from error
    return cleared(out, piece.storage)


def read_float(
    reader: PixelReader, piece: Slice, out: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Read one slice into its place; return its values in double precision.

    Raises
    ------
    ImageError
        The file is gone, truncated or cannot be decoded; the message names it.
    """
    values = rescaled(reader.stored(piece), piece)
    out[...] = values
    return values


def int16_holds(values: npt.NDArray[np.float64]) -> bool:
    """Whether every value is a whole number that fits int16."""
    fits = values.min() >= _LOW and values.max() <= _HIGH
    return bool(fits and np.all(values == np.rint(values)))


def rescaled(stored: Pixels, piece: Slice) -> npt.NDArray[np.float64]:
    """Return stored values times slope plus intercept, in double precision.

    Raises
    ------
    ImageError
        The rescale gives numbers that float32 does not hold.
    """
    with np.errstate(over="ignore"):
        values = np.asarray(stored * piece.slope + piece.intercept, dtype=np.float64)
    if max(abs(values.min()), abs(values.max())) > np.finfo(np.float32).max:
        raise unreadable(piece.file, ValueError("its rescale gives absurd values"))
    return values
