"""Images dropped on a window of ours are opened at once; napari would ask which reader to take."""

import weakref
from pathlib import Path
from typing import Any

from qtpy.QtCore import QEvent, QObject

from napari_recist.errors import RecistError
from napari_recist.ui import napari_compat
from napari_recist.ui.reader import get_reader, read_layers

NAME = "napari-recist dropped images"


class DroppedImages(QObject):
    """Sees what is dropped on a canvas before napari does, and takes what holds DICOM images."""

    def __init__(self, qt_viewer: Any) -> None:
        super().__init__(qt_viewer)
        self.setObjectName(NAME)
        self._viewer = weakref.ref(qt_viewer.viewer)
        qt_viewer.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take a drop of local files or folders with DICOM in them; leave all else to napari."""
        viewer = self._viewer()
        if event.type() != QEvent.Type.Drop or viewer is None:
            return False
        urls = event.mimeData().urls()
        paths = [str(Path(url.toLocalFile())) for url in urls if url.isLocalFile()]
        if not paths or len(paths) < len(urls) or get_reader(paths) is None:
            return False
        event.acceptProposedAction()
        try:
            add_images(viewer, paths)
        except RecistError as refusal:
            napari_compat.notify(str(refusal), serious=True)
        return True


def take_drops(viewer: Any) -> None:
    """Let the viewer's window open dropped images at once; once is enough."""
    qt_viewer = napari_compat.main_qt_viewer(viewer)
    if qt_viewer.findChild(QObject, NAME) is None:
        DroppedImages(qt_viewer)


def add_images(viewer: Any, paths: list[str]) -> None:
    """Open images in a viewer and choose the visible layer.

    Raises
    ------
    ImageError
        If there is no image that can be read; the reasons are named.
    """
    layers = read_layers(paths[0] if len(paths) == 1 else paths)
    added = [viewer.add_image(layer[0], **layer[1]) for layer in layers if len(layer) > 1]
    visible = [layer for layer in added if layer.visible]
    if visible:
        viewer.layers.selection.active = visible[0]
