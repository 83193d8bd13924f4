"""Two panes that move as one: the same place in the patient, zoom and window in both."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from psygnal import Signal

from napari_recist.imaging.geometry import FloatArray
from napari_recist.ui.pane_view import PaneView


class ViewLink:
    """Keeps a prior pane at the place of the current one, and the other way round.

    Places are compared in patient mm (LPS), whatever the thickness of the slices. ``offset`` is
    what to add to a place in the current scan to find it in the prior one: nothing at first, then
    what the reader set with :meth:`sync_here`.
    """

    changed = Signal()

    def __init__(self, current: PaneView, prior: PaneView) -> None:
        self.current, self.prior = current, prior
        self.scroll, self.zoom, self.window = True, True, True
        self.offset: FloatArray = np.zeros(3)
        self._busy = False
        self._wires = [
            (current.slice_changed, self._current_scrolled),
            (prior.slice_changed, self._prior_scrolled),
            (current.camera_changed, self._current_zoomed),
            (prior.camera_changed, self._prior_zoomed),
            (current.window_changed, self._current_windowed),
            (prior.window_changed, self._prior_windowed),
        ]
        for signal, slot in self._wires:
            signal.connect(slot)

    def close(self) -> None:
        """Part the two panes for good."""
        for signal, slot in self._wires:
            signal.disconnect(slot)

    @property
    def on(self) -> bool:
        """Whether anything is linked."""
        return self.scroll or self.zoom or self.window

    @on.setter
    def on(self, on: bool) -> None:
        self.scroll = self.zoom = self.window = on
        self.changed.emit()
        if on:
            self.align()

    def set_part(self, part: str, on: bool) -> None:
        """Link or part one thing: "scroll", "zoom" or "window"."""
        setattr(self, part, on)
        self.changed.emit()
        self.align()

    @contextmanager
    def parted(self) -> Iterator[None]:
        """Move the panes apart from each other inside this block."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before

    @property
    def offset_mm(self) -> float:
        """How far the prior scan is shifted across its slices, mm."""
        geometry = self.prior.frame.geometry if self.prior.frame else None
        return float(self.offset @ geometry.normal) if geometry is not None else 0.0

    def sync_here(self) -> None:
        """Take the two places now shown for the same place in the patient."""
        here, there = _centre(self.current), _centre(self.prior)
        if here is not None and there is not None:
            self.offset = there - here
            self.changed.emit()

    def tie(self, here: FloatArray, there: FloatArray) -> None:
        """Take two patient points (mm, LPS) for the same place, and show it in both panes."""
        self.offset = there - here
        self.changed.emit()
        self.align()

    def reset(self) -> None:
        """Forget the offset."""
        self.offset = np.zeros(3)
        self.changed.emit()

    def align(self) -> None:
        """Bring the prior pane to the place, zoom and window of the current one."""
        self._current_scrolled()
        self._current_zoomed()
        self._current_windowed()

    def _current_scrolled(self) -> None:
        self._scroll(self.current, self.prior, self.offset)

    def _prior_scrolled(self) -> None:
        self._scroll(self.prior, self.current, -self.offset)

    def _current_zoomed(self) -> None:
        self._zoom(self.current, self.prior, self.offset)

    def _prior_zoomed(self) -> None:
        self._zoom(self.prior, self.current, -self.offset)

    def _current_windowed(self) -> None:
        self._share_window(self.current, self.prior)

    def _prior_windowed(self) -> None:
        self._share_window(self.prior, self.current)

    def _scroll(self, leader: PaneView, follower: PaneView, offset: FloatArray) -> None:
        place = _centre(leader)
        if not self.scroll or place is None or follower.frame is None:
            return
        if follower.frame.geometry is not None:
            with self._leading() as free:
                if free:
                    follower.go_to(follower.frame.nearest_slice(place + offset))

    def _zoom(self, leader: PaneView, follower: PaneView, offset: FloatArray) -> None:
        place = _centre(leader)
        frame = follower.frame
        if not self.zoom or place is None or frame is None or frame.geometry is None:
            return
        with self._leading() as free:
            if free:
                camera = follower.viewer.scene.camera
                camera.zoom = leader.pixels_per_mm
                index = frame.geometry.to_index(place + offset)
                camera.center = tuple(frame.to_world(index)[1:])

    def _share_window(self, leader: PaneView, follower: PaneView) -> None:
        if self.window and follower.window != leader.window:
            with self._leading() as free:
                if free:
                    follower.window = leader.window

    @contextmanager
    def _leading(self) -> Iterator[bool]:
        # The follower's own change comes back here: it must not lead in turn, or 5 mm slices
        # would pull 2.5 mm slices back.
        if self._busy:
            yield False
            return
        self._busy = True
        try:
            yield True
        finally:
            self._busy = False


def _centre(pane: PaneView) -> FloatArray | None:
    """Return the patient point (mm, LPS) at the centre of a pane."""
    if pane.frame is None or pane.frame.geometry is None:
        return None
    return pane.frame.geometry.to_patient(pane.centre_index())
