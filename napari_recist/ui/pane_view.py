"""One pane without its window: a volume in a napari viewer model, its window and its values.

Needs napari's models only, so that panes and their link are tested without a screen.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from psygnal import Signal

from napari_recist.imaging.stream import UNREAD
from napari_recist.ui.pane_camera import PaneCamera
from napari_recist.ui.pane_frame import PaneFrame, ShownVolume
from napari_recist.ui.pane_pins import PanePins
from napari_recist.ui.window_level import WindowLevel, from_limits

SMOOTH = "linear"
"""Between pixel centres the grey is interpolated, as on any reading station."""
GREY, INVERSE_GREY = "gray", "gray_r"

SlicesThere = npt.NDArray[np.bool_] | None
"""(slices,) which slices are there while a volume is loaded; ``None``: all are."""


class PaneView(PaneCamera):
    """A volume shown slice by slice in a napari viewer model.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The model to show in. Its image layer is ours and is pinned to the frame: a layer moved
        or scaled by hand would put a caliper elsewhere than the picture it was drawn on.
    """

    slice_changed = Signal()
    camera_changed = Signal()
    window_changed = Signal()
    volume_changed = Signal()
    value_changed = Signal()
    arrived = Signal()
    """More slices of the volume shown are there."""

    def __init__(self, viewer: Any) -> None:
        super().__init__(viewer)
        self.volume: ShownVolume | None = None
        self.there: SlicesThere = None
        self.layer: Any = None
        self._window = self._opening = WindowLevel(400, 40)
        self._inverse = False
        self._value: float | None = None
        self._slice = 0
        self._pins = PanePins(viewer, self._placement)
        viewer.dims.events.current_step.connect(self._on_step)
        viewer.scene.camera.events.center.connect(self._on_camera)
        viewer.scene.camera.events.zoom.connect(self._on_camera)
        viewer.layers.events.removing.connect(self._on_removing)

    def show(
        self, volume: ShownVolume, name: str, window: WindowLevel, there: SlicesThere = None
    ) -> None:
        """Show a volume, as far as it is there, under a name that tells nothing of the patient."""
        self.volume, self.frame, self.there = volume, PaneFrame.of(volume), there
        if self.layer is None:
            self.layer = self.viewer.add_image(
                volume.voxels,
                colormap=INVERSE_GREY if self._inverse else GREY,
                name=name,
                interpolation2d=SMOOTH,
                **self._placement(),
            )
            self._hold_layer()
        else:
            with self._pins.placing():
                self.layer.data = volume.voxels
                self.layer.name = name
                for key, value in self._placement().items():
                    setattr(self.layer, key, value)
            self.layer.visible = True
        self.window = self._opening = window
        self.go_to(self.frame.shape[0] // 2)
        self.fit()
        self.volume_changed.emit()

    def arrive(self, there: SlicesThere) -> None:
        """Take note that these slices of the volume shown are there."""
        self.there = there
        self.arrived.emit()

    def fill_up(self, volume: ShownVolume, there: SlicesThere = None) -> None:
        """Show more of the volume shown, its place, zoom and window as they are."""
        self.volume, self.there = volume, there
        if self.layer.data is not volume.voxels:
            with self._pins.placing():
                self.layer.data = volume.voxels
        self.layer.refresh()
        self.volume_changed.emit()

    def blank(self) -> None:
        """Show nothing: no picture is better than one of another visit."""
        self.volume = self.frame = self.there = None
        if self.layer is not None:
            self.layer.visible = False
        self.volume_changed.emit()

    def adopt(self, layer: Any, volume: ShownVolume, window: WindowLevel) -> None:
        """Take over a layer that already shows the volume (opened through the reader)."""
        self.volume, self.frame, self.layer = volume, PaneFrame.of(volume), layer
        self._hold_layer()
        self.window = self._opening = window
        self._on_step()
        self.volume_changed.emit()

    def release(self) -> None:
        """Let go of the viewer model: no callback of ours stays behind."""
        self.viewer.dims.events.current_step.disconnect(self._on_step)
        self.viewer.scene.camera.events.center.disconnect(self._on_camera)
        self.viewer.scene.camera.events.zoom.disconnect(self._on_camera)
        self.viewer.layers.events.removing.disconnect(self._on_removing)
        self._forget()
        self._pins.let_go()

    # window

    @property
    def window(self) -> WindowLevel:
        """The window shown."""
        return self._window

    @window.setter
    def window(self, window: WindowLevel) -> None:
        self._window = window
        if self.layer is not None:
            self.layer.contrast_limits = window.limits
        self.window_changed.emit()

    def reset_window(self) -> None:
        """Go back to the window the volume was opened with, in plain grey."""
        self.inverse = False
        self.window = self._opening

    @property
    def inverse(self) -> bool:
        """Whether low values are white and high ones black."""
        return self._inverse

    @inverse.setter
    def inverse(self, inverse: bool) -> None:
        self._inverse = inverse
        if self.layer is not None:
            self.layer.colormap = INVERSE_GREY if inverse else GREY
        self.window_changed.emit()

    @property
    def value(self) -> float | None:
        """The voxel value under the mouse."""
        return self._value

    @value.setter
    def value(self, value: float | None) -> None:
        if value != self._value:
            self._value = value
            self.value_changed.emit()

    def value_at(self, world: npt.ArrayLike) -> float | None:
        """Return the voxel value under a world position, ``None`` outside, or not yet read."""
        if self.volume is None or self.frame is None:
            return None
        place = np.floor(np.array(self.index_at(world)) + 0.5).astype(int)
        if np.any(place < 0) or np.any(place >= self.frame.shape):
            return None
        if self.there is not None and not self.there[place[0]]:
            return None
        value = float(np.asarray(self.volume.voxels[tuple(place)]))
        return None if value == UNREAD else value

    # keeping the picture where the geometry says

    def _placement(self) -> dict[str, Any]:
        frame = self.frame
        if frame is None:
            return {}
        return {
            "scale": tuple(frame.scale),
            "translate": tuple(frame.translate),
            "units": (frame.unit,) * 3,
        }

    def _hold_layer(self) -> None:
        self._pins.hold(self.layer)
        self.layer.events.contrast_limits.connect(self._on_limits)

    def _on_limits(self) -> None:
        """Say what is shown, also where napari's own slider set it."""
        limits = tuple(float(limit) for limit in self.layer.contrast_limits)
        if not np.allclose(limits, self._window.limits):
            self._window = from_limits(*limits)
            self.window_changed.emit()

    def _on_removing(self, event: Any) -> None:
        if self.layer is not None and self.viewer.layers[event.index] is self.layer:
            self._forget()

    def _forget(self) -> None:
        if self.layer is not None:
            self.layer.events.contrast_limits.disconnect(self._on_limits)
            self._pins.let_go_of_layer()
        self.layer = self.volume = self.frame = self.there = None

    def _on_step(self) -> None:
        if self.slice != self._slice:
            self._slice = self.slice
            self.value = None  # it was that of the slice before
            self.slice_changed.emit()

    def _on_camera(self) -> None:
        self.camera_changed.emit()
