"""A background thread that loads what will be looked at next, and stands back for what is now."""

from collections.abc import Callable
from threading import Condition, Thread
from typing import TypeAlias

from napari_recist.errors import RecistError
from napari_recist.trial import ScheduledVisit, SeriesEntry

Check: TypeAlias = Callable[[], None]
"""Called between slices; raises :class:`GaveWayError` when the loading has to stop."""


class GaveWayError(Exception):
    """What was loaded ahead stands back for what is looked at, or is no longer wanted."""


class LoadingAhead:
    """Loads wanted series one after the other while nothing else is being loaded.

    Parameters
    ----------
    changed : Condition
        Held by whoever reads or changes what is wanted and looked at; notified of changes.
    stand_back : callable
        Whether something is being loaded to be looked at now; called with ``changed`` held.
    load : callable
        Loads one series (visit, entry, check) and keeps it; called without ``changed``.
    """

    def __init__(
        self,
        changed: Condition,
        stand_back: Callable[[], bool],
        load: Callable[[ScheduledVisit, SeriesEntry, Check], object],
    ) -> None:
        self._changed, self._stand_back, self._load = changed, stand_back, load
        self._waiting: dict[SeriesEntry, ScheduledVisit] = {}
        self._thread: Thread | None = None

    def want(self, wanted: dict[SeriesEntry, ScheduledVisit]) -> None:
        """Load these in this order and nothing else; call with ``changed`` held."""
        self._waiting = wanted
        self._changed.notify_all()
        if wanted and self._thread is None:
            # A daemon: a window that closes does not wait for what nobody will look at.
            self._thread = Thread(target=self._run, name="load ahead", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (following := self._next()) is not None:
            entry, visit = following
            try:
                self._load(visit, entry, self._check_for(entry))
            except GaveWayError:
                continue
            except (RecistError, MemoryError):
                pass  # told to whoever opens the visit, by trying again
            with self._changed:
                self._waiting.pop(entry, None)

    def _next(self) -> tuple[SeriesEntry, ScheduledVisit] | None:
        """Return what to load once nothing is looked for; ``None`` when nothing is wanted."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or not self._stand_back())
            following = next(iter(self._waiting.items()), None)
            if following is None:
                self._thread = None
            return following

    def _check_for(self, entry: SeriesEntry) -> Check:
        def check() -> None:
            with self._changed:
                if entry not in self._waiting or self._stand_back():
                    raise GaveWayError

        return check
