"""Where a pane's picture lies: napari's world, voxel indices and the patient.

napari is given a scale and a translation along the acquired axes (slice, row, column), in mm;
the orientation stays in :class:`~napari_recist.imaging.geometry.Geometry`, the only ruler.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.geometry import FloatArray, Geometry


class ShownVolume(Protocol):
    """What a pane needs of a volume."""

    @property
    def voxels(self) -> npt.NDArray[np.generic]:
        """Voxel values, (slice, row, column)."""
        ...

    @property
    def geometry(self) -> Geometry | None:
        """Where the voxels lie; ``None`` where no millimetre can be trusted."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PaneFrame:
    """The map between voxel indices and napari's world of one pane.

    ``scale`` and ``translate`` are in mm along (slice, row, column); without a geometry they are
    one and zero, in pixels, and no point maps into the patient. Slices of uneven spacing stand in
    the world at their mean spacing: the world is for looking, the geometry for measuring.
    """

    scale: FloatArray
    translate: FloatArray
    shape: tuple[int, int, int]
    geometry: Geometry | None

    @classmethod
    def of(cls, volume: ShownVolume) -> "PaneFrame":
        """Return the frame in which a volume is shown."""
        slices, rows, columns = volume.voxels.shape[:3]
        shape = (slices, rows, columns)
        geometry = volume.geometry
        if geometry is None:
            return cls(np.ones(3), np.zeros(3), shape, None)
        positions = geometry.slice_positions
        gap = (positions[-1] - positions[0]) / (slices - 1) if slices > 1 else 1.0
        origin = geometry.slice_origins[slices // 2]
        translate = [
            positions[0],
            origin @ geometry.column_direction,
            origin @ geometry.row_direction,
        ]
        scale = [gap, geometry.row_spacing, geometry.column_spacing]
        return cls(np.array(scale), np.array(translate), shape, geometry)

    @property
    def unit(self) -> str:
        """Unit of the world's axes, as napari names it."""
        return "mm" if self.geometry is not None else "pixel"

    def to_world(self, index: npt.ArrayLike) -> FloatArray:
        """Map (..., 3) indices (slice, row, column) to napari's world."""
        return np.asarray(np.asarray(index, dtype=float) * self.scale + self.translate)

    def to_index(self, world: npt.ArrayLike) -> FloatArray:
        """Map (..., 3) world positions to indices; the slice may be a fraction."""
        return np.asarray((np.asarray(world, dtype=float) - self.translate) / self.scale)

    def nearest_slice(self, point: npt.ArrayLike) -> int:
        """Return the acquired slice nearest to a patient point (mm, LPS)."""
        if self.geometry is None:
            message = "a picture without geometry has no place in the patient"
            raise ValueError(message)
        return int(self.geometry.to_index(point)[0])
