"""Find the files a DICOMDIR names (PS3.10, 8), on media that changed their spelling."""

import warnings
from functools import cache
from pathlib import Path

import pydicom

from napari_recist.imaging.series import Skipped

DIRECTORY = "DICOMDIR"
_NOT_NAMED = "not named in the DICOMDIR; choose the folder to read it as well."


def named_files(directory: Path, skipped: list[Skipped]) -> list[Path]:
    """Return the files a DICOMDIR names; without any, the DICOMDIR itself, to be told of.

    A name is found whatever its letter case, with the version (";1") and the closing dot a disc
    may add. Files that lie beside the named ones but are not named are told of.
    """
    spelled = cache(_spelled)
    files: dict[Path, None] = {}
    for parts in _file_ids(directory):
        file = directory.parent
        if not _inside(parts):
            skipped.append(Skipped(file.joinpath(*parts), "named in the DICOMDIR, but outside it."))
            continue
        for part in parts:
            exact = file / part
            file = exact if exact.exists() else file / spelled(file).get(_plain(part), part)
        if file.is_file():
            files[file] = None
        else:
            skipped.append(Skipped(file, "named in the DICOMDIR, but not there."))
    for folder in dict.fromkeys(file.parent for file in files):
        beside = {folder / name for name in spelled(folder).values()} - {*files, directory}
        skipped.extend(Skipped(file, _NOT_NAMED) for file in sorted(beside) if file.is_file())
    return list(files) or [directory]


def _file_ids(directory: Path) -> list[tuple[str, ...]]:
    """Return the components of every Referenced File ID."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(directory, force=True)
            records = list(dataset.get("DirectoryRecordSequence") or [])
            named = [record.ReferencedFileID for record in records if "ReferencedFileID" in record]
        except Exception:  # noqa: BLE001 - a damaged DICOMDIR is read, and told of, as a file
            return []
    parts = [[name] if isinstance(name, str) else list(name) for name in named]
    return [tuple(str(one).strip() for one in part) for part in parts]


def _inside(parts: tuple[str, ...]) -> bool:
    """Whether components name nothing outside the folder."""
    return bool(parts) and all(
        part not in ("", ".", "..") and not set(part) & set("/\\:\0") for part in parts
    )


def _spelled(folder: Path) -> dict[str, str]:
    """Return how each name in a folder is really spelled, by its plain form."""
    try:
        names = sorted((entry.name for entry in folder.iterdir()), reverse=True)
    except OSError:
        return {}
    return {_plain(name): name for name in names}


def _plain(name: str) -> str:
    return name.partition(";")[0].rstrip(".").casefold()
