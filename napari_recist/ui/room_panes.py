"""The panes of the reading room: which there are, where they stand and which of them are shown."""

from collections.abc import Callable
from typing import Any

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_recist.ui import napari_compat
from napari_recist.ui.image_pane import ImagePane, main_pane
from napari_recist.ui.prior_pane import PANE_SHARE, PriorPane, PriorWindow
from napari_recist.ui.reading_settings import ReadingSettings, reading_settings
from napari_recist.ui.reference_cut import Along
from napari_recist.ui.reference_view import ReferenceView
from napari_recist.ui.view_link import ViewLink

REFERENCE_SHARE = 1


class RoomPanes:
    """Current and prior pane, their link, and the reference views of the current one.

    Parameters
    ----------
    viewer : napari.Viewer
        The window's viewer; its own canvas becomes the current pane.
    furnish : callable
        Called with each pane made, to give it keys.
    say : callable
        Shows the reader a hint in one line.
    """

    def __init__(
        self, viewer: Any, furnish: Callable[[ImagePane], None], say: Callable[[str], None]
    ) -> None:
        self._window = napari_compat.main_window(viewer)
        self._layout = napari_compat.central_layout(self._window)
        self._furnish, self._say = furnish, say
        self.current = main_pane(viewer)
        self._layout.setStretch(0, PANE_SHARE)
        self._holder = PriorPane(self._layout)
        self.link = ViewLink(self.current.view, self.prior.view)
        self.prior_window: PriorWindow | None = None
        self.references: tuple[ReferenceView, ...] = ()
        self._column: QWidget | None = None
        self._wanted, self._exists = True, False
        self._set_out(reading_settings())

    def _set_out(self, wanted: ReadingSettings) -> None:
        """Begin as the reader's settings say."""
        for part, on in (
            ("scroll", wanted.link_slices),
            ("zoom", wanted.link_zoom),
            ("window", wanted.link_windows),
        ):
            self.link.set_part(part, on)
        if wanted.reference_views:
            self.toggle_references()

    @property
    def prior(self) -> ImagePane:
        """The pane of the prior visit."""
        return self._holder.pane

    @property
    def prior_visible(self) -> bool:
        """Whether the prior pane is shown."""
        return self._holder.visible

    @property
    def active(self) -> ImagePane:
        """The pane that has the keys; the current one unless the prior has them."""
        prior_has = self.prior_visible and self.prior.canvas_widget.hasFocus()
        return self.prior if prior_has else self.current

    def focus_other(self) -> None:
        """Give the keys to the pane that has them not."""
        other = self.prior if self.active is self.current and self.prior_visible else self.current
        other.canvas_widget.activateWindow()
        other.canvas_widget.setFocus()

    # the prior pane

    def show_prior(self, exists: bool) -> None:
        """Show the prior pane where there is a prior and the reader wants it."""
        self._exists = exists
        self._holder.visible = exists and self._wanted
        if self.prior_window is not None:
            self.prior_window.setVisible(self._holder.visible)

    def toggle_prior(self) -> None:
        """Show one pane or two."""
        self._wanted = not self._wanted
        self.show_prior(self._exists)

    def move_prior(self, wish_back: Callable[[], None]) -> None:
        """Make the prior pane anew in a window of its own, or back beside the current one.

        ``wish_back`` is called when a person closes the window of its own.
        """
        former, window = self._holder, self.prior_window
        if window is None:
            self.prior_window = PriorWindow(self._window, wish_back)
            self._holder = PriorPane(self.prior_window.layout())
        else:
            self.prior_window = None
            self._holder = PriorPane(self._layout)
        self.link.take_prior(self.prior.view)
        former.close()
        if window is not None:
            window.close()
            window.deleteLater()
        self._furnish(self.prior)

    # reference views

    def toggle_references(self) -> None:
        """Show or hide the reference views at the right of the current pane."""
        if self._column is not None:
            self._drop_references()
            return
        self._column = QWidget()
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.references = tuple(ReferenceView(self.current.view, along) for along in Along)
        for view in self.references:
            view.said.connect(self._say)
            column.addWidget(view)
        self._layout.addWidget(self._column, REFERENCE_SHARE)

    def _drop_references(self) -> None:
        for view in self.references:
            view.release()
        self.references = ()
        if self._column is not None:
            self._layout.removeWidget(self._column)
            self._column.setParent(None)
            self._column.deleteLater()
            self._column = None

    def close(self) -> None:
        """Take everything out of the window."""
        self._drop_references()
        self.link.close()
        self._holder.close()
        self.current.close()
        if self.prior_window is not None:
            self.prior_window.close()
            self.prior_window.deleteLater()
            self.prior_window = None
