"""Solid shapes as signed distances, the alphabet in which the anatomy is written.

Every function takes coordinates in mm that broadcast against each other and returns the signed
distance to the surface in mm, negative inside. Distances are of first order: exact on the surface,
good near it, which is where partial volume happens.
"""

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
Triple: TypeAlias = tuple[float, float, float]


def ellipsoid(x: Array, y: Array, z: Array, centre: Triple, radii: Triple) -> Array:
    """Signed distance to an ellipsoid with axes along x, y and z."""
    offsets = [axis - middle for axis, middle in zip((x, y, z), centre, strict=True)]
    scaled = np.sqrt(sum((o / r) ** 2 for o, r in zip(offsets, radii, strict=True)))
    slope = np.sqrt(sum((o / r**2) ** 2 for o, r in zip(offsets, radii, strict=True)))
    return np.asarray(scaled * (scaled - 1) / np.maximum(slope, 1e-6))


def column(x: Array, y: Array, centre: tuple[float, float], radii: tuple[float, float]) -> Array:
    """Signed distance to an elliptic cylinder along z."""
    across, along = x - centre[0], y - centre[1]
    scaled = np.sqrt((across / radii[0]) ** 2 + (along / radii[1]) ** 2)
    slope = np.sqrt((across / radii[0] ** 2) ** 2 + (along / radii[1] ** 2) ** 2)
    return np.asarray(scaled * (scaled - 1) / np.maximum(slope, 1e-6))


def tube(
    x: Array, y: Array, z: Array, start: Triple, end: Triple, radii: tuple[float, float]
) -> Array:
    """Signed distance to a round tube whose radius runs from ``radii[0]`` to ``radii[1]``."""
    # plain floats throughout: a NumPy scalar of double precision would widen whole volumes
    way = [stop - begin for begin, stop in zip(start, end, strict=True)]
    length_squared = sum(step * step for step in way)
    px, py, pz = x - start[0], y - start[1], z - start[2]
    share = np.clip((px * way[0] + py * way[1] + pz * way[2]) / length_squared, 0, 1)
    miss = (px - share * way[0]) ** 2 + (py - share * way[1]) ** 2 + (pz - share * way[2]) ** 2
    return np.asarray(np.sqrt(miss) - (radii[0] + share * (radii[1] - radii[0])))


def joined(first: Array, second: Array, blend: float) -> Array:
    """Union of two shapes, rounded over ``blend`` mm where they meet."""
    share = np.clip(0.5 + 0.5 * (second - first) / blend, 0, 1)
    return np.asarray(second + share * (first - second) - blend * share * (1 - share))


def common(first: Array, second: Array, blend: float) -> Array:
    """Intersection of two shapes, its edges rounded over ``blend`` mm."""
    return -joined(-first, -second, blend)


def without(first: Array, second: Array, blend: float) -> Array:
    """The first shape with the second taken out of it."""
    return common(first, -second, blend)


def turned(x: Array, y: Array, centre: Triple, degrees: float) -> tuple[Array, Array]:
    """Coordinates seen from a frame turned in the axial plane about ``centre``."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    dx, dy = x - centre[0], y - centre[1]
    return centre[0] + cosine * dx + sine * dy, centre[1] - sine * dx + cosine * dy
