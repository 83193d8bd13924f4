"""The body of a DICOMweb message: one file taken out of an answer, files put into a request."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message
from pathlib import Path

from napari_recist.errors import UnreachableArchiveError

DICOM = "application/dicom"

_PIECE = 1 << 20
_LONGEST_HEAD = 1 << 16
"""More than this before a part's content is no multipart message."""


def first_part(content_type: str, chunks: Iterable[bytes], archive: str) -> Iterator[bytes]:
    """Yield the content of the first part of a message as it arrives, byte for byte.

    A body that is no multipart message, as some archives answer, is its own content. ``archive``
    is named in the refusal.

    Raises
    ------
    UnreachableArchiveError
        If the message ends before its part does.
    """
    message = Message()
    message["Content-Type"] = content_type
    if message.get_content_maintype() != "multipart":
        yield from chunks
        return
    mark = f"--{message.get_boundary() or ''}".encode()
    arriving = iter(chunks)
    held = _after_head(mark, arriving, archive)
    end = b"\r\n" + mark
    while (at := held.find(end)) < 0:
        sure = len(held) - len(end)
        if sure > 0:
            yield held[:sure]
            held = held[sure:]
        more = next(arriving, None)
        if more is None:
            raise UnreachableArchiveError(f"{archive} broke off in the middle of an instance.")
        held += more
    yield held[:at]
    for _ in arriving:
        """Read to the end, so that the connection can be used again."""


def _after_head(mark: bytes, arriving: Iterator[bytes], archive: str) -> bytes:
    """Return what has arrived of the first part's content, after its header lines."""
    held = b""
    while True:
        start = held.find(mark)
        head = held.find(b"\r\n\r\n", start) if start >= 0 else -1
        if head >= 0:
            return held[head + 4 :]
        more = next(arriving, None)
        if more is None or len(held) > _LONGEST_HEAD:
            raise UnreachableArchiveError(f"{archive} broke off before an instance began.")
        held += more


class FilesBody:
    """A request that holds files, read while it is sent: iterable, of known length.

    Parameters
    ----------
    files : sequence of Path
        They go as they are.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f'multipart/related; type="{DICOM}"; boundary={boundary}'
        self._files = tuple(files)
        self._head = f"--{boundary}\r\nContent-Type: {DICOM}\r\n\r\n".encode()
        self._end = f"--{boundary}--\r\n".encode()
        self._sizes = tuple(file.stat().st_size for file in self._files)

    def __len__(self) -> int:
        """Return how many bytes it has."""
        around = len(self._head) + len(b"\r\n")
        return sum(self._sizes) + around * len(self._files) + len(self._end)

    def __iter__(self) -> Iterator[bytes]:
        """Yield its bytes."""
        for file in self._files:
            yield self._head
            with file.open("rb") as stream:
                while piece := stream.read(_PIECE):
                    yield piece
            yield b"\r\n"
        yield self._end
