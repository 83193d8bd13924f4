"""Find copies of one image, equal to the last pixel, so that only one of them is used."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain

import numpy as np

from napari_recist.errors import ImageError
from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.pixels.stored import PixelReader
from napari_recist.imaging.series import Skipped, Slice
from napari_recist.imaging.sorting.ordering import SAME_PLACE_MM, depths_of
from napari_recist.imaging.sorting.places import place


def without_repeated_files(
    instances: Sequence[tuple[Frame, ...]],
) -> tuple[list[tuple[Frame, ...]], list[Finding], list[Skipped]]:
    """Leave out files that repeat another's SOP Instance UID and pixels.

    Files that share a UID but not the pixels are all kept, with a finding; files whose pixels
    cannot be read are left out with the reason.
    """
    by_uid: defaultdict[Hashable, list[tuple[Frame, ...]]] = defaultdict(list)
    for frames in instances:
        by_uid[frames[0].instance.sop_instance_uid].append(frames)
    kept: list[tuple[Frame, ...]] = []
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    for uid, same in by_uid.items():
        if len(same) == 1 or not uid:
            kept.extend(same)
            continue
        different, left_out = _compared(same)
        kept.extend(different)
        skipped.extend(left_out)
        if len(different) > 1:
            findings.append(_contradiction(different))
    return kept, findings, skipped


def _contradiction(different: list[tuple[Frame, ...]]) -> Finding:
    names = ", ".join(frames[0].instance.storage.file.name for frames in different)
    return Finding(
        "same-uid-different-image",
        f"These files claim to be one image but differ in their pixels: {names}. The files do not"
        " tell which is right.",
        names,
    )


def _compared(
    same: list[tuple[Frame, ...]],
) -> tuple[list[tuple[Frame, ...]], list[Skipped]]:
    """Compare files of one UID by their stored values and rescale."""
    seen: dict[bytes, str] = {}
    different, left_out = [], []
    for frames in same:
        file = frames[0].instance.storage.file
        try:
            picture = picture_of(frames)
        except ImageError as error:
            left_out.append(Skipped(file, error.problem.removeprefix(f"{file}: ")))
            continue
        if picture in seen:
            reason = f"a copy: it repeats {seen[picture]} to the last pixel, under the same UID"
            left_out.append(Skipped(file, reason))
        else:
            seen[picture] = file.name
            different.append(frames)
    return different, left_out


def picture_of(frames: Iterable[Frame]) -> bytes:
    """Return a digest of the images' stored values, however they were encoded."""
    frames = list(frames)
    slices = [Slice(f.instance.storage.file, "", f.frame_index, f.instance.storage) for f in frames]
    digest, reader = hashlib.sha256(), PixelReader()
    for frame, piece in zip(frames, slices, strict=True):
        stored = reader.stored(piece)
        digest.update(repr((stored.shape, frame.slope, frame.intercept)).encode())
        digest.update(np.ascontiguousarray(stored, dtype="<i8").tobytes())
    return digest.digest()


def without_identical(frames: tuple[Frame, ...]) -> tuple[tuple[Frame, ...], tuple[Finding, ...]]:
    """Leave out images that show the same pixels as another one of the same place."""
    depths = np.array(depths_of(frames))
    order = np.argsort(depths, kind="stable")
    places = np.split(order, np.flatnonzero(np.diff(depths[order]) > SAME_PLACE_MM) + 1)
    kept: list[Iterable[Frame]] = []
    findings: list[Finding] = []
    for members in places:
        seen: dict[bytes, Frame] = {}
        for frame in sorted((frames[index] for index in members), key=lambda f: f.name):
            picture = _picture_or_name(frame) if len(members) > 1 else b""
            if picture in seen:
                findings.append(_copied(seen[picture], frame))
            else:
                seen[picture] = frame
        kept.append(seen.values())
    return tuple(chain.from_iterable(kept)), tuple(findings)


def _picture_or_name(frame: Frame) -> bytes:
    """Return a digest of the pixels; of an image that cannot be read, which equals none, its name.

    It stays in its place, and loading it says what is wrong with it.
    """
    try:
        return picture_of([frame])
    except ImageError:
        return frame.name.encode()


def _copied(original: Frame, copy: Frame) -> Finding:
    where = place(original.position, original.orientation)
    return Finding(
        "duplicate-file",
        f"Duplicate: {copy.name} and {original.name} show the same image at the same place"
        f" {where}, to the last pixel; one of them is used.",
        where,
    )
