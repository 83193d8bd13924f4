"""Files sent to an archive: each one's acceptance checked, none sent that it has already."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from napari_recist.errors import (
    ImageError,
    NoImagesError,
    TransferError,
    UnreachableArchiveError,
)
from napari_recist.imaging.files.directory import DIRECTORY
from napari_recist.imaging.files.walking import files_at
from napari_recist.imaging.pacs.archive import Archive, ArchivedSeries, Outgoing
from napari_recist.imaging.pacs.instance_file import is_dicom, read_instance
from napari_recist.imaging.pacs.transfer import (
    CONNECTIONS,
    Patience,
    Progress,
    Watch,
    in_parallel,
)

_FILES_AT_ONCE, _BYTES_AT_ONCE = 16, 8 << 20
"""Sent in one go: enough that asking costs little, few enough to show progress and try again."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that did not go to the archive, and why."""

    file: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sending did.

    Parameters
    ----------
    accepted : tuple of Outgoing
        Sent by this run, and accepted by the archive.
    there : int
        Instances that the archive had already.
    refused : tuple of Refused
        Files that the archive did not accept, and those that are no whole DICOM file.
    """

    accepted: tuple[Outgoing, ...]
    there: int
    refused: tuple[Refused, ...]

    @property
    def size(self) -> int:
        """Bytes sent by this run."""
        return sum(one.size for one in self.accepted)


@dataclass(frozen=True, slots=True)
class ToSend:
    """What was found at places: DICOM files, damaged ones, and how many of other kinds."""

    files: tuple[Outgoing, ...]
    refused: tuple[Refused, ...]
    others: int


def to_send(paths: Sequence[Path]) -> ToSend:
    """Return the DICOM files at places; reports and lists that lie beside them are left aside.

    Raises
    ------
    NoImagesError
        If a place does not exist, or no DICOM file is there.
    """
    files, skipped = files_at(paths)
    found: list[Outgoing] = []
    refused = [Refused(skip.file, skip.reason.rstrip(".")) for skip in skipped]
    others = 0
    for file in files:
        try:
            if file.name.upper() == DIRECTORY or not is_dicom(file):
                others += 1
            else:
                found.append(read_instance(file))
        except ImageError as error:
            refused.append(Refused(file, error.problem.removeprefix(f"{file}: ").rstrip(".")))
        except OSError as error:
            refused.append(Refused(file, f"it cannot be read ({error.strerror})"))
    if not found:
        raise NoImagesError(
            f"There is no whole DICOM file to send ({others + len(refused)} other files).",
            "Name DICOM files, or a folder that holds some.",
        )
    return ToSend(tuple(found), tuple(refused), others)


def send(
    archive: Archive,
    files: Sequence[Outgoing],
    watch: Watch | None = None,
    connections: int = CONNECTIONS,
) -> Sent:
    """Send files to an archive as they are; what it has already, by SOP Instance UID, stays here.

    Raises
    ------
    TransferError
        If the archive stopped answering; what it accepted is not sent again by another run.
    ArchiveError
        If the archive refuses us.
    """
    held = _held(archive, files)
    rest = list(
        {
            one.instance.instance_uid: one for one in files if one.instance.instance_uid not in held
        }.values()
    )
    run = _Run(archive)
    there = len(files) - len(rest)
    try:
        for _ in in_parallel(_batches(rest), run.batch, run.patience, connections):
            if watch:
                watch(Progress(there + run.done, len(files), run.moved))
    except UnreachableArchiveError as error:
        raise TransferError(
            f"{error.problem} {there + run.done} of {len(files)} files are in the archive.",
            f"{error.remedy} Run it again: only the rest is sent.".strip(),
        ) from error
    return Sent(tuple(run.accepted), there, tuple(run.refused))


class _Run:
    """One run of a sending: what was accepted and refused so far."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = Lock()
        self.patience = Patience()
        self.accepted: list[Outgoing] = []
        self.refused: list[Refused] = []
        self.moved = 0

    @property
    def done(self) -> int:
        """Files of which the archive has said something."""
        return len(self.accepted) + len(self.refused)

    def batch(self, files: Sequence[Outgoing]) -> None:
        """Send some files; sent twice after a fault, the archive keeps one."""

        def once() -> bool:
            reasons = self._archive.send(files)
            with self._lock:
                for one in files:
                    reason = reasons.get(one.instance.instance_uid, "")
                    if reason:
                        self.refused.append(Refused(one.file, reason))
                    else:
                        self.accepted.append(one)
                        self.moved += one.size
            return True

        self.patience.until_done(once)


def _held(archive: Archive, files: Sequence[Outgoing]) -> set[str]:
    """Return the instances that the archive has of the series the files are of."""
    places = {(one.instance.study_uid, one.instance.series_uid) for one in files}
    return {
        instance.instance_uid
        for study, series in sorted(places)
        for instance in archive.instances(ArchivedSeries(study, series, "", "", "", None))
    }


def _batches(files: Sequence[Outgoing]) -> list[list[Outgoing]]:
    batches: list[list[Outgoing]] = []
    size = 0
    for one in files:
        full = not batches or len(batches[-1]) == _FILES_AT_ONCE or size + one.size > _BYTES_AT_ONCE
        if full:
            batches.append([])
            size = 0
        batches[-1].append(one)
        size += one.size
    return batches
