"""A seeded mutator of DICOM files: the same seed always makes the same damage."""

import random
import struct
from collections.abc import Callable

_VRS = (b"OB", b"OW", b"SQ", b"UN", b"UT", b"DS", b"IS", b"US", b"FD", b"ZZ", b"\0\0")
_LENGTHS = (0, 1, 2, 0xFFFF, 0xFFFE, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, 0x80000000)
_TEXTS = (
    b"1e308\\-1e308",
    b"nan\\nan",
    b"-0\\-0",
    b"1_0\\1_0",
    b"\\\\\\",
    b"99999999999",
    b"-1",
    b"0",
)
_ELEMENTS = (
    b"\x28\x00\x30\x00", b"\x20\x00\x32\x00", b"\x20\x00\x37\x00", b"\x28\x00\x10\x00",
    b"\x28\x00\x11\x00", b"\x28\x00\x08\x00", b"\x28\x00\x00\x01", b"\x28\x00\x01\x01",
    b"\x28\x00\x02\x01", b"\x28\x00\x03\x01", b"\x28\x00\x52\x10", b"\x28\x00\x53\x10",
    b"\x28\x00\x02\x00", b"\x02\x00\x10\x00", b"\xe0\x7f\x10\x00", b"\x08\x00\x05\x00",
    b"\x00\x52\x30\x92", b"\x28\x00\x04\x00", b"\x18\x00\x88\x00",
)  # fmt: skip
_SIZES = (
    (b"\x28\x00\x10\x00", False), (b"\x28\x00\x11\x00", False), (b"\x28\x00\x08\x00", True),
    (b"\x28\x00\x00\x01", False), (b"\x28\x00\x01\x01", False), (b"\x28\x00\x02\x01", False),
    (b"\x28\x00\x02\x00", False), (b"\x28\x00\x06\x00", False), (b"\x28\x00\x03\x01", False),
)  # fmt: skip
_SHORTS = (0, 1, 2, 3, 4, 7, 12, 15, 17, 32, 64, 255, 4096, 0x7FFF, 0x8000, 0xFFFF)
_COUNTS = (b"0", b"-1", b"2", b"65535", b"65536", b"2147483648", b"1e3", b"4294967297", b" ")
_ITEM = b"\xfe\xff\x00\xe0"
_FRAME_HEADERS = (b"\xff\xc0", b"\xff\xc1", b"\xff\xc3", b"\xff\xf7", b"\xff\x51", b"\xff\x4f")


def mutated(data: bytes, seed: int) -> bytes:
    """Return damaged data: one to four changes drawn from the seed."""
    chance = random.Random(seed)
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if len(damaged) > 200:
            chance.choice(_CHANGES)(damaged, chance)
    return bytes(damaged)


def _place(data: bytearray, chance: random.Random) -> int:
    """Choose a byte, mostly in the header, often within a telling element."""
    if chance.random() < 0.6:
        found = data.find(chance.choice(_ELEMENTS))
        if found >= 0:
            return min(found + chance.randint(0, 14), len(data) - 9)
    return chance.randrange(min(len(data) - 9, 6000 if chance.random() < 0.7 else len(data)))


def _flip(data: bytearray, chance: random.Random) -> None:
    data[_place(data, chance)] ^= 1 << chance.randrange(8)


def _byte(data: bytearray, chance: random.Random) -> None:
    data[_place(data, chance)] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(100, len(data)) :]


def _length16(data: bytearray, chance: random.Random) -> None:
    at = _element(data, chance)
    struct.pack_into("<H", data, at + 6, chance.choice(_LENGTHS) & 0xFFFF)


def _length32(data: bytearray, chance: random.Random) -> None:
    at = _element(data, chance)
    struct.pack_into("<I", data, at + chance.choice((4, 8)), chance.choice(_LENGTHS))


def _vr(data: bytearray, chance: random.Random) -> None:
    at = _element(data, chance)
    data[at + 4 : at + 6] = chance.choice(_VRS)


def _text(data: bytearray, chance: random.Random) -> None:
    at = _element(data, chance) + 8
    text = chance.choice(_TEXTS)
    data[at : at + len(text)] = text


def _remove(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 2, 8, 100))]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    data[at:at] = data[at : at + chance.choice((8, 20, 300))]


def _nest(data: bytearray, chance: random.Random) -> None:
    """Insert sequences within sequences, hundreds deep, before a telling element."""
    at = _element(data, chance)
    depth = chance.choice((2, 50, 2000))
    data[at:at] = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * depth


def _size(data: bytearray, chance: random.Random) -> None:
    """Give rows, columns, frames, bits or samples a hostile number, its length left alone."""
    element, text = chance.choice(_SIZES)
    at = data.find(element)
    if 0 <= at < len(data) - 24:
        if text:
            length = min(data[at + 6], 12)
            data[at + 8 : at + 8 + length] = chance.choice(_COUNTS)[:length].ljust(length)
        else:
            struct.pack_into("<H", data, at + 8, chance.choice(_SHORTS))


def _fragment(data: bytearray, chance: random.Random) -> None:
    """Damage the items compressed frames lie in: their length, their end, or their order."""
    pixels = max(data.find(b"\xe0\x7f\x10\x00"), 0)
    at = data.find(_ITEM, pixels + chance.choice((0, 12, 24)))
    if not 0 <= at < len(data) - 9:
        return
    kind = chance.randrange(4)
    if kind == 0:
        struct.pack_into("<I", data, at + 4, chance.choice(_LENGTHS))
    elif kind == 1:
        data[at:at] = _ITEM + b"\0\0\0\0"
    elif kind == 2:
        data[at:at] = b"\xfe\xff\xdd\xe0\0\0\0\0"
    else:
        del data[at : at + 8]


def _code_stream(data: bytearray, chance: random.Random) -> None:
    """Change a byte of the frame header of a compressed image."""
    at = data.find(chance.choice(_FRAME_HEADERS), max(data.find(b"\xe0\x7f\x10\x00"), 0))
    if 0 <= at < len(data) - 30:
        data[at + chance.randint(2, 28)] = chance.choice((0, 1, 8, 0x7F, 0xFF))


def _tag(data: bytearray, chance: random.Random) -> None:
    """Turn one telling element into another."""
    at = _element(data, chance)
    data[at : at + 4] = chance.choice(_ELEMENTS)


def _swap(data: bytearray, chance: random.Random) -> None:
    """Exchange two stretches of the header."""
    one, two = sorted((_place(data, chance), _place(data, chance)))
    length = min(chance.choice((4, 16, 64)), two - one)
    data[one : one + length], data[two : two + length] = (
        data[two : two + length],
        data[one : one + length],
    )


def _element(data: bytearray, chance: random.Random) -> int:
    found = data.find(chance.choice(_ELEMENTS))
    return min(found, len(data) - 20) if found >= 0 else 132


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _byte, _cut, _length16, _length32, _vr, _text, _remove, _repeat, _nest,
    _size, _fragment, _code_stream, _tag, _swap,
)  # fmt: skip
