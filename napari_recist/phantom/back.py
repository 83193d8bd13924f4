"""What lies behind the abdominal cavity and hardly moves: kidneys, vessels, spine and ribs."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from napari_recist.phantom.body import ALL_HEIGHTS, EVERYWHERE, Build, Organ, Shape
from napari_recist.phantom.shapes import (
    Array,
    Place,
    column,
    common,
    ellipsoid,
    joined,
    tube,
    turned,
)

BACK = ((-110.0, 110.0), (0.0, 125.0), ALL_HEIGHTS)
SIDES = (-1.0, 1.0)
"""Right and left, as the sign of x."""


def back(build: Build) -> Iterator[Organ]:
    """Yield everything behind the cavity, back to front."""
    yield from muscles()
    for side, height in zip(SIDES, (-48.0, -36.0), strict=True):
        yield from kidney(side, height)
    yield from great_vessels()
    yield from spine()
    yield Organ("ribs", 285, EVERYWHERE, _ribs(build), 0.15, grain=35)


def muscles() -> Iterator[Organ]:
    """Yield the long muscles of the back, psoas and the crura of the diaphragm."""
    for side in SIDES:
        yield Organ("beside the spine", 57, BACK, _mirrored(side, (33, 85), (32, 14.5)), grain=13)
        yield Organ("quadratus", 57, BACK, _mirrored(side, (62, 78), (17, 8)), grain=10)
        yield Organ(
            "psoas",
            60,
            BACK,
            partial(ellipsoid, centre=(side * 36, 60, -92), radii=(18, 17, 92)),
            grain=6,
        )
    yield Organ("right crus", 62, BACK, lambda p: column(p, (-5, 38), (5, 13)), grain=4)
    yield Organ("left crus", 62, BACK, lambda p: column(p, (23, 38), (4.5, 14)), grain=4)


def _mirrored(side: float, centre: tuple[float, float], radii: tuple[float, float]) -> Shape:
    return lambda place: column(place, (side * centre[0], centre[1]), radii)


def great_vessels() -> Iterator[Organ]:
    """Yield aorta, with a plaque, and vena cava."""
    yield Organ("aorta", 158, BACK, lambda p: column(p, (9, 30), (11, 11)))
    yield Organ("plaque", 480, BACK, lambda p: ellipsoid(p, (17, 37, -30), (1.6, 3.6, 9)))
    yield Organ("vena cava", 138, BACK, lambda p: column(p, (-23, 29), (13.5, 10.5)))


def kidney(side: float, height: float) -> Iterator[Organ]:
    """Yield cortex, medulla, sinus fat, vein and adrenal of one side."""
    centre = (side * 60, 54.0, height)
    low, high = sorted((side * 20, side * 98))
    box = ((low, high), (12.0, 98.0), (height - 62, height + 62))

    def outline(place: Place) -> Array:
        x, y, z = turned(place, centre, side * 35)
        return ellipsoid((x + side * 0.12 * (z - height), y, z), centre, (25, 29, 54))

    def medulla(place: Place) -> Array:
        x, y, z = place
        return np.asarray(
            outline(place) + 7.5 + 3.2 * np.sin(z / 4.2) * np.sin((y + side * x) / 6.0)
        )

    def sinus(place: Place) -> Array:
        x, y, z = place
        ragged = 2.0 * np.sin(x / 3.0) * np.sin(y / 2.6) * np.cos(z / 5.0)
        return np.asarray(ellipsoid(place, (side * 46, 44, height), (15, 9, 25)) + ragged)

    def vein(place: Place) -> Array:
        return tube(place, (side * 48, 44, height), (side * 18 - 4, 20, height + 6), (3.5, 5))

    def adrenal(place: Place) -> Array:
        x, y, z = place
        limbs = (np.abs(x - side * 33) * 0.5, y, z)
        return tube(limbs, (0, 26, height + 58), (4.5, 44, height + 58), (2.4, 2.0))

    yield Organ("kidney cortex", 192, box, outline, 0.45, grain=4)
    yield Organ("kidney medulla", 152, box, medulla, 0.45, blur=1.6)
    yield Organ("kidney sinus", -55, box, sinus, 0.45, grain=12, blur=1.3)
    near_vein = ((-60.0, 60.0), (10.0, 60.0), (height - 20, height + 20))
    yield Organ("renal vein", 160, near_vein, vein, 0.45)
    above = ((low - 15, high + 15), (15.0, 60.0), (height + 45, height + 72))
    yield Organ("adrenal", 84, above, adrenal, 0.4)


def spine() -> Iterator[Organ]:
    """Yield discs, vertebrae and the canal."""
    yield Organ("discs", 88, BACK, lambda p: column(p, (0, 56), (20.5, 15.5)), grain=4)
    yield Organ("vertebral cortex", 320, BACK, _vertebra(0.0), grain=12)
    yield Organ("vertebral marrow", 172, BACK, _vertebra(2.2), grain=28, blur=1.2)
    yield Organ("canal", 30, BACK, lambda p: column(p, (0, 79.5), (9, 7)), grain=3)


def _vertebra(inset: float) -> Shape:
    """Shape of the bodies and arches, one every 33 mm, shrunk by ``inset`` mm."""

    def shape(place: Place) -> Array:
        x, y, z = place
        mirrored = (np.abs(x), y, (z + 500.0) % 33.0 - 16.5)
        body = common(column(mirrored, (0, 56), (22, 16.5)), np.abs(mirrored[2]) - 12.5, 2)
        lamina = tube(mirrored, (15, 70, 0), (0, 92, -3), (5, 4))
        process = tube(mirrored, (0, 92, -3), (0, 98, -8), (4, 3))
        side = tube(mirrored, (14, 74, 2), (37, 82, 4), (5, 3.2))
        return joined(joined(body, lamina, 2), joined(process, side, 2), 2) + inset

    return shape


def _ribs(build: Build) -> Shape:
    """Shape of the ribs: flat bars inside the wall that sink from back to front."""

    def shape(place: Place) -> Array:
        x, y, z = place
        wall = build.cavity(place) - 5.0
        from_back = np.arctan2(np.abs(x), y)
        level = (z + 500.0 + 62.0 * from_back) % 27.0 - 13.5
        bar = 3.9 * (np.sqrt((wall / 3.6) ** 2 + (level / 5.6) ** 2) - 1)
        ends = 60.0 * (from_back - np.minimum(2.0, 1.3 + (z + 60.0) / 130.0))
        return common(common(bar, ends, 2), 34.0 - np.abs(x), 2)

    return shape
