"""Find the series at given places: every file is read, grouped, split, or named with a reason."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from napari_recist.errors import NoImagesError
from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.files.index import HeaderIndex
from napari_recist.imaging.files.reading import Read, read_files
from napari_recist.imaging.files.walking import files_at
from napari_recist.imaging.passport.describe import describe_part
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.series import Scan, Series, Skipped
from napari_recist.imaging.sorting.duplicates import without_repeated_files
from napari_recist.imaging.sorting.splitting import split

Progress = Callable[[int, int], None]
"""Called with (done, total); may raise to cancel."""


def find_series(
    paths: Path | str | Iterable[Path | str],
    progress: Progress | None = None,
    index: HeaderIndex | None = None,
) -> list[Series]:
    """Return every series found at files or folders (see ``scan``).

    Raises
    ------
    NoImagesError
        A place does not exist, or there is no DICOM image at all; the message says why files
        were left out.
    """
    result = scan(paths, progress, index)
    if not result.series:
        reasons = "".join(f"\n  {skip.file}: {skip.reason}" for skip in result.skipped[:5])
        places = ", ".join(map(str, _listed(paths)))
        raise NoImagesError(
            f"No DICOM image in {places}.{reasons}", "Choose the folder that holds the scan."
        )
    return list(result.series)


def scan(
    paths: Path | str | Iterable[Path | str],
    progress: Progress | None = None,
    index: HeaderIndex | None = None,
) -> Scan:
    """Read every file at the given places; nothing found is no error here, a missing place is.

    With an ``index``, files read before that have not changed are not opened again.

    Raises
    ------
    NoImagesError
        A place does not exist.
    """
    files, skipped = files_at(_listed(paths))
    instances: list[tuple[Frame, ...]] = []
    for found in _read(files, progress, index):
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            instances.append(found)
    series = [found for group in _by_series(instances) for found in _described(group, skipped)]
    return Scan(tuple(series), tuple(skipped))


def _listed(paths: Path | str | Iterable[Path | str]) -> list[Path]:
    return [Path(paths)] if isinstance(paths, Path | str) else [Path(path) for path in paths]


def _read(
    files: Sequence[Path], progress: Progress | None, index: HeaderIndex | None
) -> Iterator[Read]:
    """Yield what each file holds; what was read stays known even if the search ends early."""
    if index:
        index.prepare(files)
    try:
        with closing(read_files(files, index)) as reading:
            for done, found in enumerate(reading, start=1):
                yield found
                if progress:
                    progress(done, len(files))
    finally:
        if index:
            index.save()


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
