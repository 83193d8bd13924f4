"""What is true of the sample trial: where each lesion lies, how large it is, what readers conclude.

Coordinates are patient millimetres, DICOM LPS, (x, y, z). Responses are the words of CONTRACT and
RECIST.md as plain text, so that they judge the rules without sharing any code with them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from napari_recist.criteria.lesions import Role, Status

Point: TypeAlias = tuple[float, float, float]
Segment: TypeAlias = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class LesionTruth:
    """One focal lesion at one visit.

    ``long_axis`` is the longest diameter of the outline on the key slice (the slice through
    ``centre``) and ``short_axis`` the longest chord perpendicular to it; both are exact, and
    ``long_mm`` and ``short_mm`` are their lengths. A lesion that has vanished, or not come yet, is
    not ``visible``: lengths are 0 and the axes shrink to the centre, the place where it would be.
    """

    name: str
    kind: str
    organ: str
    site: str
    node: bool
    porta_hepatis: bool
    centre: Point
    long_axis: Segment
    short_axis: Segment
    long_mm: float
    short_mm: float
    visible: bool


@dataclass(frozen=True, slots=True)
class VisitTruth:
    """One scan: label ("BL", "W8"), planned week, scan date, and every focal lesion."""

    label: str
    week: int
    date: dt.date
    lesions: tuple[LesionTruth, ...]

    def lesion(self, name: str) -> LesionTruth:
        """Return the lesion of this name; ``KeyError`` where the patient never has one."""
        for lesion in self.lesions:
            if lesion.name == name:
                return lesion
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a scripted reader says of one lesion at one visit.

    ``lesion`` is the name in the reader's list (T1, NT1, N1) and ``truth`` the lesions in the
    patient it stands for: several for an entry such as "satellite lesions", none for ascites.
    ``diameter_mm`` is the true one, with one decimal, where the status is ``measured``.
    """

    lesion: str
    truth: tuple[str, ...]
    role: Role
    status: Status
    organ: str
    site: str = ""
    node: bool = False
    porta_hepatis: bool = False
    diameter_mm: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """The response of one visit, worked out by hand from RECIST.md.

    At baseline there is a sum and no response: the three responses are then empty text.
    """

    sum_mm: float
    target: str = ""
    nontarget: str = ""
    overall: str = ""
    new_lesion: bool = False


@dataclass(frozen=True, slots=True)
class VisitReading:
    """All that a reader says at one visit, and what has to follow from it."""

    label: str
    statements: tuple[Statement, ...]
    expected: Expected


@dataclass(frozen=True, slots=True)
class ReadingTruth:
    """One reader's whole read of one patient and the best response that has to follow.

    ``best_visit`` is the visit that dates the best response, ``progression_visit`` that of the
    first progression ("" where there is none).
    """

    reader: str
    visits: tuple[VisitReading, ...]
    best_response: str
    best_visit: str
    confirmed_best_response: str
    progression_visit: str

    def visit(self, label: str) -> VisitReading:
        """Return what is said at the visit of this label; ``KeyError`` where there is none."""
        for visit in self.visits:
            if visit.label == label:
                return visit
        raise KeyError(label)


@dataclass(frozen=True, slots=True)
class SubjectTruth:
    """One synthetic patient: the code, what the patient shows, the scans and the reads."""

    code: str
    story: str
    visits: tuple[VisitTruth, ...]
    readings: tuple[ReadingTruth, ...]

    def visit(self, label: str) -> VisitTruth:
        """Return the scan of this label; ``KeyError`` where there is none."""
        for visit in self.visits:
            if visit.label == label:
                return visit
        raise KeyError(label)


@dataclass(frozen=True, slots=True)
class TrialTruth:
    """The whole sample trial."""

    subjects: tuple[SubjectTruth, ...]

    def subject(self, code: str) -> SubjectTruth:
        """Return the patient of this code; ``KeyError`` where there is none."""
        for subject in self.subjects:
            if subject.code == code:
                return subject
        raise KeyError(code)
