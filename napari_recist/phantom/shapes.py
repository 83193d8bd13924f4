"""Solid shapes as signed distances, the alphabet in which the anatomy is written.

A ``Place`` is the coordinates x, y and z in mm, arrays that broadcast against each other. Every
shape returns the signed distance to its surface in mm, negative inside: of first order, exact on
the surface and good near it, which is where partial volume happens. A shape that is the same at all
heights returns a single slice, which broadcasts.
"""

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
Place: TypeAlias = tuple[Array, Array, Array]
Triple: TypeAlias = tuple[float, float, float]


def ellipsoid(place: Place, centre: Triple, radii: Triple) -> Array:
    """Signed distance to an ellipsoid with axes along x, y and z."""
    offsets = [axis - middle for axis, middle in zip(place, centre, strict=True)]
    scaled = np.sqrt(sum((o / r) ** 2 for o, r in zip(offsets, radii, strict=True)))
    slope = np.sqrt(sum((o / r**2) ** 2 for o, r in zip(offsets, radii, strict=True)))
    return np.asarray(scaled * (scaled - 1) / np.maximum(slope, 1e-6))


def column(place: Place, centre: tuple[float, float], radii: tuple[float, float]) -> Array:
    """Signed distance to an elliptic cylinder that runs along z without end."""
    x, y, _ = place
    across, along = x - centre[0], y - centre[1]
    scaled = np.sqrt((across / radii[0]) ** 2 + (along / radii[1]) ** 2)
    slope = np.sqrt((across / radii[0] ** 2) ** 2 + (along / radii[1] ** 2) ** 2)
    return np.asarray(scaled * (scaled - 1) / np.maximum(slope, 1e-6))


def tube(place: Place, start: Triple, end: Triple, radii: tuple[float, float]) -> Array:
    """Signed distance to a round tube whose radius runs from ``radii[0]`` to ``radii[1]``."""
    # plain floats throughout: a NumPy scalar of double precision would widen whole volumes
    way = [stop - begin for begin, stop in zip(start, end, strict=True)]
    length_squared = sum(step * step for step in way)
    offsets = [axis - begin for axis, begin in zip(place, start, strict=True)]
    reached = sum(o * (w / length_squared) for o, w in zip(offsets, way, strict=True))
    share = np.clip(reached, 0, 1)
    miss = sum((o - share * w) ** 2 for o, w in zip(offsets, way, strict=True))
    return np.asarray(np.sqrt(miss) - (radii[0] + share * (radii[1] - radii[0])))


def joined(first: Array, second: Array, blend: float) -> Array:
    """Return the union of two shapes, rounded over ``blend`` mm where they meet."""
    share = np.clip(0.5 + 0.5 * (second - first) / blend, 0, 1)
    return np.asarray(second + share * (first - second) - blend * share * (1 - share))


def common(first: Array, second: Array, blend: float) -> Array:
    """Return the intersection of two shapes, its edges rounded over ``blend`` mm."""
    return -joined(-first, -second, blend)


def without(first: Array, second: Array, blend: float) -> Array:
    """Return the first shape with the second taken out of it."""
    return common(first, -second, blend)


def turned(place: Place, centre: Triple, degrees: float) -> Place:
    """Return the coordinates seen from a frame turned in the axial plane about ``centre``."""
    x, y, z = place
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    dx, dy = x - centre[0], y - centre[1]
    return centre[0] + cosine * dx + sine * dy, centre[1] - sine * dx + cosine * dy, z
