"""Find the compressed frames in encapsulated Pixel Data (PS3.5 annex A.4)."""

import struct
from collections.abc import Sequence
from io import FileIO

Place = tuple[int, int]
"""Where a fragment starts in the file, and its length."""

_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51")
"""How a JPEG family frame and a JPEG 2000 code stream begin."""


def frame_places(stream: FileIO, offset: int, count: int) -> list[list[Place]]:
    """Find the fragments of each of ``count`` frames; only their headers are read.

    Frames in several fragments are told apart by how code streams begin, else by the offset table
    if it names ``count`` fragments in rising order. An extended offset table is not needed: it
    stands only where each frame has one fragment.

    Raises
    ------
    ValueError
        The fragments end early, or cannot be told apart into that many frames.
    """
    table, fragments = _fragments(stream, offset)
    if count == 1:
        return [fragments]
    if len(fragments) == count:
        return [[fragment] for fragment in fragments]
    starts = [at for at, place in enumerate(fragments) if _begins(stream, place)]
    if len(starts) != count:
        starts = _starts_by_table(stream, table, fragments)
    if len(starts) != count or starts[0] != 0:
        message = f"{len(fragments)} compressed fragments cannot be told apart into {count} frames"
        raise ValueError(message)
    ends = [*starts[1:], len(fragments)]
    return [fragments[start:end] for start, end in zip(starts, ends, strict=True)]


def read_frame(stream: FileIO, places: Sequence[Place]) -> bytes:
    """Return the joined fragments of one frame."""
    return b"".join(_read(stream, *place) for place in places)


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


def _fragments(stream: FileIO, offset: int) -> tuple[Place, list[Place]]:
    """Return the places of the basic offset table and of the fragments that hold something."""
    pieces, at, size = [], offset, stream.seek(0, 2)
    while (head := _read(stream, at, 8))[:4] == _ITEM:
        length = int.from_bytes(head[4:], "little")
        if len(head) < 8 or at + 8 + length > size:  # noqa: PLR2004 - tag and length
            message = "the file ends inside a compressed fragment"
            raise ValueError(message)
        pieces.append((at + 8, length))
        at += 8 + length
    if head[:4] != _END and head:
        message = "the compressed fragments are damaged"
        raise ValueError(message)
    fragments = [piece for piece in pieces[1:] if piece[1]]
    if not fragments:
        message = "there is no compressed fragment"
        raise ValueError(message)
    return pieces[0], fragments


def _read(stream: FileIO, start: int, length: int) -> bytes:
    stream.seek(start)
    return stream.read(length)


def _begins(stream: FileIO, place: Place) -> bool:
    return _read(stream, place[0], min(place[1], 4)).startswith(_STARTS)


def _starts_by_table(stream: FileIO, table: Place, fragments: Sequence[Place]) -> list[int]:
    """Turn the offset table's positions into fragment numbers; empty if it does not fit."""
    told = _read(stream, *table)
    offsets = struct.unpack(f"<{len(told) // 4}I", told[: len(told) // 4 * 4])
    first = fragments[0][0]
    numbers = {place[0] - first: number for number, place in enumerate(fragments)}
    rising = sorted(set(offsets)) == list(offsets)
    return (
        [numbers[offset] for offset in offsets] if rising and set(offsets) <= set(numbers) else []
    )
