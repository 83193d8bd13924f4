"""The volumes on view: at hand, on their way slice by slice, or failed. Showing never waits."""

from concurrent.futures import CancelledError
from dataclasses import replace
from threading import Lock

import numpy as np
import numpy.typing as npt

from napari_recist.errors import ImageError
from napari_recist.imaging import Volume
from napari_recist.imaging.stream import OnSlices, VolumeStream
from napari_recist.reading.volumes import OnEnd, VolumeShelf, Wanted
from napari_recist.trial import ScheduledVisit, SeriesEntry


class VolumesOnView:
    """What a pane can show of each series now.

    A series is expected first (:meth:`expect`), which costs nothing; a worker thread then begins
    its stream, for which headers are read. Whoever looks meanwhile gets what is there.

    Parameters
    ----------
    shelf : VolumeShelf
        Where volumes are kept.
    """

    def __init__(self, shelf: VolumeShelf) -> None:
        self._shelf = shelf
        self._coming: dict[SeriesEntry, VolumeStream | None] = {}
        self._failed: dict[SeriesEntry, ImageError] = {}
        self._lock = Lock()

    def so_far(self, visit: ScheduledVisit, series: SeriesEntry) -> Volume | None:
        """Return a volume as far as it is there; ``None`` while its headers are read.

        One that nobody expects is loaded here and now.

        Raises
        ------
        ImageError
            If its files are gone or cannot be read.
        """
        held = self.at_hand(visit, series)
        if held is not None:
            return held
        with self._lock:
            if series in self._failed:
                raise self._failed[series]
            if series in self._coming:
                stream = self._coming[series]
                return stream.volume if stream else None
        return self._shelf.volume(*alone(visit, series))

    def at_hand(self, visit: ScheduledVisit, series: SeriesEntry) -> Volume | None:
        """Return the whole volume if it is loaded."""
        return self._shelf.at_hand(*alone(visit, series))

    def has_slice(self, visit: ScheduledVisit, series: SeriesEntry, index: int) -> bool:
        """Return whether a slice is there, so that it can be measured on."""
        there = self.slices_there(visit, series, max(index, 0) + 1)
        return bool(there[index : index + 1].all())

    def slices_there(
        self, visit: ScheduledVisit, series: SeriesEntry, count: int
    ) -> npt.NDArray[np.bool_]:
        """Return (count,) which slices of a series are there."""
        with self._lock:
            stream, coming = self._coming.get(series), series in self._coming
        if stream is not None:
            return stream.loaded
        return np.full(count, not coming or self.at_hand(visit, series) is not None)

    def expect(self, series: SeriesEntry) -> None:
        """Say that a stream of this series is about to begin; an earlier failure is forgotten."""
        with self._lock:
            self._failed.pop(series, None)
            self._coming[series] = None

    def begin(
        self,
        visit: ScheduledVisit,
        series: SeriesEntry,
        first: int,
        on_slices: OnSlices,
        on_end: OnEnd,
    ) -> None:
        """Begin the stream of an expected series; call in a worker thread, for it reads headers.

        ``on_slices`` and ``on_end`` are called as by :meth:`VolumeShelf.stream`; what could not be
        begun is told to ``on_end`` too.
        """

        def ended(outcome: Volume | BaseException) -> None:
            self._settle(series, outcome)
            on_end(outcome)

        try:
            stream = self._shelf.stream(*alone(visit, series), first, on_slices, ended)
        except ImageError as error:
            ended(error)
            return
        with self._lock:
            wanted = series in self._coming
            if wanted and not stream.done:
                self._coming[series] = stream
        if not wanted:
            stream.cancel()

    def look_at(self, series: SeriesEntry, index: int) -> None:
        """Let the slices around this one come first."""
        stream = self._coming.get(series)
        if stream is not None:
            stream.look_at(index)

    def leave(self, series: SeriesEntry) -> None:
        """Stop the stream of a series that is no longer looked at."""
        with self._lock:
            stream = self._coming.pop(series, None)
        if stream is not None:
            stream.cancel()

    def _settle(self, series: SeriesEntry, outcome: Volume | BaseException) -> None:
        if isinstance(outcome, CancelledError):
            return  # whoever left the series forgot it, and may have come back since
        with self._lock:
            self._coming.pop(series, None)
            if isinstance(outcome, ImageError):
                self._failed[series] = outcome


def alone(visit: ScheduledVisit, series: SeriesEntry) -> Wanted:
    """Return a visit of this series alone, with its UID.

    The volumes of one DICOM series share its UID: the shelf is to see only the one meant.
    """
    return replace(visit, series=(series,)), series.series_uid
