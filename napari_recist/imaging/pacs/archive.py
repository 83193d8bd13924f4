"""What can be asked of an archive, and what it answers: the same for DICOMweb and DIMSE."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Search:
    """Which studies are wanted; what is empty does not matter.

    Parameters
    ----------
    patient_id, name, accession : str
        Wildcards ``*`` and ``?`` as in PS3.4, C.2.2.2.4. They do not show in the text of a search.
    first_day, last_day : date or None
        The study's date, both days included.
    modality : str
        A modality in the study, such as ``CT``.
    study_uid : str
        One study.
    """

    patient_id: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    accession: str = field(default="", repr=False)
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    modality: str = ""
    study_uid: str = ""


@dataclass(frozen=True, slots=True)
class ArchivedStudy:
    """A study as the archive tells it; what names the patient does not show in its text."""

    study_uid: str
    patient_id: str = field(repr=False)
    name: str = field(repr=False)
    accession: str = field(repr=False)
    date: dt.date | None
    modalities: tuple[str, ...]
    description: str
    series: int | None
    instances: int | None


@dataclass(frozen=True, slots=True)
class ArchivedSeries:
    """A series as the archive tells it; ``instances`` is None where it does not count them."""

    study_uid: str
    series_uid: str
    number: str
    modality: str
    description: str
    instances: int | None


@dataclass(frozen=True, slots=True)
class Instance:
    """One DICOM object: where it belongs, what it is, and its own UID."""

    study_uid: str
    series_uid: str
    instance_uid: str
    sop_class: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file to be sent."""

    file: Path
    instance: Instance
    transfer_syntax: str
    size: int


Receive: TypeAlias = Callable[[Instance, Iterable[bytes]], None]
"""Takes an instance as a DICOM file (PS3.10), piece by piece."""


class Archive(Protocol):
    """A PACS. Its calls may run in several threads at once.

    Every call raises ``UnreachableArchiveError`` where another try may help,
    ``ArchiveAccessError`` where the archive refuses us or is not trusted, and ``ArchiveError``
    for all else.
    """

    at_once: int
    """How many instances are best asked for in one call."""

    def __str__(self) -> str:
        """Return its address."""

    def check(self) -> None:
        """Ask whether it is there and lets us in."""

    def studies(self, search: Search) -> tuple[ArchivedStudy, ...]:
        """Return the studies that a search finds."""

    def series(self, study_uid: str) -> tuple[ArchivedSeries, ...]:
        """Return the series of a study."""

    def instances(self, series: ArchivedSeries) -> tuple[Instance, ...]:
        """Return the instances of a series."""

    def fetch(self, wanted: Sequence[Instance], receive: Receive) -> None:
        """Have instances sent here, each in the transfer syntax in which it is stored."""

    def send(self, files: Sequence[Outgoing]) -> Mapping[str, str]:
        """Send files as they are; return why instances were not accepted, by their UID."""

    def close(self) -> None:
        """Close all connections."""


STORAGE_REASONS = {
    0x0110: "it failed to process it",
    0x0117: "it finds the SOP Instance UID invalid",
    0x0122: "it does not store this kind of object",
    0x0124: "it does not allow us to store",
    0x0272: "the transfer syntax does not suit it",
    0xA700: "it has no room left",
    0xA900: "the data set does not match its SOP class",
    0xC000: "it does not understand it",
}
"""Failures of storage (PS3.4, B.2.3; PS3.18, I.2)."""


def storage_reason(status: int) -> str:
    """Return in words why an archive did not store an instance."""
    family = status & 0xFF00 if status >= 0xA000 else status  # noqa: PLR2004 - last digits are its own
    known = STORAGE_REASONS.get(status) or STORAGE_REASONS.get(family)
    return f"{known or 'it refused it'} (status {status:04X})"
