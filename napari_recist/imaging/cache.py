"""Keep loaded volumes on disk, so that opening a series again costs next to nothing.

Safe to delete at any moment. What decides the voxels makes the name of an entry; millimetres never
come from here, they always come from the headers.
"""

import hashlib
import logging
import os
import shutil
import sys
import time
from contextlib import suppress
from functools import cache
from operator import attrgetter
from pathlib import Path

import platformdirs

from napari_recist.errors import RecistError
from napari_recist.imaging import cached_file
from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.pixels.filling import Progress, Voxels
from napari_recist.imaging.series import Series
from napari_recist.imaging.volume import Volume, load_volume, shape_of

FOLDER_VARIABLE = "NAPARI_RECIST_CACHE"
LIMIT_VARIABLE = "NAPARI_RECIST_CACHE_GB"

DEFAULT_LIMIT_GB = 20.0
"""About sixty CT volumes of 600 slices: two readers' work of a week."""

KEPT_FREE = 1 << 30
"""A cache never takes the last GiB of a disk: the trial's record may lie on the same one."""

_GIGABYTE = 1e9
_RULES = 2
"""Raised when a rule by which pixels become voxels changes: entries made before are not used."""

_ABANDONED_AFTER_S = 86_400.0
"""A file still unfinished after a day belongs to a process that died."""

_stored_facts = attrgetter(*(name for name in Storage._fields if name != "file"))
_log = logging.getLogger(__name__)


class VolumeCache:
    """Volumes kept in a folder, the latest used up to a limit; several processes may share it.

    Parameters
    ----------
    folder : Path
        Where the entries lie; made when the first is written, readable by its owner alone.
    limit_bytes : int
        What the entries may take together. The least recently used goes first.

    Attributes
    ----------
    trouble : str
        Why the last volume was not kept (a full or read-only disk); empty when it was.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder, self.limit_bytes = folder, limit_bytes
        self.trouble = ""

    def load(self, series: Series, progress: Progress | None = None) -> Volume:
        """Return the volume of a series, its voxels read-only: mapped into memory when kept.

        Raises
        ------
        ImageError
            A file is gone, truncated, or decodes to something its header contradicts.
        """
        voxels = self.voxels(series)
        if voxels is not None:
            if progress:
                progress(len(series.slices), len(series.slices))
            return Volume(voxels, series.geometry, series.passport, series)
        key = key_of(series)
        volume = load_volume(series, progress)
        self.store(volume, key)
        volume.voxels.flags.writeable = False
        return volume

    def holds(self, series: Series) -> bool:
        """Whether the voxels are kept; that they are undamaged is seen only when they are taken."""
        key = key_of(series)
        return key is not None and self._file(key).is_file()

    def voxels(self, series: Series) -> Voxels | None:
        """Return the kept voxels, mapped read-only; None, and the entry gone, if damaged."""
        key = key_of(series)
        if key is None:
            return None
        file = self._file(key)
        try:
            voxels = cached_file.read(file, key, shape_of(series))
        except OSError:
            return None
        except ValueError as error:
            _log.warning("%s: a damaged cache entry is made anew (%s).", file, error)
            with suppress(OSError):
                file.unlink()
            return None
        with suppress(OSError):
            os.utime(file)
        return voxels

    def store(self, volume: Volume, key: str | None) -> None:
        """Keep a volume under the key its files had before they were read.

        Files that have changed since are not kept. That the disk is full or read-only is told once
        and is no error: the volume is merely read again next time.
        """
        size = volume.voxels.nbytes
        if key is None or key != key_of(volume.series) or size > self.limit_bytes:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._trim(self.limit_bytes - size)
            if shutil.disk_usage(self.folder).free < size + KEPT_FREE:
                self._say("the disk is nearly full")
                return
            cached_file.write(self._file(key), key, volume.voxels)
        except OSError as error:
            self._say(error.strerror or str(error))
            return
        self.trouble = ""

    @property
    def bytes_used(self) -> int:
        """What the entries take on disk."""
        return sum(size for _, size, _ in self._entries())

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.npy"

    def _say(self, reason: str) -> None:
        """Remember why nothing is kept, and warn the first time."""
        if not self.trouble:
            _log.warning("%s: volumes are not kept for the next time: %s.", self.folder, reason)
        self.trouble = reason

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Return when each entry was last used, its size and place; others may delete meanwhile."""
        found = []
        for file in self.folder.glob("*.npy"):
            with suppress(OSError):
                told = file.stat()
                found.append((told.st_mtime, told.st_size, file))
        return sorted(found)

    def _trim(self, limit: int) -> None:
        """Delete the least recently used until the rest takes at most ``limit`` bytes."""
        entries = self._entries()
        used = sum(size for _, size, _ in entries)
        for _, size, file in entries:
            if used <= limit:
                break
            with suppress(OSError):
                file.unlink()
            used -= size
        for file in self.folder.glob(f"{cached_file.UNFINISHED}*"):
            with suppress(OSError):
                if time.time() - file.stat().st_mtime > _ABANDONED_AFTER_S:
                    file.unlink()


def key_of(series: Series) -> str | None:
    """Return a digest of all that decides the voxels; None when a file is gone.

    That is: every file's size and times of change (the second cannot be set back), where and how
    it keeps its pixels, and each slice's image, frame and rescale. Folders and file names decide
    nothing.
    """
    digest = hashlib.sha256(repr((_RULES, sys.byteorder, series.shape)).encode())
    numbers: dict[Path, int] = {}
    try:
        for file in series.files:
            told = file.stat()
            numbers[file] = len(numbers)
            digest.update(repr((told.st_size, told.st_mtime_ns, told.st_ctime_ns)).encode())
    except OSError:
        return None
    for piece in series.slices:
        facts = (numbers[piece.file], piece.sop_instance_uid, piece.frame)
        values = (piece.slope, piece.intercept, _stored_facts(piece.storage))
        digest.update(repr((facts, values)).encode())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Return where this program keeps what it can make again (``NAPARI_RECIST_CACHE``)."""
    told = os.environ.get(FOLDER_VARIABLE)
    return Path(told).expanduser() if told else platformdirs.user_cache_path("napari-recist")


def default_cache() -> VolumeCache:
    """Return the cache of volumes in the user's cache folder.

    ``NAPARI_RECIST_CACHE`` names another folder, ``NAPARI_RECIST_CACHE_GB`` how many gigabytes it
    may take (0: nothing is kept).

    Raises
    ------
    RecistError
        The limit is no number.
    """
    told = os.environ.get(LIMIT_VARIABLE) or str(DEFAULT_LIMIT_GB)
    try:
        limit = int(float(told) * _GIGABYTE)
    except (ValueError, OverflowError):
        message = f"{LIMIT_VARIABLE} is {told!r}, which is no number of gigabytes."
        raise RecistError(message, f"Set it to a number such as {DEFAULT_LIMIT_GB:g}.") from None
    return _cache_at(cache_folder() / "volumes", limit)


@cache
def _cache_at(folder: Path, limit_bytes: int) -> VolumeCache:
    """One cache per folder, so that a full disk is told once."""
    return VolumeCache(folder, limit_bytes)
