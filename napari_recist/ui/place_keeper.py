"""Remembers where the reader is, in the background."""

from threading import Lock, Thread
from typing import Any

from qtpy.QtCore import QObject, QTimer

from napari_recist.errors import RecistError
from napari_recist.reading.place import Place, PlaceFolder, series_mark

LOOK_EVERY_MS = 400
"""So often the place is looked at, and written where it has changed: at most this is lost."""


class PlaceKeeper(QObject):
    """Writes the place of a room's reader now and then; scrolling itself never waits for it.

    Parameters
    ----------
    room : ReadingRoom
        The room that is watched.
    """

    def __init__(self, room: Any) -> None:
        super().__init__()
        self._room = room
        self._kept: Place | None = None
        self._writing = Lock()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_EVERY_MS)

    def recall(self) -> Place | None:
        """Return where the reader was in the patient just opened, if at the visit now open."""
        session = self._room.session
        place = self._folder().recall(session.subject)
        self._kept = place
        return place if place and place.visit == session.visit else None

    def close(self) -> None:
        """Write the last place and watch no longer."""
        self._timer.stop()
        place = self.place()
        if place is not None and place != self._kept:
            _keep(self._folder(), self._room.session.subject, place, self._writing)

    def place(self) -> Place | None:
        """Return where the reader is now; ``None`` while there is no picture."""
        session, view = self._room.session, self._room.current.view
        if view.frame is None:
            return None
        try:
            series = series_mark(session.series_shown(session.visit))
        except RecistError:
            return None
        place, row, column = (float(number) for number in view.centre_index())
        return Place(
            visit=session.visit,
            series=series,
            slice=int(place),
            row=row,
            column=column,
            pixels_per_mm=view.pixels_per_mm,
            width=view.window.width,
            level=view.window.level,
            lesion=self._room.desk.chosen,
            prior=session.prior_choice.value,
        )

    def _look(self) -> None:
        place = self.place()
        if place is None or place == self._kept or self._writing.locked():
            return
        self._kept = place
        work = (self._folder(), self._room.session.subject, place, self._writing)
        # A disk takes its time to be sure; the window does not wait for it.
        Thread(target=_keep, args=work, name="keep place", daemon=True).start()

    def _folder(self) -> PlaceFolder:
        session = self._room.session
        return PlaceFolder(session.trial.uid, session.reader)


def _keep(folder: PlaceFolder, subject: str, place: Place, writing: Lock) -> None:
    with writing:
        try:
            folder.keep(subject, place)
        except OSError:
            return  # a place that cannot be kept is no reason to disturb a reader
