"""Judge whether images that differ in some fact are the slices of one even stack."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise

import numpy as np

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.sorting.ordering import SAME_PLACE_MM, depths_of, in_order, lay_out

THINNER_THAN_SLICES = 0.75
"""Slices nearer than this share of their thickness interleave from two passes, not one; CT slices
further apart than their thickness by the same share leave gaps that a second pass may fill."""


def grouped(frames: Iterable[Frame], of: Callable[[Frame], Hashable]) -> list[tuple[Frame, ...]]:
    """Group images by a fact, in order of first appearance."""
    groups: defaultdict[Hashable, list[Frame]] = defaultdict(list)
    for frame in frames:
        groups[of(frame)].append(frame)
    return [tuple(members) for members in groups.values()]


def agree(frames: Sequence[Frame], of: Callable[[Frame], Hashable]) -> bool:
    """Whether a fact is the same for all images."""
    facts = list(map(of, frames))
    return facts.count(facts[0]) == len(facts)


def repeats(frames: Sequence[Frame]) -> int:
    """Return how many images claim the most crowded place (1: none is doubled)."""
    depths = np.sort(np.array(depths_of(frames)))
    starts = np.flatnonzero(np.diff(depths, prepend=-np.inf) > SAME_PLACE_MM)
    return int(np.diff(starts, append=len(depths)).max())


def places(frames: Sequence[Frame]) -> list[tuple[Frame, ...]]:
    """Group images by place, places in order along the normal."""
    depths = np.array(depths_of(frames))
    order = np.argsort(depths, kind="stable")
    cuts = np.flatnonzero(np.diff(depths[order]) > SAME_PLACE_MM) + 1
    return [tuple(frames[index] for index in indices) for indices in np.split(order, cuts)]


def even(frames: Sequence[Frame]) -> bool:
    """Whether the images are evenly stepped slices of different places."""
    return repeats(frames) == 1 and lay_out(in_order(frames)).regular


def overlap(groups: Sequence[Sequence[Frame]]) -> bool:
    """Whether any group begins before another one ends."""
    depths = iter(depths_of([frame for group in groups for frame in group]))
    ranges = sorted((min(own), max(own)) for own in ([next(depths) for _ in g] for g in groups))
    return any(later[0] < earlier[1] for earlier, later in pairwise(ranges))


def doubtful(frames: Sequence[Frame]) -> bool:
    """Whether slices of different places are unlikely to come from one pass.

    They are uneven, or lie nearer than their thickness; in CT, which has no odd and even passes,
    also where they leave gaps or do not state their thickness.
    """
    layout = lay_out(in_order(frames))
    if len(frames) == 1 or not layout.regular:
        return len(frames) > 1
    thickness, step = frames[0].thickness, float(layout.steps.min())
    ct = frames[0].instance.modality == "CT"
    if not thickness:
        return ct
    return step < THINNER_THAN_SLICES * thickness or (ct and step * THINNER_THAN_SLICES > thickness)


def woven(groups: Sequence[Sequence[Frame]]) -> bool:
    """Whether groups lie between each other's slices and together make one undoubted stack.

    Slow scans take odd and even slices one after the other, and write a varying image type.
    """
    frames = [frame for group in groups for frame in group]
    if not all(frame.placed for frame in frames):
        return False
    return overlap(groups) and repeats(frames) == 1 and not doubtful(frames)
