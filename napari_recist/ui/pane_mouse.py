"""Mouse on a pane: wheel turns slices, right drag sets window and level, middle drag moves."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from napari_recist.ui.mouse_watch import late
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.reading_settings import reading_settings

RIGHT_BUTTON, MIDDLE_BUTTON = 2, 3
FAST_SLICES = 5
ZOOM_PER_STEP = 1.1


class PaneMouse:
    """The drags and wheel of one pane, in the place of napari's own.

    Parameters
    ----------
    pane : PaneView
        The pane they move.
    """

    def __init__(self, pane: PaneView) -> None:
        self.pane = pane
        self._wheel = 0.0

    def drag(self, _viewer: Any, event: Any) -> Iterator[None]:
        """Follow a right drag (window and level) or a middle drag (move the picture)."""
        if event.button not in {RIGHT_BUTTON, MIDDLE_BUTTON}:
            return
        event.handled = True
        button, begun = event.button, np.array(event.pos, dtype=float)
        window, centre = self.pane.window, np.array(self.pane.viewer.scene.camera.center[-2:])
        yield
        while event.type == "mouse_move":
            event.handled = True
            if late(event):
                yield
                continue
            right, down = np.array(event.pos, dtype=float) - begun
            if button == RIGHT_BUTTON:
                self.pane.window = window.dragged(float(right), float(down))
            else:
                moved = np.array([down, right]) / self.pane.pixels_per_mm
                self.pane.viewer.scene.camera.center = tuple(centre - moved)
            yield
        event.handled = True

    def wheel(self, _viewer: Any, event: Any) -> None:
        """Turn slices (five at once with Shift), or zoom about the mouse with Ctrl.

        A setting of the reader swaps the two.
        """
        event.handled = True
        # Qt turns a wheel with Alt or Shift sideways on some systems: take what there is.
        turned = float(event.delta[1]) or float(event.delta[0])
        if ("Control" in event.modifiers) is reading_settings().wheel_scrolls:
            self.pane.zoom_by(ZOOM_PER_STEP**turned, event.position[-2:])
            return
        self._wheel += turned
        steps = math.trunc(self._wheel)
        self._wheel -= steps
        if steps:
            fast = FAST_SLICES if "Shift" in event.modifiers else 1
            self.pane.go_to(self.pane.slice + steps * fast)

    def move(self, _viewer: Any, event: Any) -> None:
        """Tell the value under the mouse."""
        self.pane.value = self.pane.value_at(event.position)
