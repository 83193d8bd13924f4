"""The second canvas: a prior visit at the left of the current one, in the window's own layout.

It stands in the central widget and not in a dock, because a dock with a canvas kills the program
when it is floated (Qt makes its GL context anew).
"""

from typing import Any

from napari_recist.ui import napari_compat
from napari_recist.ui.image_pane import ImagePane

FIRST_PLACE = 0
EQUAL_SHARE = 1


class PriorPane:
    """A pane with a viewer of its own beside the main one; ``pane`` is the pane.

    napari closes only its own canvas, so :meth:`close` must be called before the window goes.

    Parameters
    ----------
    viewer : napari.Viewer
        The viewer beside whose canvas it stands.
    """

    def __init__(self, viewer: Any) -> None:
        window = napari_compat.main_window(viewer)
        model, self._qt_viewer = napari_compat.second_viewer()
        layout = napari_compat.central_layout(window)
        layout.insertWidget(FIRST_PLACE, self._qt_viewer, EQUAL_SHARE)
        layout.setStretch(FIRST_PLACE + 1, EQUAL_SHARE)
        napari_compat.show_slice_slider(self._qt_viewer, visible=False)
        self.pane = ImagePane(model, napari_compat.canvas_widget(self._qt_viewer))

    @property
    def visible(self) -> bool:
        """Whether the pane is shown."""
        return not self._qt_viewer.isHidden()

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._qt_viewer.setVisible(visible)

    def close(self) -> None:
        """Take the pane out of the window and close it."""
        self.pane.close()
        napari_compat.close_qt_viewer(self._qt_viewer)
        del self._qt_viewer
