"""Which patients, visits and series a trial has: what intake registered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """One readable volume of a visit: its identity and its files, in slice order.

    ``files`` are absolute paths as text. A DICOM series that was split (phases, echoes) has one
    entry per volume, with the same ``series_uid`` and the words of ``part`` to tell them apart.
    """

    series_uid: str
    description: str
    modality: str
    phase: str
    files: tuple[str, ...]
    part: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files as paths."""
        return tuple(map(Path, self.files))


@dataclass(frozen=True, slots=True)
class ScheduledVisit:
    """A visit of one patient: label (BL, W8), nominal week, scan date, and its series.

    ``series`` is in order of preference: the first is the one proposed for reading.
    """

    subject: str
    visit: str
    week: int
    date: dt.date
    series: tuple[SeriesEntry, ...]


def latest(registered: Iterable[ScheduledVisit]) -> tuple[ScheduledVisit, ...]:
    """Return each visit as last registered, by patient and date."""
    newest = {(visit.subject, visit.visit): visit for visit in registered}
    return tuple(sorted(newest.values(), key=lambda visit: (visit.subject, visit.date)))
