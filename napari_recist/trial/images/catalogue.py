"""Which patients, visits and series a trial has: what intake registered."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SeriesProfile:
    """How a series was taken, as its files tell: what the series of a later visit has to match.

    Lengths are in mm, ``None`` or "" where the files do not tell. ``kind`` and ``verdict`` are the
    words of :class:`napari_recist.imaging.Kind` and :class:`napari_recist.imaging.Verdict`,
    ``findings`` the codes of the passport (never its sentences: one may name a patient).
    ``field_of_view_mm`` is the longer side of a slice, ``coverage_mm`` what lies between the outer
    faces of the first and the last one.
    """

    kind: str
    verdict: str
    findings: tuple[str, ...] = ()
    plane: str = ""
    thickness_mm: float | None = None
    kernel: str = ""
    contrast: str = ""
    field_of_view_mm: float | None = None
    coverage_mm: float | None = None
    slices: int = 0
    number: int | None = None
    frame_of_reference_uid: str = ""


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """One readable volume of a visit: its identity, its files in slice order and its profile.

    ``files`` are absolute paths as text. A DICOM series that was split (phases, echoes) has one
    entry per volume, with the same ``series_uid`` and the words of ``part`` to tell them apart.
    ``profile`` is ``None`` where an earlier version registered the images; importing the folder
    again adds it.
    """

    series_uid: str
    description: str
    modality: str
    phase: str
    files: tuple[str, ...]
    part: str = ""
    profile: SeriesProfile | None = None

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
