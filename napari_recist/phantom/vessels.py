"""The liver's vessels: portal and hepatic veins as trees of tapering tubes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from napari_recist.phantom.shapes import Triple

SMALLEST_MM = 0.9

Vector: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tube:
    """A stretch of vessel: ends in canonical patient mm and the radius at each."""

    start: Triple
    end: Triple
    radii: tuple[float, float]


PORTAL_BRANCHES: tuple[tuple[Triple, Triple, float], ...] = (
    ((-30, 2, -8), (-62, 14, -4), 5.4),
    ((-62, 14, -4), (-86, 34, -22), 3.9),
    ((-62, 14, -4), (-84, -12, 18), 4.2),
    ((-30, 2, -8), (-14, -28, 14), 4.6),
    ((-14, -28, 14), (22, -52, 28), 3.6),
    ((-14, -28, 14), (-30, -58, 8), 3.0),
)
HEPATIC_BRANCHES: tuple[tuple[Triple, Triple, float], ...] = (
    ((-24, 24, 76), (-62, 20, 62), 5.0),
    ((-62, 20, 62), (-98, 10, 26), 4.2),
    ((-24, 24, 76), (-42, -22, 56), 4.6),
    ((-42, -22, 56), (-58, -48, 12), 3.8),
    ((-24, 24, 76), (-2, -26, 62), 4.2),
    ((-2, -26, 62), (32, -52, 50), 3.2),
)


def liver_vessels(seed: int) -> tuple[Tube, ...]:
    """Return portal and hepatic venous trees of one patient, largest first in each tree."""
    dice = np.random.default_rng([seed, 2])
    tubes: list[Tube] = []
    for start, end, radius in (*PORTAL_BRANCHES, *HEPATIC_BRANCHES):
        tubes.append(Tube(start, end, (radius, 0.82 * radius)))
        tubes.extend(_twigs(start, end, 0.8 * radius, dice))
    return tuple(tubes)


def _twigs(start: Triple, end: Triple, radius: float, dice: np.random.Generator) -> Iterator[Tube]:
    way = np.subtract(end, start)
    forward = way / np.linalg.norm(way)
    for along in (0.55, 1.0):
        origin = np.asarray(start) + along * way
        for _ in range(2):
            yield from _twig(origin, forward, 0.72 * radius, dice)


def _twig(
    origin: Vector,
    forward: Vector,
    radius: float,
    dice: np.random.Generator,
) -> Iterator[Tube]:
    if radius < SMALLEST_MM:
        return
    direction = forward + 0.75 * dice.standard_normal(3)
    direction /= np.linalg.norm(direction)
    tip = origin + direction * (7.0 + 5.5 * radius) * dice.uniform(0.8, 1.2)
    yield Tube(_triple(origin), _triple(tip), (radius, 0.8 * radius))
    for _ in range(2):
        yield from _twig(tip, direction, 0.74 * radius, dice)


def _triple(values: Vector) -> Triple:
    x, y, z = map(float, values)
    return (x, y, z)
