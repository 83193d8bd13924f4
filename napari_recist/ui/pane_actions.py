"""What the keys do on one pane, in the reading room and in the quick look alike."""

from collections.abc import Callable
from functools import partial

from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.pane_mouse import FAST_SLICES
from napari_recist.ui.window_level import PRESETS, WindowLevel, window_of_values

ZOOM_STEP = 1.25
MOVE_PX = 60
WINDOW_PX = 10
"""A key moves a window as far as a drag of this length does."""


def pane_actions(pane: ImagePane) -> dict[str, Callable[[], None]]:
    """Return the actions of a pane by the names they have in the table of keys."""
    return _slices(pane) | _camera(pane) | _window(pane)


def _slices(pane: ImagePane) -> dict[str, Callable[[], None]]:
    return {
        "next_slice": partial(_step, pane, 1),
        "previous_slice": partial(_step, pane, -1),
        "five_slices_up": partial(_step, pane, FAST_SLICES),
        "five_slices_down": partial(_step, pane, -FAST_SLICES),
        "first_slice": lambda: pane.go_to(0),
        "last_slice": lambda: pane.go_to(pane.view.slices - 1),
        "ask_slice": pane.ask_slice,
        "toggle_cine": pane.cine.toggle,
        "faster_cine": partial(pane.cine.change_speed, 1),
        "slower_cine": partial(pane.cine.change_speed, -1),
    }


def _camera(pane: ImagePane) -> dict[str, Callable[[], None]]:
    view = pane.view
    return {
        "fit": view.fit,
        "zoom_in": partial(view.zoom_by, ZOOM_STEP),
        "zoom_out": partial(view.zoom_by, 1 / ZOOM_STEP),
        "move_left": partial(view.move_by, -MOVE_PX, 0),
        "move_right": partial(view.move_by, MOVE_PX, 0),
        "move_up": partial(view.move_by, 0, -MOVE_PX),
        "move_down": partial(view.move_by, 0, MOVE_PX),
    }


def _window(pane: ImagePane) -> dict[str, Callable[[], None]]:
    return {
        "window_soft_tissue": partial(_set_window, pane, PRESETS["soft tissue"]),
        "window_liver": partial(_set_window, pane, PRESETS["liver"]),
        "window_lung": partial(_set_window, pane, PRESETS["lung"]),
        "window_bone": partial(_set_window, pane, PRESETS["bone"]),
        "window_of_values": partial(_set_window_of_values, pane),
        "reset_window": pane.view.reset_window,
        "toggle_inverse": partial(_turn_grey, pane),
        "widen_window": partial(_drag_window, pane, WINDOW_PX, 0),
        "narrow_window": partial(_drag_window, pane, -WINDOW_PX, 0),
        "raise_level": partial(_drag_window, pane, 0, -WINDOW_PX),
        "lower_level": partial(_drag_window, pane, 0, WINDOW_PX),
    }


def _step(pane: ImagePane, slices: int) -> None:
    pane.go_to(pane.slice + slices)


def _set_window(pane: ImagePane, window: WindowLevel) -> None:
    pane.view.window = window


def _drag_window(pane: ImagePane, right_px: float, down_px: float) -> None:
    pane.view.window = pane.view.window.dragged(right_px, down_px)


def _set_window_of_values(pane: ImagePane) -> None:
    if pane.volume is not None:
        pane.view.window = window_of_values(pane.volume.voxels)


def _turn_grey(pane: ImagePane) -> None:
    pane.view.inverse = not pane.view.inverse
