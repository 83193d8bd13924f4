"""Read what a compressed frame says of itself, before any decoder is let near it."""

import struct
from dataclasses import dataclass

_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
"""JPEG markers that stand alone."""

_FRAME_HEADERS = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xF7})
"""Start-of-frame markers; F7 is JPEG-LS."""


@dataclass(frozen=True, slots=True)
class CodeStream:
    """Size, components and precision a code stream declares; ``process`` is its SOF marker.

    ``process`` is 0 for JPEG 2000; ``lossless`` is None where the stream does not tell; only
    JPEG 2000 can say that values are signed.
    """

    rows: int
    columns: int
    components: int
    precision: int
    process: int
    lossless: bool | None
    signed: bool = False


def describe(data: bytes) -> CodeStream:
    """Read the header of a JPEG, JPEG-LS, JPEG 2000 or HTJ2K code stream.

    Raises
    ------
    ValueError
        It is none of these, or it ends before saying its size.
    """
    try:
        if data[:2] == b"\xff\x4f":
            return _jpeg_2000(data)
        if data[:2] == b"\xff\xd8":
            return _jpeg(data)
    except (struct.error, IndexError):
        message = "the compressed frame ends inside its header"
        raise ValueError(message) from None
    message = "the compressed frame is neither JPEG nor JPEG 2000"
    raise ValueError(message)


def _jpeg_2000(data: bytes) -> CodeStream:
    """Read the SIZ and COD segments."""
    width, height, left, top = struct.unpack_from(">4I", data, 8)
    components, depth = struct.unpack_from(">HB", data, 40)
    reversible, at = None, 2
    while data[at] == 0xFF and data[at + 1] not in (0x90, 0x93):  # noqa: PLR2004 - SOT and SOD
        (length,) = struct.unpack_from(">H", data, at + 2)
        if data[at + 1] == 0x52:  # noqa: PLR2004 - COD
            reversible = data[at + 13] == 1
        at += 2 + length
    return CodeStream(
        height - top,
        width - left,
        components,
        (depth & 0x7F) + 1,
        0,
        lossless=reversible,
        signed=bool(depth & 0x80),
    )


def _jpeg(data: bytes) -> CodeStream:
    """Walk the marker segments to the frame header, and for JPEG-LS to NEAR in the scan header."""
    at, frame = 2, None
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        marker = data[at + 1]
        if data[at] != 0xFF:  # noqa: PLR2004 - every marker starts with FF
            message = "the compressed frame's header is damaged"
            raise ValueError(message)
        if marker in _NO_LENGTH:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _FRAME_HEADERS:
            precision, rows, columns, components = struct.unpack_from(">BHHB", data, at + 4)
            frame = (rows, columns, components, precision, marker)
        if marker == 0xDA and frame:  # noqa: PLR2004 - start of scan
            return CodeStream(*frame, lossless=_jpeg_lossless(data, at, frame[4]))
        at += 2 + length


def _jpeg_lossless(data: bytes, scan: int, process: int) -> bool:
    if process == 0xF7:  # noqa: PLR2004 - JPEG-LS states its allowed error, NEAR
        return data[scan + 5 + 2 * data[scan + 4]] == 0
    return process in (0xC3, 0xC7, 0xCB)
