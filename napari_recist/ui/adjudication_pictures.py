"""Both reads of a visit on the two panes: each read's series, calipers and places, in mm alike."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from napari_recist.errors import RecistError
from napari_recist.imaging import Volume
from napari_recist.reading.adjudication import AdjudicationSession, ReadOnTable
from napari_recist.translation import _
from napari_recist.trial import SeriesEntry
from napari_recist.ui.corner_text import PaneTitle
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.pane_loading import Filling, PaneLoading
from napari_recist.ui.pane_view import SlicesThere
from napari_recist.ui.read_desk import ReadDesk
from napari_recist.ui.window_level import WindowLevel, opening_window

COMING = _("The same images as beside: they come once those are loaded.")
NOT_READ = _("not in this read")


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of the table: its pane and the read that lies there."""

    pane: ImagePane
    desk: ReadDesk
    read: ReadOnTable


class AdjudicationPictures:
    """Fills both panes; where both reads are of the same series, it is loaded once.

    Parameters
    ----------
    room : AdjudicationRoom
        The room whose panes are filled: its link, its sides and how it tells a refusal.
    arrived : callable
        Called when a picture has come to a pane.
    """

    def __init__(self, room: Any, arrived: Callable[[], None]) -> None:
        self._room, self._arrived = room, arrived
        self._loadings: dict[ImagePane, PaneLoading] = {}
        self._on_panes: dict[ImagePane, tuple[str, str, SeriesEntry]] = {}
        self.both = False

    def close(self) -> None:
        """Stop loading; the panes are about to go."""
        for loading in self._loadings.values():
            loading.close()
        self._loadings.clear()

    def forget(self) -> None:
        """Forget what the panes show: another case comes."""
        self._on_panes.clear()
        for loading in self._loadings.values():
            loading.stop()

    def show(self, session: AdjudicationSession) -> None:
        """Show the visit looked at of both reads, left first."""
        left, right = self._room.sides
        series = self._series(left), self._series(right)
        if series[0] == series[1]:
            self._fill(left, series[0], lambda: self._fill(right, series[1], self.draw))
            if self._is_coming(left) and not self._shows(right, series[1]):
                self._wait(right)
        else:
            for side, entry in zip((left, right), series, strict=True):
                self._fill(side, entry, self.draw)
        self.draw()
        with suppress(RecistError):  # told on the pane whose images are gone
            session.load_ahead()

    def draw(self) -> None:
        """Draw the calipers and places of each read on its pane, or of both on both."""
        left, right = self._room.sides
        for side, other in ((left, right), (right, left)):
            side.pane.retitle(self.title(side))
            calipers = side.desk.drawn(side.read.visit)
            marks = side.desk.marks(side.read.visit)
            volume = side.pane.volume
            if self.both and isinstance(volume, Volume):
                calipers += other.desk.drawn_in(other.read.visit, volume)
                marks += other.desk.marks_in(other.read.visit, volume)
            shows_picture = volume is not None
            side.pane.draw(calipers if shows_picture else [])
            side.pane.mark(marks if shows_picture else [])

    def title(self, side: Side) -> PaneTitle:
        """Return what stands in a pane's corner: the read and the week, and nobody's name."""
        read = side.read
        note = "" if read.was_read(read.visit) else NOT_READ
        return PaneTitle(read.subject, f"{read.reader}, {read.week_label(read.visit)}", note)

    def _series(self, side: Side) -> SeriesEntry | None:
        try:
            return side.read.series_read(side.read.visit)
        except RecistError as refusal:
            self._fail(side, refusal)
            return None

    def _is_coming(self, side: Side) -> bool:
        return self._loadings.get(side.pane) in PaneLoading.busy

    def _shows(self, side: Side, series: SeriesEntry | None) -> bool:
        wanted = (side.read.subject, side.read.visit, series)
        return self._on_panes.get(side.pane) == wanted

    def _wait(self, side: Side) -> None:
        """Show no picture of another visit while this one's is loaded for the pane beside."""
        self._on_panes.pop(side.pane, None)
        if side.pane in self._loadings:
            self._loadings[side.pane].stop()
        side.pane.show_nothing(self.title(side), COMING)

    def _fill(self, side: Side, series: SeriesEntry | None, then: Callable[[], None]) -> None:
        if series is None:
            return
        if self._shows(side, series):
            if not self._is_coming(side):
                then()
            return
        read = side.read
        self._on_panes[side.pane] = (read.subject, read.visit, series)
        if side.pane not in self._loadings:
            self._loadings[side.pane] = PaneLoading(side.pane)
        loading = self._loadings[side.pane]
        count = series.profile.slices if series.profile else 1

        def shown(volume: Volume, there: SlicesThere) -> None:
            self._put(side, volume, there)
            if there is None:
                then()

        loading.fill(
            Filling(
                volumes=read.on_view,
                visit=read.scheduled(read.visit),
                series=series,
                first=count // 2,
                shown=shown,
                ended=then,
                failed=lambda refusal: self._fail(side, refusal),
            )
        )

    def _put(self, side: Side, volume: Volume, there: SlicesThere) -> None:
        window = self._window(side.pane, volume, there)
        with self._room.link.parted():
            side.pane.show(volume, self.title(side), window, there)
        self._arrived()

    def _fail(self, side: Side, refusal: RecistError) -> None:
        told = self._room.refuse(refusal)
        self._on_panes.pop(side.pane, None)
        side.pane.show_nothing(self.title(side), str(told))

    def _window(self, pane: ImagePane, volume: Volume, there: SlicesThere) -> WindowLevel:
        """Return the window a pane goes on with: its own, the other's, or what suits the images."""
        panes = (pane, *(side.pane for side in self._room.sides))
        seen = next((one for one in panes if one.had_picture), None)
        if seen is None:
            return opening_window(volume.series.modality, volume.voxels, there)
        return seen.view.window
