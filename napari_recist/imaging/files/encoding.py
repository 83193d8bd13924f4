"""Read the start of a DICOM file: preamble, file meta information, and the transfer syntax."""

import struct
from pathlib import Path

from napari_recist.errors import ImageError
from napari_recist.imaging.files.syntaxes import EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE

_PREAMBLE = 128
_PREFIX = b"DICM"
_ELEMENT_HEADER, _LONG_HEADER = 8, 12
_META_GROUP, _GROUP_BYTES = 0x0002, 2
_TRANSFER_SYNTAX, _INSTANCE = 0x00100002, 0x00030002
"""(0002,0010) and (0002,0003) as one little-endian read of their four bytes gives them."""

_meta_header = struct.Struct("<I2sH").unpack_from

_Meta = tuple[bytes, int, bytes, str, int]
"""The bytes up to the instance's UID, where those after it begin, these, syntax and end."""


class DamagedError(Exception):
    """The structure of the file cannot be read."""


class EncodingReader:
    """Reads the start of files; one that differs only in its instance's UID is recognised."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Meta] = {}

    def read(self, data: bytes, file: Path) -> tuple[str, int]:
        """Return the transfer syntax and where the data set starts.

        Raises
        ------
        ImageError
            It is no DICOM file.
        DamagedError
            The file meta information does not end.
        """
        group_length = data[_PREAMBLE : _PREAMBLE + 16]
        known = self._known.get(group_length)
        if known:
            before, at, after, syntax, end = known
            same = data.startswith(before, _PREAMBLE) and data.startswith(after, at)
            if same and len(data) >= end + _ELEMENT_HEADER:
                return syntax, end
        if group_length[:4] != _PREFIX:
            return encoding(data, file)
        syntax, end, uid = _meta(data, _PREAMBLE + 4)
        if uid:
            start, stop = uid
            after = data[stop : end + _GROUP_BYTES]
            self._known[group_length] = data[_PREAMBLE:start], stop, after, syntax, end
        return syntax, end


def encoding(data: bytes, file: Path) -> tuple[str, int]:
    """Return the transfer syntax and where the data set starts (see ``EncodingReader``)."""
    if data[_PREAMBLE : _PREAMBLE + 4] == _PREFIX:
        return _meta(data, _PREAMBLE + 4)[:2]
    if data[:2] == b"\x02\x00" and _explicit(data):
        return _meta(data, 0)[:2]
    if data[:2] == b"\x08\x00" and len(data) >= _ELEMENT_HEADER:
        return (EXPLICIT_LITTLE if _explicit(data) else IMPLICIT_LITTLE), 0
    if data[:2] == b"\x00\x08" and _explicit(data):
        return EXPLICIT_BIG, 0
    message = f"{file}: not a DICOM file."
    raise ImageError(message)


def _explicit(data: bytes) -> bool:
    """Whether two capital letters stand where explicit VR has its VR."""
    return data[4:6].isalpha() and data[4:6].isupper()


def _meta(data: bytes, at: int) -> tuple[str, int, tuple[int, int] | None]:
    """Read the file meta group (always explicit VR little endian) for the transfer syntax.

    Returns it with the end of the group and, where the syntax is stated, the place of the UID.
    """
    syntax, uid, end = "", None, len(data)
    while at + _LONG_HEADER <= end:
        tag, letters, length = _meta_header(data, at)
        if tag & 0xFFFF != _META_GROUP:
            break
        value = at + _ELEMENT_HEADER
        if letters in (b"OB", b"UN"):
            value = at + _LONG_HEADER
            length = int.from_bytes(data[value - 4 : value], "little")
        if tag == _TRANSFER_SYNTAX:
            syntax = data[value : value + length].strip(b" \0").decode("ascii", errors="replace")
        at = value + length
        if tag == _INSTANCE:
            uid = value, at
    if at + _ELEMENT_HEADER > end:
        message = "it ends inside the file meta information"
        raise DamagedError(message)
    if syntax:
        return syntax, at, uid
    head = data[at : at + _ELEMENT_HEADER]
    if head[:1] == b"\0":
        return EXPLICIT_BIG, at, None
    return (EXPLICIT_LITTLE if _explicit(head) else IMPLICIT_LITTLE), at, None
