"""Decode a few slices of a series with a second program, and refuse it if the two differ.

One decoder may misread a stream without a word. Where imagecodecs holds another one of independent
origin, three slices are read by both: JPEG lossless by libjpeg-turbo and liblj92 (colour by
liblj92 and jpegsof3), HTJ2K by OpenJPH and OpenJPEG.
"""

from collections.abc import Callable, Sequence
from typing import Any

import imagecodecs
import numpy as np

from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.files.syntaxes import HTJ2K, JPEG
from napari_recist.imaging.pixels.codecs import LOSSLESS_PROCESS, decode
from napari_recist.imaging.pixels.codestream import describe
from napari_recist.imaging.pixels.stored import PixelReader, unreadable
from napari_recist.imaging.series import Slice


def confirm(reader: PixelReader, slices: Sequence[Slice]) -> None:
    """Compare two decoders on the first, middle and last slice, where there are two.

    Raises
    ------
    ImageError
        They give different values; the message names the file.
    """
    if slices[0].storage.transfer_syntax not in JPEG | HTJ2K:
        return
    for index in sorted({0, len(slices) // 2, len(slices) - 1}):
        piece = slices[index]
        data = reader.compressed(piece)
        if not agreed(data, piece.storage):
            error = ValueError("two decoders read different values")
            raise unreadable(piece.file, error)


def agreed(data: bytes, storage: Storage) -> bool:
    """Whether a second decoder gives the same values; true where there is none for the stream."""
    second = _second(data, storage)
    if second is None:
        return True
    try:
        other = second(data)
    except Exception:  # noqa: BLE001 - it may lack what the stream uses; that proves nothing
        return True
    first = decode(data, storage)
    return bool(np.array_equal(first, other.reshape(first.shape)))


def _second(data: bytes, storage: Storage) -> Callable[[bytes], Any] | None:
    if storage.transfer_syntax in HTJ2K:
        return imagecodecs.jpeg2k_decode
    if describe(data).process == LOSSLESS_PROCESS:
        return imagecodecs.ljpeg_decode if storage.samples == 1 else imagecodecs.jpegsof3_decode
    return None
