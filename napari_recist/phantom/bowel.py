"""Colon and small bowel, some of it with gas that rises to the front."""

import math
from collections.abc import Iterator

import numpy as np

from napari_recist.phantom.body import Build, Organ
from napari_recist.phantom.shapes import Array, Place, Triple, common, tube

LOOPS = 34
JEJUNUM_X = 30.0
"""Left of here loops of jejunum reach up to the stomach."""


def bowel(build: Build, dice: np.random.Generator) -> Iterator[Organ]:
    """Yield small bowel first, then the colon that lies before and beside it."""
    lateral = build.half_width - build.fat - build.muscle - 24
    front = -(build.half_depth - build.fat - build.muscle - 20)
    for _ in range(LOOPS):
        x = dice.uniform(-36, lateral - 20)
        height = dice.uniform(-135, -62 if x < JEJUNUM_X else -28)
        y = dice.uniform(front + 22, -10)
        turn, reach = dice.uniform(0, 2 * math.pi), dice.uniform(9, 20)
        end = (
            x + reach * math.cos(turn),
            min(y + 0.6 * reach * math.sin(turn), -10),
            height + dice.uniform(-7, 7),
        )
        yield from _loop((x, y, height), end, dice.uniform(8, 11), dice.uniform(-30, 7))
    colon: tuple[tuple[Triple, Triple], ...] = (
        ((-lateral + 10, 0, -150), (-lateral + 16, -12, -102)),
        ((-lateral + 22, -28, -104), (-48, front, -102)),
        ((-48, front, -102), (30, front - 2, -78)),
        ((30, front - 2, -78), (lateral - 14, -22, -34)),
        ((lateral - 8, -16, -30), (lateral - 2, 18, -52)),
        ((lateral - 2, 20, -50), (lateral - 4, 24, -150)),
    )
    for start, end in colon:
        yield from _loop(start, end, 16.0, dice.uniform(-4, 8))


def _loop(start: Triple, end: Triple, radius: float, gas: float) -> Iterator[Organ]:
    """Yield wall, content and gas of a stretch of bowel; ``gas`` is its depth in mm, if any."""
    reach = radius + 3
    x, y, z = ((min(pair) - reach, max(pair) + reach) for pair in zip(start, end, strict=True))
    box = (x, y, z)

    def wall(place: Place) -> Array:
        bulges = 1.3 * np.sin((place[0] + place[2]) / 5.0) * np.cos(place[1] / 7.0)
        return np.asarray(tube(place, start, end, (radius, radius)) + bulges)

    def content(place: Place) -> Array:
        return wall(place) + 2.4

    def air(place: Place) -> Array:
        level = min(start[1], end[1]) - radius + 8 + gas
        return common(content(place) + 0.4, place[1] - level, 0.5)

    yield Organ("bowel", 88, box, wall, 0.5)
    yield Organ("bowel content", 28, box, content, 0.5, grain=16)
    if gas > 0:
        yield Organ("bowel gas", -920, box, air, 0.5, grain=0)
