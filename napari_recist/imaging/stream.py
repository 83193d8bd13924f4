"""Load a series while it is looked at: the slice before the reader first, the rest around it."""

from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from threading import Event, Lock, Thread

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.cache import VolumeCache, key_of
from napari_recist.imaging.memory import zeros
from napari_recist.imaging.pixels.filling import (
    THREADS,
    DoesNotFitError,
    Voxels,
    int16_holds,
    read_exact,
    read_float,
    whole,
)
from napari_recist.imaging.pixels.second_opinion import confirm
from napari_recist.imaging.pixels.stored import PixelReader
from napari_recist.imaging.series import Series
from napari_recist.imaging.volume import Volume, shape_of

UNREAD = -32768
"""Value of a voxel not yet read: far below air in HU, below anything in MR and PET."""

_SLICES_AT_ONCE = 8
"""Slices a thread reads between two calls of ``on_slices``, once the first one is there."""

OnSlices = Callable[[tuple[int, ...]], None]
"""Called with the indices of slices that have just arrived."""


class VolumeStream:
    """A volume that is there at once and fills from one slice outwards, in background threads.

    The first slice waits for nothing: the memory of the others is only touched once it is there.
    They hold zeros for so long, then ``UNREAD``; which slices are there is told by ``loaded``.

    The voxels are int16 from the start where whole numbers are rescaled by whole numbers, else
    float32. Should a value not fit int16, the array is given up for one of float32 and filling
    starts again; should fractions leave whole numbers only, int16 takes its place at the end: so
    take ``volume`` anew at every call of ``on_slices``. In the end the array is equal to that of
    ``load_volume``. With a cache that holds the series it is mapped, complete and
    read-only at once; else it is put there when complete.

    A slice appears as a whole, in one step during which no other Python code runs.

    Parameters
    ----------
    series : Series
        What to load.
    first : int
        Index of the slice wanted first.
    on_slices : callable, optional
        Called **in a worker thread** with a tuple of the indices that have just arrived, also when
        all were cached. What it raises stops the stream.
    cache : VolumeCache, optional
        Where the voxels may be kept.

    Raises
    ------
    ImageError
        The voxels would take more memory than one volume may (see ``load_volume``).
    """

    def __init__(
        self,
        series: Series,
        first: int = 0,
        on_slices: OnSlices | None = None,
        cache: VolumeCache | None = None,
    ) -> None:
        self._series, self._cache = series, cache
        self._on_slices = on_slices or (lambda _indices: None)
        self._lock, self._done, self._stopped = Lock(), Event(), Event()
        self._error: BaseException | None = None
        self._reader = PixelReader()
        self._centre, self._hurry = first, True
        self._fits_int16 = True
        count = len(series.slices)
        cached = cache.voxels(series) if cache else None
        self._loaded = np.full(count, cached is not None)
        self._taken = self._loaded.copy()
        if cached is None:
            self._key = key_of(series) if cache else None
            cached = zeros(shape_of(series), exact=whole(series.slices))
        self._take(cached)
        self._writing = [Lock() for _ in range(count)]  # reading and blanking meet on one only
        self._blanked: Voxels | None = None
        self._threads = ThreadPoolExecutor(THREADS + 1)  # one more, to blank what is not read
        self._thread = Thread(target=self._run, name="volume stream", daemon=True)
        self._thread.start()

    @property
    def volume(self) -> Volume:
        """The volume as far as it is read (see ``loaded``)."""
        return self._volume

    @property
    def loaded(self) -> npt.NDArray[np.bool_]:
        """(slices,) which slices are there: a copy."""
        with self._lock:
            return self._loaded.copy()

    @property
    def done(self) -> bool:
        """Whether every slice is there, and none is in doubt."""
        return self._done.is_set()

    @property
    def error(self) -> BaseException | None:
        """What stopped the stream, if something did."""
        return self._error

    def look_at(self, index: int) -> None:
        """Read the slices still missing in the order of their distance from this one."""
        with self._lock:
            self._centre, self._hurry = index, True

    def cancel(self) -> None:
        """Stop soon, without waiting; slices being read may still arrive."""
        self._stopped.set()

    def wait(self) -> Volume:
        """Return the complete volume, once it is there and put into the cache.

        Raises
        ------
        ImageError
            A file is gone, truncated, or decodes to something its header contradicts.
        concurrent.futures.CancelledError
            The stream was cancelled before it was complete.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        if not self.done:
            raise CancelledError
        return self._volume

    def _run(self) -> None:
        """Read everything, several slices at a time, then keep it for the next opening."""
        try:
            if self._loaded.all():
                self._done.set()
                self._on_slices(tuple(range(len(self._loaded))))
                return
            with self._threads as threads:
                for worker in [threads.submit(self._work) for _ in range(THREADS)]:
                    worker.result()
            if self._stopped.is_set():
                return
            confirm(self._reader, self._series.slices)
            if self._volume.voxels.dtype == np.float32 and self._fits_int16:
                self._take(self._volume.voxels.astype(np.int16))
                self._on_slices(tuple(range(len(self._loaded))))
            self._done.set()
            if self._cache:
                self._cache.store(self._volume, self._key)
        except BaseException as error:  # noqa: BLE001 - kept here, raised where it is waited for
            self._error = error

    def _work(self) -> None:
        """Read slices until none is missing; a failure stops the other threads too."""
        try:
            while (indices := self._next()) and not self._stopped.is_set():
                self._read(indices)
        except BaseException:
            self._stopped.set()
            raise

    def _next(self) -> tuple[int, ...]:
        """Take the missing slices nearest to where the reader looks; just one when it moved."""
        with self._lock:
            missing = np.flatnonzero(~self._taken)
            order = np.argsort(np.abs(missing - self._centre), kind="stable")
            indices = missing[order[: 1 if self._hurry else _SLICES_AT_ONCE]]
            self._taken[indices] = True
            self._hurry = False
            return tuple(indices.tolist())

    def _read(self, indices: tuple[int, ...]) -> None:
        """Read some slices and tell that they are there, unless the array was given up."""
        voxels = self._volume.voxels
        try:
            for index in indices:
                if self._stopped.is_set() or not self._published(
                    index, self._slice(index, voxels), voxels
                ):
                    return
        except DoesNotFitError:
            self._start_again_in_float()
            return
        self._on_slices(indices)

    def _slice(self, index: int, voxels: Voxels) -> Voxels:
        """Return the rescaled values of one slice, in the type of the volume."""
        piece = self._series.slices[index]
        if voxels.dtype == np.int16:
            exact = np.empty(voxels.shape[1:], np.int16)
            read_exact(self._reader, piece, exact)
            return exact
        rough = np.empty(voxels.shape[1:], np.float32)
        if not int16_holds(read_float(self._reader, piece, rough)):
            self._fits_int16 = False
        return rough

    def _published(self, index: int, values: Voxels, voxels: Voxels) -> bool:
        """Put a slice into its place; copying between memoryviews keeps the interpreter's lock."""
        with self._writing[index], self._lock:
            if voxels is not self._volume.voxels:
                return False
            voxels[index].data.cast("B")[:] = values.data.cast("B")
            self._loaded[index] = True
            if self._blanked is not voxels:
                self._blanked = voxels
                self._threads.submit(self._blank, voxels)
            return True

    def _blank(self, voxels: Voxels) -> None:
        """Mark the slices of an array that are not read yet, one by one: nobody waits for it."""
        for index in range(len(voxels)):
            with self._writing[index]:
                if voxels is self._volume.voxels and not self._loaded[index]:
                    voxels[index] = UNREAD

    def _start_again_in_float(self) -> None:
        """Give up the int16 array for one of float32, in which nothing is read yet."""
        with self._lock:
            if self._volume.voxels.dtype == np.int16:
                self._take(zeros(self._volume.voxels.shape, exact=False))
                self._loaded[:] = self._taken[:] = False
                self._hurry = True

    def _take(self, voxels: Voxels) -> None:
        series = self._series
        self._volume = Volume(voxels, series.geometry, series.passport, series)
