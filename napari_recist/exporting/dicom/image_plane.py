"""Where the pixels of one acquired image lie in the patient, and back: for spatial coordinates.

Image coordinates are those of a structured report (PS3.3, C.18.6): (column, row), 0 at the outer
corner of the first pixel, so that the centre of that pixel is (0.5, 0.5). Patient coordinates are
mm, LPS, (x, y, z). Everything follows from the image's own position, orientation and spacing.
"""

import math
from dataclasses import dataclass

from napari_recist.criteria.calipers import Point

HALF_PIXEL = 0.5
"""From the outer corner of the first pixel to its centre, where Image Position is."""

SQUARE = 1e-4
"""Pixels whose sides differ by less are square: that is 0.01 mm over 100 mm."""


@dataclass(frozen=True, slots=True)
class ImagePlane:
    """The plane of one image or frame.

    Parameters
    ----------
    position : Point
        Patient position of the centre of the first pixel, mm.
    row, column : Point
        Direction cosines along a row and along a column, as Image Orientation tells them.
    row_spacing, column_spacing : float
        Distance between rows and between columns, mm (Pixel Spacing, in this order).
    """

    position: Point
    row: Point
    column: Point
    row_spacing: float
    column_spacing: float

    @property
    def square(self) -> bool:
        """Whether rows are as far apart as columns."""
        return math.isclose(self.row_spacing, self.column_spacing, rel_tol=SQUARE)

    def to_patient(self, column: float, row: float) -> Point:
        """Return the patient point of image coordinates (PS3.3, equation C.7.6.2.1-1)."""
        across = (column - HALF_PIXEL) * self.column_spacing
        down = (row - HALF_PIXEL) * self.row_spacing
        x, y, z = (
            origin + across * along + down * below
            for origin, along, below in zip(self.position, self.row, self.column, strict=True)
        )
        return x, y, z

    def to_image(self, point: Point) -> tuple[float, float]:
        """Return the image coordinates (column, row) of the plane's point nearest to this one.

        The two directions need not be exactly perpendicular: the normal equations are solved.
        """
        offset = _minus(point, self.position)
        skew, rows, columns = (
            _dot(self.row, self.column),
            _dot(self.row, self.row),
            _dot(self.column, self.column),
        )
        along, below = _dot(offset, self.row), _dot(offset, self.column)
        scale = rows * columns - skew * skew
        across = (along * columns - below * skew) / scale
        down = (below * rows - along * skew) / scale
        return across / self.column_spacing + HALF_PIXEL, down / self.row_spacing + HALF_PIXEL

    def distance(self, point: Point) -> float:
        """Return how far a point lies from the plane, mm."""
        return math.dist(point, self.to_patient(*self.to_image(point)))


def _dot(one: Point, other: Point) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _minus(one: Point, other: Point) -> Point:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]
