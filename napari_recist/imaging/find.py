"""Find the series at given places: every file is read, grouped, split, or named with a reason."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from napari_recist.errors import ImageError, NoImagesError
from napari_recist.imaging.describe import describe_part
from napari_recist.imaging.duplicates import without_repeated_files
from napari_recist.imaging.enhanced import enhanced_frames
from napari_recist.imaging.findings import Finding
from napari_recist.imaging.frames import Frame, Instance, single_frame, storage_of
from napari_recist.imaging.header import Header, read_header
from napari_recist.imaging.series import Scan, Series, Skipped
from napari_recist.imaging.splitting import split
from napari_recist.imaging.syntaxes import COMPRESSED, NATIVE

Progress = Callable[[int, int], None]
"""Called with (done, total); may raise to cancel."""

_NOT_SCANS = {
    "SEG": "a segmentation, not an acquired image",
    "RTDOSE": "a radiotherapy dose grid, not a scan",
    "RTPLAN": "a radiotherapy plan, not an image",
    "RTSTRUCT": "radiotherapy contours, not an image",
    "SR": "a report, not an image",
    "PR": "a presentation state, not an image",
    "KO": "a list of key objects, not an image",
    "REG": "a registration, not an image",
}
"""Modalities of DICOM objects that are never measured on."""

_BITS = (8, 16, 32)


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
    files = list(_files(_listed(paths)))
    instances, skipped = [], []
    for done, file in enumerate(files, start=1):
        try:
            instances.append(frames_of(file))
        except ImageError as error:
            skipped.append(Skipped(file, _reason(error, file)))
        if progress:
            progress(done, len(files))
    series = [found for group in _by_series(instances) for found in _described(group, skipped)]
    return Scan(tuple(series), tuple(skipped))


def _listed(paths: Path | str | Iterable[Path | str]) -> list[Path]:
    return [Path(paths)] if isinstance(paths, Path | str) else [Path(path) for path in paths]


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Walk folders in a fixed order; a file named twice is read once."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise NoImagesError(f"{path}: there is no such file or folder.", "Check the path.")
        for file in _walked(path) if path.is_dir() else [path]:
            if file not in seen:
                seen.add(file)
                yield file


def _walked(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names))


def _reason(error: ImageError, file: Path) -> str:
    return error.problem.removeprefix(f"{file}: ")


def frames_of(file: Path) -> tuple[Frame, ...]:
    """Read the images of one file.

    Raises
    ------
    ImageError
        It is no DICOM image, or one that cannot be read; the message says why.
    """
    header = read_header(file)
    refusal = _refusal(header)
    if refusal:
        raise ImageError(f"{file}: {refusal}.")
    instance = _instance(header)
    if header.elements.items(0x52009230) or header.elements.items(0x52009229):
        return enhanced_frames(instance)
    return tuple(single_frame(instance, index) for index in range(instance.storage.frames))


def _instance(header: Header) -> Instance:
    elements = header.elements
    return Instance(
        storage=storage_of(header),
        elements=elements,
        patient_id=elements.text(0x00100020),
        study_uid=elements.text(0x0020000D),
        series_uid=elements.text(0x0020000E),
        sop_instance_uid=elements.text(0x00080018),
        sop_class_uid=elements.text(0x00080016),
        modality=elements.text(0x00080060),
        number=elements.integer(0x00200011),
        instance_number=elements.integer(0x00200013),
    )


def _refusal(header: Header) -> str:
    """Say why a DICOM file is not an image this program can show; empty when it is."""
    modality = header.elements.text(0x00080060)
    if modality in _NOT_SCANS:
        return _NOT_SCANS[modality]
    if header.elements.raw(0x00041130) or header.elements.raw(0x00041200):
        return "a DICOMDIR index, not an image; the files themselves are searched"
    if header.pixel_offset is None:
        return "it holds no image"
    storage = storage_of(header)
    if not (storage.rows and storage.columns and storage.frames):
        return "the number of rows, columns or frames is missing or zero"
    if storage.bits_allocated not in _BITS or not 0 < storage.bits_stored <= storage.bits_allocated:
        return f"{storage.bits_stored} of {storage.bits_allocated} bits per value are not supported"
    return _pixel_refusal(header)


def _pixel_refusal(header: Header) -> str:
    storage = storage_of(header)
    if storage.samples not in (1, 3):
        return f"{storage.samples} values per pixel are not supported"
    if header.transfer_syntax not in NATIVE | COMPRESSED:
        return f"the transfer syntax {header.transfer_syntax} is not supported"
    native = header.transfer_syntax in NATIVE
    if native != (storage.length is not None):
        return "damaged: the pixels are not stored in the way the transfer syntax says"
    needed = storage.frame_bytes * storage.frames
    there = min(storage.length or 0, header.size - storage.offset)
    if native and there < needed:
        return f"truncated: {there} of {needed} bytes of pixels are there"
    return ""


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
