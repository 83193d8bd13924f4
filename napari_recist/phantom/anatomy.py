"""The upper abdomen of a synthetic patient: organs as shapes with an attenuation each.

Patient millimetres, LPS: x towards the left hand, y towards the back, z towards the head; the
origin lies in the middle of the abdomen. Attenuations are those of the portal venous phase.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from napari_recist.phantom.shapes import (
    Array,
    Triple,
    column,
    common,
    ellipsoid,
    joined,
    tube,
    turned,
    without,
)

Shape: TypeAlias = Callable[[Array, Array, Array], Array]
Box: TypeAlias = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]

EVERYWHERE = 1000.0
ALL_HEIGHTS = (-EVERYWHERE, EVERYWHERE)

DIAPHRAGM_TOP = 96.0
LIVER_HU = 112.0


@dataclass(frozen=True, slots=True)
class Build:
    """How a patient is built: half width and half depth of the trunk, fat and muscle, in mm."""

    half_width: float = 156.0
    half_depth: float = 108.0
    fat: float = 16.0
    muscle: float = 10.0

    def outline(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return the depth below the skin (mm, positive inside) and the depth of the fat's end."""
        squareness = 2.35
        around = (np.abs(x / self.half_width) ** squareness) + (
            np.abs(y / self.half_depth) ** squareness
        )
        scaled = np.maximum(around, 1e-6) ** (1 / squareness)
        radius = np.sqrt(x**2 + y**2)
        depth = radius / scaled - radius
        sideways = (x**2 - y**2) / np.maximum(x**2 + y**2, 1e-6)
        return np.asarray(depth), np.asarray(self.fat * (1 + 0.3 * sideways + 0.15 * y / 100))

    def cavity(self, x: Array, y: Array) -> Array:
        """Signed distance to the inside of the abdominal wall, mm, negative inside."""
        depth, fat = self.outline(x, y)
        return np.asarray(fat + self.muscle - depth)


@dataclass(frozen=True, slots=True)
class Organ:
    """A shape, its attenuation, how grainy it is, and how far it follows the breath (0 to 1)."""

    name: str
    hu: float
    box: Box
    shape: Shape
    follows_breath: float = 0.0
    grain: float = 2.0
    blur: float = 0.7


def diaphragm(x: Array, y: Array) -> Array:
    """Height of the two domes of the diaphragm in mm."""
    right = DIAPHRAGM_TOP - 62 * (((x + 62) / 82) ** 2 + ((y + 2) / 92) ** 2)
    left = DIAPHRAGM_TOP - 8 - 62 * (((x - 66) / 74) ** 2 + ((y - 2) / 90) ** 2)
    return np.maximum(right, left)


def organs(build: Build, seed: int) -> Iterator[Organ]:
    """Yield the organs inside the wall in the order in which each hides what came before."""
    yield from bowel(build, np.random.default_rng([seed, 1]))
    yield from upper_organs(build)
    yield from retroperitoneum()
    yield from skeleton(build)


def liver(build: Build) -> Organ:
    """Return the liver: two lobes, moulded by the wall, diaphragm, kidney, gallbladder and hilum."""

    def shape(x: Array, y: Array, z: Array) -> Array:
        lobes = joined(
            ellipsoid(x, y, z, (-66, 0, 2), (80, 92, 98)),
            ellipsoid(x, y, z, (8, -50, 36), (78, 36, 46)),
            22,
        )
        lobes = common(lobes, build.cavity(x, y) + 2, 6)
        lobes = common(lobes, 0.75 * (z - diaphragm(x, y) + 3), 6)
        lobes = without(lobes, column(x, y, (10, 72), (54, 50)), 8)
        lobes = without(lobes, ellipsoid(x, y, z, (-56, 56, -44), (36, 34, 62)), 6)
        lobes = without(lobes, ellipsoid(x, y, z, (-46, -46, -50), (22, 24, 40)), 6)
        lobes = without(lobes, hilum(x, y, z), 6)
        return without(lobes, tube(x, y, z, (-16, -92, 10), (-10, -44, 2), (3.5, 1.5)), 4)

    box = ((-146.0, 92.0), (-100.0, 96.0), (-104.0, 104.0))
    return Organ("liver", LIVER_HU, box, shape, follows_breath=1.0, grain=3.5)


def hilum(x: Array, y: Array, z: Array) -> Array:
    """Signed distance to the fat of the porta hepatis."""
    return ellipsoid(x, y, z, (-14, -2, -22), (38, 25, 30))


def upper_organs(build: Build) -> Iterator[Organ]:
    """Yield lungs, heart, spleen, stomach, pancreas, liver and gallbladder."""

    def lungs(x: Array, y: Array, z: Array) -> Array:
        return common(build.cavity(x, y) - 3, 0.7 * (diaphragm(x, y) - z), 2)

    everywhere = ((-170.0, 170.0), (-120.0, 120.0))
    yield Organ("lungs", -840, (*everywhere, (20.0, 200.0)), lungs, 1.0, grain=14)
    yield Organ(
        "heart",
        150,
        ((-35.0, 85.0), (-80.0, 20.0), (70.0, 200.0)),
        lambda x, y, z: ellipsoid(x, y, z, (24, -34, 122), (52, 42, 40)),
        0.9,
    )
    yield Organ("spleen", 122, ((40.0, 150.0), (-45.0, 100.0), (-40.0, 100.0)), _spleen(build), 0.9)
    yield from stomach()
    yield from pancreas()
    yield liver(build)
    yield Organ(
        "portal vein",
        168,
        ((-45.0, 15.0), (-20.0, 30.0), (-75.0, 15.0)),
        lambda x, y, z: joined(
            tube(x, y, z, (2, 10, -60), (-6, 8, -30), (6.5, 6.5)),
            tube(x, y, z, (-6, 8, -30), (-32, 2, -6), (6.8, 5.8)),
            3,
        ),
        1.0,
    )
    yield Organ(
        "gallbladder wall",
        85,
        ((-72.0, -22.0), (-74.0, -20.0), (-92.0, -10.0)),
        lambda x, y, z: ellipsoid(x, y, z, (-46, -46, -50), (17.5, 18.5, 34)),
        1.0,
    )
    yield Organ(
        "bile",
        9,
        ((-72.0, -22.0), (-74.0, -20.0), (-92.0, -10.0)),
        lambda x, y, z: ellipsoid(x, y, z, (-46, -46, -50), (16, 17, 32.5)),
        1.0,
        grain=1,
    )


def _spleen(build: Build) -> Shape:
    def shape(x: Array, y: Array, z: Array) -> Array:
        u, v = turned(x, y, (98, 30, 0), 28)
        body = ellipsoid(u, v, z, (100, 30, 30), (30, 54, 54))
        body = common(body, build.cavity(x, y) + 3, 5)
        body = common(body, 0.75 * (z - diaphragm(x, y) + 3), 5)
        return without(body, ellipsoid(u, v, z, (76, 22, 18), (20, 34, 40)), 7)

    return shape


def stomach() -> Iterator[Organ]:
    """Yield wall, content and the air that floats on it."""
    centre, box = (60.0, -30.0, 42.0), ((5.0, 115.0), (-90.0, 25.0), (-25.0, 105.0))

    def wall(x: Array, y: Array, z: Array) -> Array:
        u, v = turned(x, y, centre, 25)
        return joined(
            ellipsoid(u, v, z, centre, (33, 31, 48)),
            tube(x, y, z, (45, -50, 20), (2, -42, -22), (22, 13)),
            14,
        )

    def content(x: Array, y: Array, z: Array) -> Array:
        return wall(x, y, z) + 4.5

    def air(x: Array, y: Array, z: Array) -> Array:
        return common(content(x, y, z) + 0.5, y + 42.0, 0.5)

    yield Organ("stomach wall", 92, box, wall, 0.9)
    yield Organ("stomach content", 24, box, content, 0.9, grain=9)
    yield Organ("stomach air", -960, box, air, 0.9, grain=0)


def pancreas() -> Iterator[Organ]:
    """Yield the pancreas from head to tail, with the splenic vein behind it."""
    way: tuple[Triple, ...] = ((-2, 2, -52), (8, -6, -34), (38, -8, -22), (66, 8, -8), (84, 24, 4))
    widths = (15.0, 12.0, 10.0, 10.5, 8.0)
    box = ((-25.0, 102.0), (-30.0, 45.0), (-75.0, 25.0))

    def shape(x: Array, y: Array, z: Array) -> Array:
        parts = [
            tube(x, y, z, start, end, (wide, narrow))
            for start, end, wide, narrow in zip(way, way[1:], widths, widths[1:], strict=False)
        ]
        lobes = 1.6 * np.sin(x / 2.7) * np.sin(y / 2.3 + 1) * np.sin(z / 2.9)
        body = parts[0]
        for part in parts[1:]:
            body = joined(body, part, 6)
        return np.asarray(body + lobes)

    yield Organ("pancreas", 98, box, shape, 0.7, grain=6)
    yield Organ(
        "splenic vein",
        165,
        ((-10.0, 90.0), (-10.0, 45.0), (-40.0, 25.0)),
        lambda x, y, z: joined(
            tube(x, y, z, (-4, 10, -26), (44, 6, -16), (5.5, 5)),
            tube(x, y, z, (44, 6, -16), (80, 34, 12), (5, 4)),
            3,
        ),
        0.7,
    )


def retroperitoneum() -> Iterator[Organ]:
    """Yield kidneys, adrenals, aorta and vena cava."""
    for side, height in ((-1, -48.0), (1, -36.0)):
        yield from kidney(side, height)
    yield Organ(
        "left adrenal",
        85,
        ((10.0, 50.0), (10.0, 55.0), (-10.0, 45.0)),
        lambda x, y, z: joined(
            tube(x, y, z, (27, 26, 18), (34, 42, 16), (2.6, 2.0)),
            tube(x, y, z, (27, 26, 18), (24, 42, 16), (2.6, 2.0)),
            2,
        ),
        0.3,
    )
    crus = ((-40.0, 60.0), (10.0, 70.0), ALL_HEIGHTS)
    yield Organ("crura", 62, crus, lambda x, y, z: column(x, y, (9, 34), (19, 15)) + 0 * z)
    yield Organ(
        "fat before the aorta", -95, crus, lambda x, y, z: column(x, y, (9, 31), (15.5, 14)) + 0 * z
    )
    yield Organ("aorta", 158, crus, lambda x, y, z: column(x, y, (9, 32), (11, 11)) + 0 * z)
    yield Organ(
        "aortic plaque",
        480,
        crus,
        lambda x, y, z: ellipsoid(x, y, z, (17, 39, -30), (1.6, 3.6, 9)),
    )
    vena_cava = ((-50.0, 5.0), (5.0, 60.0), ALL_HEIGHTS)
    yield Organ(
        "vena cava",
        138,
        vena_cava,
        lambda x, y, z: column(x, y, (-23, 30), (13.5, 10.5)) + 0 * z,
    )


def kidney(side: int, height: float) -> Iterator[Organ]:
    """Yield cortex, medulla, sinus fat and renal vein of one kidney (-1 right, 1 left)."""
    centre = (side * 60.0, 54.0, height)
    low, high = sorted((side * 20.0, side * 96.0))
    box = ((low, high), (12.0, 96.0), (height - 62, height + 62))

    def outline(x: Array, y: Array, z: Array) -> Array:
        u, v = turned(x, y, centre, side * 35)
        return ellipsoid(u + side * 0.12 * (z - height), v, z, centre, (25, 29, 54))

    def sinus(x: Array, y: Array, z: Array) -> Array:
        return ellipsoid(x, y, z, (side * 47.0, 44.0, height), (15, 11, 26))

    def medulla(x: Array, y: Array, z: Array) -> Array:
        pyramids = 3.2 * np.sin(z / 4.2) * np.sin((y + side * x) / 6.0)
        return np.asarray(outline(x, y, z) + 7.5 + pyramids)

    name = "left" if side > 0 else "right"
    yield Organ(f"{name} renal cortex", 192, box, outline, 0.45)
    yield Organ(f"{name} renal medulla", 150, box, medulla, 0.45, blur=1.4)
    yield Organ(f"{name} renal sinus", -60, box, sinus, 0.45, grain=6, blur=1.2)
    yield Organ(
        f"{name} renal vein",
        160,
        ((-50.0, 60.0), (10.0, 60.0), (height - 20, height + 20)),
        lambda x, y, z: tube(
            x, y, z, (side * 46.0, 43.0, height), (side * 18.0 - 4, 20.0, height + 6), (4.5, 5)
        ),
        0.45,
    )


def skeleton(build: Build) -> Iterator[Organ]:
    """Yield the muscles of the back, the spine and the ribs."""
    back = ((-100.0, 100.0), (15.0, 120.0), ALL_HEIGHTS)
    for side in (-1, 1):
        yield Organ(
            "psoas",
            60,
            back,
            lambda x, y, z, side=side: ellipsoid(x, y, z, (side * 37.0, 60, -90), (19, 17, 90)),
            grain=5,
        )
        yield Organ(
            "muscles of the back",
            57,
            back,
            lambda x, y, z, side=side: column(x, y, (side * 34.0, 87), (31, 15)) + 0 * z,
            grain=9,
        )
    yield Organ("vertebral cortex", 330, back, vertebra(0.0), grain=12)
    yield Organ("vertebral marrow", 175, back, vertebra(2.4), grain=26, blur=1.2)
    yield Organ(
        "spinal canal",
        28,
        back,
        lambda x, y, z: column(x, y, (0, 80), (9.5, 7.5)) + 0 * z,
        grain=3,
    )
    yield Organ("rib", 340, ((-170.0, 170.0), (-90.0, 120.0), ALL_HEIGHTS), ribs(build, 0), 0.15)
    yield Organ(
        "rib marrow", 150, ((-170.0, 170.0), (-90.0, 120.0), ALL_HEIGHTS), ribs(build, 2.2), 0.15
    )


def vertebra(inset: float) -> Shape:
    """Shape of bodies, discs (as gaps) and arches of the spine, shrunk by ``inset`` mm."""

    def shape(x: Array, y: Array, z: Array) -> Array:
        level = (z + 500.0) % 33.0 - 16.5
        body = common(column(x, y, (0, 56), (22, 16.5)), np.abs(level) - 12.5, 2)
        lamina = joined(
            tube(x, y, level, (-16, 70, 0), (0, 96, -3), (5, 4)),
            tube(x, y, level, (16, 70, 0), (0, 96, -3), (5, 4)),
            3,
        )
        spine = tube(x, y, level, (0, 94, -3), (0, 108, -9), (4, 3.5))
        sides = tube(np.abs(x), y, level, (14, 74, 2), (38, 82, 4), (5, 3.5))
        return joined(joined(body, joined(lamina, spine, 2), 2), sides, 3) + inset

    return shape


def ribs(build: Build, inset: float) -> Shape:
    """Shape of the ribs: flat bars inside the wall that sink from back to front."""

    def shape(x: Array, y: Array, z: Array) -> Array:
        wall = build.cavity(x, y) - 6.0
        from_back = np.arctan2(np.abs(x), y)
        level = (z + 500.0 + 46.0 * from_back) % 27.0 - 13.5
        bar = np.sqrt((wall / 3.8) ** 2 + (0.8 * level / 6.2) ** 2)
        bar = 4.4 * (bar - 1)
        cut_off = 30.0 * (from_back - np.minimum(1.9, 1.25 + (z + 60.0) / 130.0))
        return common(common(bar, cut_off, 2), 26.0 - np.abs(x), 2) + inset

    return shape


def bowel(build: Build, dice: np.random.Generator) -> Iterator[Organ]:
    """Yield colon and small bowel, some of it with gas that rises to the front."""
    lateral = build.half_width - build.fat - build.muscle - 24
    front = -(build.half_depth - build.fat - build.muscle - 22)
    colon: tuple[tuple[Triple, Triple], ...] = (
        ((-lateral + 10, 0, -150), (-lateral + 16, -12, -96)),
        ((-lateral + 22, -28, -98), (-48, front, -98)),
        ((-48, front, -98), (30, front - 2, -84)),
        ((30, front - 2, -84), (lateral - 12, -22, -52)),
        ((lateral - 2, 20, -46), (lateral - 4, 24, -150)),
    )
    for start, end in colon:
        yield from loop(start, end, 16.5, dice.uniform(-4, 8))
    for _ in range(22):
        x, z = dice.uniform(-30, lateral - 18), dice.uniform(-130, -62)
        y = dice.uniform(front + 22, 12)
        turn, reach = dice.uniform(0, 2 * math.pi), dice.uniform(9, 20)
        end = (
            x + reach * math.cos(turn),
            y + 0.6 * reach * math.sin(turn),
            z + dice.uniform(-7, 7),
        )
        yield from loop((x, y, z), end, dice.uniform(8, 11), dice.uniform(-30, 7))


def loop(start: Triple, end: Triple, radius: float, gas: float) -> Iterator[Organ]:
    """Yield wall, content and gas of a stretch of bowel; ``gas`` is its depth in mm, if any."""
    reach = radius + 3
    (x0, x1), (y0, y1), (z0, z1) = (sorted(pair) for pair in zip(start, end, strict=True))
    box = ((x0 - reach, x1 + reach), (y0 - reach, y1 + reach), (z0 - reach, z1 + reach))

    def wall(x: Array, y: Array, z: Array) -> Array:
        haustra = 1.3 * np.sin((x + z) / 5.0) * np.cos(y / 7.0)
        return tube(x, y, z, start, end, (radius, radius)) + haustra

    def content(x: Array, y: Array, z: Array) -> Array:
        return wall(x, y, z) + 2.4

    def air(x: Array, y: Array, z: Array) -> Array:
        return common(content(x, y, z) + 0.4, y - (min(start[1], end[1]) - radius + 8 + gas), 0.5)

    yield Organ("bowel wall", 88, box, wall, 0.5)
    yield Organ("bowel content", 26, box, content, 0.5, grain=14)
    if gas > 0:
        yield Organ("bowel gas", -920, box, air, 0.5, grain=0)
