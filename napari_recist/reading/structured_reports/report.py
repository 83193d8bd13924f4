"""What a structured report says of measured lines: values, in its own coordinates still."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Coordinates: TypeAlias = tuple[float, ...]
"""A point: (column, row) of an image, or (x, y, z) of a frame of reference."""


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """A line of two points, and the length its report gives it.

    Parameters
    ----------
    points : pair of Coordinates
        (column, row) of an image, 0 at the outer corner of its first pixel (PS3.3 C.18.6), where
        ``sop_instance_uid`` names one; else (x, y, z) in mm, LPS, of ``frame_of_reference_uid``.
    stated_mm : float
        What the report says. It is compared with our own length and used for nothing else.
    sop_instance_uid : str
        The image it was drawn on, "" for a line in space.
    frames : tuple of int
        The frames named, counted from 1; none where the report names the image alone.
    frame_of_reference_uid : str
        The space of a line in space, "" otherwise.
    """

    points: tuple[Coordinates, Coordinates]
    stated_mm: float
    sop_instance_uid: str = ""
    frames: tuple[int, ...] = ()
    frame_of_reference_uid: str = ""


@dataclass(frozen=True, slots=True)
class ReportedMeasurement:
    """A lesion measured at one time point.

    ``group`` counts the measurement groups of the report from 1. ``lesion`` is a target's name in
    our writing (T1, T2.1) or "", ``organ`` and ``site`` are words of the closed list or "".
    """

    group: int
    long_axis: ReportedLine
    short_axis: ReportedLine | None = None
    lesion: str = ""
    organ: str = ""
    site: str = ""

    @property
    def name(self) -> str:
        """What it is called to whoever imports it."""
        return f"measurement {self.group}{f' ({self.lesion})' if self.lesion else ''}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A measurement of a report that is not proposed, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class StructuredReport:
    """A report: what identifies it, which program made it, its lines and what is none.

    ``studies`` are the Study Instance UIDs it says it is about. ``program`` is a word of a closed
    list: nothing of the report's free text or names is here.
    """

    file: Path
    uid: str
    patient_id: str
    studies: frozenset[str]
    program: str
    measurements: tuple[ReportedMeasurement, ...]
    left_out: tuple[LeftOut, ...]
