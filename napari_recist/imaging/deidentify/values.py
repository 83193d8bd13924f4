"""What becomes of one value: the action of Annex E, the charter's options, and the doubt of text.

An attribute of the table follows its action, unless an option of the charter keeps it. Any other
attribute is judged by its VR: numbers stay, UIDs are mapped, dates move, and a text stays only
where this program knows the attribute and a vocabulary knows the words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pydicom.charset import python_encoding
from pydicom.uid import UID_dictionary

from napari_recist.criteria import DeidentificationSettings, StoredDates
from napari_recist.imaging.deidentify import annex_e, moments, texts
from napari_recist.imaging.deidentify.key import TrialKey


class Action(StrEnum):
    """What was done to an attribute, as reports say it."""

    KEPT = "kept"
    REMOVED = "removed"
    EMPTIED = "emptied"
    REPLACED = "replaced"
    CLEANED = "cleaned"
    MAPPED = "mapped"
    SHIFTED = "shifted"
    ADDED = "added"


class Value(NamedTuple):
    """The bytes that stay (None: the attribute goes) and what was done."""

    data: bytes | None
    action: Action


GONE, EMPTY = Value(None, Action.REMOVED), Value(b"", Action.EMPTIED)

TEXT = frozenset({"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
_ONE_VALUE = frozenset({"LT", "ST", "UT", "UR"})
_BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_NUMBER = re.compile(r"[\d+.eE -]*")
_SEXES = frozenset({"M", "F", "O"})
_PATIENT_SEX = 0x00100040

LOOKUP_TABLES = frozenset(
    {*range(0x00281201, 0x00281205), *range(0x00281221, 0x00281224), 0x00283006}
)
"""Palettes and LUT Data."""

LEAST_TABLE_BYTES = 256
"""The smallest lookup table has 256 entries (PS3.3, C.7.6.3.1.5); what is shorter is none."""

OFFSET_TABLES = frozenset({0x7FE00001, 0x7FE00002})
"""Extended Offset Table and its lengths: where compressed frames begin."""

_DUMMIES = {
    "AS": b"000Y",
    "DA": b"19000101",
    "DS": b"0 ",
    "DT": b"19000101000000",
    "IS": b"0 ",
    "PN": b"REMOVED^",
    "TM": b"000000",
    "UR": b"urn:removed ",
}
"""Values without meaning, valid by their VR, where one must stand."""

_Kept = Callable[[str, texts.Coded], str]


def _simple(clean: Callable[[str], str]) -> _Kept:
    return lambda value, _coded: clean(value)


DESCRIPTORS = frozenset({0x0008103E, 0x00081030, 0x00181030})
"""Series and Study Description, Protocol Name."""

_OF_DEVICE = frozenset({0x00080070, 0x00081090, 0x00181020})

KEPT_TEXTS: dict[int, _Kept] = {
    **dict.fromkeys(DESCRIPTORS, _simple(texts.descriptor)),
    0x00080070: _simple(texts.maker),
    0x00081090: _simple(texts.model),
    0x00180010: _simple(texts.agent),
    0x00180024: texts.sequence,
    0x00180085: _simple(lambda value: value if re.fullmatch(r"\d{0,2}[A-Z]{1,2}", value) else ""),
    0x00181020: _simple(texts.software),
    0x00181040: _simple(texts.route),
    0x00181160: _simple(texts.filter_type),
    0x00181210: texts.kernel,
    0x00189005: texts.sequence,
    0x00201040: _simple(texts.position_reference),
    0x00209056: texts.label,
    0x00281054: _simple(texts.rescale_type),
}
"""Texts that this program reads, or that say how an image was made: each with its cleaner."""


@dataclass(frozen=True)
class ValueCleaner:
    """Cleans values of one subject.

    Parameters
    ----------
    key : TrialKey
        The trial's key.
    settings : DeidentificationSettings
        The charter's options.
    subject : str
        The coded subject.
    repeated : bool
        The file was de-identified under this key before: its UIDs, dates and coded words stay.
    character_set : str
        The last term of Specific Character Set, in which texts are read.
    """

    key: TrialKey
    settings: DeidentificationSettings
    subject: str
    repeated: bool = False
    character_set: str = ""
    shift: int = field(init=False)
    _codec: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out the subject's shift and the codec of texts."""
        moves = self.settings.dates is StoredDates.SHIFTED and not self.repeated
        object.__setattr__(self, "shift", self.key.shift_days(self.subject) if moves else 0)
        object.__setattr__(self, "_codec", python_encoding.get(self.character_set, "latin-1"))

    def clean(self, tag: int, vr: str, raw: bytes) -> Value:
        """Return what stays of the value of a public attribute other than a sequence."""
        rule = annex_e.table().get(tag)
        if rule is not None and not self._kept_by_option(tag, vr, rule):
            return self._basic(tag, vr, raw, rule.action)
        value = self._by_representation(tag, vr, raw)
        lost = rule is not None and not _blank(vr, raw) and not value.data
        return self._basic(tag, vr, raw, rule.action) if lost and rule else value

    def uid(self, original: str) -> str:
        """Return the UID in place of ``original``; registered ones stay."""
        if original in UID_dictionary or (self.repeated and original.startswith("2.25.")):
            return original
        return self.key.uid(original)

    def coded(self, word: str) -> str:
        """Return the word in place of an unknown one."""
        if self.repeated and texts.coded_already(word):
            return word
        return self.key.word(self.subject, word)

    def _kept_by_option(self, tag: int, vr: str, rule: annex_e.Rule) -> bool:
        settings, options = self.settings, rule.options
        if annex_e.DATES in options and (vr in ("DA", "DT", "SH") or (vr == "TM")):
            return vr != "TM" or settings.times
        if annex_e.DESCRIPTORS in options and tag in DESCRIPTORS:
            return settings.descriptors
        if annex_e.DESCRIPTORS in options and tag in KEPT_TEXTS:
            return True
        if annex_e.PATIENT in options and vr not in TEXT:
            return settings.patient_characteristics
        return False

    def _basic(self, tag: int, vr: str, raw: bytes, action: str) -> Value:
        if action == "X":
            return GONE
        if action == "U" or (vr == "UI" and "D" in action):
            return self._by_representation(tag, vr, raw)
        if action in ("Z", "X/Z") or _blank(vr, raw):
            return EMPTY
        return self._dummy(vr, raw)

    def _dummy(self, vr: str, raw: bytes) -> Value:
        if vr == "UN":
            return GONE
        if vr in _DUMMIES:
            return Value(_DUMMIES[vr], Action.REPLACED)
        if vr in TEXT or vr == "CS":
            return Value(_padded(texts.REMOVED), Action.REPLACED)
        return Value(b"\0" * len(raw), Action.REPLACED)

    def _by_representation(self, tag: int, vr: str, raw: bytes) -> Value:
        if vr in _BYTES:
            table = tag in LOOKUP_TABLES and len(raw) >= LEAST_TABLE_BYTES
            return Value(raw, Action.KEPT) if table or tag in OFFSET_TABLES else GONE
        read = self._reader(tag, vr)
        if read is None:
            return Value(raw, Action.KEPT)
        clean, action = read
        text = raw.decode(self._codec, errors="replace").strip(" \0")
        parts = [text] if vr in _ONE_VALUE else text.split("\\")
        cleaned = "\\".join(clean(part.strip(" \0")) if part.strip(" \0") else "" for part in parts)
        data = _padded(cleaned, b"\0" if vr == "UI" else b" ")
        if cleaned == text:
            return Value(data, Action.KEPT)
        return Value(data, action) if cleaned.strip("\\") else EMPTY

    def _reader(self, tag: int, vr: str) -> tuple[Callable[[str], str], Action] | None:  # noqa: PLR0911 - one line per kind of value
        if vr == "UI":
            return self.uid, Action.MAPPED
        if vr == "DA":
            return lambda text: moments.date(text, self.shift), Action.SHIFTED
        if vr == "DT":
            return self._date_time, Action.SHIFTED
        if vr == "TM":
            return moments.time if self.settings.times else lambda _text: "", Action.CLEANED
        if vr == "AS":
            return moments.age, Action.CLEANED
        if vr in ("DS", "IS"):
            return lambda text: text if _NUMBER.fullmatch(text) else "", Action.CLEANED
        if vr == "CS":
            return self._term(tag), Action.CLEANED
        if vr in TEXT:
            return self._text(tag, vr), Action.CLEANED
        return None

    def _date_time(self, text: str) -> str:
        return moments.date_time(text, self.shift, with_time=self.settings.times)

    def _term(self, tag: int) -> Callable[[str], str]:
        if tag == _PATIENT_SEX:
            return lambda text: text if text in _SEXES else ""
        return lambda text: texts.term(text, self.coded)

    def _text(self, tag: int, vr: str) -> Callable[[str], str]:
        rule = annex_e.table().get(tag)
        if rule and annex_e.DATES in rule.options:
            return lambda text: moments.zone(text, self.shift)
        keep = KEPT_TEXTS.get(tag)
        if keep is None or (tag in _OF_DEVICE and not self.settings.device):
            dummy = _DUMMIES.get(vr, texts.REMOVED.encode()).decode().strip()
            return lambda _text: dummy
        return lambda text: keep(text, self.coded)


def _blank(vr: str, raw: bytes) -> bool:
    return not (raw.strip(b" \0") if vr in TEXT or vr in _DUMMIES or vr == "CS" else raw)


def _padded(text: str, pad: bytes = b" ") -> bytes:
    data = text.encode("ascii", errors="replace")
    return data + pad * (len(data) % 2)
