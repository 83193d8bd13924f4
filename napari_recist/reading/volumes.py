"""Keeps the volumes of the last visits looked at, so that going back to one costs nothing."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

from napari_recist.errors import NoImagesError
from napari_recist.imaging import Volume, find_series, load_volume
from napari_recist.trial import ScheduledVisit, SeriesEntry

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how much is done and how much there is; may raise to cancel."""

VOLUMES_AT_HAND = 4
"""Current visit, previous, nadir and baseline."""


class VolumeShelf:
    """Loads volumes and keeps the latest few."""

    def __init__(self) -> None:
        self._at_hand: OrderedDict[SeriesEntry, Volume] = OrderedDict()
        # Volumes are loaded ahead in threads; the lock is not held while one is decoded.
        self._lock = Lock()

    def volume(
        self, visit: ScheduledVisit, series_uid: str, progress: Progress | None = None
    ) -> Volume:
        """Return the volume of this series of a visit.

        Raises
        ------
        ImageError
            If its files are gone or cannot be read.
        """
        entry = _entry(visit, series_uid)
        with self._lock:
            volume = self._at_hand.get(entry)
        if volume is None:
            volume = _load(visit, entry, progress)
        with self._lock:
            self._at_hand[entry] = volume
            self._at_hand.move_to_end(entry)
            while len(self._at_hand) > VOLUMES_AT_HAND:
                self._at_hand.popitem(last=False)
        return volume


def _entry(visit: ScheduledVisit, series_uid: str) -> SeriesEntry:
    for entry in visit.series:
        if entry.series_uid == series_uid:
            return entry
    raise NoImagesError(
        f"{visit.visit} of {visit.subject} no longer has the series it was read on.",
        "Import the original images again.",
    )


def _load(visit: ScheduledVisit, entry: SeriesEntry, progress: Progress | None) -> Volume:
    gone = [path for path in entry.paths if not path.is_file()]
    if gone:
        raise NoImagesError(
            f"{len(gone)} images of {visit.visit} of {visit.subject} are gone: {gone[0]} first.",
            "Import the folder where they are now.",
        )
    found = [series for series in find_series(entry.paths) if series.series_uid == entry.series_uid]
    for series in found:
        # Alone among its files, a part of a split series needs no words to be told apart.
        if series.part == entry.part or len(found) == 1:
            return load_volume(series, progress)
    raise NoImagesError(
        f"The images of {visit.visit} of {visit.subject} changed since they were registered.",
        "Import the folder again.",
    )
