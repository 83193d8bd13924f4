"""Where a pane looks: its slice and zoom, and the maps between screen, world and voxel index."""

from typing import Any

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.geometry import FloatArray
from napari_recist.ui.pane_frame import PaneFrame

SLICE_AXIS = 0
HALF_PIXEL = 0.5
MARGIN = 0.98  # part of the canvas the picture fills when it is fitted


class PaneCamera:
    """The slice and the part of it that a napari viewer model shows.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The model.

    Notes
    -----
    ``frame`` is where the picture lies, ``None`` while there is none: no place maps then.
    """

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer
        self.frame: PaneFrame | None = None

    # slices

    @property
    def slice(self) -> int:
        """Index of the slice shown."""
        return int(self.viewer.dims.current_step[SLICE_AXIS]) if self.frame is not None else 0

    @property
    def slices(self) -> int:
        """How many slices there are."""
        return self.frame.shape[0] if self.frame else 0

    def go_to(self, index: int) -> None:
        """Show a slice; beyond the ends, the last one."""
        if self.frame is not None:
            self.viewer.dims.set_current_step(SLICE_AXIS, min(max(index, 0), self.slices - 1))

    # zoom

    @property
    def pixels_per_mm(self) -> float:
        """Screen pixels per millimetre (per image pixel without geometry)."""
        return float(self.viewer.scene.camera.zoom)

    def zoom_to(self, pixels_per_mm: float, centre: npt.ArrayLike) -> None:
        """Show the place at ``centre``, an index (slice, row, column), at a given zoom."""
        if self.frame is None:
            return
        centre = np.asarray(centre, dtype=float)
        self.go_to(round(float(centre[0])))
        self.viewer.scene.camera.zoom = pixels_per_mm
        self.viewer.scene.camera.center = tuple(self.frame.to_world(centre)[1:])

    def fit(self) -> None:
        """Fit a whole slice into the canvas."""
        if self.frame is None:
            return
        size = np.array(self.frame.shape[1:]) * self.frame.scale[1:]
        zoom = MARGIN * float(np.min(np.array(self.viewer.canvas.size) / size))
        middle = (np.array(self.frame.shape) - 1) / 2
        self.viewer.scene.camera.zoom = zoom
        self.viewer.scene.camera.center = tuple(self.frame.to_world(middle)[1:])

    def zoom_by(self, factor: float, about: npt.ArrayLike | None = None) -> None:
        """Zoom about a place (row, column) in the world that stays where it is: the middle."""
        camera = self.viewer.scene.camera
        centre = np.array(camera.center[-2:])
        fixed = centre if about is None else np.asarray(about, dtype=float)
        camera.zoom *= factor
        camera.center = tuple(fixed + (centre - fixed) / factor)

    def move_by(self, right_px: float, down_px: float) -> None:
        """Move the picture on the screen."""
        camera = self.viewer.scene.camera
        moved = np.array([down_px, right_px]) / self.pixels_per_mm
        camera.center = tuple(np.array(camera.center[-2:]) - moved)

    # places

    def centre_index(self) -> FloatArray:
        """Return the (slice, row, column) index at the centre of the canvas."""
        if self.frame is None:
            return np.zeros(3)
        world = np.array([0.0, *self.viewer.scene.camera.center[-2:]])
        return np.array([self.slice, *self.frame.to_index(world)[1:]])

    def to_screen(self, index: npt.ArrayLike) -> tuple[float, float]:
        """Map an index (slice, row, column) to canvas pixels (x, y); the slice does not matter."""
        if self.frame is None:
            return (0.0, 0.0)
        world = self.frame.to_world(index)[1:]
        height, width = self.viewer.canvas.size
        row, column = (world - np.array(self.viewer.scene.camera.center[-2:])) * self.pixels_per_mm
        return (float(column) + width / 2, float(row) + height / 2)

    def index_at(self, world: npt.ArrayLike) -> tuple[float, float, float]:
        """Map a world position of a mouse event to an index on the slice shown."""
        if self.frame is None:
            return (0.0, 0.0, 0.0)
        _, row, column = self.frame.to_index(np.asarray(world, dtype=float)[-3:])
        return (float(self.slice), float(row), float(column))

    def index_under(self, screen: tuple[float, float]) -> tuple[float, float, float]:
        """Map canvas pixels (x, y) to an index on the slice shown."""
        height, width = self.viewer.canvas.size
        right, down = screen[0] - width / 2, screen[1] - height / 2
        world = np.array(self.viewer.scene.camera.center[-2:])
        return self.index_at([0.0, *(world + np.array([down, right]) / self.pixels_per_mm)])

    def world_of(self, index: npt.ArrayLike) -> FloatArray:
        """Map an index to a place (row, column) in the world."""
        return np.zeros(2) if self.frame is None else self.frame.to_world(index)[1:]

    def pixels_to_index(self, right: float, down: float) -> tuple[float, float]:
        """Return how many rows and columns so many screen pixels are."""
        if self.frame is None:
            return (0.0, 0.0)
        _, row, column = self.frame.scale * self.pixels_per_mm
        return (down / float(row), right / float(column))

    def shows(self, index: npt.ArrayLike) -> bool:
        """Tell whether a place of the slice is inside the canvas, its outermost pixels too."""
        right, down = self.to_screen(index)
        height, width = self.viewer.canvas.size
        return -HALF_PIXEL <= right <= width + HALF_PIXEL and (
            -HALF_PIXEL <= down <= height + HALF_PIXEL
        )
