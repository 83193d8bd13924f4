"""Volumes at hand: of the visits looked at and of those read beside them, in limited memory."""

from collections.abc import Callable, Iterable
from threading import Condition, Thread
from typing import TypeAlias

from napari_recist.errors import ImageError
from napari_recist.imaging import Series, Volume
from napari_recist.imaging.cache import VolumeCache, default_cache
from napari_recist.imaging.stream import OnSlices, VolumeStream
from napari_recist.reading.at_hand import AtHand, expected_memory, share_of_memory
from napari_recist.reading.loading_ahead import Check, LoadingAhead
from napari_recist.reading.one_loading import OneLoading
from napari_recist.reading.registered import (
    Progress,
    of_visit,
    registered_entry,
    registered_series,
)
from napari_recist.trial import ScheduledVisit, SeriesEntry

Wanted: TypeAlias = tuple[ScheduledVisit, str]
"""A visit and the Series Instance UID it is read on."""

OnEnd: TypeAlias = Callable[[Volume | BaseException], None]
"""Called with the whole volume, or with what ended the stream before."""


class VolumeShelf:
    """Loads the volumes of one patient's visits and keeps them at hand; any thread may ask.

    Volumes lie in memory up to a limit; beyond it the one looked at longest ago goes first, those
    wanted ahead last, and never the latest. A volume mapped from the cache takes no memory that
    the system could not take back at once: it counts as nothing and stays.

    Whenever the visit changes, a reading room asks :meth:`ahead` for baseline, nadir and prior.
    It shows :meth:`at_hand` where that is there and a :meth:`stream` where not, and takes
    geometry and passport from :meth:`series`, long before the voxels are there.

    Parameters
    ----------
    limit_bytes : int, optional
        What volumes may take of memory; by default a quarter of the machine's.
    cache : VolumeCache, optional
        Where volumes are kept on disk; by default the user's.
    """

    def __init__(self, limit_bytes: int | None = None, cache: VolumeCache | None = None) -> None:
        self._at_hand = AtHand(share_of_memory() if limit_bytes is None else limit_bytes)
        self._cache = cache or default_cache()
        self._found: dict[SeriesEntry, Series] = {}
        self._loading: dict[SeriesEntry, OneLoading] = {}
        self._looking = 0
        # Never held while a file is read.
        self._changed = Condition()
        self._ahead = LoadingAhead(self._changed, lambda: self._looking > 0, self._load_ahead)

    def series(self, visit: ScheduledVisit, series_uid: str) -> Series:
        """Return a series of a visit, with geometry and passport; its headers are read once.

        Raises
        ------
        ImageError
            If files are gone, unreadable, or hold other images than were registered.
        """
        return self._series(visit, registered_entry(visit, series_uid))

    def at_hand(self, visit: ScheduledVisit, series_uid: str) -> Volume | None:
        """Return the volume if it is loaded; ``None`` at once if it is not."""
        with self._changed:
            return self._at_hand.look_at(registered_entry(visit, series_uid))

    def volume(
        self, visit: ScheduledVisit, series_uid: str, progress: Progress | None = None
    ) -> Volume:
        """Return the volume of a series of a visit, loading it if it is not at hand.

        If another thread loads or streams it already, this waits for that one. What could not be
        loaded is tried again for the next who asks. Meanwhile nothing is loaded ahead.

        Parameters
        ----------
        visit : ScheduledVisit
            The visit, as registered.
        series_uid : str
            Series Instance UID of one of its series.
        progress : callable, optional
            Called with slices done and slices in all; what it raises stops the loading.

        Raises
        ------
        ImageError
            If files are gone or cannot be read; the message names patient code and visit.
        """
        entry = registered_entry(visit, series_uid)
        while True:
            with self._changed:
                held = self._at_hand.look_at(entry)
                if held is not None:
                    return held
                other = self._loading.get(entry)
                if other is None:
                    mine = self._look_for(entry)
                    break
            loaded = other.wait(progress)
            if loaded is not None:
                return loaded
        try:
            return self._load(visit, entry, mine, progress)
        finally:
            self._looked()

    def stream(
        self,
        visit: ScheduledVisit,
        series_uid: str,
        first: int,
        on_slices: OnSlices | None = None,
        on_end: OnEnd | None = None,
    ) -> VolumeStream:
        """Return a stream of the volume, the slice ``first`` first; complete, it is at hand.

        Ask :meth:`at_hand` before. :meth:`volume` waits for the stream, and nothing is loaded
        ahead, until it ends or is cancelled.

        Parameters
        ----------
        visit, series_uid
            As in :meth:`volume`.
        first : int
            Index of the slice wanted first.
        on_slices : callable, optional
            Called in a worker thread with the indices of slices that have just arrived.
        on_end : callable, optional
            Called once in a worker thread with the whole volume, or with what ended the stream:
            an ImageError that names patient code and visit, or ``CancelledError``.

        Raises
        ------
        ImageError
            If files are gone, unreadable, or hold other images than were registered.
        """
        entry = registered_entry(visit, series_uid)
        with self._changed:
            loading = self._look_for(entry)

        def attend() -> None:
            try:
                ended: Volume | BaseException = self._kept(visit, entry, loading, stream.wait)
            except BaseException as error:  # noqa: BLE001 - handed on to whoever looks
                ended = error
            self._looked()
            if on_end:
                on_end(ended)

        try:
            stream = VolumeStream(self._series(visit, entry), first, on_slices, self._cache)
        except BaseException as error:
            self._give_up(entry, loading, error)
            self._looked()
            raise
        Thread(target=attend, name="attend stream", daemon=True).start()
        return stream

    def ahead(self, wanted: Iterable[Wanted]) -> None:
        """Load these in the background, in this order, in place of what was wanted before.

        What is looked at comes first: the background stops for it and begins again afterwards.
        What is no longer wanted is stopped, so ``ahead(())`` stops everything. A volume that
        would push out another wanted one is left for later. A failure is told to whoever opens
        the visit.
        """
        entries = {registered_entry(visit, uid): visit for visit, uid in wanted}
        with self._changed:
            self._at_hand.wanted = frozenset(entries)
            self._ahead.want(entries)

    @property
    def bytes_at_hand(self) -> int:
        """What the volumes at hand take of memory; mapped ones take none."""
        with self._changed:
            return self._at_hand.bytes_taken

    @property
    def limit_bytes(self) -> int:
        """What volumes may take of memory; a lower limit takes effect at once."""
        return self._at_hand.limit_bytes

    @limit_bytes.setter
    def limit_bytes(self, limit: int) -> None:
        with self._changed:
            self._at_hand.limit_bytes = limit
            self._at_hand.make_room()

    def _series(self, visit: ScheduledVisit, entry: SeriesEntry) -> Series:
        found = self._found.get(entry)
        if found is None:
            found = self._found[entry] = registered_series(visit, entry)
        return found

    def _look_for(self, entry: SeriesEntry) -> OneLoading:
        """Begin a loading to be looked at; end it with :meth:`_looked`."""
        loading = self._loading[entry] = OneLoading()
        self._looking += 1
        return loading

    def _looked(self) -> None:
        with self._changed:
            self._looking -= 1
            self._changed.notify_all()

    def _load(
        self,
        visit: ScheduledVisit,
        entry: SeriesEntry,
        loading: OneLoading,
        progress: Progress | None,
    ) -> Volume:
        def load() -> Volume:
            return self._cache.load(self._series(visit, entry), loading.telling(progress))

        return self._kept(visit, entry, loading, load)

    def _load_ahead(self, visit: ScheduledVisit, entry: SeriesEntry, check: Check) -> None:
        """Load what is neither at hand nor on its way, if it fits beside the others wanted."""
        check()
        series = self._series(visit, entry)
        size = 0 if self._cache.holds(series) else expected_memory(series)
        with self._changed:
            known = entry in self._at_hand or entry in self._loading
            if known or not self._at_hand.has_room_for(size):
                return
            loading = self._loading[entry] = OneLoading(ahead=True)

        def stop_unless_waited_for(_done: int, _total: int) -> None:
            if not loading.looked_at:
                check()

        self._load(visit, entry, loading, stop_unless_waited_for)

    def _kept(
        self,
        visit: ScheduledVisit,
        entry: SeriesEntry,
        loading: OneLoading,
        load: Callable[[], Volume],
    ) -> Volume:
        """Load and keep a volume, and tell everyone who waits how it ended."""
        try:
            try:
                volume = load()
            except ImageError as error:
                raise of_visit(error, visit) from error
        except BaseException as error:
            self._give_up(entry, loading, error)
            raise
        with self._changed:
            self._at_hand.keep(entry, volume, looked_at=loading.looked_at)
            self._forget(entry, loading)
        loading.loaded(volume)
        return volume

    def _give_up(self, entry: SeriesEntry, loading: OneLoading, error: BaseException) -> None:
        with self._changed:
            if isinstance(error, ImageError):  # the files may be other ones at the next try
                self._found.pop(entry, None)
            self._forget(entry, loading)
        loading.failed(error)

    def _forget(self, entry: SeriesEntry, loading: OneLoading) -> None:
        if self._loading.get(entry) is loading:
            del self._loading[entry]
