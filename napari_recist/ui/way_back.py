"""The way back to where the reader was in a patient: slice, middle, zoom, window, lesion, phase."""

from contextlib import suppress
from typing import Any

from napari_recist.errors import RecistError
from napari_recist.reading import ReadingSession
from napari_recist.reading.place import Place, series_mark
from napari_recist.ui.reading_settings import reading_settings
from napari_recist.ui.window_level import WindowLevel


class WayBack:
    """Leads a room back to a place, once, as soon as the picture is there.

    Parameters
    ----------
    room : ReadingRoom
        The room that is led back.
    """

    def __init__(self, room: Any) -> None:
        self._room = room
        self._place: Place | None = None
        self.taken = False
        """Whether the room stands where it was led, from which no lesion may draw it away."""

    def set_out(self, place: Place | None) -> None:
        """Prepare a session just begun to be shown as it was left."""
        room, session = self._room, self._room.session
        self._place = None
        session.prior_choice = place.prior_choice if place else reading_settings().prior
        session.phase = _phase_at(session, place) if place else ""
        room.pictures.first_slice = place.slice if place else None

    def lesion(self, place: Place | None) -> str:
        """Return the lesion that was chosen there, "" where it is not on the list now."""
        listed = {lesion.identifier for lesion in self._room.session.read.lesions}
        return place.lesion if place and place.lesion in listed else ""

    def take(self, place: Place | None) -> None:
        """Lead back now, or once the picture is there."""
        self._place = place
        self.follow()

    def follow(self) -> None:
        """Lead back if that is still to be done and there is a picture."""
        place, room = self._place, self._room
        if place is None or room.current.volume is None:
            return
        self._place = None
        self.taken = place.visit == room.session.visit
        if self.taken:
            _look_at(room.current.view, place)


def _phase_at(session: ReadingSession, place: Place) -> str:
    """Return the phase a place was looked at in, "" where it is the series read."""
    with suppress(RecistError):  # told on the pane
        for step in session.phases(session.visit):
            if series_mark(step) == place.series and step != session.series_read(session.visit):
                return step.phase
    return ""


def _look_at(view: Any, place: Place) -> None:
    if view.frame is None:
        return
    count, rows, columns = view.frame.shape
    inside = 0 <= place.slice < count and 0 <= place.row < rows and 0 <= place.column < columns
    view.window = WindowLevel(place.width, place.level)
    if inside:
        view.zoom_to(place.pixels_per_mm, (place.slice, place.row, place.column))
