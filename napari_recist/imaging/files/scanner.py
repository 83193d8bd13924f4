"""Walk the elements of data sets for the few that are wanted, learning what files repeat.

Only the plain cases are taken: explicit or implicit VR little endian, known VRs, sequences that
nest properly. Everything else raises ``UnusualError`` and is left to pydicom, which is also the
judge of this file in the tests: both must give the same bytes for every tag.

Files of one series differ in a dozen elements out of hundreds. What lies between, the runs, is
recognised as a whole: the same bytes at an element's start can only mean the same elements.
"""

from collections.abc import Callable
from dataclasses import dataclass

from napari_recist.imaging.files.element_steps import (
    PIXEL_DATA_SWAPPED,
    UNDEFINED,
    Step,
    TooShortError,
    UnusualError,
    is_pixels,
    step_explicit,
    step_implicit,
    swapped,
)
from napari_recist.imaging.files.elements import WANTED, Elements

_WANTED = {swapped(tag): (tag, letters.encode()) for tag, letters in WANTED.items()}
_ENHANCED = frozenset(map(swapped, (0x52009229, 0x52009230)))
"""Functional groups: pydicom unfolds them."""

_TOLERATED = 4
"""Changed elements beyond those expected before the runs are learnt anew."""

_LONGEST_WAIT = 64
"""Files to let pass before learning again where learning did not help."""

Found = tuple[Elements, int | None, int | None]
"""The wanted elements, and offset and length of the pixels (see ``Header``)."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive elements, byte for byte, and the wanted values among them."""

    data: bytes
    values: dict[int, bytes | list[Elements]]
    representations: dict[int, str]


class Scanner:
    """Scan data sets of one encoding, one after the other.

    Parameters
    ----------
    explicit : bool
        Explicit VR little endian, else implicit.
    """

    def __init__(self, *, explicit: bool) -> None:
        self._step: Callable[[bytes, int], Step] = step_explicit if explicit else step_implicit
        self._runs: list[_Run] = []
        self._stable: frozenset[bytes] = frozenset()
        self._expected = 0
        self._wait, self._waiting = 0, 0

    def scan(self, data: bytes, start: int) -> Found:
        """Walk a data set, given from its first byte, up to its pixels.

        Raises
        ------
        UnusualError
            pydicom must read this file.
        TooShortError
            More of the file is needed.
        """
        values: dict[int, bytes | list[Elements]] = {}
        representations: dict[int, str] = {}
        runs, at, turn, changed = self._runs, start, 0, 0
        count = len(runs)
        while True:
            if turn < count and data.startswith(runs[turn].data, at):
                run = runs[turn]
                values.update(run.values)
                representations.update(run.representations)
                at += len(run.data)
                turn += 1
            tag, letters, value, after = self._step(data, at)
            if is_pixels(tag):
                break
            if tag in _WANTED:
                _keep(tag, letters, data[value:after], values, representations)
            at = after
            changed += 1
        if changed > self._expected + _TOLERATED:
            self._learn(data, start)
        length: int | None = after - value
        if tag != PIXEL_DATA_SWAPPED:
            return Elements(values, representations), None, None
        if length == UNDEFINED:
            length = None
        return Elements(values, representations), value, length

    def _learn(self, data: bytes, start: int) -> None:
        """Find the runs this file shares with those learnt from before; a new series restarts."""
        if self._waiting:
            self._waiting -= 1
            return
        pieces, at = [], start
        while True:
            tag, letters, value, after = self._step(data, at)
            if is_pixels(tag):
                break
            pieces.append((data[at:after], tag, letters, data[value:after]))
            at = after
        here = frozenset(piece[0] for piece in pieces)
        stable = self._stable & here
        if len(stable) < len(here) / 2:
            self._waiting = self._wait = min(2 * self._wait + 1, _LONGEST_WAIT)
            self._stable, self._runs, self._expected = here, [], 0
            return
        self._wait = 0
        self._stable, self._expected = stable, len(pieces) - len(stable)
        self._runs = _shared_runs(pieces, stable)


def _keep(
    tag: int,
    letters: bytes,
    raw: bytes,
    values: dict[int, bytes | list[Elements]],
    representations: dict[int, str],
) -> None:
    """Keep a wanted value, and its VR where it is not the standard's."""
    if tag in _ENHANCED:
        raise UnusualError
    name, expected = _WANTED[tag]
    values[name] = raw
    if letters and letters != expected:
        representations[name] = letters.decode()


def _shared_runs(
    pieces: list[tuple[bytes, int, bytes, bytes]], stable: frozenset[bytes]
) -> list[_Run]:
    """Join neighbouring elements that did not change."""
    runs: list[_Run] = []
    joined: list[tuple[bytes, int, bytes, bytes]] = []
    for piece in [*pieces, (b"", 0, b"", b"")]:
        if piece[0] in stable:
            joined.append(piece)
            continue
        if joined:
            values: dict[int, bytes | list[Elements]] = {}
            representations: dict[int, str] = {}
            for _, tag, letters, raw in joined:
                if tag in _WANTED:
                    _keep(tag, letters, raw, values, representations)
            runs.append(_Run(b"".join(one[0] for one in joined), values, representations))
        joined = []
    return runs


__all__ = ["Found", "Scanner", "TooShortError", "UnusualError"]
