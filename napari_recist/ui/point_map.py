"""Maps between two scans: from a place in the current one to the same place in the prior one."""

from collections.abc import Callable

import numpy as np

from napari_recist.imaging.geometry import FloatArray

PointMap = Callable[[FloatArray], FloatArray]
"""Maps (..., 3) patient points of the current scan to those of the prior one, mm LPS."""

STEP_MM = 1.0
"""How far apart the slope of a map is taken: about a pixel; registrations are smooth there."""
CLOSE_MM = 0.01
"""Good enough for a place to look at: a hundredth of a pixel on the screen."""
MOST_STEPS = 20


def unmoved(points: FloatArray) -> FloatArray:
    """Map a place to itself: two scans of one frame of reference, or none registered."""
    return points


def found_back(mapping: PointMap, point: FloatArray) -> FloatArray:
    """Return the place that a map takes to ``point``, (3,) mm LPS.

    Newton's method: exact at once for a rigid or affine map; for a smooth deformation a few steps.
    Where it does not settle (a fold), the nearest place found is returned.
    """
    place = best = np.asarray(point, dtype=float)
    nearest = np.inf
    for _ in range(MOST_STEPS):
        reached, *shifted = mapping(place + STEP_MM * np.vstack([np.zeros(3), np.eye(3)]))
        missed = point - reached
        if (distance := float(np.linalg.norm(missed))) < nearest:
            best, nearest = place, distance
        if distance <= CLOSE_MM:
            break
        slope = (np.array(shifted) - reached).T / STEP_MM
        place = place + np.linalg.lstsq(slope, missed, rcond=None)[0]
    return best
