"""Fills a pane with a volume while it is loaded: the slice looked at first, the rest around it.

Files are read in threads; the window only hears what has arrived. A volume at hand, or one from the
cache that is there within a blink, is shown at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, ClassVar
from weakref import WeakSet

from qtpy.QtCore import QObject, Signal

from napari_recist.errors import ImageError
from napari_recist.imaging import Volume
from napari_recist.reading.volumes_on_view import VolumesOnView
from napari_recist.trial import ScheduledVisit, SeriesEntry
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.loading_sheet import LoadingSheet
from napari_recist.ui.pane_view import SlicesThere

BLINK_S = 0.04
"""So long the window waits for a volume before it shows that it is loading: below what an eye
takes for a delay, and long enough for a small volume or one mapped from the cache."""

FEW_SLICES = 100
"""Only a volume of so few slices can be there within a blink: reading the headers of more takes
longer, and the window does not wait in vain."""


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """What a pane is being filled with.

    ``first`` is the slice wanted first. ``shown`` is called with the volume, and with which of its
    slices are there, once that one is; ``ended`` when all are; ``failed`` with what went wrong.
    """

    volumes: VolumesOnView
    visit: ScheduledVisit
    series: SeriesEntry
    first: int
    shown: Callable[[Volume, SlicesThere], None]
    ended: Callable[[], None]
    failed: Callable[[ImageError], None]


class PaneLoading(QObject):
    """The loading of one pane; a new one takes the place of the one before.

    Parameters
    ----------
    pane : ImagePane
        The pane to fill.
    """

    settled = Signal()
    """The first slice is seen, or there is none to wait for."""
    _arrived = Signal(object)
    _ended = Signal(object, object)

    busy: ClassVar["WeakSet[PaneLoading]"] = WeakSet()
    """Those that are loading now, in whatever window."""

    def __init__(self, pane: ImagePane) -> None:
        super().__init__()
        self.pane = pane
        self.sheet = LoadingSheet(pane.canvas_widget, pane.view, pane.glass)
        self._filling: Filling | None = None
        self._is_shown = self._begun = False
        self._arrived.connect(self._on_arrived)
        self._ended.connect(self._on_ended)
        pane.view.slice_changed.connect(self._look_here)

    @property
    def waits(self) -> bool:
        """Whether nothing of what is being loaded is seen yet."""
        return self._filling is not None and not self._is_shown

    def fill(self, filling: Filling, behind: "PaneLoading | None" = None) -> None:
        """Fill the pane: at once where the volume is at hand, else while it is loaded.

        ``behind`` is the loading whose first slice is wanted more: this one begins after it.
        """
        self.stop()
        held = filling.volumes.at_hand(filling.visit, filling.series)
        if held is not None:
            filling.shown(held, None)
            return
        self._filling, self._is_shown, self._begun = filling, False, False
        PaneLoading.busy.add(self)
        filling.volumes.expect(filling.series)
        if behind is None or not behind.waits:
            self.begin()
        if self._filling is filling:
            self.pane.view.blank()
            self.pane.glass.empty_text = ""
            self.sheet.begin(_slices(filling))

    def begin(self) -> None:
        """Begin to load what the pane is to be filled with, unless that has begun."""
        filling = self._filling
        if filling is None or self._begun:
            return
        self._begun = True
        over, outcomes = Event(), list[Any]()

        def on_end(outcome: Any) -> None:
            outcomes.append(outcome)
            over.set()
            self._ended.emit(filling, outcome)

        visit, series = filling.visit, filling.series
        work = (visit, series, filling.first, lambda _: self._arrived.emit(filling), on_end)
        Thread(target=filling.volumes.begin, args=work, name="begin stream", daemon=True).start()
        if _slices(filling) <= FEW_SLICES and over.wait(BLINK_S):
            self._on_ended(filling, outcomes[0])

    def stop(self) -> None:
        """Stop loading what is no longer looked at."""
        if self._filling is not None:
            self._filling.volumes.leave(self._filling.series)
        self._rest()

    def close(self) -> None:
        """Stop, and take the sheet off."""
        self.stop()
        self.pane.view.slice_changed.disconnect(self._look_here)
        self.sheet.take_off()

    def _rest(self) -> None:
        self._filling = None
        PaneLoading.busy.discard(self)
        self.sheet.hide()
        self.settled.emit()

    def _on_arrived(self, filling: Filling) -> None:
        if filling is not self._filling:
            return
        try:
            volume = filling.volumes.so_far(filling.visit, filling.series)
        except ImageError:  # told when the stream ends
            return
        if volume is not None:
            self._show(filling, volume)

    def _show(self, filling: Filling, volume: Volume) -> None:
        volumes, visit, series = filling.volumes, filling.visit, filling.series
        there = volumes.slices_there(visit, series, len(volume.series.slices))
        if not self._is_shown and not there[min(filling.first, len(there) - 1)]:
            return
        covered = self.sheet.covers
        self.sheet.show_there(there)
        if not self._is_shown:
            self._is_shown = True
            filling.shown(volume, there)
            self._look_here()
            self.settled.emit()
        elif self.pane.view.volume is not volume:
            self.pane.view.fill_up(volume, there)
        else:
            self.pane.view.arrive(there)
            if covered and not self.sheet.covers:
                self.pane.view.layer.refresh()
        if there.all():  # what is still done is putting it into the cache
            self.sheet.hide()

    def _on_ended(self, filling: Filling, outcome: Any) -> None:
        if filling is not self._filling:
            return
        was_shown = self._is_shown
        self._rest()
        if isinstance(outcome, ImageError):
            filling.failed(outcome)
        elif isinstance(outcome, Volume):
            if was_shown:
                self.pane.view.fill_up(outcome)
            else:
                filling.shown(outcome, None)
            filling.ended()

    def _look_here(self) -> None:
        if self._filling is not None and self._is_shown:
            self._filling.volumes.look_at(self._filling.series, self.pane.view.slice)


def _slices(filling: Filling) -> int:
    profile = filling.series.profile
    return profile.slices if profile else 0
