"""Find the compressed frames in encapsulated Pixel Data (PS3.5 annex A.4)."""

import struct
from collections.abc import Sequence
from io import FileIO

_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51")
"""How a JPEG family frame and a JPEG 2000 code stream begin."""


def frames_of(data: bytes, count: int) -> list[bytes]:
    """Split the value of Pixel Data into ``count`` compressed frames.

    Raises
    ------
    ValueError
        The fragments end early, or cannot be told apart into that many frames.
    """
    table, fragments = _fragments(data)
    if count == 1:
        return [b"".join(fragments)]
    if len(fragments) == count:
        return fragments
    starts = _starts_by_table(table, fragments) or [
        index for index, fragment in enumerate(fragments) if fragment.startswith(_STARTS)
    ]
    if len(starts) != count:
        message = f"{len(fragments)} compressed fragments cannot be told apart into {count} frames"
        raise ValueError(message)
    ends = [*starts[1:], len(fragments)]
    return [b"".join(fragments[start:end]) for start, end in zip(starts, ends, strict=True)]


def ends_early(stream: FileIO, offset: int) -> bool:
    """Whether the file ends before its fragments do; only their headers are read."""
    stream.seek(-8, 2)
    if stream.read(4) == _END:
        return False
    at, size = offset, stream.seek(0, 2)
    while at + 8 <= size:
        stream.seek(at)
        head = stream.read(8)
        if head[:4] == _END:
            return False
        if head[:4] != _ITEM:
            return True
        at += 8 + int(struct.unpack("<I", head[4:])[0])
    return True


def _fragments(data: bytes) -> tuple[bytes, list[bytes]]:
    """Return the basic offset table and the fragments."""
    pieces, at = [], 0
    while data[at : at + 4] == _ITEM:
        length = struct.unpack_from("<I", data, at + 4)[0] if len(data) >= at + 8 else len(data)
        if at + 8 + length > len(data):
            message = "the file ends inside a compressed fragment"
            raise ValueError(message)
        pieces.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    if data[at : at + 4] != _END and at < len(data):
        message = "the compressed fragments are damaged"
        raise ValueError(message)
    if len(pieces) < 2:  # noqa: PLR2004 - the offset table and at least one fragment
        message = "there is no compressed fragment"
        raise ValueError(message)
    return pieces[0], pieces[1:]


def _starts_by_table(table: bytes, fragments: Sequence[bytes]) -> list[int]:
    """Turn the offset table's positions into fragment numbers; empty if it does not fit."""
    offsets = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
    positions, at = {}, 0
    for index, fragment in enumerate(fragments):
        positions[at] = index
        at += 8 + len(fragment)
    return [positions[offset] for offset in offsets] if set(offsets) <= set(positions) else []
