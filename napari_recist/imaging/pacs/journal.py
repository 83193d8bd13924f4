"""What has arrived whole, line by line: so that a transfer goes on where it stopped.

One JSON object for each file: its UIDs, its place, its size and its SHA-256; nothing that names a
patient. A line that was cut by a power failure is no line.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

JOURNAL = "fetched.jsonl"
"""Its name in the folder that the files go to."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that arrived whole; ``place`` is relative to the folder."""

    instance_uid: str
    place: str
    size: int
    sha256: str
    transfer_syntax: str


class Journal:
    """The journal of a folder; threads may note in it at once.

    Parameters
    ----------
    folder : Path
        Where the files go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / JOURNAL
        self._lock = Lock()
        self._known = {one.instance_uid: one for one in _lines(self._file)}

    def note(self, arrived: Arrived) -> None:
        """Write down a file that lies in its place.

        The line may still be lost in a power failure: then the file is fetched once more.
        """
        line = json.dumps(asdict(arrived)).encode() + b"\n"
        with self._lock:
            with self._file.open("ab") as stream:
                # A line of its own, also after one that was cut.
                stream.write(b"\n" + line if _cut(self._file) else line)
            self._known[arrived.instance_uid] = arrived

    def whole(self, instance_uid: str) -> Arrived | None:
        """Return what is known of an instance whose file lies there with the bytes that arrived."""
        known = self._known.get(instance_uid)
        if known is None:
            return None
        file = self._folder / known.place
        try:
            same = file.stat().st_size == known.size and _sha256(file) == known.sha256
        except OSError:
            return None
        return known if same else None


def _lines(file: Path) -> list[Arrived]:
    if not file.exists():
        return []
    found = []
    for line in file.read_bytes().splitlines():
        try:
            found.append(Arrived(**json.loads(line)))
        except (ValueError, TypeError):
            continue  # cut short: its file is fetched again
    return found


def _cut(file: Path) -> bool:
    with file.open("rb") as stream:
        if not stream.seek(0, os.SEEK_END):
            return False
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) != b"\n"


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
