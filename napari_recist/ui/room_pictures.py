"""The pictures on the panes of the room: which volume is on which, and what is loaded for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from napari_recist.errors import RecistError
from napari_recist.imaging import Volume
from napari_recist.translation import _
from napari_recist.trial import SeriesEntry
from napari_recist.ui.corner_text import PaneTitle
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.pane_loading import Filling, PaneLoading
from napari_recist.ui.pane_spot import PaneSpot, look_at, spot_of
from napari_recist.ui.pane_view import SlicesThere
from napari_recist.ui.window_level import WindowLevel, opening_window

Shown = tuple[str, SeriesEntry | None]
"""What is on a pane: a visit and its series, ``None`` where the series is gone."""
NOTHING: Shown = ("", None)


@dataclass(slots=True, eq=False)
class _Opening:
    """A picture on its way to a pane; ``later`` once the room has gone on without it."""

    pane: ImagePane
    visit: str
    spot: PaneSpot | None
    later: bool = False


class RoomPictures:
    """Puts volumes on the panes, at once or slice by slice.

    Parameters
    ----------
    room : ReadingRoom
        The room whose panes are filled.
    title : callable
        Returns what stands in a visit's corner.
    redraw : callable
        Called when a picture, or all of it, came later than what is drawn on it.
    """

    def __init__(
        self, room: Any, title: Callable[[str], PaneTitle], redraw: Callable[[], None]
    ) -> None:
        self._room, self._title, self._redraw = room, title, redraw
        self._shown: dict[str, Shown] = {}
        self.loadings: dict[str, PaneLoading] = {}
        self.first_slice: int | None = None

    def forget(self, *places: str) -> None:
        """Forget what these panes show ("current", "prior"), all if none is named."""
        for place in places or tuple(self._shown):
            self._shown.pop(place, None)
            if place in self.loadings:
                self.loadings[place].stop()

    def close(self) -> None:
        """Stop loading; the panes are about to go."""
        for loading in self.loadings.values():
            loading.close()
        self.loadings.clear()

    def show(self, place: str, pane: ImagePane, visit: str) -> None:
        """Show a visit on a pane, unless it is there; another phase is shown at the same place."""
        before, wanted = self._shown.get(place, NOTHING), (visit, self.series_shown(visit))
        if before == wanted:
            return
        self._shown[place] = wanted
        same_visit = visit == before[0]
        if place == "current" and not same_visit:
            self._room.tool.let_go()
            self._room.link.reset()
        opening = _Opening(pane, visit, spot_of(pane.view) if same_visit else None)
        if wanted[1] is None:
            self._fail(opening, self._why_none(visit))
            return
        loading, current = self._loading_of(place, pane), self.loadings.get("current")
        behind = current if place != "current" else None
        loading.fill(self._filling(opening, wanted[1]), behind)
        opening.later = True

    def series_shown(self, visit: str) -> SeriesEntry | None:
        """Return the series of a visit that is shown, ``None`` where it is gone."""
        try:
            return self._room.session.series_shown(visit)
        except RecistError:  # told on the pane
            return None

    def _filling(self, opening: _Opening, series: SeriesEntry) -> Filling:
        session = self._room.session
        return Filling(
            volumes=session.on_view,
            visit=session.scheduled(opening.visit),
            series=series,
            first=self._first_of(opening, series),
            shown=lambda volume, there: self._put(opening, volume, there),
            ended=self._redraw,
            failed=lambda refusal: self._fail(opening, refusal),
        )

    def _first_of(self, opening: _Opening, series: SeriesEntry) -> int:
        """Return the slice to read first: where the reader was, else the middle one."""
        count = series.profile.slices if series.profile else 1
        if opening.pane is not self._room.current or self.first_slice is None:
            return count // 2
        wanted, self.first_slice = self.first_slice, None
        return min(wanted, count - 1)

    def _put(self, opening: _Opening, volume: Volume, there: SlicesThere) -> None:
        pane, window = opening.pane, self._window(opening.pane, volume, there)
        with self._room.link.parted():
            pane.show(volume, self._title(opening.visit), window, there)
            if opening.spot is not None:
                look_at(pane.view, opening.spot)
        if opening.later:
            self._redraw()
            self._room.pane_filled()

    def _fail(self, opening: _Opening, refusal: RecistError) -> None:
        told = self._room.refuse(refusal)
        opening.pane.show_nothing(self._title(opening.visit), str(told))

    def _why_none(self, visit: str) -> RecistError:
        try:
            self._room.session.series_shown(visit)
        except RecistError as refusal:
            return refusal
        return RecistError(_("{visit} cannot be shown.", visit=visit), _("Open it again."))

    def _loading_of(self, place: str, pane: ImagePane) -> PaneLoading:
        loading = self.loadings.get(place)
        if loading is None or loading.pane is not pane:
            if loading is not None:
                loading.stop()  # its sheet went with the pane it lay on
            loading = self.loadings[place] = PaneLoading(pane)
            if place != "current" and "current" in self.loadings:
                self.loadings["current"].settled.connect(loading.begin)
        return loading

    def _window(self, pane: ImagePane, volume: Volume, there: SlicesThere) -> WindowLevel:
        """Return the window a pane goes on with, one shared with the other pane where linked."""
        current = self._room.current
        leader = pane if pane.had_picture or not self._room.link.window else current
        if not leader.had_picture:
            return opening_window(volume.series.modality, volume.voxels, there)
        return leader.view.window
