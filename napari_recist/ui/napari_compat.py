"""Every touch of a napari name that is private, new or unstable; nothing else here.

Checked against napari 0.9.2. Where a public Qt way exists it is taken.
"""

from typing import Any

from napari.components import ViewerModel
from napari.qt import QtViewer
from napari.utils.notifications import (
    Notification,
    NotificationSeverity,
    notification_manager,
)
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDockWidget, QMainWindow, QWidget

NAPARI_PANELS = ("layer list", "layer controls")


def plain(viewer: Any) -> Any:
    """Return the viewer behind the proxy that napari hands to plugins.

    Identity comparisons and private signals do not work through the proxy.
    """
    return getattr(viewer, "__wrapped__", viewer)


def main_window(viewer: Any) -> QMainWindow:
    """Return the Qt window of a napari viewer."""
    return plain(viewer).window._qt_window  # noqa: SLF001 - no public name


def main_qt_viewer(viewer: Any) -> QtViewer:
    """Return the widget that shows the viewer's own canvas. Do not keep it: napari owns it."""
    return plain(viewer).window._qt_viewer  # noqa: SLF001 - no public name


def second_viewer() -> tuple[ViewerModel, QtViewer]:
    """Return a viewer model of its own and the widget that shows it, not yet in any window."""
    model = ViewerModel()
    return model, QtViewer(model)


def canvas_widget(qt_viewer: QtViewer) -> QWidget:
    """Return the native Qt widget that receives mouse and key events."""
    return qt_viewer.canvas.native


def central_layout(window: QMainWindow) -> Any:
    """Return the layout in the middle of the window, where panes stand side by side."""
    return window.centralWidget().layout()


def close_qt_viewer(qt_viewer: QtViewer) -> None:
    """Close a second viewer widget for good; napari does it for the main one only."""
    qt_viewer.hide()
    qt_viewer.setParent(None)
    qt_viewer.close()
    qt_viewer.deleteLater()


def show_napari_panels(window: QMainWindow, *, visible: bool) -> None:
    """Show or hide napari's layer list and layer controls."""
    for name in NAPARI_PANELS:
        dock = window.findChild(QDockWidget, name)
        if dock is not None:
            dock.setVisible(visible)


def napari_panels_visible(window: QMainWindow) -> bool:
    """Return whether napari's own panels are shown."""
    docks = [window.findChild(QDockWidget, name) for name in NAPARI_PANELS]
    return any(dock is not None and not dock.isHidden() for dock in docks)


def use_theme(viewer: Any, name: str) -> None:
    """Use a plugin's theme, which napari knows once a viewer was made."""
    viewer.theme = name


def show_status_bar(window: QMainWindow, *, visible: bool) -> None:
    """Show or hide napari's status bar, whose hints are for layers we do not edit."""
    window.statusBar().setVisible(visible)


def show_slice_slider(qt_viewer: QtViewer, *, visible: bool) -> None:
    """Show or hide the slider under a canvas."""
    qt_viewer.dims.setVisible(visible)


def add_dock(viewer: Any, widget: QWidget, name: str) -> QDockWidget:
    """Dock a panel at the right of the window."""
    dock = plain(viewer).window.add_dock_widget(widget, name=name, area="right", tabify=False)
    dock.setAllowedAreas(
        Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea
    )
    return dock


def remove_dock(viewer: Any, widget: QWidget) -> None:
    """Take a docked panel out of the window."""
    plain(viewer).window.remove_dock_widget(widget)


class Notice(Notification):
    """A message fit for a blinded reader's screen."""


def notify(message: str, *, serious: bool = False, blinded: bool = False) -> None:
    """Show a message in words, the napari way; ``blinded``: it is fit for a reader's screen."""
    severity = NotificationSeverity.WARNING if serious else NotificationSeverity.INFO
    notification_manager.dispatch((Notice if blinded else Notification)(message, severity))


def viewers() -> list[Any]:
    """Return the models of all viewers that are shown: napari has no public list of them."""
    return [shown.viewer for shown in tuple(QtViewer._instances)]  # noqa: SLF001 - no public name
