"""One volume being loaded by one thread, while others wait for the same one."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import get_ident

from napari_recist.errors import RecistError
from napari_recist.imaging import Volume
from napari_recist.reading.registered import Progress

LOOK_SECONDS = 0.05
"""How often one who waits looks up, to tell how far it is and to learn of a cancel."""


class OneLoading:
    """The loading of one volume, and who else waits for it.

    Parameters
    ----------
    ahead : bool
        Whether it was begun in the background, before anybody looked.
    """

    def __init__(self, *, ahead: bool = False) -> None:
        self.ahead = ahead
        self._waiters: set[int] = set()
        self._far = (0, 0)
        self._outcome: Future[Volume] = Future()

    @property
    def looked_at(self) -> bool:
        """Whether somebody looks, or waits to look, at this volume now."""
        return not self.ahead or bool(self._waiters)

    def telling(self, progress: Progress | None) -> Callable[[int, int], None]:
        """Return a progress that also tells those who wait."""

        def tell(done: int, total: int) -> None:
            self._far = (done, total)
            if progress:
                progress(done, total)

        return tell

    def loaded(self, volume: Volume) -> None:
        """Hand the volume to all who wait."""
        self._outcome.set_result(volume)

    def failed(self, error: BaseException) -> None:
        """Tell all who wait that it ended without a volume."""
        self._outcome.set_exception(error)

    def wait(self, progress: Progress | None) -> Volume | None:
        """Return the volume; ``None`` if whoever loaded it gave up: then try oneself.

        Raises
        ------
        RecistError
            If it could not be loaded; what ``progress`` raises ends the waiting only.
        """
        self._waiters.add(get_ident())
        try:
            while not wait([self._outcome], LOOK_SECONDS).done:
                if progress and self._far[1]:
                    progress(*self._far)
        finally:
            self._waiters.discard(get_ident())
        error = self._outcome.exception()
        if isinstance(error, RecistError):
            raise error
        return self._outcome.result() if error is None else None
