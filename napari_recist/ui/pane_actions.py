"""What the keys do on one pane, in the reading room and in the quick look alike."""

from collections.abc import Callable
from functools import partial

from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.window_level import PRESETS, WindowLevel, window_of_values


def pane_actions(pane: ImagePane) -> dict[str, Callable[[], None]]:
    """Return the actions of a pane by the names they have in the table of keys."""
    return {
        "next_slice": lambda: pane.go_to(pane.slice + 1),
        "previous_slice": lambda: pane.go_to(pane.slice - 1),
        "first_slice": lambda: pane.go_to(0),
        "last_slice": lambda: pane.go_to(pane.view.slices - 1),
        "fit": pane.view.fit,
        "window_soft_tissue": partial(_set_window, pane, PRESETS["soft tissue"]),
        "window_liver": partial(_set_window, pane, PRESETS["liver"]),
        "window_lung": partial(_set_window, pane, PRESETS["lung"]),
        "window_bone": partial(_set_window, pane, PRESETS["bone"]),
        "window_of_values": partial(_set_window_of_values, pane),
    }


def _set_window(pane: ImagePane, window: WindowLevel) -> None:
    pane.view.window = window


def _set_window_of_values(pane: ImagePane) -> None:
    if pane.volume is not None:
        pane.view.window = window_of_values(pane.volume.voxels)
