"""Read the images of many files: one by one, or by many threads where the disk keeps us waiting."""

import time
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from statistics import median
from threading import local

from napari_recist.errors import ImageError
from napari_recist.imaging.files.frame_reader import FrameReader
from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.files.index import HeaderIndex
from napari_recist.imaging.series import Skipped

THREADS = 16
"""More requests at once than this, no network disk answers faster."""

SLOW_S = 0.0003
"""Waiting for half of the files longer than this, threads gain more than they cost: from the page
cache a file takes a sixth of it, and threads only get in each other's way."""

_SAMPLE, _PERIOD = 8, 128
"""Of how many files out of how many the waiting is measured."""

_AHEAD = 4 * THREADS
"""Files asked for before they are wanted: few, so that cancelling is prompt."""

Read = tuple[Frame, ...] | Skipped
"""The images of a file, or why there are none."""


def read_files(
    files: Sequence[Path], index: HeaderIndex | None = None
) -> Generator[Read, None, None]:
    """Yield what each file holds, in order; closing the iterator ends all reading."""
    reader = FrameReader(index)
    for start in range(0, len(files), _PERIOD):
        sample = min(start + _SAMPLE, len(files))
        waits = []
        for file in files[start:sample]:
            began = time.perf_counter() - time.thread_time()
            found = _read(reader, file)
            waits.append(time.perf_counter() - time.thread_time() - began)
            yield found
        if median(waits) > SLOW_S:
            yield from _read_by_threads(files[sample:], index)
            return
        for file in files[sample : start + _PERIOD]:
            yield _read(reader, file)


def _read_by_threads(
    files: Sequence[Path], index: HeaderIndex | None
) -> Generator[Read, None, None]:
    own = local()

    def read(file: Path) -> Read:
        if not hasattr(own, "reader"):
            own.reader = FrameReader(index)
        return _read(own.reader, file)

    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="headers")
    try:
        waiting: deque[Future[Read]] = deque()
        for file in files:
            waiting.append(pool.submit(read, file))
            if len(waiting) == _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _read(reader: FrameReader, file: Path) -> Read:
    try:
        return reader.read(file)
    except ImageError as error:
        return Skipped(file, error.problem.removeprefix(f"{file}: "))
