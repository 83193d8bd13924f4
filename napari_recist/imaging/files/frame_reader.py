"""Read the images of files one after the other, interpreting what they share only once."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari_recist.errors import ImageError
from napari_recist.imaging.files.elements import PRIVATE_B_VALUES, WANTED, Elements
from napari_recist.imaging.files.enhanced import enhanced_frames
from napari_recist.imaging.files.frames import Frame, Instance, Storage, vector
from napari_recist.imaging.files.header import Header, HeaderReader
from napari_recist.imaging.files.index import HeaderIndex
from napari_recist.imaging.files.mosaic import MOSAIC, untiled
from napari_recist.imaging.files.refusals import layout_refusal, pixels_refusal, refusal

_INSTANCE_UID, _INSTANCE_NUMBER, _POSITION = 0x00080018, 0x00200013, 0x00200032
_TIMES = (0x00080032, 0x00080033)
_OWN = frozenset({_INSTANCE_UID, _INSTANCE_NUMBER, _POSITION, *_TIMES})
"""What differs from slice to slice; every other wanted element is part of what files share."""

_PER_FRAME_GROUPS, _SHARED_GROUPS = 0x52009230, 0x52009229
_SHARED_TAGS = tuple(tag for tag in WANTED if tag not in _OWN)
_MOST_SHARED = 512
"""Distinct sets of shared facts kept; a series has one, a folder of hospitals many."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """Interpreted facts, as positional tuples for Storage, Instance and Frame."""

    refusal: str
    layout: tuple[Any, ...]
    identity: tuple[Any, ...]
    facts: tuple[Any, ...]


class FrameReader:
    """Reads files into frames; remembers headers and facts that repeat.

    Parameters
    ----------
    index : HeaderIndex, optional
        Asked first, and told what had to be read.
    """

    def __init__(self, index: HeaderIndex | None = None) -> None:
        self._headers, self._index = HeaderReader(), index
        self._known: dict[Hashable, _Shared] = {}

    def read(self, file: Path) -> tuple[Frame, ...]:
        """Read the images of one file.

        Raises
        ------
        ImageError
            It is no DICOM image, or one that cannot be read; the message says why.
        """
        header = self._recalled(file, self._index) if self._index else self._headers.read(file)
        shared = self._shared(header)
        if shared.refusal:
            message = f"{file}: {shared.refusal}."
            raise ImageError(message)
        storage = _storage(header, shared.layout)
        reason = pixels_refusal(header, storage)
        if reason:
            message = f"{file}: {reason}."
            raise ImageError(message)
        return _frames(header, storage, shared)

    def _recalled(self, file: Path, index: HeaderIndex) -> Header:
        """Take a header from the index, or read it and tell the index."""
        try:
            place, known = index.recall(file)
        except OSError as error:
            raise ImageError(f"{file}: cannot be read ({error.strerror}).") from error
        if isinstance(known, str):
            raise ImageError(f"{file}: {known}")
        if known is not None:
            return known
        try:
            header = self._headers.read(file)
        except ImageError as error:
            if not isinstance(error.__cause__, OSError):
                index.note(place, error.problem.removeprefix(f"{file}: "))
            raise
        index.note(place, header)
        return header

    def _shared(self, header: Header) -> _Shared:
        """Interpret the shared elements, or recall how the same bytes were interpreted."""
        elements = header.elements
        if _enhanced(elements):
            return _interpreted(header)
        key = _key(header, elements)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > _MOST_SHARED:
                self._known.clear()
            found = self._known[key] = _interpreted(header)
        return found


def _key(header: Header, elements: Elements) -> Hashable:
    """Return what two files have in common exactly when their shared elements are the same.

    Of files of one form only what the form leaves open is compared.
    """
    form, get = elements.form, elements.values.get
    if form:
        return header.transfer_syntax, form, *(get(tag) for tag in form.own if tag not in _OWN)
    return (
        header.transfer_syntax,
        header.pixel_offset is None,
        elements.little_endian,
        tuple(map(get, _SHARED_TAGS)),
        tuple(elements.representations.items()),
    )


def _enhanced(elements: Elements) -> bool:
    return _PER_FRAME_GROUPS in elements.values or _SHARED_GROUPS in elements.values


def _storage(header: Header, layout: tuple[Any, ...]) -> Storage:
    place = header.pixel_offset or 0, header.pixel_length
    return Storage(header.file, header.transfer_syntax, *place, *layout)


def _frames(header: Header, storage: Storage, shared: _Shared) -> tuple[Frame, ...]:
    elements = header.elements
    instance = Instance(
        storage,
        elements,
        elements.text(_INSTANCE_UID),
        elements.integer(_INSTANCE_NUMBER),
        *shared.identity,
    )
    if _enhanced(elements):
        return enhanced_frames(instance)
    position = vector(elements, _POSITION, 3)
    time = elements.text(_TIMES[0]) or elements.text(_TIMES[1])
    if storage.frames == 1:
        frame = Frame(instance, 0, position, time, *shared.facts)
        return untiled(frame) if MOSAIC in frame.image_type else (frame,)
    # One position for a file of many frames places none of them.
    return tuple(Frame(instance, index, (), time, *shared.facts) for index in range(storage.frames))


def _interpreted(header: Header) -> _Shared:
    elements = header.elements
    layout = _layout(elements)
    reason = refusal(header) or layout_refusal(_storage(header, layout))
    return _Shared(reason, layout, _identity(elements), _facts(elements))


def _layout(elements: Elements) -> tuple[Any, ...]:
    """Return the fields of Storage after the place of the pixels."""
    allocated = elements.integer(0x00280100) or 0
    stored = elements.integer(0x00280101) or allocated
    high_bit = elements.integer(0x00280102)
    return (
        _frame_count(elements),
        elements.integer(0x00280010) or 0,
        elements.integer(0x00280011) or 0,
        elements.integer(0x00280002) or 1,
        elements.text(0x00280004),
        elements.integer(0x00280006) or 0,
        allocated,
        stored,
        stored - 1 if high_bit is None else high_bit,
        elements.integer(0x00280103) == 1,
    )


def _frame_count(elements: Elements) -> int:
    """Return Number of Frames: 1 when absent, 0 when it is no number."""
    if not elements.raw(0x00280008).strip(b" \0"):
        return 1
    return elements.integer(0x00280008) or 0


def _identity(elements: Elements) -> tuple[Any, ...]:
    """Return the fields of Instance after its own."""
    return (
        elements.text(0x00100020),
        elements.text(0x0020000D),
        elements.text(0x0020000E),
        elements.text(0x00080016),
        elements.text(0x00080060),
        elements.integer(0x00200011),
        elements.text(0x00200052),
        elements.text(0x00282110) == "01",
    )


def _facts(elements: Elements) -> tuple[Any, ...]:
    """Return the fields of Frame after its own, for an image without functional groups."""
    slope, intercept = elements.number(0x00281053), elements.number(0x00281052)
    return (
        vector(elements, 0x00200037, 6),
        vector(elements, 0x00280030, 2),
        elements.number(0x00180050),
        1.0 if slope is None else slope,
        0.0 if intercept is None else intercept,
        slope is not None,
        elements.texts(0x00080008),
        elements.number(0x00180081),
        elements.number(0x00189087),
        elements.integer(0x00200100),
        elements.integer(0x00200012),
        "",
        vector(elements, 0x00189089, 3),
        elements.number(0x00181060),
        elements.number(0x00180082),
        elements.number(0x00181314),
        elements.number(0x00180060),
        elements.text(0x00181210),
        elements.text(0x00180024),
        _private_b_value(elements),
    )


def _private_b_value(elements: Elements) -> float | None:
    """Return the b-value where Siemens, GE and Philips keep it outside the standard."""
    for creator_tag, creator, tag in PRIVATE_B_VALUES:
        if elements.text(creator_tag).startswith(creator):
            return elements.number(tag)
    return None
