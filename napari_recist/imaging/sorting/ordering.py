"""Put the images of a volume in order of position and prove that one affine describes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.geometry import FloatArray

SAME_PLACE_MM = 0.01
"""Two slices closer than this along the normal claim one place: no scanner steps so finely."""

REGULAR_MM = 0.02
"""Worst error of a slice corner that decimal rounding of positions explains."""

APPROXIMATE_MM = 0.1
"""Worst error still below the last digit a diameter is reported with; shown, not hidden."""

SHEAR_MM = 0.1
"""Sideways drift over the whole stack that a box without shear would misplace visibly."""

WHOLE_MULTIPLE = 0.05
"""How far from a whole multiple of the pitch a gap may be and still count lost slices."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where an ordered set of slices lies.

    Parameters
    ----------
    origins : (n, 3) float array
        Image Position (Patient) of each slice, mm LPS.
    row, column, normal : (3,) float array
        Mean unit directions.
    depths : (n,) float array
        Projection of each origin on the normal, mm, rising.
    worst_mm : float
        Largest distance of a slice corner from where evenly stepped slices would put it.
    tilt_degrees : float
        Angle between the line of origins and the normal.
    drift_mm : float
        Sideways distance between the first and the last origin.
    """

    origins: FloatArray
    row: FloatArray
    column: FloatArray
    normal: FloatArray
    depths: FloatArray
    worst_mm: float
    tilt_degrees: float
    drift_mm: float

    @property
    def steps(self) -> FloatArray:
        """(n - 1,) distances between neighbouring slices along the normal, mm."""
        return np.diff(self.depths)

    @property
    def regular(self) -> bool:
        """Whether evenly stepped slices describe every corner."""
        return self.worst_mm <= APPROXIMATE_MM


def in_order(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """Sort by projected position; images of one place keep the order they come in."""
    depths = depths_of(frames)
    return tuple(frames[index] for index in sorted(range(len(frames)), key=depths.__getitem__))


def depths_of(frames: Sequence[Frame]) -> list[float]:
    """Return each image's projection on the common normal, mm."""
    _, _, normal = directions(frames)
    origins = np.array([frame.position for frame in frames], dtype=float)
    return [float(depth) for depth in origins @ normal]


def directions(frames: Sequence[Frame]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the mean row, column and normal directions as unit vectors."""
    distinct = {frame.orientation for frame in frames}
    mean = np.mean(np.array(sorted(distinct), dtype=float), axis=0)
    row, column = mean[:3], mean[3:]
    row = row / np.linalg.norm(row)
    column = column / np.linalg.norm(column)
    normal = np.cross(row, column)
    return row, column, normal / np.linalg.norm(normal)


def lay_out(frames: Sequence[Frame]) -> Layout:
    """Measure an ordered set of slices (see ``Layout``)."""
    row, column, normal = directions(frames)
    origins = np.array([frame.position for frame in frames], dtype=float)
    depths = origins @ normal
    along = origins[-1] - origins[0]
    forward = float(along @ normal)
    drift = float(np.linalg.norm(along - forward * normal))
    return Layout(
        origins=origins,
        row=row,
        column=column,
        normal=normal,
        depths=depths,
        worst_mm=_worst_corner(frames, origins),
        tilt_degrees=float(np.degrees(np.arctan2(drift, abs(forward)))) if len(frames) > 1 else 0.0,
        drift_mm=drift,
    )


def _worst_corner(frames: Sequence[Frame], origins: FloatArray) -> float:
    """Compare every slice's four corners with those of evenly stepped slices, shear allowed."""
    count = len(frames)
    if count == 1:
        return 0.0
    step = (origins[-1] - origins[0]) / (count - 1)
    shifts = origins - (origins[0] + np.arange(count)[:, None] * step)
    turned = _corner_turns(frames)
    if turned is None:
        return float(np.linalg.norm(shifts, axis=1).max())
    return float(np.linalg.norm(shifts[:, None] + turned, axis=2).max())


def _corner_turns(frames: Sequence[Frame]) -> FloatArray | None:
    """(n, 4, 3) shift of each corner by the slice's own orientation; None when all are equal."""
    if len({frame.orientation for frame in frames}) == 1:
        return None
    row, column, _ = directions(frames)
    own = np.array([frame.orientation for frame in frames], dtype=float)
    down, across = frames[0].spacing
    right = (own[:, :3] - row) * across * (frames[0].columns - 1)
    below = (own[:, 3:] - column) * down * (frames[0].rows - 1)
    return np.stack([np.zeros_like(right), right, below, right + below], axis=1)


def pitch_mm(frames: Sequence[Frame], layout: Layout) -> float | None:
    """Return the distance that explains every step as whole multiples of it, or None.

    Tried in turn: a step seen more than once, the distance per instance number, the smallest
    step, the stated thickness.
    """
    steps = layout.steps
    numbers = [frame.instance.instance_number for frame in frames]
    rounded = np.round(steps, 2)
    values, counts = np.unique(rounded, return_counts=True)
    candidates = [float(steps[rounded == values[counts.argmax()]].mean())]
    if None not in numbers:
        counted = np.abs(np.diff(np.array(numbers, dtype=float)))
        if counted.all():
            candidates.insert(int(counts.max() > 1), float(np.median(steps / counted)))
    candidates.append(frames[0].thickness or 0.0)
    return next((pitch for pitch in candidates if _explains(pitch, steps)), None)


def _explains(pitch: float, steps: FloatArray) -> bool:
    if pitch <= SAME_PLACE_MM:
        return False
    multiples = steps / pitch
    whole = np.round(multiples)
    return bool(np.all(whole >= 1) and np.all(np.abs(multiples - whole) <= WHOLE_MULTIPLE))
