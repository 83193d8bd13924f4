"""Set images of one place apart by the order they were taken in, where no attribute names them."""

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.sorting.evenness import places
from napari_recist.imaging.sorting.phases import Parts
from napari_recist.imaging.sorting.places import place

_NAMED_PLACES = 3
"""Doubled places named one by one in a finding; the others are counted."""


def by_pass(frames: tuple[Frame, ...]) -> tuple[Parts, tuple[Finding, ...]] | None:
    """Separate passes that follow one another: each place once, then each place again.

    Cardiac phases are told by the rank of their trigger time, passes by acquisition time or, with a
    finding, by instance number alone. None when the images do not follow such an order.
    """
    crowded = places(frames)
    count = len(crowded[0])
    if any(len(members) != count for members in crowded):
        return None
    triggered = [_ranked(members, lambda f: f.trigger_time or 0.0) for members in crowded]
    if all(_rising(members, lambda f: f.trigger_time or 0.0) for members in triggered):
        return _parts(triggered, "cardiac phase"), ()
    timed = [_ranked(members, lambda f: f.time) for members in crowded]
    if _consecutive(timed, lambda f: f.time):
        return _parts(timed, "pass by time"), ()
    numbered = [_ranked(members, _number) for members in crowded]
    if _consecutive(numbered, _number):
        return _parts(numbered, "pass by number"), (_by_number_alone(count),)
    return None


def _number(frame: Frame) -> tuple[int, int]:
    return frame.instance.instance_number or 0, frame.frame_index


def _ranked(members: tuple[Frame, ...], of: Callable[[Frame], Any]) -> tuple[Frame, ...]:
    return tuple(sorted(members, key=of))


def _rising(members: tuple[Frame, ...], of: Callable[[Frame], float]) -> bool:
    values = [of(frame) for frame in members]
    return len(set(values)) == len(values)


def _consecutive(ranked: list[tuple[Frame, ...]], of: Callable[[Frame], Any]) -> bool:
    """Whether every image of a pass comes before every image of the next one."""
    passes = [[of(frame) for frame in one] for one in zip(*ranked, strict=True)]
    return all(max(earlier) < min(later) for earlier, later in pairwise(passes))


def _parts(ranked: list[tuple[Frame, ...]], name: str) -> Parts:
    return [(f"{name} {turn + 1}", one) for turn, one in enumerate(zip(*ranked, strict=True))]


def _by_number_alone(count: int) -> Finding:
    return Finding(
        "separated-by-number",
        f"{count} images of each place are told apart by Instance Number alone: nothing in the"
        " files says what distinguishes them.",
    )


def layers(frames: tuple[Frame, ...]) -> tuple[Parts, tuple[Finding, ...]]:
    """Set images of one place apart by time and name alone, and say that this is a guess."""
    stacked: defaultdict[int, list[Frame]] = defaultdict(list)
    doubled = []
    for members in places(frames):
        ranked = sorted(members, key=lambda f: (f.time, f.name))
        for level, frame in enumerate(ranked):
            stacked[level].append(frame)
        if len(ranked) > 1:
            doubled.append((ranked[0], ranked[1]))
    parts = [(f"image {level + 1} of each place", tuple(one)) for level, one in stacked.items()]
    return parts, (_doubled(doubled),)


def _doubled(pairs: list[tuple[Frame, Frame]]) -> Finding:
    """Name the first doubled places, and count them all."""
    named = [
        f"{place(first.position, first.orientation)} ({first.name} and {second.name})"
        for first, second in pairs[:_NAMED_PLACES]
    ]
    more = f" and {len(pairs) - _NAMED_PLACES} more" if len(pairs) > _NAMED_PLACES else ""
    return Finding(
        "duplicate-position",
        f"Different images claim the same place {', '.join(named)}{more}. They are kept apart; the"
        " files do not tell which one is right.",
        place(pairs[0][0].position, pairs[0][0].orientation),
    )
