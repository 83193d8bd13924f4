"""List the files at given places: folders, files, and what a DICOMDIR names."""

import os
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from napari_recist.errors import NoImagesError
from napari_recist.imaging.files.directory import DIRECTORY, named_files
from napari_recist.imaging.series import Skipped

_NO_FILE = "a pipe, a device or a socket, not a file."


def files_at(paths: Sequence[Path]) -> tuple[list[Path], list[Skipped]]:
    """Return every regular file once, folders in a fixed order, and what cannot be looked into.

    Raises
    ------
    NoImagesError
        A place does not exist, or cannot be reached.
    """
    skipped: list[Skipped] = []
    files: dict[str, Path] = {}
    for path in paths:
        try:
            path.stat()
        except OSError as error:
            raise NoImagesError(
                f"{path}: {_why_absent(path, error)}.", "Check the path."
            ) from error
        files.update((str(file), file) for file in _files(path, skipped))
    return list(files.values()), skipped


def _why_absent(path: Path, error: OSError) -> str:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"cannot be reached ({error.strerror})"
    return "a link that leads nowhere" if path.is_symlink() else "there is no such file or folder"


def _files(path: Path, skipped: list[Skipped]) -> Iterable[Path]:
    if path.is_dir():
        return _walked(path, skipped)
    if path.name.upper() == DIRECTORY:
        return named_files(path, skipped)
    if path.is_file():
        return [path]
    skipped.append(Skipped(path, _NO_FILE))
    return []


def _walked(top: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """Walk a folder, files before folders; links to folders are not followed, they may circle."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=attrgetter("name"))
        except OSError as error:
            skipped.append(Skipped(folder, f"this folder cannot be opened ({error.strerror})."))
            continue
        folders = []
        for entry in found:
            reason = ""
            try:
                if entry.is_file():
                    yield folder / entry.name
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(folder / entry.name)
                else:
                    reason = _why_not(entry)
            except OSError as error:
                reason = f"cannot be reached ({error.strerror})."
            if reason:
                skipped.append(Skipped(folder / entry.name, reason))
        waiting.extend(reversed(folders))


def _why_not(entry: os.DirEntry[str]) -> str:
    """Say why what is neither a file nor a folder is left out."""
    if entry.is_dir():
        return "a link to a folder; links are not followed, they may go in circles."
    return _NO_FILE if Path(entry.path).exists() else "a link that leads nowhere."
