"""How a visit was scanned: matrix, pixel size, slices, and where the patient lay and breathed."""

from dataclasses import dataclass

import numpy as np

from napari_recist.phantom.phases import PORTAL_VENOUS, Phase
from napari_recist.phantom.shapes import Array, Triple


@dataclass(frozen=True, slots=True)
class Scan:
    """The acquisition of one visit; lengths in mm, places in patient LPS.

    ``top`` is the z of the uppermost slice and ``slice_distance`` the step between slice centres
    (less than the thickness where slices overlap). ``table`` is where the patient's middle lay
    in this scan; ``breath`` how far the organs under the diaphragm moved against the wall.
    ``visit`` counts the patient's scans, so that no two share their noise; ``phase`` is what the
    contrast has reached.
    """

    matrix: int
    pixel: float
    thickness: float
    slice_distance: float
    slices: int
    top: float
    table: Triple = (0.0, 0.0, 0.0)
    breath: Triple = (0.0, 0.0, 0.0)
    visit: int = 0
    noise_hu: float = 11.0
    compressed: bool = False
    phase: Phase = PORTAL_VENOUS

    @property
    def first_pixel(self) -> tuple[float, float]:
        """The x and y of the centre of the first pixel of each slice."""
        corner = -self.pixel * (self.matrix - 1) / 2
        return (corner, corner)

    @property
    def heights(self) -> Array:
        """The z of each slice, from head to feet."""
        return np.asarray(self.top - self.slice_distance * np.arange(self.slices))

    def nearest_height(self, z: float) -> float:
        """Return the z of the slice nearest to a height."""
        heights = self.heights
        return float(heights[np.abs(heights - z).argmin()])

    def moved(self, place: Triple, follows_breath: float) -> Triple:
        """Return where a place of the resting patient lies in this scan."""
        x, y, z = (
            middle + offset + follows_breath * shift
            for middle, offset, shift in zip(place, self.table, self.breath, strict=True)
        )
        return (x, y, z)
