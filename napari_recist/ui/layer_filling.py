"""Fills opened image layers while they are looked at: the slice shown first, then the rest."""

import time
from collections.abc import Iterable
from threading import Event
from typing import Any

import numpy as np
import numpy.typing as npt
from napari.utils import cancelable_progress
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

from napari_recist.errors import RecistError
from napari_recist.imaging import Series, VolumeStream, default_cache
from napari_recist.translation import _
from napari_recist.ui import napari_compat
from napari_recist.ui.pane_frame import PaneFrame

VOLUME_KEY = "napari_recist_volume"
"""Under this key a layer's metadata holds the volume it shows."""

TICK_MS = 30
"""How often arrived slices are shown: as often as a reader can see."""

WAIT_SECONDS = 0.002

LOADING = _(" (loading)")
"""At the end of a layer's name while slices are missing."""


class LayerFilling:
    """One series on its way into a layer; its middle slice comes first.

    Without a Qt application nobody waits for a picture: then the whole volume is read at once.

    Parameters
    ----------
    series : Series
        What to load.
    turn : Event
        The rest of the slices is read once this is set.

    Raises
    ------
    ImageError
        If the middle slice cannot be read.
    """

    def __init__(self, series: Series, turn: Event) -> None:
        self.series, self.turn = series, turn
        self.middle = len(series.slices) // 2
        self._layer_seen = False
        self._shown: npt.NDArray[np.bool_] = np.zeros(len(series.slices), bool)
        self._bar: Any = None
        self._stopped = False
        self.stream = VolumeStream(series, self.middle, self._wait_for_turn, default_cache())
        while not (self.stream.loaded[self.middle] or self.stream.error):
            time.sleep(WAIT_SECONDS)
        if self.stream.error:
            raise self.stream.error
        self.volume = self.stream.volume
        if QApplication.instance() is None:
            turn.set()
            self.volume = self.stream.wait()

    @property
    def complete(self) -> bool:
        """Whether every slice is there."""
        return self.stream.done

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to do."""
        return self._stopped

    def tick(self) -> None:
        """Show what has arrived since the last time; call in the Qt thread."""
        found = self._layer()
        if found is None and self._layer_seen:
            self.stop()  # the layer was closed: nobody looks any more
            return
        viewer, layer = found or (None, None)
        loaded = self.stream.loaded
        if layer is not None:
            self._layer_seen = True
            self._follow(viewer, layer, loaded)
        self._tell(int(loaded.sum()))
        if self.stream.done or self.stream.error:
            self._end(viewer, layer)
        elif self._bar is not None and self._bar.is_canceled:
            self._close_layer(viewer, layer, _("Loading was stopped, so the layer is closed."))

    def stop(self) -> None:
        """End without finishing."""
        self.stream.cancel()
        self.turn.set()
        self._finish()

    def _wait_for_turn(self, _indices: tuple[int, ...]) -> None:
        self.turn.wait()

    def _layer(self) -> tuple[Any, Any] | None:
        for viewer in napari_compat.viewers():
            for layer in viewer.layers:
                if layer.metadata.get(VOLUME_KEY) is self.volume:
                    return viewer, layer
        return None

    def _follow(self, viewer: Any, layer: Any, loaded: npt.NDArray[np.bool_]) -> None:
        """Read on from the slice shown, and draw it when it has arrived."""
        if self.stream.volume is not self.volume:
            self._change_type(viewer, layer)
        frame = PaneFrame.of(self.volume)
        world = (np.array(viewer.dims.point)[-3:] - frame.translate) / frame.scale
        shown = int(np.clip(round(float(world[0])), 0, len(loaded) - 1))
        if not loaded[shown]:
            self.stream.look_at(shown)
        elif not self._shown[shown]:
            layer.refresh(extent=False, highlight=False)
        self._shown = loaded

    def _change_type(self, viewer: Any, layer: Any) -> None:
        """Give the layer the array of another type that the stream went on with."""
        self.volume = self.stream.volume
        self._shown[:] = False
        chosen = viewer.layers.selection.active is layer
        layer.metadata = layer.metadata | {VOLUME_KEY: self.volume}
        layer.data = self.volume.voxels
        if chosen:  # whoever measures on it takes the new array
            viewer.layers.selection.active = None
            viewer.layers.selection.active = layer

    def _tell(self, loaded: int) -> None:
        if self._bar is None and self.turn.is_set() and not self.stream.done:
            self._bar = cancelable_progress(total=len(self._shown), desc=_("Loading slices"))
        if self._bar is not None and loaded > self._bar.n:
            self._bar.update(loaded - self._bar.n)

    def _end(self, viewer: Any, layer: Any) -> None:
        error = self.stream.error
        if error is None:
            if layer is not None:
                layer.name = layer.name.removesuffix(LOADING)
                layer.refresh(extent=False)
            self._finish()
        elif isinstance(error, RecistError):
            self._close_layer(
                viewer,
                layer,
                _("{error} The layer is closed: slices are missing.", error=error),
            )
        else:
            self._close_layer(viewer, layer, f"{type(error).__name__}: {error}")

    def _close_layer(self, viewer: Any, layer: Any, why: str) -> None:
        """Take a picture with missing slices away: they look like air."""
        self.stop()
        if layer is not None:
            layer.locked = False
            viewer.layers.remove(layer)
        napari_compat.notify(why, serious=True)

    def _finish(self) -> None:
        self._stopped = True
        self.turn.set()
        if self._bar is not None:
            self._bar.close()


class Fillings:
    """The layers being filled now, one after the other in the order in which they were opened."""

    def __init__(self) -> None:
        self._waiting: list[LayerFilling] = []
        self._timer: QTimer | None = None
        self._ticking = False

    def begin(self, fillings: Iterable[LayerFilling]) -> None:
        """Fill these after those that are being filled already."""
        self._waiting += [filling for filling in fillings if not filling.complete]
        if self._waiting and self._timer is None:
            self._timer = QTimer()
            self._timer.timeout.connect(self._tick)
            self._timer.start(TICK_MS)
        self._give_turn()

    def _tick(self) -> None:
        if self._ticking:  # a progress bar lets the window answer, and so the clock strike again
            return
        self._ticking = True
        try:
            for filling in tuple(self._waiting):
                filling.tick()
        finally:
            self._ticking = False
        self._waiting = [filling for filling in self._waiting if not filling.ended]
        self._give_turn()
        if not self._waiting and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _give_turn(self) -> None:
        if self._waiting:
            self._waiting[0].turn.set()


FILLINGS = Fillings()
"""Of this process: layers of all its viewers are filled one after the other."""
