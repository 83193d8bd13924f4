"""Find the series at given places: every file is read, grouped, split, or named with a reason."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from napari_recist.errors import ImageError, NoImagesError
from napari_recist.imaging.files.frame_reader import FrameReader
from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.files.walking import files_at
from napari_recist.imaging.passport.describe import describe_part
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.series import Scan, Series, Skipped
from napari_recist.imaging.sorting.duplicates import without_repeated_files
from napari_recist.imaging.sorting.splitting import split

Progress = Callable[[int, int], None]
"""Called with (done, total); may raise to cancel."""


def find_series(
    paths: Path | str | Iterable[Path | str], progress: Progress | None = None
) -> list[Series]:
    """Return every series found at files or folders.

    Raises
    ------
    NoImagesError
        A place does not exist, or there is no DICOM image at all; the message says why files
        were left out.
    """
    result = scan(paths, progress)
    if not result.series:
        reasons = "".join(f"\n  {skip.file}: {skip.reason}" for skip in result.skipped[:5])
        places = ", ".join(map(str, _listed(paths)))
        raise NoImagesError(
            f"No DICOM image in {places}.{reasons}", "Choose the folder that holds the scan."
        )
    return list(result.series)


def scan(paths: Path | str | Iterable[Path | str], progress: Progress | None = None) -> Scan:
    """Read every file at the given places; nothing found is no error here, a missing place is.

    Raises
    ------
    NoImagesError
        A place does not exist.
    """
    files, skipped = files_at(_listed(paths))
    reader = FrameReader()
    instances = []
    for done, file in enumerate(files, start=1):
        try:
            instances.append(reader.read(file))
        except ImageError as error:
            skipped.append(Skipped(file, _reason(error, file)))
        if progress:
            progress(done, len(files))
    series = [found for group in _by_series(instances) for found in _described(group, skipped)]
    return Scan(tuple(series), tuple(skipped))


def _listed(paths: Path | str | Iterable[Path | str]) -> list[Path]:
    return [Path(paths)] if isinstance(paths, Path | str) else [Path(path) for path in paths]


def _reason(error: ImageError, file: Path) -> str:
    return error.problem.removeprefix(f"{file}: ")


def _by_series(instances: Iterable[tuple[Frame, ...]]) -> list[list[tuple[Frame, ...]]]:
    """Group files by Series Instance UID, in order of first appearance."""
    groups: defaultdict[str, list[tuple[Frame, ...]]] = defaultdict(list)
    for frames in instances:
        groups[frames[0].instance.series_uid].append(frames)
    return list(groups.values())


def _described(group: list[tuple[Frame, ...]], skipped: list[Skipped]) -> Iterator[Series]:
    kept, noticed, unreadable = without_repeated_files(group)
    skipped.extend(unreadable)
    frames = [frame for frames in kept for frame in frames]
    patients = {frame.instance.patient_id for frame in frames}
    if len(patients) > 1:
        noticed.append(
            Finding(
                "mixed-patients",
                f"One Series Instance UID is used for {len(patients)} patients:"
                f" {', '.join(sorted(patient or 'blank' for patient in patients))}.",
            )
        )
    for part in split(frames) if frames else []:
        yield describe_part(part, noticed)
