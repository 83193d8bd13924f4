"""An instance on its way to the disk: whole, checked and in its place, or not there."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from threading import get_ident

import psutil

from napari_recist.errors import ArchiveError, ImageError
from napari_recist.imaging.pacs.archive import Instance
from napari_recist.imaging.pacs.instance_file import read_instance
from napari_recist.imaging.pacs.journal import Arrived, Journal

_PART = ".part"
_UID_CHARACTERS = frozenset("0123456789.")


class Landing:
    """Takes instances into a folder: STUDY/SERIES/INSTANCE.dcm, named by their UIDs.

    Parameters
    ----------
    folder : Path
        Made, for its owner alone, where it is not there yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _remove_left_behind(folder)
            self._journal = Journal(folder)
        except OSError as error:
            raise disk_refusal(folder, error) from error

    def whole(self, instance: Instance) -> Arrived | None:
        """Return what is known of an instance that is there already, byte for byte."""
        return self._journal.whole(instance.instance_uid)

    def take(self, instance: Instance, pieces: Iterable[bytes]) -> Arrived:
        """Write an instance; it gets its name when all of it is on the disk and right.

        Raises
        ------
        ArchiveError
            If the disk is full, or what came is not what was asked for.
        """
        place = _place(instance)
        target = self.folder / place
        part = target.with_name(f"{target.name}.{os.getpid()}-{get_ident()}{_PART}")
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            size, digest = _write(part, pieces)
            syntax = _checked(part, instance)
            part.replace(target)
            arrived = Arrived(instance.instance_uid, place.as_posix(), size, digest, syntax)
            self._journal.note(arrived)
        except OSError as error:
            raise disk_refusal(self.folder, error) from error
        finally:
            part.unlink(missing_ok=True)
        return arrived


def _remove_left_behind(folder: Path) -> None:
    """Remove what runs that were killed left half-written; another one may be under way here."""
    for part in folder.rglob(f"*{_PART}"):
        process = part.name.removesuffix(_PART).rpartition(".")[2].partition("-")[0]
        if not (process.isdecimal() and psutil.pid_exists(int(process))):
            part.unlink(missing_ok=True)


def disk_refusal(folder: Path, error: OSError) -> ArchiveError:
    """Return our error for a disk that takes no more."""
    return ArchiveError(
        f"{folder}: cannot be written ({error.strerror or 'unknown reason'}).",
        "Free some space or choose another folder, then run it again: what arrived is kept.",
    )


def _place(instance: Instance) -> Path:
    parts = (instance.study_uid, instance.series_uid, f"{instance.instance_uid}.dcm")
    for uid in (instance.study_uid, instance.series_uid, instance.instance_uid):
        if not uid.strip(".") or not _UID_CHARACTERS.issuperset(uid):
            # It becomes the name of a file: nothing but a UID may.
            raise ArchiveError(
                "The archive tells a UID that is none.", "Ask the archive's administrator."
            )
    return Path(*parts)


def _write(part: Path, pieces: Iterable[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as stream:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
    return size, digest.hexdigest()


def _checked(part: Path, wanted: Instance) -> str:
    """Return the transfer syntax of what came; refuse it where it is not what was asked for."""
    try:
        found = read_instance(part)
    except ImageError as error:
        raise ArchiveError(
            f"Instance {wanted.instance_uid} did not come as a whole DICOM file.",
            "Ask the archive's administrator to check it there.",
        ) from error
    came, asked = found.instance, wanted
    same = (came.study_uid, came.series_uid, came.instance_uid) == (
        *(asked.study_uid, asked.series_uid, asked.instance_uid),
    )
    if not same:
        raise ArchiveError(
            f"The archive sent another instance than {asked.instance_uid}, which was asked for.",
            "Ask the archive's administrator.",
        )
    return found.transfer_syntax
