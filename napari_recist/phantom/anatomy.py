"""The upper abdomen of one patient: every organ, in the order in which later ones hide earlier."""

from collections.abc import Iterator

import numpy as np

from napari_recist.phantom.back import back
from napari_recist.phantom.body import Build, Organ, trunk
from napari_recist.phantom.bowel import bowel
from napari_recist.phantom.shapes import Array, Place
from napari_recist.phantom.upper_abdomen import liver, upper_organs


def organs(build: Build, seed: int, fluid_mm: float) -> Iterator[Organ]:
    """Yield the organs of a patient.

    Parameters
    ----------
    build : how the patient is built
    seed : decides what differs at random, such as the loops of bowel
    fluid_mm : thickness of the ascites around the liver, 0 for none
    """
    yield from trunk(build)
    if fluid_mm:
        yield ascites(build, fluid_mm)
    yield from bowel(build, np.random.default_rng([seed, 1]))
    yield from upper_organs(build)
    yield from back(build)


def ascites(build: Build, fluid_mm: float) -> Organ:
    """Return a rim of fluid between the liver and the wall."""
    surface = liver(build).shape

    def shape(place: Place) -> Array:
        x, y, _ = place
        near = np.maximum(surface(place) - fluid_mm, build.cavity(place) + 1)
        return np.asarray(np.maximum(near, x + 0.6 * y - 20))

    box = ((-160.0, 110.0), (-115.0, 115.0), (-130.0, 110.0))
    return Organ("ascites", 9, box, shape, 1.0, grain=1.5, blur=1.0)
