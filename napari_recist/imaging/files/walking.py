"""List the files at given places: folders, files, and what a DICOMDIR names."""

import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pydicom

from napari_recist.errors import NoImagesError
from napari_recist.imaging.series import Skipped

_DIRECTORY = "DICOMDIR"


def files_at(paths: Sequence[Path]) -> tuple[list[Path], list[Skipped]]:
    """Return every regular file once, folders in a fixed order, and what cannot be looked into.

    Raises
    ------
    NoImagesError
        A place does not exist.
    """
    skipped: list[Skipped] = []
    files: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise NoImagesError(f"{path}: there is no such file or folder.", "Check the path.")
        files.update(dict.fromkeys(_files(path, skipped)))
    return list(files), skipped


def _files(path: Path, skipped: list[Skipped]) -> Iterable[Path]:
    if path.is_dir():
        return _walked(path, skipped)
    if path.name.upper() == _DIRECTORY:
        return _referenced(path, skipped)
    return [path]


def _walked(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """Walk a folder, files before folders; links to folders are not followed, they may circle."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        skipped.append(Skipped(folder, f"this folder cannot be opened ({error.strerror})."))
        return
    folders = []
    for entry in found:
        if entry.is_file():
            yield folder / entry.name
        elif entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        else:
            skipped.append(Skipped(folder / entry.name, "neither a file nor a folder."))
    for name in folders:
        yield from _walked(folder / name, skipped)


def _referenced(directory: Path, skipped: list[Skipped]) -> list[Path]:
    """Return the files a DICOMDIR names; without any, the DICOMDIR itself, to be told of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(directory, force=True)
            records = list(dataset.get("DirectoryRecordSequence") or [])
            named = [record.ReferencedFileID for record in records if "ReferencedFileID" in record]
        except Exception:  # noqa: BLE001 - a damaged DICOMDIR is read, and told of, as a file
            named = []
    parts = [[name] if isinstance(name, str) else list(name) for name in named]
    files = [directory.parent.joinpath(*map(str, part)) for part in parts]
    missing = [file for file in files if not file.is_file()]
    skipped.extend(Skipped(file, "named in the DICOMDIR, but not there.") for file in missing)
    return [file for file in files if file not in missing] or [directory]
