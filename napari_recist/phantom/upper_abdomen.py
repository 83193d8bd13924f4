"""The organs under the diaphragm that move with the breath: liver, spleen, stomach, pancreas."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np

from napari_recist.phantom.body import Box, Build, Organ, Shape, below_diaphragm, diaphragm
from napari_recist.phantom.shapes import (
    Array,
    Place,
    Triple,
    column,
    common,
    ellipsoid,
    joined,
    tube,
    turned,
    without,
)

LIVER_HU = 112.0
GALLBLADDER: Triple = (-44.0, -50.0, -46.0)


def upper_organs(build: Build) -> Iterator[Organ]:
    """Yield lungs, heart, spleen, stomach, pancreas, liver and gallbladder, back to front."""
    yield from chest(build)
    box = ((30.0, 150.0), (-60.0, 105.0), (-50.0, 100.0))
    yield Organ("spleen", 122, box, _spleen(build), 0.9, grain=3)
    yield from stomach()
    yield from pancreas()
    yield liver(build)
    yield from portal_vein()
    yield from gallbladder()


def chest(build: Build) -> Iterator[Organ]:
    """Yield what of lungs, heart and gullet hangs into an abdominal scan."""

    def lungs(place: Place) -> Array:
        space = common(build.cavity(place) - 1, 0.7 * (diaphragm(place) - place[2]), 2)
        space = without(space, column(place, (0, 86), (44, 34)), 6)
        return without(space, column(place, (8, -30), (30, 78)), 10)

    yield Organ("lungs", -835, ((-170.0, 170.0), (-125.0, 125.0), (20.0, 200.0)), lungs, 1.0, 14)
    heart = ((-40.0, 90.0), (-90.0, 25.0), (70.0, 200.0))
    yield Organ("heart", 150, heart, lambda p: ellipsoid(p, (24, -34, 124), (54, 44, 42)), 0.9, 4)
    gullet = ((0.0, 60.0), (-20.0, 40.0), (40.0, 200.0))
    yield Organ(
        "gullet", 72, gullet, lambda p: tube(p, (14, 12, 110), (36, -8, 58), (8, 9)), 0.8, grain=8
    )


def liver(build: Build) -> Organ:
    """Return the liver, moulded by wall, diaphragm, spine, kidney, gallbladder and hilum."""

    def shape(place: Place) -> Array:
        lobes = joined(
            ellipsoid(place, (-66, 0, 2), (80, 92, 98)),
            ellipsoid(place, (6, -48, 34), (84, 38, 48)),
            36,
        )
        lobes = common(lobes, build.cavity(place) + 2, 6)
        lobes = common(lobes, below_diaphragm(place), 6)
        lobes = without(lobes, column(place, (10, 72), (54, 50)), 8)
        lobes = without(lobes, ellipsoid(place, (-56, 58, -46), (34, 32, 60)), 6)
        lobes = without(lobes, ellipsoid(place, GALLBLADDER, (15.2, 18.4, 30)), 4)
        lobes = without(lobes, hilum(build, place), 8)
        return without(lobes, tube(place, (-16, -92, 10), (-10, -44, 2), (3.5, 1.5)), 4)

    box = ((-146.0, 94.0), (-104.0, 98.0), (-104.0, 104.0))
    return Organ("liver", LIVER_HU, box, shape, 1.0, grain=3.5)


def hilum(build: Build, place: Place) -> Array:
    """Signed distance to the fat of the porta hepatis."""
    size = build.hilum
    x, y, z = place
    lobules = 2.5 * np.sin(x / 8.0) * np.sin(y / 7.0 + z / 9.0)
    fat = ellipsoid(place, (-12, -9, -22), (38 * size, 27 * size, 32 * size))
    return np.asarray(fat + lobules)


def portal_vein() -> Iterator[Organ]:
    """Yield the trunk of the portal vein, with bile duct and artery before it."""
    beside = ((-45.0, 15.0), (-20.0, 30.0), (-75.0, 5.0))
    yield Organ(
        "bile duct", 12, beside, lambda p: tube(p, (-8, 6, -60), (-26, 0, -10), (3, 2.6)), 1.0
    )
    yield Organ("artery", 165, beside, lambda p: tube(p, (6, 0, -52), (-16, 0, -20), (2.4, 2)), 1.0)
    yield Organ(
        "portal vein",
        168,
        ((-45.0, 15.0), (-15.0, 30.0), (-75.0, 15.0)),
        lambda p: joined(
            tube(p, (4, 10, -60), (-6, 8, -30), (6.5, 6.5)),
            tube(p, (-6, 8, -30), (-32, 2, -6), (6.8, 5.8)),
            3,
        ),
        1.0,
    )


def gallbladder() -> Iterator[Organ]:
    """Yield the gallbladder's thin wall and the bile in it."""
    box = ((-66.0, -22.0), (-76.0, -24.0), (-84.0, -8.0))
    for name, hu, radii in (
        ("gallbladder", 78.0, (14.5, 17.5, 29.0)),
        ("bile", 9.0, (13.2, 16.2, 27.7)),
    ):
        shape = partial(ellipsoid, centre=GALLBLADDER, radii=radii)
        yield Organ(name, hu, box, shape, 1.0, grain=1.5)


def _spleen(build: Build) -> Shape:
    def shape(place: Place) -> Array:
        across = turned(place, (96, 30, 0), 28)
        body = ellipsoid(across, (96, 32, 32), (34, 56, 52))
        body = common(body, build.cavity(place) + 3, 5)
        body = common(body, below_diaphragm(place), 5)
        return without(body, ellipsoid(across, (66, 20, 26), (24, 32, 44)), 9)

    return shape


def stomach() -> Iterator[Organ]:
    """Yield the stomach's wall, its content, and the air that floats on it."""
    box: Box = ((-20.0, 120.0), (-95.0, 50.0), (-45.0, 105.0))

    def wall(place: Place) -> Array:
        fundus = ellipsoid(turned(place, (60, -6, 52), 20), (60, -6, 52), (36, 42, 40))
        body = tube(place, (62, -26, 40), (44, -52, -6), (29, 24))
        antrum = tube(place, (44, -52, -6), (2, -40, -26), (20, 12))
        return joined(joined(fundus, body, 16), antrum, 14)

    def content(place: Place) -> Array:
        x, y, z = place
        folds = 1.2 * np.sin(x / 3.1) * np.sin(z / 4.0 + y / 5.0)
        return np.asarray(wall(place) + 5.0 + folds)

    def air(place: Place) -> Array:
        return common(content(place) + 0.5, place[1] + 46.0, 0.5)

    yield Organ("stomach", 94, box, wall, 0.9)
    yield Organ("stomach content", 22, box, content, 0.9, grain=11)
    yield Organ("stomach air", -960, box, air, 0.9, grain=0)


def pancreas() -> Iterator[Organ]:
    """Yield the pancreas from head to tail, with the splenic vein behind it."""
    way: tuple[Triple, ...] = (
        (0, 4, -60),
        (14, -6, -46),
        (40, -6, -30),
        (66, 10, -14),
        (84, 26, 0),
    )
    widths = (15.0, 12.0, 10.0, 10.5, 8.0)
    stretches = [(*ends, wide) for ends, wide in zip(pairwise(way), pairwise(widths), strict=True)]

    def shape(place: Place) -> Array:
        x, y, z = place
        body = tube(place, *stretches[0])
        for stretch in stretches[1:]:
            body = joined(body, tube(place, *stretch), 6)
        return np.asarray(body + 1.6 * np.sin(x / 2.7) * np.sin(y / 2.3 + 1) * np.sin(z / 2.9))

    def vein(place: Place) -> Array:
        return joined(
            tube(place, (-4, 10, -30), (44, 8, -24), (5.5, 5)),
            tube(place, (44, 8, -24), (82, 36, 10), (5, 4)),
            3,
        )

    yield Organ("pancreas", 98, ((-25.0, 102.0), (-30.0, 48.0), (-80.0, 20.0)), shape, 0.7, 7)
    yield Organ("splenic vein", 165, ((-12.0, 92.0), (-5.0, 45.0), (-42.0, 20.0)), vein, 0.7)
