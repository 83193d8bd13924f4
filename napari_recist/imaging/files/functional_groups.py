"""Read the functional groups of an enhanced image (PS3.3 C.7.6.16); what repeats, only once."""

from collections.abc import Callable

from napari_recist.imaging.files.element_steps import (
    STANDARD_SWAPPED,
    UNDEFINED,
    Step,
    UnusualError,
    item_step,
)
from napari_recist.imaging.files.elements import Elements

_ITEM_END = bytes.fromhex("feff0de000000000")
"""Item Delimitation Item, always empty (PS3.5, 7.5)."""

_DEEPEST = 8
"""Sequences within sequences: the standard has three levels here; more is damage or an attack."""

_LONGEST_REPEATED = 4096
"""Bytes of a sequence worth remembering; a frame's own groups are far shorter."""


class GroupsReader:
    """Reads the sequences of one file; equal bytes are read once and their elements shared.

    Parameters
    ----------
    step : callable
        ``step_explicit`` or ``step_implicit``.
    """

    def __init__(self, step: Callable[[bytes, int], Step]) -> None:
        self._step = step
        self._known: dict[bytes, list[Elements]] = {}

    def items(self, data: bytes, at: int, end: int, depth: int = 0) -> list[Elements]:
        """Read the items of the sequence whose value lies from ``at`` to ``end``.

        Raises
        ------
        UnusualError
            pydicom must read this file.
        TooShortError
            More of the file is needed.
        """
        found = []
        while at < end:
            length, at = item_step(data, at)
            if length is None:
                break
            stop = end if length == UNDEFINED else at + length
            elements, at = self._item(data, at, stop, depth, ends=length != UNDEFINED)
            found.append(elements)
        if at > end:
            raise UnusualError
        return found

    def _item(
        self, data: bytes, at: int, stop: int, depth: int, *, ends: bool
    ) -> tuple[Elements, int]:
        """Read an item up to ``stop``, or up to its delimiter; return it and where it ended."""
        values: dict[int, bytes | list[Elements]] = {}
        representations: dict[int, str] = {}
        while at < stop:
            if not ends and data.startswith(_ITEM_END, at):
                return Elements(values, representations), at + len(_ITEM_END)
            tag, letters, value, after = self._step(data, at)
            wanted = STANDARD_SWAPPED.get(tag)
            if wanted:
                name, expected = wanted
                if letters and letters != expected:
                    if b"SQ" in (letters, expected):
                        raise UnusualError
                    representations[name] = letters.decode()
                values[name] = (
                    self._nested(data, value, after, depth + 1)
                    if expected == b"SQ"
                    else data[value:after]
                )
            at = after
        if not ends or at > stop:
            raise UnusualError
        return Elements(values, representations), at

    def _nested(self, data: bytes, at: int, end: int, depth: int) -> list[Elements]:
        if depth > _DEEPEST:
            raise UnusualError
        if end - at > _LONGEST_REPEATED:
            return self.items(data, at, end, depth)
        raw = data[at:end]
        found = self._known.get(raw)
        if found is None:
            found = self._known[raw] = self.items(data, at, end, depth)
        return found
