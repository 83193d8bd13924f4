"""Find copies of one image, equal to the last pixel, so that only one of them is used."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain

import numpy as np

from napari_recist.errors import ImageError
from napari_recist.imaging.findings import Finding
from napari_recist.imaging.frames import Frame
from napari_recist.imaging.ordering import SAME_PLACE_MM, depths_of
from napari_recist.imaging.series import Skipped, Slice
from napari_recist.imaging.stored import stored_values


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
    kept, findings, skipped = [], [], []
    for uid, same in by_uid.items():
        if len(same) == 1 or not uid:
            kept.extend(same)
            continue
        different, copies, unreadable = _compared(same)
        kept.extend(different)
        skipped.extend(unreadable)
        findings.extend(_findings(different, copies))
    return kept, findings, skipped


def _findings(
    different: list[tuple[Frame, ...]], copies: list[tuple[Frame, Frame]]
) -> Iterable[Finding]:
    if len(different) > 1:
        names = ", ".join(frames[0].instance.storage.file.name for frames in different)
        yield Finding(
            "same-uid-different-image",
            f"These files claim to be one image but differ in their pixels: {names}. The files do"
            " not tell which is right.",
            names,
        )
    for original, copy in copies:
        yield copied(original, copy)


def copied(original: Frame, copy: Frame) -> Finding:
    """Return the note that a copy was left out."""
    return Finding(
        "duplicate-file",
        f"{copy.name} repeats {original.name} to the last pixel; one of them is used.",
        copy.name,
    )


def _compared(
    same: list[tuple[Frame, ...]],
) -> tuple[list[tuple[Frame, ...]], list[tuple[Frame, Frame]], list[Skipped]]:
    """Compare files of one UID by their rescaled pixels."""
    seen: dict[bytes, Frame] = {}
    different, copies, unreadable = [], [], []
    for frames in same:
        try:
            picture = picture_of(frames)
        except ImageError as error:
            unreadable.append(Skipped(frames[0].instance.storage.file, error.problem))
            continue
        if picture in seen:
            copies.append((seen[picture], frames[0]))
        else:
            seen[picture] = frames[0]
            different.append(frames)
    return different, copies, unreadable


def picture_of(frames: Iterable[Frame]) -> bytes:
    """Return a digest of the images' stored values, however they were encoded."""
    frames = list(frames)
    slices = [
        Slice(f.instance.storage.file, "", f.index, f.instance.storage) for f in frames
    ]
    digest = hashlib.sha256()
    for frame, stored in zip(frames, stored_values(slices), strict=True):
        digest.update(repr((stored.shape, frame.slope, frame.intercept)).encode())
        digest.update(np.ascontiguousarray(stored, dtype="<i8").tobytes())
    return digest.digest()


def without_identical(frames: tuple[Frame, ...]) -> tuple[tuple[Frame, ...], tuple[Finding, ...]]:
    """Leave out images that show the same pixels as another one of the same place."""
    depths = np.array(depths_of(frames))
    order = np.argsort(depths, kind="stable")
    places = np.split(order, np.flatnonzero(np.diff(depths[order]) > SAME_PLACE_MM) + 1)
    kept, findings = [], []
    for members in places:
        seen: dict[bytes, Frame] = {}
        for frame in sorted((frames[index] for index in members), key=lambda f: f.name):
            picture = picture_of([frame]) if len(members) > 1 else b""
            if picture in seen:
                findings.append(copied(seen[picture], frame))
            else:
                seen[picture] = frame
        kept.append(seen.values())
    return tuple(chain.from_iterable(kept)), tuple(findings)
