"""Walk the elements of data sets for the few that are wanted, learning what files repeat.

Only the plain cases are taken: explicit or implicit VR little endian, known VRs, sequences that
nest properly. Everything else raises ``UnusualError`` and is left to pydicom, which is also the
judge of this file in the tests: both must give the same bytes for every tag.
"""

from collections.abc import Callable

from napari_recist.imaging.files.element_steps import (
    PIXEL_DATA_SWAPPED,
    UNDEFINED,
    WANTED_SWAPPED,
    Step,
    TooShortError,
    UnusualError,
    is_pixels,
    step_explicit,
    step_implicit,
)
from napari_recist.imaging.files.elements import Elements
from napari_recist.imaging.files.forms import Found, KnownForms, Piece, recognised
from napari_recist.imaging.files.functional_groups import GroupsReader


class Scanner:
    """Scan data sets of one encoding, one after the other.

    Parameters
    ----------
    explicit : bool
        Explicit VR little endian, else implicit.
    """

    def __init__(self, *, explicit: bool) -> None:
        self._step: Callable[[bytes, int], Step] = step_explicit if explicit else step_implicit
        self._before_pixels = 12 if explicit else 8
        self._known = KnownForms()

    def scan(self, data: bytes, start: int, *, whole: bool = False) -> Found:
        """Find the wanted elements of a data set, given from its first byte, up to its pixels.

        ``whole`` says that the data end where the file ends, so that a data set without pixels
        has an end.

        Raises
        ------
        UnusualError
            pydicom must read this file.
        TooShortError
            More of the file is needed.
        """
        for index, form in enumerate(self._known.forms):
            found = recognised(form, data, start, self._step)
            if found:
                if index:
                    self._known.first(index)
                return found
        return self._walked(data, start, whole=whole)

    def _walked(self, data: bytes, start: int, *, whole: bool) -> Found:
        """Step from element to element; what was met becomes known."""
        values: dict[int, bytes | list[Elements]] = {}
        representations: dict[int, str] = {}
        groups: GroupsReader | None = None
        met, at = [], start
        while True:
            if whole and at == len(data):
                return Elements(values, representations), None, None
            step = tag, letters, value, after = self._step(data, at)
            if is_pixels(tag):
                break
            if tag in WANTED_SWAPPED:
                name, expected = WANTED_SWAPPED[tag]
                if letters and letters != expected:
                    if b"SQ" in (letters, expected):
                        raise UnusualError
                    representations[name] = letters.decode()
                if expected == b"SQ":
                    groups = groups or GroupsReader(self._step)
                    values[name] = groups.items(data, value, after)
                else:
                    values[name] = data[value:after]
            met.append((at, step))
            at = after
        if tag != PIXEL_DATA_SWAPPED:
            return Elements(values, representations), None, None
        if not groups and value - at == self._before_pixels and not self._known.patient:
            pieces = [Piece(data[a:z], t, vr, data[v:z]) for a, (t, vr, v, z) in met]
            self._known.learn(pieces, data[at : value - 4])
        length = after - value
        return Elements(values, representations), value, None if length == UNDEFINED else length


__all__ = ["Found", "Scanner", "TooShortError", "UnusualError"]
