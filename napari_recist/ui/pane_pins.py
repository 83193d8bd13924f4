"""Pins a pane's picture down: nothing napari offers moves, turns, slabs or removes it.

napari has keys, buttons and sliders that transpose or roll the axes, turn to 3-D, tile the canvas,
project a slab and move a layer by hand. Each would put a caliper, a letter or a slice number
elsewhere than the picture it stands on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

LAYER_EVENTS = ("scale", "translate", "rotate", "shear", "affine", "projection_mode", "mode")
ORDER = (0, 1, 2)
FLAT = 2
SINGLE_SLICE = "none"
PLAIN_MODE = "pan_zoom"


class PanePins:
    """Keeps a viewer model and our image layer in it as a reading pane needs them.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The model.
    placement : callable
        Returns the scale, translation and units that the geometry gives the layer.
    """

    def __init__(self, viewer: Any, placement: Callable[[], dict[str, Any]]) -> None:
        self._viewer, self._placement = viewer, placement
        self._layer: Any = None
        self._orientation = viewer.scene.camera.orientation
        self._busy = False
        self._viewer_events = (
            viewer.dims.events.order,
            viewer.dims.events.ndisplay,
            viewer.scene.camera.events.orientation,
            viewer.canvas.grid.events.enabled,
        )
        for event in self._viewer_events:
            event.connect(self._pin_viewer)

    def hold(self, layer: Any) -> None:
        """Pin a layer of ours, and lock it against removal."""
        self._layer = layer
        layer.locked = True
        for event in LAYER_EVENTS:
            getattr(layer.events, event).connect(self.pin)
        self.pin()

    def let_go_of_layer(self) -> None:
        """Give the layer back."""
        if self._layer is None:
            return
        for event in LAYER_EVENTS:
            getattr(self._layer.events, event).disconnect(self.pin)
        self._layer.locked = False
        self._layer = None

    def let_go(self) -> None:
        """Give everything back."""
        for event in self._viewer_events:
            event.disconnect(self._pin_viewer)
        self.let_go_of_layer()

    def pin(self) -> None:
        """Put the layer where the geometry says, as one slice that no mouse mode moves."""
        if self._layer is None or self._busy:
            return
        with self.placing():
            layer = self._layer
            layer.mode = PLAIN_MODE
            layer.projection_mode = SINGLE_SLICE
            layer.affine = np.eye(4)
            layer.rotate = np.eye(3)
            layer.shear = np.zeros(3)
            for key, value in self._placement().items():
                setattr(layer, key, value)

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Place the layer anew inside this block; the pins wait."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before

    def _pin_viewer(self) -> None:
        if self._busy:
            return
        with self.placing():
            dims = self._viewer.dims
            if dims.ndim == len(ORDER):
                dims.order = ORDER
            dims.ndisplay = FLAT
            self._viewer.scene.camera.orientation = self._orientation
            self._viewer.canvas.grid.enabled = False
