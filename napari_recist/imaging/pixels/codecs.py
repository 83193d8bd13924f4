"""Decode one compressed frame to stored values, refusing what contradicts the DICOM header."""

from functools import partial
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt

from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.files.syntaxes import HTJ2K, JPEG, JPEG_2000, JPEG_LS, LOSSY, RLE
from napari_recist.imaging.pixels.codestream import CodeStream, describe

LOSSLESS_PROCESS = 0xC3
"""JPEG lossless, process 14."""

_END_OF_IMAGE = b"\xff\xd9"
"""EOI of JPEG and JPEG-LS, EOC of JPEG 2000; some decoders fill up what is cut off in silence."""

_COLOUR_MARKERS = (b"\xff\xe0", b"\xff\xee")
"""APP0 of JFIF and APP14 of Adobe: with either, libjpeg knows what the three samples are."""

Pixels = npt.NDArray[Any]


def decode(data: bytes, storage: Storage) -> Pixels:
    """Decode a frame to (rows, columns) or (rows, columns, samples), in the decoder's own type.

    Raises
    ------
    ValueError
        The frame is damaged, or disagrees with the header in size, samples or precision.
    """
    pixels = _rle(data, storage) if storage.transfer_syntax == RLE else _code_stream(data, storage)
    if storage.samples == 1:
        pixels = pixels.reshape(pixels.shape[:2])
    shape = (storage.rows, storage.columns, storage.samples)[: 2 + (storage.samples > 1)]
    if pixels.shape != shape or pixels.dtype.itemsize * 8 > storage.bits_allocated:
        message = f"the decoder gave {pixels.shape} {pixels.dtype}, the header says {shape}"
        raise ValueError(message)
    if not storage.signed and pixels.dtype.kind == "i" and pixels.min() < 0:
        message = "the compressed frame holds negative values, the header says there are none"
        raise ValueError(message)
    return pixels


def _rle(data: bytes, storage: Storage) -> Pixels:
    size = storage.bits_allocated // 8
    try:
        flat: Pixels = np.frombuffer(imagecodecs.dicomrle_decode(data, f"<u{size}"), f"<u{size}")
    except Exception as error:
        message = f"it cannot be decoded: {error}"
        raise ValueError(message) from error
    planes = flat.reshape(storage.samples, storage.rows, storage.columns)
    return planes[0] if storage.samples == 1 else np.ascontiguousarray(np.moveaxis(planes, 0, -1))


def _code_stream(data: bytes, storage: Storage) -> Pixels:
    stream = describe(data)
    told = (stream.rows, stream.columns, stream.components)
    header = (storage.rows, storage.columns, storage.samples)
    if told != header or stream.precision > storage.bits_allocated:
        message = (
            f"the compressed frame is {told}, {stream.precision} bit; the header says {header}"
        )
        raise ValueError(message)
    if not data.rstrip(b"\0").endswith(_END_OF_IMAGE):
        message = "the compressed frame ends before its end marker: truncated"
        raise ValueError(message)
    if stream.lossless is False and storage.transfer_syntax not in LOSSY:
        message = "it lost detail, though its transfer syntax says that it did not"
        raise ValueError(message)
    try:
        pixels: Pixels = _decoder(storage, stream.process, data)(data)
    except Exception as error:
        message = f"it cannot be decoded: {error}"
        raise ValueError(message) from error
    if _sign_is_lost(stream, storage) and pixels.max() >> stream.precision - 1:
        message = (
            f"the header says signed values of {storage.bits_stored} bits, but the compressed"
            f" frame keeps unsigned ones of {stream.precision}"
        )
        raise ValueError(message)
    return pixels


def _sign_is_lost(stream: CodeStream, storage: Storage) -> bool:
    """Whether large values may be negative ones or not: the stream has no room for a sign."""
    return storage.signed and not stream.signed and stream.precision < storage.bits_stored


def _decoder(storage: Storage, process: int, data: bytes) -> Any:
    """Choose by what the stream is; a syntax that names another family is refused."""
    syntax = storage.transfer_syntax
    if process == 0 and syntax in JPEG_2000:
        return imagecodecs.jpeg2k_decode
    if process == 0 and syntax in HTJ2K:
        return imagecodecs.htj2k_decode
    if process == 0xF7 and syntax in JPEG_LS:  # noqa: PLR2004 - the JPEG-LS frame header
        return imagecodecs.jpegls_decode
    if process == LOSSLESS_PROCESS and syntax in JPEG:
        # libjpeg-turbo is the fastest, but might take three samples for mixed colours.
        return imagecodecs.jpeg8_decode if storage.samples == 1 else imagecodecs.ljpeg_decode
    if process and syntax in JPEG:
        if storage.photometric == "RGB" and not _says_its_colours(data):
            return partial(imagecodecs.jpeg8_decode, colorspace="RGB", outcolorspace="RGB")
        return imagecodecs.jpeg8_decode
    message = f"the compressed frame is not of the transfer syntax {syntax} the header names"
    raise ValueError(message)


def _says_its_colours(data: bytes) -> bool:
    return data[2:4] in _COLOUR_MARKERS
