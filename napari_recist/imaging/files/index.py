"""Keep headers on disk, so that a second finding of files that have not changed opens none.

The index is one SQLite file, a row for each folder, sealed with a digest keyed by the very code
that reads headers: a damaged row, and one of another version of this program, counts as none. It
is safe to delete at any time. It holds what the headers hold of the wanted elements, patient codes
and dates among them, and is readable by its owner alone.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import pydicom

from napari_recist import __version__
from napari_recist.imaging.cache_folder import cache_folder
from napari_recist.imaging.files.header import Header
from napari_recist.imaging.files.index_rows import (
    FolderRows,
    Stamp,
    packed,
    stamp_of,
    unpacked,
)

LARGEST_BYTES = 256 << 20
"""About a million files; the folders not asked for longest go first."""

SETTLED_NS = 2_000_000_000
"""A file changed within two seconds, the coarsest clock of a file system (FAT), may change again
without a new time: it is not kept yet."""

_DAY_S = 86_400
_PATIENCE_S = 2.0
"""Another process writes for a fraction of this."""

Place = tuple[FolderRows, str, Stamp]
"""The rows of a file's folder, its name there, and its stamp."""

_TABLE = """
CREATE TABLE IF NOT EXISTS folders (
    folder BLOB PRIMARY KEY, content BLOB NOT NULL, digest BLOB NOT NULL, used INTEGER NOT NULL
)
"""
_log = logging.getLogger(__name__)


class HeaderIndex:
    """Headers read before, by folder; several processes, and threads, may share one.

    That it cannot be read or written (a full disk, another process that takes long) is no error:
    files are then read as if there were none.

    Parameters
    ----------
    file : Path, optional
        Where it lies; in the user's cache folder by default.
    limit_bytes : int
        What all rows may take together.
    """

    def __init__(self, file: Path | None = None, limit_bytes: int = LARGEST_BYTES) -> None:
        self.file, self.limit_bytes = file or cache_folder() / "headers.sqlite3", limit_bytes
        self._folders: dict[str, FolderRows] = {}
        self._lock, self._began = Lock(), time.time_ns()

    def recall(self, file: Path) -> tuple[Place, Header | str | None]:
        """Return a file's place here and its header, or why it has none; None: it must be read.

        Raises
        ------
        OSError
            The file cannot be reached.
        """
        folder, name = _split(file)
        stamp = stamp_of(os.stat(file))  # noqa: PTH116 - Path.stat takes twice as long
        rows = self._folders.get(folder) or self._folders.setdefault(folder, FolderRows())
        return (rows, name, stamp), rows.recall(file, name, stamp)

    def note(self, place: Place, found: Header | str) -> None:
        """Remember what was read from a file after it was asked for here."""
        rows, name, stamp = place
        if self._began - max(stamp[1], stamp[2]) > SETTLED_NS:
            with self._lock:
                rows.note(name, stamp, found)

    def prepare(self, files: Iterable[Path]) -> None:
        """Fetch what is known of the folders of these files, before they are asked for."""
        self._began = time.time_ns()
        folders = {_split(file)[0] for file in files}
        with self._quietly(), closing(_opened(self.file)) as connection:
            for folder in folders:
                self._folders[folder] = _fetched(connection, folder)

    def save(self) -> None:
        """Write what is new, within the limit, and forget what was fetched."""
        changed = [(folder, rows) for folder, rows in self._folders.items() if rows.changed]
        self._folders = {}
        if not changed:
            return
        with self._quietly(), closing(_opened(self.file)) as connection, connection:
            for folder, rows in changed:
                _store(connection, folder, rows)
            _bound(connection, self.limit_bytes)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """End the block at any trouble; a file that is damaged, or something else, is removed."""
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeError) as error:
            _log.warning("%s: headers are not kept (%s).", self.file, error)
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(
                error, sqlite3.OperationalError
            ):
                with suppress(OSError):
                    self.file.unlink()


def _opened(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(file, timeout=_PATIENCE_S)
    # A power cut may damage the file: that is noticed, and it is made anew.
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(_TABLE)
    return connection


def _fetched(connection: sqlite3.Connection, folder: str) -> FolderRows:
    place = _place(folder)
    row = connection.execute(
        "SELECT content, digest, used < ? FROM folders WHERE folder = ?",
        (time.time() - _DAY_S, place),
    ).fetchone()
    if row is None or not isinstance(row[0], bytes) or _digest(place, row[0]) != row[1]:
        return FolderRows()
    rows = unpacked(row[0])
    rows.changed = bool(row[2])
    return rows


def _store(connection: sqlite3.Connection, folder: str, rows: FolderRows) -> None:
    """Write a folder's row without the files that are gone."""
    place = _place(folder)
    for name in rows.rows.keys() - rows.met:
        if not os.path.lexists(os.path.join(place, os.fsencode(name))):  # noqa: PTH118 - bytes
            del rows.rows[name]
    content = packed(rows)
    connection.execute(
        "REPLACE INTO folders VALUES (?, ?, ?, ?)",
        (place, content, _digest(place, content), int(time.time())),
    )


def _bound(connection: sqlite3.Connection, limit: int) -> None:
    """Delete the folders asked for longest ago while all together take more than the limit."""
    sizes = connection.execute("SELECT rowid, length(content) FROM folders ORDER BY used DESC")
    taken = 0
    for row, size in sizes.fetchall():
        taken += size
        if taken > limit:
            connection.execute("DELETE FROM folders WHERE rowid = ?", (row,))


def _split(file: Path) -> tuple[str, str]:
    """Return a file's folder, as it was given, and its name."""
    folder, separator, name = str(file).rpartition(os.sep)
    return folder or separator or ".", name


def _place(folder: str) -> bytes:
    """Return a folder's absolute path as the system spells it, whatever bytes it holds."""
    return os.fsencode(os.path.abspath(folder))  # noqa: PTH100 - links stay as they are


def _digest(place: bytes, content: bytes) -> bytes:
    return blake2b(place + b"\0" + content, key=_reading_code(), digest_size=32).digest()


@cache
def _reading_code() -> bytes:
    """Return a digest of the code that reads headers: other code may read them differently."""
    here = Path(__file__).parent
    sources = sorted([*here.glob("*.py"), *here.with_name("pixels").glob("*.py")])
    digest = blake2b(f"{__version__} {pydicom.__version__}".encode(), digest_size=32)
    for source in sources:
        digest.update(source.read_bytes())
    return digest.digest()
