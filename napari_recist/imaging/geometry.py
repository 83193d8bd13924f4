"""The one ruler: from voxel indices to patient millimetres, slice by slice.

Coordinates are DICOM LPS in mm, (x, y, z); indices are (slice, row, column), whole numbers at
voxel centres. Everything follows from ImagePositionPatient, ImageOrientationPatient and
PixelSpacing of each slice (DICOM PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1), never from
SliceThickness, SpacingBetweenSlices or a layer's scale.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Where the voxels of an ordered stack of slices lie in the patient.

    Parameters
    ----------
    slice_origins : (n, 3) float array
        Patient position of the centre of voxel (row 0, column 0) of each slice, mm LPS, in order
        of increasing projection on ``normal``.
    row_direction : (3,) float array
        Unit vector along a row, towards rising column indices (first triple of the orientation).
    column_direction : (3,) float array
        Unit vector along a column, towards rising row indices (second triple).
    row_spacing, column_spacing : float
        Distance between rows and between columns, mm (PixelSpacing, in this order).
    rows, columns : int
        Size of a slice.
    frame_of_reference_uid : str
        The space the coordinates live in.
    """

    slice_origins: FloatArray
    row_direction: FloatArray
    column_direction: FloatArray
    row_spacing: float
    column_spacing: float
    rows: int
    columns: int
    frame_of_reference_uid: str = ""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of slices, rows and columns."""
        return (len(self.slice_origins), self.rows, self.columns)

    @property
    def normal(self) -> FloatArray:
        """Unit vector across the slices: row direction cross column direction."""
        normal = np.cross(self.row_direction, self.column_direction)
        return normal / np.linalg.norm(normal)

    @property
    def slice_positions(self) -> FloatArray:
        """(n,) projection of each slice on the normal, mm, rising."""
        return self.slice_origins @ self.normal

    def affine_lps(self) -> FloatArray:
        """(4, 4) map of (slice, row, column, 1) to patient mm, of evenly stepped slices.

        The slice step runs from the first origin to the last, so it holds the shear of a tilted
        gantry. A single slice gets its unit normal: its slice index is always 0. For unevenly
        spaced slices the map is wrong between the ends: ask ``to_patient`` instead.
        """
        count = len(self.slice_origins)
        along = self.slice_origins[-1] - self.slice_origins[0]
        affine = np.eye(4)
        affine[:3, 0] = self.normal if count == 1 else along / (count - 1)
        affine[:3, 1] = self.column_direction * self.row_spacing
        affine[:3, 2] = self.row_direction * self.column_spacing
        affine[:3, 3] = self.slice_origins[0]
        return affine

    def to_patient(self, index: npt.ArrayLike) -> FloatArray:
        """Map (..., 3) indices (slice, row, column) to (..., 3) patient mm, LPS.

        Row and column may be fractions; the slice is rounded to the nearest acquired one, for a
        point between slices belongs to no image.
        """
        index = np.asarray(index, dtype=float)
        slices = np.floor(index[..., 0] + 0.5).astype(int)
        origin = self.slice_origins[slices]
        down = index[..., 1:2] * self.row_spacing * self.column_direction
        across = index[..., 2:3] * self.column_spacing * self.row_direction
        return np.asarray(origin + down + across)

    def to_index(self, point: npt.ArrayLike) -> FloatArray:
        """Map (..., 3) patient mm, LPS, to (..., 3) indices (slice, row, column).

        The slice is the acquired one nearest along the normal (a whole number); row and column are
        those of the point's projection on it.
        """
        point = np.asarray(point, dtype=float)
        depth = point @ self.normal
        slices = np.abs(depth[..., None] - self.slice_positions).argmin(axis=-1)
        offset = point - self.slice_origins[slices]
        row = offset @ self.column_direction / self.row_spacing
        column = offset @ self.row_direction / self.column_spacing
        return np.stack([slices.astype(float), row, column], axis=-1)


def distance_mm(start: npt.ArrayLike, end: npt.ArrayLike) -> float:
    """Return the distance of two patient points in mm: the only ruler of this program."""
    return float(np.linalg.norm(np.asarray(end, dtype=float) - np.asarray(start, dtype=float)))
