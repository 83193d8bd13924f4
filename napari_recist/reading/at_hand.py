"""Loaded volumes within a limit of memory: who stays and who goes."""

import mmap
from collections import OrderedDict
from collections.abc import Collection

import psutil

from napari_recist.imaging import Series, Volume
from napari_recist.trial import SeriesEntry

MEMORY_SHARE = 0.25
"""Of the machine's memory: the window, the other programs of a reading desk and the system's file
cache need the rest."""

EXPECTED_BYTES_PER_VOXEL = 2
"""A volume not loaded yet is taken for int16; once it is there, what it really takes is counted."""


class AtHand:
    """Volumes by their registered series, the one looked at last at the end.

    Beyond the limit the one looked at longest ago goes first, ``wanted`` ones after all others,
    and never the latest. Not made for several threads: its owner holds a lock.

    Parameters
    ----------
    limit_bytes : int
        What volumes may take of memory.
    """

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.wanted: Collection[SeriesEntry] = ()
        self._volumes: OrderedDict[SeriesEntry, Volume] = OrderedDict()

    def __contains__(self, entry: SeriesEntry) -> bool:
        """Whether a volume is at hand; asking is not looking."""
        return entry in self._volumes

    def look_at(self, entry: SeriesEntry) -> Volume | None:
        """Return a volume that is at hand and count it as looked at."""
        volume = self._volumes.get(entry)
        if volume is not None:
            self._volumes.move_to_end(entry)
        return volume

    def keep(self, entry: SeriesEntry, volume: Volume, *, looked_at: bool) -> None:
        """Put a volume at hand; one loaded ahead stands behind all that were looked at."""
        self._volumes[entry] = volume
        self._volumes.move_to_end(entry, last=looked_at)
        self.make_room()

    def make_room(self) -> None:
        """Put volumes away until the rest keeps the limit."""
        for entry in self._to_go():
            if self.bytes_taken <= self.limit_bytes:
                return
            del self._volumes[entry]

    def has_room_for(self, size: int) -> bool:
        """Whether so many bytes more fit, if all went that nobody wants."""
        unwanted = [entry for entry in self._to_go() if not self._is_wanted(entry)]
        free = sum(memory_taken(self._volumes[entry]) for entry in unwanted)
        return self.bytes_taken - free + size <= self.limit_bytes

    @property
    def bytes_taken(self) -> int:
        """What the volumes take of memory."""
        return sum(map(memory_taken, self._volumes.values()))

    def _to_go(self) -> list[SeriesEntry]:
        """Return what may be put away and would free memory, the first to go first."""
        earlier = [entry for entry in self._volumes if memory_taken(self._volumes[entry])][:-1]
        return sorted(earlier, key=self._is_wanted)

    def _is_wanted(self, entry: SeriesEntry) -> bool:
        return entry in self.wanted


def memory_taken(volume: Volume) -> int:
    """Return the bytes a volume takes of memory.

    A volume mapped from a file takes none that the system could not take back at once.
    """
    base: object = volume.voxels
    while base is not None:
        if isinstance(base, mmap.mmap):
            return 0
        base = base.obj if isinstance(base, memoryview) else getattr(base, "base", None)
    return volume.voxels.nbytes


def expected_memory(series: Series) -> int:
    """Return the bytes a volume that is not loaded yet will probably take."""
    slices, rows, columns = series.shape
    samples = series.slices[0].storage.samples
    return slices * rows * columns * samples * EXPECTED_BYTES_PER_VOXEL


def share_of_memory() -> int:
    """Return what volumes may take of this machine's memory unless told otherwise, bytes."""
    return int(psutil.virtual_memory().total * MEMORY_SHARE)
