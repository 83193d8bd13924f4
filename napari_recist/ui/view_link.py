"""Two panes that move as one: the same place in the patient, zoom and window in both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from psygnal import Signal

from napari_recist.imaging.geometry import FloatArray
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.point_map import PointMap, found_back, unmoved

PARALLEL_MM = 0.1
"""Slices count as parallel when they part by less than this over ``SPAN_MM``: pixel by pixel the
same slice is then nearest across the whole body."""
SPAN_MM = 100.0
PARTS = ("scroll", "zoom", "window")


class ViewLink:
    """Keeps a prior pane at the place of the current one, and the other way round.

    Places are compared in patient mm (LPS), whatever the thickness or tilt of the slices. A place
    in the current scan is found in the prior one by the registration, if there is one, and then
    by adding ``offset``: nothing at first, then what the reader set with :meth:`sync_here`.
    """

    changed = Signal()

    def __init__(self, current: PaneView, prior: PaneView) -> None:
        self.current, self.prior = current, prior
        self.scroll, self.zoom, self.window = True, True, True
        self.offset: FloatArray = np.zeros(3)
        self._mapping: PointMap | None = None
        self._busy = False
        self._wires: list[tuple[Any, Callable[[], None]]] = []
        self._wire()

    def take_prior(self, prior: PaneView) -> None:
        """Link another pane in the place of the prior one; offset and parts stay."""
        self.close()
        self.prior = prior
        self._wire()

    def close(self) -> None:
        """Part the two panes for good."""
        for signal, slot in self._wires:
            signal.disconnect(slot)
        self._wires.clear()

    def _wire(self) -> None:
        self._wires += [
            (self.current.slice_changed, self._current_scrolled),
            (self.prior.slice_changed, self._prior_scrolled),
            (self.current.camera_changed, self._current_moved),
            (self.prior.camera_changed, self._prior_moved),
            (self.current.window_changed, self._current_windowed),
            (self.prior.window_changed, self._prior_windowed),
        ]
        for signal, slot in self._wires:
            signal.connect(slot)

    @property
    def on(self) -> bool:
        """Whether anything is linked."""
        return any(self.parts.values())

    @on.setter
    def on(self, on: bool) -> None:
        self.scroll = self.zoom = self.window = on
        self.changed.emit()
        if on:
            self.align()

    @property
    def parts(self) -> dict[str, bool]:
        """Whether each part is linked: "scroll", "zoom" and "window"."""
        return {part: bool(getattr(self, part)) for part in PARTS}

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

    # where the same place is

    @property
    def registered(self) -> bool:
        """Whether places are found through a registration."""
        return self._mapping is not None

    def follow(self, mapping: PointMap | None) -> None:
        """Find places through a registration, or by nothing but the offset (``None``).

        Parameters
        ----------
        mapping : callable or None
            Maps (..., 3) points of the current scan to those of the prior one, patient mm, LPS.
        """
        self._mapping = mapping
        self.reset()
        self.align()

    def to_prior(self, point: FloatArray) -> FloatArray:
        """Map (3,) patient mm, LPS, of the current scan to the same place of the prior one."""
        return (self._mapping or unmoved)(point) + self.offset

    def to_current(self, point: FloatArray) -> FloatArray:
        """Map (3,) patient mm, LPS, of the prior scan to the same place of the current one."""
        return found_back(self._mapping or unmoved, point - self.offset)

    @property
    def offset_mm(self) -> float:
        """How far the prior scan is shifted across its slices by hand, mm."""
        geometry = self.prior.frame.geometry if self.prior.frame else None
        return float(self.offset @ geometry.normal) if geometry is not None else 0.0

    def sync_here(self) -> None:
        """Take the two places now shown for the same place in the patient."""
        here, there = _centre(self.current), _centre(self.prior)
        if here is not None and there is not None:
            self._take_for_same(here, there)

    def tie(self, here: FloatArray, there: FloatArray) -> None:
        """Take two patient points (mm, LPS) for the same place, and show it in both panes."""
        self._take_for_same(here, there)
        self.align()

    def _take_for_same(self, here: FloatArray, there: FloatArray) -> None:
        self.offset = there - (self._mapping or unmoved)(here)
        self.changed.emit()

    def reset(self) -> None:
        """Forget the offset."""
        self.offset = np.zeros(3)
        self.changed.emit()

    # following

    def align(self) -> None:
        """Bring the prior pane to the place, zoom and window of the current one."""
        self._current_scrolled()
        self._current_moved()
        self._current_windowed()

    def _current_scrolled(self) -> None:
        self._scroll(self.current, self.prior, self.to_prior)

    def _prior_scrolled(self) -> None:
        self._scroll(self.prior, self.current, self.to_current)

    def _current_moved(self) -> None:
        self._move(self.current, self.prior, self.to_prior)

    def _prior_moved(self) -> None:
        self._move(self.prior, self.current, self.to_current)

    def _current_windowed(self) -> None:
        self._share_window(self.current, self.prior)

    def _prior_windowed(self) -> None:
        self._share_window(self.prior, self.current)

    def _scroll(self, leader: PaneView, follower: PaneView, mapping: PointMap) -> None:
        """Go to the slice of the same place; where it lies elsewhere on it, go there too."""
        target = self._target(leader, follower, mapping) if self.scroll else None
        with self._leading() as free:
            if not free or target is None or follower.frame is None:
                return
            follower.go_to(follower.frame.nearest_slice(target))
            if self.zoom:
                _centre_on(follower, target)

    def _move(self, leader: PaneView, follower: PaneView, mapping: PointMap) -> None:
        """Take over zoom and place; between tilted slices another one may be nearest now."""
        target = self._target(leader, follower, mapping) if self.zoom else None
        with self._leading() as free:
            if not free or target is None or follower.frame is None:
                return
            if self.scroll and not _parallel(leader, follower, mapping):
                follower.go_to(follower.frame.nearest_slice(target))
            follower.viewer.scene.camera.zoom = leader.pixels_per_mm
            _centre_on(follower, target)

    def _target(self, leader: PaneView, follower: PaneView, mapping: PointMap) -> FloatArray | None:
        """Return the place the follower should show, patient mm; ``None`` without one."""
        place = None if self._busy else _centre(leader)
        if place is None or follower.frame is None or follower.frame.geometry is None:
            return None
        return mapping(place)

    def _share_window(self, leader: PaneView, follower: PaneView) -> None:
        if self.window:
            with self._leading() as free:
                if free and follower.window != leader.window:
                    follower.window = leader.window
                if free and follower.inverse != leader.inverse:
                    follower.inverse = leader.inverse

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


def _centre_on(pane: PaneView, point: FloatArray) -> None:
    """Show a patient point (mm, LPS) in the middle, whatever slice is shown."""
    frame = pane.frame
    if frame is not None and frame.geometry is not None:
        index = frame.geometry.to_index(point)
        pane.viewer.scene.camera.center = tuple(frame.to_world(index)[1:])


def _parallel(leader: PaneView, follower: PaneView, mapping: PointMap) -> bool:
    """Tell whether moving along a slice of the leader stays on the slice of the follower."""
    place, frame = _centre(leader), follower.frame
    geometry = leader.frame.geometry if leader.frame else None
    if place is None or geometry is None or frame is None or frame.geometry is None:
        return True
    here = mapping(place)
    return all(
        abs((mapping(place + SPAN_MM * along) - here) @ frame.geometry.normal) < PARALLEL_MM
        for along in (geometry.row_direction, geometry.column_direction)
    )
