"""One file, de-identified: read, judged, cleaned, and given a place with a coded name."""

import io
import warnings
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydicom.filereader import read_dataset
from pydicom.uid import UID_dictionary

from napari_recist.errors import ImageError
from napari_recist.imaging.deidentify.dataset import (
    Cleaned,
    DatasetCleaner,
    Encoding,
    raw_elements,
    raw_text,
)
from napari_recist.imaging.deidentify.key import TrialKey
from napari_recist.imaging.deidentify.moments import date
from napari_recist.imaging.deidentify.pixels import CUT_SHORT, pixels_end
from napari_recist.imaging.deidentify.refusals import refusal
from napari_recist.imaging.deidentify.subjects import Subject, SubjectList
from napari_recist.imaging.deidentify.trial_module import OfFile, TrialFacts, file_meta, filled
from napari_recist.imaging.deidentify.values import Action, ValueCleaner
from napari_recist.imaging.files.deflated import inflated
from napari_recist.imaging.files.directory import DIRECTORY
from napari_recist.imaging.files.encoding import DamagedError, encoding
from napari_recist.imaging.files.syntaxes import DEFLATED, EXPLICIT_BIG, IMPLICIT_LITTLE

_CHARACTER_SET, _SOP_CLASS, _INSTANCE = 0x00080005, 0x00080016, 0x00080018
_STUDY_DATES = (0x00080020, 0x00080021, 0x00080022, 0x00080023)
_PATIENT_ID, _SEX, _TIME_POINT, _METHOD = 0x00100020, 0x00100040, 0x00120050, 0x00120063
_SERIES, _NUMBER = 0x0020000E, 0x00200011
_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_DEFLATE_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Order:
    """How to de-identify: the key, the charter's facts, the subjects and the visits known.

    ``time_points`` names the visit of a series by its original Series Instance UID.
    """

    key: TrialKey
    facts: TrialFacts
    subjects: SubjectList
    time_points: Mapping[str, str] = field(default_factory=dict)


class Made(NamedTuple):
    """A file de-identified: where it goes (a relative path of coded names), and what was done."""

    place: Path
    subject: str
    patient_id: str
    pieces: tuple[bytes | memoryview, ...]
    done: tuple[tuple[str, Action], ...]


class FileDeidentifier:
    """De-identifies files one after the other; keeps what files of a series repeat.

    Parameters
    ----------
    order : Order
        How.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._cleaners: dict[tuple[Any, ...], DatasetCleaner] = {}

    def make(self, file: Path) -> Made | str:
        """Return a file de-identified, or why it is left out; the reason repeats no value."""
        if file.name.upper() == DIRECTORY:
            return "it is a directory of files, not an image"
        try:
            data = file.read_bytes()
            return self._made(data, file)
        except OSError:
            return "it cannot be read"
        except ImageError:
            return "it is no DICOM file"
        except DamagedError:
            return "it is damaged"
        except Exception as error:  # noqa: BLE001 - a damaged file may raise anything in the parser
            return f"it is damaged ({type(error).__name__})"

    def _made(self, data: bytes, file: Path) -> Made | str:
        syntax, start = encoding(data, file)
        if UID_dictionary.get(syntax, ("", ""))[1] != "Transfer Syntax":
            return "its transfer syntax is not one of the standard"
        body = memoryview(data)[start:]
        if syntax == DEFLATED:
            body = memoryview(inflated(bytes(body), len(body)))
        how = Encoding(syntax != IMPLICIT_LITTLE, syntax != EXPLICIT_BIG)
        stream = io.BytesIO(body)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they would repeat the values they are about
            dataset = read_dataset(
                stream, not how.explicit, how.little_endian, stop_when=_at_pixels
            )
            elements = raw_elements(dataset)
            reason = refusal(elements) or _unidentified(elements)
            subject = self._order.subjects.subject(raw_text(elements, _PATIENT_ID))
            if reason or subject is None:
                return reason or "its PatientID is no coded subject, and the list has none for it"
            end = pixels_end(body, stream.tell(), how)
            if end is None:
                return CUT_SHORT if stream.tell() < len(body) else "it holds no image"
            return self._cleaned(dataset, subject, how, syntax, body[stream.tell() : end])

    def _cleaned(
        self, dataset: Any, subject: Subject, how: Encoding, syntax: str, pixels: memoryview
    ) -> Made:
        elements, key = raw_elements(dataset), self._order.key
        repeated = _repeated(elements, subject, key)
        values, cleaner = self._cleaner(subject, how, raw_text(elements, _CHARACTER_SET), repeated)
        instance = values.uid(raw_text(elements, _INSTANCE))
        series = raw_text(elements, _SERIES)
        label = self._order.time_points.get(series) or raw_text(elements, _TIME_POINT)
        sex = (values.clean(_SEX, "CS", _raw(elements, _SEX)).data or b"").decode().strip()
        of_file = OfFile(subject, label, sex, key.mark(subject.code, instance))
        module = filled(self._order.facts, of_file, how)
        cleaned: Cleaned = cleaner.whole(dataset, module)
        head = file_meta(raw_text(elements, _SOP_CLASS), instance, syntax)
        pieces: tuple[bytes | memoryview, ...] = (head, cleaned.data, pixels)
        if syntax == DEFLATED:
            pieces = (head, _deflated(cleaned.data, pixels))
        place = self._place(elements, values, subject, label, pieces)
        return Made(place, subject.code, raw_text(elements, _PATIENT_ID), pieces, cleaned.done)

    def _cleaner(
        self, subject: Subject, how: Encoding, character_set: str, repeated: bool
    ) -> tuple[ValueCleaner, DatasetCleaner]:
        character_set = character_set.rsplit("\\", maxsplit=1)[-1].strip()
        values = ValueCleaner(
            self._order.key, self._order.facts.settings, subject.code, repeated, character_set
        )
        known = (subject.code, how, character_set, repeated)
        cleaner = self._cleaners.setdefault(known, DatasetCleaner(values, how))
        return values, cleaner

    def _place(
        self,
        elements: Any,
        values: ValueCleaner,
        subject: Subject,
        label: str,
        pieces: tuple[bytes | memoryview, ...],
    ) -> Path:
        """Name folder and file by codes: the content's checksum tells copies from other images."""
        key = self._order.key
        dates = (raw_text(elements, tag) for tag in _STUDY_DATES)
        day = next((told for text in dates if (told := date(text, values.shift))), "undated")
        series = key.name("series", values.uid(raw_text(elements, _SERIES)))
        instance = key.name("instance", values.uid(raw_text(elements, _INSTANCE)))
        number = raw_text(elements, _NUMBER)
        number = number.zfill(3) if number.isdecimal() and len(number) <= 4 else "000"  # noqa: PLR2004
        checksum = 0
        for piece in pieces:
            checksum = zlib.crc32(piece, checksum)
        visit = self._visit_folder(label, day)
        return Path(subject.code, visit, f"S{number}-{series}", f"{instance}-{checksum:08x}.dcm")

    def _visit_folder(self, label: str, day: str) -> str:
        return label if self._order.time_points and label else day


def _at_pixels(tag: Any, _vr: str | None, _length: int) -> bool:
    return tag in _PIXELS


def _unidentified(elements: Mapping[Any, Any]) -> str:
    if not raw_text(elements, _INSTANCE) or not raw_text(elements, _SERIES):
        return "it has no SOP Instance UID or no Series Instance UID"
    return ""


def _repeated(elements: Mapping[Any, Any], subject: Subject, key: TrialKey) -> bool:
    """Whether the file carries the mark of this key: it was de-identified for this trial before."""
    marks = raw_text(elements, _METHOD).split("\\")
    return marks[-1] == key.mark(subject.code, raw_text(elements, _INSTANCE))


def _deflated(*pieces: bytes | memoryview) -> bytes:
    packer = zlib.compressobj(_DEFLATE_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"".join(map(packer.compress, pieces)) + packer.flush()
    return packed + b"\0" * (len(packed) % 2)


def _raw(elements: Mapping[Any, Any], tag: int) -> bytes:
    element = elements.get(tag)
    value = element.value if element is not None else None
    return value if isinstance(value, bytes) else b""


Progress = Callable[[int, int], None]
"""Called with files done and files found; may raise to cancel."""
