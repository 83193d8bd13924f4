"""A whole data set, cleaned at every depth and written anew, element by element."""

import struct
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydicom.datadict import dictionary_keyword, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from napari_recist.imaging.deidentify import annex_e, codes, private
from napari_recist.imaging.deidentify.values import Action, ValueCleaner

_LONG = frozenset(str(vr) for vr in EXPLICIT_VR_LENGTH_32)
_LONGEST_SHORT = 0xFFFF
_WORTH_KEEPING = 4096
"""Bytes of a value up to which its answer is kept: files of a series repeat most of them."""

_MOST_KEPT = 50_000
_CHARACTER_SET = 0x00080005
_TRIAL_GROUP = 0x0012
"""The trial's modules as the sender filled them: ours take their place."""

_EMPTY_WHERE_NEEDED = frozenset({0x00400555})
"""Acquisition Context Sequence: type 2 where an IOD has it. Other X/Z sequences are type 3."""

Done = tuple[tuple[str, Action], ...]
"""Names of attributes, from the outermost sequence inwards, and what was done to each."""


class Encoding(NamedTuple):
    """How a data set is written."""

    explicit: bool
    little_endian: bool

    def element(self, tag: int, vr: str, value: bytes) -> bytes:
        """Return one element as it stands in a file."""
        order = "<" if self.little_endian else ">"
        head = struct.pack(f"{order}HH", tag >> 16, tag & 0xFFFF)
        if not self.explicit:
            return head + struct.pack(f"{order}I", len(value)) + value
        if vr in _LONG:
            return head + vr.encode() + struct.pack(f"{order}HI", 0, len(value)) + value
        return head + vr.encode() + struct.pack(f"{order}H", len(value)) + value

    def item(self, value: bytes) -> bytes:
        """Return one item of a sequence."""
        order = "<" if self.little_endian else ">"
        return struct.pack(f"{order}HHI", 0xFFFE, 0xE000, len(value)) + value


class Cleaned(NamedTuple):
    """Elements as they stand in a file, and what was done to make them so."""

    data: bytes
    done: Done


_NOTHING = Cleaned(b"", ())


class DatasetCleaner:
    """Cleans data sets of one subject and one encoding; equal elements are cleaned only once.

    Parameters
    ----------
    values : ValueCleaner
        What becomes of single values.
    encoding : Encoding
        How the data sets are written, now and then.
    """

    def __init__(self, values: ValueCleaner, encoding: Encoding) -> None:
        self._values = values
        self._encoding = encoding
        self._known: dict[tuple[int, str | None, bytes], Cleaned] = {}

    def whole(self, dataset: Dataset, filled: Mapping[int, tuple[str, bytes]]) -> Cleaned:
        """Return the data set up to its pixels, with ``filled`` attributes in place of its own."""
        creators = _private_creators(dataset)
        parts = {
            tag: self._element(dataset, int(tag), element, creators)
            for tag, element in raw_elements(dataset).items()
            if tag not in filled and tag != _CHARACTER_SET and tag >> 16 != _TRIAL_GROUP
        }
        for tag, (vr, value) in filled.items():
            written = self._encoding.element(tag, vr, value)
            parts[tag] = Cleaned(written, ((_name(tag), Action.ADDED),))
        return _joined(parts[tag] for tag in sorted(parts))

    def _element(
        self, dataset: Dataset, tag: int, element: Any, creators: Mapping[int, str]
    ) -> Cleaned:
        if tag >> 16 & 1:
            return self._private(tag, element, creators)
        if not element.is_raw:
            return self._parsed(dataset, tag, element)
        value = element.value or b""
        if len(value) > _WORTH_KEEPING:
            return self._public(dataset, tag, element.VR, value)
        known = self._known.get((tag, element.VR, value))
        if known is None:
            known = self._public(dataset, tag, element.VR, value)
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[tag, element.VR, value] = known
        return known

    def _public(self, dataset: Dataset, tag: int, stated: str | None, value: bytes) -> Cleaned:
        if _goes_whole(tag):
            return _removed(tag)
        vr = _representation(tag, stated)
        if vr == "SQ":
            if stated == "UN":
                return _removed(tag)
            return self._sequence(tag, dataset[tag].value)
        kept = self._values.clean(tag, vr, value)
        if kept.data is None or (vr not in _LONG and len(kept.data) > _LONGEST_SHORT):
            return _removed(tag)
        return Cleaned(self._encoding.element(tag, vr, kept.data), ((_name(tag), kept.action),))

    def _parsed(self, dataset: Dataset, tag: int, element: Any) -> Cleaned:
        """Clean an element that was parsed already: a sequence of undefined length."""
        if _goes_whole(tag) or element.VR != "SQ" or _representation(tag, None) != "SQ":
            return _removed(tag)
        return self._sequence(tag, dataset[tag].value)

    def _sequence(self, tag: int, items: Iterable[Dataset]) -> Cleaned:
        rule = annex_e.table().get(tag)
        if rule and rule.action in ("X", "Z", "X/Z"):
            if rule.action == "X" or (rule.action == "X/Z" and tag not in _EMPTY_WHERE_NEEDED):
                return _removed(tag)
            empty = self._encoding.element(tag, "SQ", b"")
            return Cleaned(empty, ((_name(tag), Action.EMPTIED),))
        name = _name(tag)
        cleaned = [self._item(item) for item in items]
        written = b"".join(self._encoding.item(item.data) for item in cleaned)
        done = dict.fromkeys(
            (f"{name}.{inner}", action) for item in cleaned for inner, action in item.done
        )
        return Cleaned(self._encoding.element(tag, "SQ", written), tuple(done))

    def _item(self, item: Dataset) -> Cleaned:
        elements = raw_elements(item)
        parts = {
            tag: self._element(item, int(tag), element, {})
            for tag, element in elements.items()
            if tag != _CHARACTER_SET
        }
        if not codes.VALUES.isdisjoint(elements):
            parts.update(self._coded_entry(elements))
        return _joined(parts[tag] for tag in sorted(parts))

    def _coded_entry(self, elements: Mapping[Any, Any]) -> dict[Any, Cleaned]:
        stated = [raw_text(elements, tag) for tag in (codes.VALUE, codes.SCHEME)]
        value, scheme, meaning = codes.coded_entry(stated[0], stated[1], self._values.coded)
        action = Action.KEPT if [value, scheme] == stated else Action.REPLACED
        entry = {codes.VALUE: ("SH", value), codes.SCHEME: ("SH", scheme)}
        entry[codes.MEANING] = ("LO", meaning)
        written: dict[Any, Cleaned] = {
            tag: _removed(tag) for tag in codes.PARTS - entry.keys() if tag in elements
        }
        for tag, (vr, text) in entry.items():
            data = text.encode("ascii", "replace") + b" " * (len(text) % 2)
            written[tag] = Cleaned(self._encoding.element(tag, vr, data), ((_name(tag), action),))
        return written

    def _private(self, tag: int, element: Any, creators: Mapping[int, str]) -> Cleaned:
        group, number = tag >> 16, tag & 0xFFFF
        if not self._values.settings.safe_private or not element.is_raw:
            return _removed(tag)
        is_creator = number in range(0x10, 0x100)
        block = number if is_creator else number >> 8
        creator = creators.get(group << 16 | block, "")
        clean = private.safe(group, creator)
        if not clean:
            return _removed(tag)
        if is_creator:
            value = creator.encode() + b" " * (len(creator) % 2)
            written = self._encoding.element(tag, "LO", value)
            return Cleaned(written, ((_name(tag), Action.KEPT),))
        keep = clean.get(number & 0xFF)
        kept = keep(element.value or b"") if keep else b""
        if not kept:
            return _removed(tag)
        vr = element.VR or "UN"
        action = Action.KEPT if kept == element.value else Action.CLEANED
        return Cleaned(self._encoding.element(tag, vr, kept), ((_name(tag), action),))


def _goes_whole(tag: int) -> bool:
    """Whether an attribute is removed whatever it holds: unknown, retired groups, group lengths."""
    group = tag >> 16
    return group < 8 or not tag & 0xFFFF or annex_e.repeating(tag) or not _known_tag(tag)  # noqa: PLR2004 - command, meta, directory


def _known_tag(tag: int) -> bool:
    try:
        dictionary_VR(tag)
    except KeyError:
        return False
    return True


def _representation(tag: int, stated: str | None) -> str:
    """Return the VR as stated, else as the dictionary has it (of several the first)."""
    if stated is not None and stated != "UN":
        return stated
    return str(dictionary_VR(tag)).split(" or ", maxsplit=1)[0]


def raw_elements(dataset: Dataset) -> dict[Any, Any]:
    """Return the elements as they were read: to look at one must not convert it."""
    return dict(dataset._dict)  # noqa: SLF001 - pydicom converts whatever is asked for otherwise


def raw_text(elements: Mapping[Any, Any], tag: int) -> str:
    """Return a value of short ASCII text; "" where there is none."""
    element = elements.get(tag)
    value = element.value if element is not None else None
    return value.decode("latin-1").strip(" \0") if isinstance(value, bytes) else ""


def _private_creators(dataset: Dataset) -> dict[int, str]:
    return {
        int(tag): element.value.strip(b" \0").decode("latin-1")
        for tag, element in raw_elements(dataset).items()
        if tag >> 16 & 1 and tag & 0xFFFF in range(0x10, 0x100) and element.is_raw and element.value
    }


def _name(tag: int) -> str:
    """Return how reports name an attribute: its keyword, or its numbers."""
    try:
        keyword = dictionary_keyword(tag)
    except KeyError:
        keyword = ""
    return keyword or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _removed(tag: int) -> Cleaned:
    return Cleaned(b"", ((_name(tag), Action.REMOVED),))


def _joined(parts: Iterable[Cleaned]) -> Cleaned:
    listed = list(parts)
    return Cleaned(
        b"".join(part.data for part in listed), tuple(one for part in listed for one in part.done)
    )
