"""One pane in the window: a pane view, the canvas it is drawn on, its glass, mouse and keys."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy.typing as npt
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QWidget

from napari_recist.ui import keys, napari_compat
from napari_recist.ui.caliper_tool import CaliperTool
from napari_recist.ui.corner_text import PaneTitle
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexPoint
from napari_recist.ui.mouse_watch import MouseWatch
from napari_recist.ui.pane_cine import PaneCine
from napari_recist.ui.pane_frame import ShownVolume
from napari_recist.ui.pane_glass import PaneGlass
from napari_recist.ui.pane_mouse import PaneMouse
from napari_recist.ui.pane_view import PaneView, SlicesThere
from napari_recist.ui.place_marks import PlaceMark
from napari_recist.ui.slice_entry import SliceEntry
from napari_recist.ui.window_level import WindowLevel

MouseList = tuple[str, ...]
MOUSE_LISTS: MouseList = (
    "mouse_drag_callbacks",
    "mouse_wheel_callbacks",
    "mouse_double_click_callbacks",
    "mouse_move_callbacks",
)


class ImagePane:
    """A pane: what is shown (``view``) and the Qt widget that shows it (``canvas_widget``).

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The model, never napari's proxy of it.
    canvas : QWidget
        The native widget of the canvas that shows the model.
    """

    def __init__(self, viewer: Any, canvas: QWidget) -> None:
        self.viewer, self.canvas_widget = viewer, canvas
        self.view = PaneView(viewer)
        self.glass = PaneGlass(canvas, self.view)
        self.mouse, self.cine = PaneMouse(self.view), PaneCine(self.view, canvas)
        self._napari_mouse = {name: list(getattr(viewer, name)) for name in MOUSE_LISTS}
        for name in MOUSE_LISTS:
            getattr(viewer, name).clear()
        viewer.mouse_drag_callbacks.append(self.mouse.drag)
        viewer.mouse_wheel_callbacks.append(self.mouse.wheel)
        viewer.mouse_move_callbacks += [self.mouse.move, self._hover]
        self._actions: Mapping[str, Callable[[], None]] = {}
        self._alone, self._table = False, keys.KEYS
        self._watch: MouseWatch | None = None

    def close(self) -> None:
        """Give the viewer back as it was."""
        for name, callbacks in self._napari_mouse.items():
            getattr(self.viewer, name)[:] = callbacks
        keys.unbind(self.viewer)
        if self.view.layer is not None:
            keys.unbind(self.view.layer)
        self.cine.close()
        if self._watch is not None:
            self._watch.stop()
        self.view.release()
        self.glass.take_off()

    def take_drag(self, drag: Callable[..., Any]) -> None:
        """Let a tool see left drags before anything else."""
        self.viewer.mouse_drag_callbacks.insert(0, drag)

    def take_tool(self, tool: CaliperTool) -> None:
        """Let the caliper tool see the mouse before anything else."""
        self.take_drag(tool.drag)
        self.viewer.mouse_move_callbacks.append(tool.move)
        self.viewer.mouse_double_click_callbacks.append(tool.double_click)
        self._watch = MouseWatch(self.canvas_widget, tool.interrupt)
        self.canvas_widget.setCursor(Qt.CursorShape.CrossCursor)

    def bind(
        self,
        actions: Mapping[str, Callable[[], None]],
        *,
        alone: bool = False,
        table: tuple[keys.Key, ...] = keys.KEYS,
    ) -> None:
        """Bind the keys of a room on this pane; ``alone``: no key of napari's there."""
        self._actions, self._alone, self._table = actions, alone, table
        keys.bind(self.viewer, actions, alone=alone, table=table)
        if self.view.layer is not None:
            keys.bind(self.view.layer, actions, alone=alone, table=table)

    def ask_slice(self) -> None:
        """Ask for the number of the slice to show."""
        if self.view.slices:
            SliceEntry(self.view, self.canvas_widget)

    def show(
        self,
        volume: ShownVolume,
        title: PaneTitle,
        window: WindowLevel,
        there: SlicesThere = None,
    ) -> None:
        """Show a volume, as far as it is there.

        The layer is named by the visit: no file name, nothing of the patient.
        """
        first = self.view.layer is None
        self.glass.title = title
        self.view.show(volume, title.visit or "image", window, there)
        if first:
            keys.bind(self.view.layer, self._actions, alone=self._alone, table=self._table)

    def show_nothing(self, title: PaneTitle, why: str) -> None:
        """Show no picture, and say why there is none."""
        self.glass.title, self.glass.empty_text = title, why
        self.view.blank()

    def retitle(self, title: PaneTitle) -> None:
        """Change the corner that says who and when."""
        self.glass.title = title
        self.glass.update()

    def draw(self, calipers: list[DrawnCaliper], magnified: IndexPoint | None = None) -> None:
        """Draw these calipers and no others, with a loupe on one end."""
        self.glass.calipers, self.glass.magnified = calipers, magnified
        self.glass.update()

    def mark(self, places: list[PlaceMark]) -> None:
        """Mark these places and no others."""
        self.glass.places = places
        self.glass.update()

    def _hover(self, _viewer: Any, event: Any) -> None:
        self.glass.point_at((float(event.pos[0]), float(event.pos[1])))

    @property
    def volume(self) -> ShownVolume | None:
        """The volume shown."""
        return self.view.volume

    @property
    def had_picture(self) -> bool:
        """Whether a picture was ever shown, so that its window is one the reader has seen."""
        return self.view.layer is not None

    @property
    def slice(self) -> int:
        """Index of the slice shown."""
        return self.view.slice

    @property
    def pixels_per_mm(self) -> float:
        """Screen pixels per millimetre."""
        return self.view.pixels_per_mm

    def go_to(self, index: int) -> None:
        """Show a slice."""
        self.view.go_to(index)

    def zoom_to(self, pixels_per_mm: float, centre: npt.ArrayLike) -> None:
        """Show the place at an index (slice, row, column) at a zoom in screen pixels per mm."""
        self.view.zoom_to(pixels_per_mm, centre)

    def to_screen(self, index: npt.ArrayLike) -> tuple[float, float]:
        """Map an index (slice, row, column) to (x, y) pixels of ``canvas_widget``."""
        return self.view.to_screen(index)


def main_pane(viewer: Any) -> ImagePane:
    """Return a pane on the canvas of a napari viewer."""
    canvas = napari_compat.canvas_widget(napari_compat.main_qt_viewer(viewer))
    return ImagePane(napari_compat.plain(viewer), canvas)
