"""Split a DICOM series that is not one volume into the volumes it holds, and say by what."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from napari_recist.imaging.files.frames import Frame, Vector
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.sorting.duplicates import without_identical
from napari_recist.imaging.sorting.evenness import agree, even, grouped, repeats, woven
from napari_recist.imaging.sorting.passes import by_pass, layers
from napari_recist.imaging.sorting.phases import by_attribute, interleaved
from napari_recist.imaging.sorting.places import plane_of

ORIENTATION_TOLERANCE = 2e-4
"""Direction cosines closer than this are one orientation: scanners jitter in the ninth digit, and
files round to six; at 400 mm from the corner it is 0.08 mm."""

SPACING_TOLERANCE = 1e-4
"""Relative difference of PixelSpacing that rounding explains: 0.04 mm over 400 mm."""


@dataclass(frozen=True, slots=True)
class Part:
    """The images of one volume, what tells them from the others, and what was noticed."""

    frames: tuple[Frame, ...]
    label: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trait:
    """A fact in which all slices of one volume agree."""

    name: str
    of: Callable[[Frame], Hashable]
    shown: Callable[[Frame], str]


_Group = tuple[tuple[Frame, ...], tuple[str, ...]]
"""Images, and the words gathered so far that tell them from others."""


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _number(value: float | None, unit: str) -> str:
    return "not stated" if value is None else f"{value:g}{unit}"


_TRAITS = (
    _Trait(
        "patient",
        attrgetter("instance.patient_id"),
        lambda f: f.instance.patient_id or "blank",
    ),
    _Trait("modality", attrgetter("instance.modality"), lambda f: f.instance.modality),
    _Trait(
        "frame of reference",
        attrgetter("instance.frame_of_reference_uid"),
        lambda f: f"...{f.instance.frame_of_reference_uid[-8:]}",
    ),
    _Trait("matrix", attrgetter("rows", "columns"), lambda f: f"{f.rows} x {f.columns}"),
    _Trait(
        "colour",
        attrgetter("instance.storage.samples", "instance.storage.photometric"),
        lambda f: f.instance.storage.photometric,
    ),
    _Trait("place", attrgetter("placed"), lambda f: "known" if f.placed else "unknown"),
    _Trait("b-value", lambda f: _rounded(f.b_value), lambda f: _number(f.b_value, " s/mm2")),
)
"""What is never one volume."""

_ROLES = (
    _Trait("image type", attrgetter("image_type"), lambda f: "\\".join(f.image_type)),
    _Trait("echo time", lambda f: _rounded(f.echo_time), lambda f: _number(f.echo_time, " ms")),
)
"""What is one volume only where its images are woven into one even stack."""

_STACK = _Trait("stack", attrgetter("stack"), lambda f: f.stack)


def split(frames: Sequence[Frame]) -> list[Part]:
    """Return the volumes a DICOM series holds; several carry the finding "split".

    Hard traits first (patient, space, matrix, b-value, spacing, orientation, then image type and
    echo); then whatever separates images that claim one place or interleave.
    """
    groups: list[_Group] = [(tuple(frames), ())]
    for trait in _TRAITS:
        groups = [new for group in groups for new in _by_trait(group, trait)]
    for name, vector_of, tolerance in (
        ("pixel spacing", attrgetter("spacing"), SPACING_TOLERANCE),
        ("orientation", attrgetter("orientation"), ORIENTATION_TOLERANCE),
    ):
        groups = [new for group in groups for new in _by_vector(group, name, vector_of, tolerance)]
    for trait in _ROLES:
        groups = [new for group in groups for new in _by_role(group, trait)]
    groups = [new for group in groups for new in _by_stack(group)]
    parts = [part for group, labels in groups for part in _by_place(group, labels)]
    return _told(parts) if len(parts) > 1 else parts


def _by_trait(group: _Group, trait: _Trait) -> list[_Group]:
    frames, labels = group
    if agree(frames, trait.of):
        return [group]
    return [
        (members, (*labels, f"{trait.name} {trait.shown(members[0])}"))
        for members in grouped(frames, trait.of)
    ]


def _by_role(group: _Group, trait: _Trait) -> list[_Group]:
    """Split by a trait that may vary within one stack, unless its images are woven into one."""
    one = agree(group[0], trait.of) or woven(grouped(group[0], trait.of))
    return [group] if one else _by_trait(group, trait)


def _by_stack(group: _Group) -> list[_Group]:
    """Split by the stacks of an enhanced image where that leaves even ones, and only there."""
    frames, _ = group
    if agree(frames, _STACK.of) or not frames[0].placed or even(frames):
        return [group]
    stacks = grouped(frames, _STACK.of)
    apart = all(len(stack) > 1 and even(stack) for stack in stacks)
    return _by_trait(group, _STACK) if apart else [group]


def _by_vector(
    group: _Group,
    name: str,
    vector_of: Callable[[Frame], Vector],
    tolerance: float,
) -> list[_Group]:
    """Split where a vector differs by more than the tolerance from all seen before."""
    frames, labels = group
    vectors = list(map(vector_of, frames))
    if vectors.count(vectors[0]) == len(vectors):
        return [group]
    clusters: dict[Vector, list[Frame]] = {}
    nearest: dict[Vector, Vector] = {}
    for frame, vector in zip(frames, vectors, strict=True):
        if vector not in nearest:
            near = (seen for seen in clusters if _close(vector, seen, tolerance))
            nearest[vector] = next(near, vector)
        clusters.setdefault(nearest[vector], []).append(frame)
    if len(clusters) == 1:
        return [group]
    return [
        (tuple(members), (*labels, f"{name} {_shown(name, vector)}"))
        for vector, members in clusters.items()
    ]


def _close(one: Vector, other: Vector, tolerance: float) -> bool:
    return len(one) == len(other) and all(
        abs(a - b) <= tolerance * max(1.0, abs(b)) for a, b in zip(one, other, strict=True)
    )


def _shown(name: str, vector: Vector) -> str:
    """Put a vector into words: the plane of an orientation, the numbers of a spacing."""
    if not vector:
        return "missing"
    if name == "pixel spacing":
        return "\\".join(f"{value:g}" for value in vector) + " mm"
    return plane_of(vector)


def _by_place(frames: tuple[Frame, ...], labels: tuple[str, ...]) -> list[Part]:
    """Split images that claim the same place, or two phases that interleave."""
    label = ", ".join(labels)
    if len(frames) == 1 or not frames[0].placed:
        return [Part(frames, label)]
    crowd = repeats(frames)
    findings = _crowded(crowd)
    separated = (interleaved(frames) if crowd == 1 else None) or by_attribute(frames, crowd)
    if separated is None:
        frames, copies = without_identical(frames)
        crowd = repeats(frames)
        findings = _crowded(crowd) + copies
        separated = by_attribute(frames, crowd)
    if separated is None:
        separated, noticed = by_pass(frames) or layers(frames)
        findings += noticed
    return [
        Part(members, ", ".join(filter(None, (label, name))), findings)
        for name, members in separated
    ]


def _crowded(count: int) -> tuple[Finding, ...]:
    """Say that images share a place: a time series or a repeat, never slices of one volume."""
    if count == 1:
        return ()
    return (
        Finding(
            "repeated-position",
            f"{count} images lie at the same place: a repeat or a time series, not one volume.",
        ),
    )


def _told(parts: list[Part]) -> list[Part]:
    """Give each part the finding that the DICOM series was split, and by what."""
    labels = "; ".join(f"{part.label} ({len(part.frames)})" for part in parts[:8])
    more = f"; and {len(parts) - 8} more" if len(parts) > 8 else ""  # noqa: PLR2004 - as above
    return [
        Part(
            part.frames,
            part.label,
            (
                *part.findings,
                Finding(
                    "split",
                    f"This DICOM series holds {len(parts)} separate sets of images: {labels}{more}."
                    f" Shown here: {part.label}.",
                ),
            ),
        )
        for part in parts
    ]
