"""Learn the form that the files of a series share, and recognise the next file by it.

Files of one series differ in a dozen elements out of hundreds. What lies between is recognised as
a whole: the same bytes at an element's start can only mean the same elements.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from napari_recist.imaging.files.element_steps import UNDEFINED, WANTED_SWAPPED, Step
from napari_recist.imaging.files.elements import Elements, Form, Leg

_MOST_FORMS = 8
"""Forms tried in turn: series that lie mixed in one folder."""

_LONGEST_WAIT = 64
"""Files to let pass before learning again where learning did not help."""

_length = struct.Struct("<I").unpack_from

Found = tuple[Elements, int | None, int | None]
"""The wanted elements, and offset and length of the pixels (see ``Header``)."""


class Piece(NamedTuple):
    """One element of a walked file: all its bytes, its tag (swapped), VR, and its value."""

    data: bytes
    tag: int
    letters: bytes
    value: bytes

    @property
    def head(self) -> bytes:
        """The tag and VR, up to the length."""
        return self.data[: _head_bytes(self.letters, len(self.data) - len(self.value))]


def _head_bytes(letters: bytes, before_value: int) -> int:
    """Return the bytes of tag and VR: 4 implicit, 6 with a length of 16 bits, 8 with 32."""
    return before_value - (2 if letters and before_value == 8 else 4)  # noqa: PLR2004 - PS3.5, 7.1


def recognised(
    form: Form, data: bytes, at: int, step: Callable[[bytes, int], Step]
) -> Found | None:
    """Read a data set of this form, given from its first byte; None where it has another."""
    values = form.values.copy()
    try:
        for literal, count, wide, tag in form.legs:
            if not data.startswith(literal, at):
                return None
            at += count
            if not wide:
                value = at + 2
                at = value + (data[at] | data[at + 1] << 8)
            else:
                (length,) = _length(data, at)
                value = at + 4
                at = value + length if length != UNDEFINED else step(data, at - wide)[3]
            if tag is not None:
                values[tag] = data[value:at]
        if not data.startswith(form.last, at):
            return None
        at += len(form.last)
        (length,) = _length(data, at)
    except (IndexError, struct.error):
        return None
    elements = Elements(values, form.representations, form=form)
    return elements, at + 4, None if length == UNDEFINED else length


@dataclass(slots=True)
class _Learnt:
    """The elements a form takes as stable, and the order of all, pixels included."""

    stable: frozenset[bytes]
    order: tuple[int | bytes, ...]


@dataclass(slots=True)
class KnownForms:
    """The forms seen lately, the last one first; learns from files that have none of them."""

    forms: list[Form] = field(default_factory=list)
    _learnt: list[_Learnt] = field(default_factory=list)
    _stranger: frozenset[bytes] = frozenset()
    _wait: int = 0
    _waiting: int = 0

    def first(self, index: int) -> None:
        """Try the form at this place first from now on."""
        self.forms.insert(0, self.forms.pop(index))
        self._learnt.insert(0, self._learnt.pop(index))

    @property
    def patient(self) -> bool:
        """Whether the next unknown file is let pass; every asking counts one."""
        self._waiting = max(self._waiting - 1, 0)
        return self._waiting > 0

    def learn(self, pieces: Sequence[Piece], pixels: bytes) -> None:
        """Narrow a form to what this file has too, or find a new one with the last stranger.

        ``pixels`` is the element header of Pixel Data up to its length.
        """
        order: tuple[int | bytes, ...] = (*(piece.tag for piece in pieces), pixels)
        if len(set(order)) < len(order):
            return
        here = frozenset(piece.data for piece in pieces)
        enough = len(here) / 2
        for index, known in enumerate(self._learnt):
            stable = known.stable & here
            if len(stable) >= enough:
                if known.order == order:
                    del self._learnt[index], self.forms[index]
                break
        else:
            stable, self._stranger = self._stranger & here, here
            if len(stable) < enough:
                self._waiting = self._wait = min(2 * self._wait + 1, _LONGEST_WAIT)
                return
        self._wait = 0
        self.forms.insert(0, _form(pieces, stable, pixels))
        self._learnt.insert(0, _Learnt(stable, order))
        del self.forms[_MOST_FORMS:], self._learnt[_MOST_FORMS:]


def _form(pieces: Sequence[Piece], stable: frozenset[bytes], pixels: bytes) -> Form:
    """Join neighbouring elements that did not change."""
    values: dict[int, bytes | list[Elements]] = {}
    representations: dict[int, str] = {}
    legs: list[Leg] = []
    run: list[bytes] = []
    for piece in pieces:
        wanted = WANTED_SWAPPED.get(piece.tag)
        if wanted and piece.letters and piece.letters != wanted[1]:
            representations[wanted[0]] = piece.letters.decode()
        if piece.data in stable:
            run.append(piece.data)
            if wanted:
                values[wanted[0]] = piece.value
            continue
        head = piece.head
        literal = b"".join((*run, head))
        wide = len(head) if len(piece.data) - len(piece.value) - len(head) > 2 else 0  # noqa: PLR2004
        legs.append((literal, len(literal), wide, wanted[0] if wanted else None))
        run = []
    own = tuple(leg[3] for leg in legs if leg[3] is not None)
    return Form(tuple(legs), b"".join((*run, pixels)), values, representations, own)
