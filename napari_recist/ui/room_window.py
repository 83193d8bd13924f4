"""napari's window as a reading room: its bars and side panel, and nothing of napari's own."""

from pathlib import Path
from typing import Any

import napari
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QToolBar, QWidget

from napari_recist.translation import _
from napari_recist.ui import napari_compat
from napari_recist.ui.reading_settings import THEME, reading_settings

TITLE = _("Reading room")
"""Title of the window: it is seen in lists of windows and tells nothing about the patient."""


class RoomWindow:
    """The window of a viewer, furnished for reading.

    Parameters
    ----------
    viewer : napari.Viewer
        The window's viewer, never napari's proxy of it.
    bars : tuple of QToolBar
        Stand over the panes, one under the other.
    side : QWidget
        The panel at the right.
    title : str
        Title of the window, of the same discretion.
    """

    def __init__(
        self, viewer: Any, bars: tuple[QToolBar, ...], side: QWidget, title: str = TITLE
    ) -> None:
        self._viewer, self._bars, self._side = viewer, bars, side
        self.widget = napari_compat.main_window(viewer)
        viewer.title = title
        if reading_settings().dark_theme:
            napari_compat.use_theme(viewer, THEME)
        napari_compat.show_napari_panels(self.widget, visible=False)
        napari_compat.show_slice_slider(napari_compat.main_qt_viewer(viewer), visible=False)
        napari_compat.show_status_bar(self.widget, visible=False)
        for place, bar in enumerate(bars):
            if place:
                self.widget.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
            self.widget.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)
        napari_compat.add_dock(viewer, side, title)

    def toggle_napari(self) -> None:
        """Show or hide napari's own panels."""
        shown = napari_compat.napari_panels_visible(self.widget)
        napari_compat.show_napari_panels(self.widget, visible=not shown)

    def screenshot(self, path: Path | str) -> None:
        """Write a picture of the whole window."""
        QApplication.processEvents()
        self.widget.grab().save(str(path))

    def strip(self) -> None:
        """Take everything of ours out of the window."""
        napari_compat.remove_dock(self._viewer, self._side)
        for bar in self._bars:
            self.widget.removeToolBar(bar)


def new_viewer() -> Any:
    """Return a viewer in a window of its own, as large as the screen."""
    viewer = napari.Viewer(title=TITLE, show_welcome_screen=False)
    window = napari_compat.main_window(viewer)
    window.setGeometry(window.screen().availableGeometry())  # where no window manager helps
    window.showMaximized()
    return viewer
