"""Tell apart images of one series that claim the same place, or phases that interleave."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

import numpy as np

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.sorting.ordering import SAME_PLACE_MM, depths_of, in_order, lay_out
from napari_recist.imaging.sorting.places import place

Parts = list[tuple[str, tuple[Frame, ...]]]
"""Groups of images, each with the words that tell it from the others."""

SMALLEST_PHASE = 3
"""Fewer slices than this do not make a phase of their own."""

THINNER_THAN_SLICES = 0.75
"""Slices nearer than this share of their thickness interleave from two passes, not one."""

_PASSES: tuple[tuple[str, Callable[[Frame], Hashable]], ...] = (
    ("temporal position", lambda f: f.temporal_position),
    ("acquisition", lambda f: f.acquisition),
)
"""What numbers the passes of a scan over the same anatomy."""

_TIME: tuple[str, Callable[[Frame], Hashable]] = ("time", lambda f: f.time)

_ATTRIBUTES = (
    *_PASSES,
    ("trigger time", lambda f: f.trigger_time),
    ("sequence", lambda f: f.sequence),
    ("protocol", lambda f: f.instance.elements.text(0x00181030)),
    ("private b-value", lambda f: f.private_b_value),
    ("gradient direction", lambda f: f.diffusion_direction),
    ("inversion time", lambda f: f.inversion_time),
    ("flip angle", lambda f: f.flip_angle),
    ("tube voltage", lambda f: f.peak_voltage),
    ("kernel", lambda f: f.kernel),
    ("rescale", lambda f: (f.slope, f.intercept)),
    _TIME,
)
"""What may differ between two images of one place, in the order it is believed."""


def repeats(frames: Sequence[Frame]) -> int:
    """Return how many images claim the most crowded place (1: none is doubled)."""
    depths = np.sort(np.array(depths_of(frames)))
    starts = np.flatnonzero(np.diff(depths, prepend=-np.inf) > SAME_PLACE_MM)
    return int(np.diff(starts, append=len(depths)).max())


def _grouped(frames: Sequence[Frame], of: Callable[[Frame], Hashable]) -> list[tuple[Frame, ...]]:
    groups: defaultdict[Hashable, list[Frame]] = defaultdict(list)
    for frame in frames:
        groups[of(frame)].append(frame)
    return [tuple(members) for members in groups.values()]


def by_attribute(frames: tuple[Frame, ...], crowd: int) -> Parts | None:
    """Separate images of one place by the attributes that do so cleanly, one within the other.

    ``crowd`` is how often they repeat. Returns the frames whole when none is doubled, and None when
    nothing tells them apart.
    """
    if crowd == 1:
        return [("", frames)]
    for name, of in _ATTRIBUTES:
        groups = _grouped(frames, of)
        if len(groups) == 1:
            continue
        whole = all(len(group) >= SMALLEST_PHASE for group in groups)
        crowds = list(map(repeats, groups))
        if max(crowds) < crowd and (whole or len(groups) <= crowd):
            named = [
                (_named(name, of(group[0])), by_attribute(group, own))
                for group, own in zip(groups, crowds, strict=True)
            ]
            if all(inner is not None for _, inner in named):
                return [
                    (", ".join(filter(None, (outer, label))), members)
                    for outer, inner in named
                    for label, members in inner or []
                ]
    return None


def _named(name: str, value: Hashable) -> str:
    if isinstance(value, tuple):
        value = "\\".join(f"{part:g}" for part in value)
    return f"{name} {'not stated' if value in (None, '') else value}"


def interleaved(frames: tuple[Frame, ...]) -> Parts | None:
    """Separate two or more phases whose slices, none doubled, lie between each other.

    A pass number separates wherever sub-stacks overlap; acquisition time only where the slices
    together are uneven or nearer than their thickness, for a slow MR scan legitimately takes odd
    and even slices one after the other.
    """
    if len(frames) < 2 * SMALLEST_PHASE:
        return None
    for name, of in (*_PASSES, _TIME):
        groups = _grouped(frames, of)
        enough = len(groups) > 1 and all(len(group) >= SMALLEST_PHASE for group in groups)
        if enough and _overlap(groups) and (name != "time" or _doubtful(frames)):
            return [(_named(name, of(group[0])), group) for group in groups]
    return None


def _overlap(groups: list[tuple[Frame, ...]]) -> bool:
    """Whether any group begins before another one ends."""
    everything = [frame for group in groups for frame in group]
    depths = iter(depths_of(everything))
    ranges = sorted((min(own), max(own)) for own in ([next(depths) for _ in g] for g in groups))
    return any(later[0] < earlier[1] for earlier, later in pairwise(ranges))


def _doubtful(frames: tuple[Frame, ...]) -> bool:
    layout = lay_out(in_order(frames))
    thickness = frames[0].thickness
    near = thickness is not None and layout.steps.min() < THINNER_THAN_SLICES * thickness
    return near or not layout.regular


def layers(frames: tuple[Frame, ...]) -> tuple[Parts, tuple[Finding, ...]]:
    """Set images of one place apart by time and number alone, and say that this is a guess."""
    ordered = in_order(sorted(frames, key=lambda f: f.time))
    depths = np.array(depths_of(ordered))
    starts = np.diff(depths, prepend=-np.inf) > SAME_PLACE_MM
    stacked: defaultdict[int, list[Frame]] = defaultdict(list)
    findings, level = [], 0
    for frame, start in zip(ordered, starts, strict=True):
        level = 0 if start else level + 1
        stacked[level].append(frame)
        if level == 1:
            findings.append(_doubled(stacked[0][-1], frame))
    return [
        (f"image {level + 1} of each place", tuple(members)) for level, members in stacked.items()
    ], tuple(findings)


def _doubled(first: Frame, second: Frame) -> Finding:
    where = place(first.position, first.orientation)
    return Finding(
        "duplicate-position",
        f"Different images claim the same place {where}: {first.name} and {second.name}. They are"
        " kept apart; the files do not tell which one is right.",
        where,
    )
