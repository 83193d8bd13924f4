"""The frame of a synthetic patient: the wall of the trunk, the diaphragm, and what an organ is.

Patient millimetres, LPS: x towards the left hand, y towards the back, z towards the head; the
origin lies in the middle of the abdomen. Attenuations are those of the portal venous phase.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from napari_recist.phantom.shapes import Array, Place

Shape: TypeAlias = Callable[[Place], Array]
Box: TypeAlias = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]

FAR = 1000.0
ALL_HEIGHTS = (-FAR, FAR)
EVERYWHERE: Box = ((-FAR, FAR), (-FAR, FAR), ALL_HEIGHTS)

DIAPHRAGM_TOP = 96.0
SQUARENESS = 2.35


@dataclass(frozen=True, slots=True)
class Organ:
    """A shape, its attenuation in HU, how grainy it is, how far it follows the breath (0 to 1).

    ``box`` bounds the shape in the resting patient; ``blur`` is the softness of its border in mm.
    """

    name: str
    hu: float
    box: Box
    shape: Shape
    follows_breath: float = 0.0
    grain: float = 2.0
    blur: float = 0.75


@dataclass(frozen=True, slots=True)
class Build:
    """How a patient is built: half width and half depth of the trunk, fat and muscle, in mm.

    ``hilum`` is the size of the fat of the porta hepatis, larger where a node has made room.
    """

    half_width: float = 156.0
    half_depth: float = 108.0
    fat: float = 16.0
    muscle: float = 10.0
    hilum: float = 0.72

    def depth(self, place: Place) -> Array:
        """Return the depth below the skin in mm, positive inside."""
        x, y, _ = place
        around = (
            np.abs(x / self.half_width) ** SQUARENESS + np.abs(y / self.half_depth) ** SQUARENESS
        )
        radius = np.sqrt(x**2 + y**2)
        return np.asarray(radius / np.maximum(around, 1e-6) ** (1 / SQUARENESS) - radius)

    def wall(self, place: Place) -> Array:
        """Signed distance to the outside of the muscles: fat is thickest at the flanks and back."""
        return np.asarray(
            self.fat * (1 + 0.3 * _sideways(place) + 0.002 * place[1]) - self.depth(place)
        )

    def cavity(self, place: Place) -> Array:
        """Signed distance to the inside of the abdominal wall, thinner in the midline."""
        x, _, _ = place
        muscle = self.muscle * (1 + 0.25 * _sideways(place))
        midline = 0.55 * muscle * np.exp(-((x / 9.0) ** 2))
        return np.asarray(self.wall(place) + muscle - midline)


def _sideways(place: Place) -> Array:
    x, y, _ = place
    return np.asarray((x**2 - y**2) / np.maximum(x**2 + y**2, 1e-6))


def diaphragm(place: Place) -> Array:
    """Return the height of the two domes of the diaphragm in mm."""
    x, y, _ = place
    right = DIAPHRAGM_TOP - 62 * (((x + 62) / 82) ** 2 + ((y + 2) / 92) ** 2)
    left = DIAPHRAGM_TOP - 8 - 62 * (((x - 66) / 74) ** 2 + ((y - 2) / 90) ** 2)
    return np.maximum(right, left)


def below_diaphragm(place: Place) -> Array:
    """Signed distance to the underside of the diaphragm, negative below it."""
    return np.asarray(0.75 * (place[2] - diaphragm(place) + 3))


def trunk(build: Build) -> Iterator[Organ]:
    """Yield the table and the trunk from the skin inwards."""

    def table(place: Place) -> Array:
        x, y, _ = place
        arc = np.sqrt(x**2 + (y + 360 - build.half_depth) ** 2) - 366.0
        return np.asarray(np.maximum(np.abs(arc) - 2.2, np.abs(x) - 205))

    yield Organ("table", -720, EVERYWHERE, table, grain=4)
    yield Organ("skin", 20, EVERYWHERE, lambda place: -build.depth(place), grain=4)
    yield Organ("fat", -104, EVERYWHERE, lambda place: 2.0 - build.depth(place), grain=6)
    yield Organ("muscle", 56, EVERYWHERE, build.wall, grain=12)
    yield Organ("fat inside", -100, EVERYWHERE, build.cavity, grain=9)
