"""The words in which the sample trial is written, and how they become truth.

A script is plain data: where each lesion sits in the resting patient, its diameters visit by visit,
how each visit was scanned, what each reader says. From it follow the exact places in each scan.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from napari_recist.criteria.lesions import Role, Status
from napari_recist.phantom.lesions import Kind, Solid
from napari_recist.phantom.phases import PORTAL_VENOUS, Phase
from napari_recist.phantom.render import Patient
from napari_recist.phantom.scan import Scan
from napari_recist.phantom.shapes import Triple
from napari_recist.phantom.truth import (
    Expected,
    LesionTruth,
    ReadingTruth,
    Statement,
    SubjectTruth,
    VisitReading,
    VisitTruth,
)

Outline: TypeAlias = tuple[Kind, float, float]
"""How a lesion looks, its short to long ratio, and the direction of its long axis in degrees."""


@dataclass(frozen=True, slots=True)
class LesionScript:
    """One lesion through the trial.

    ``place`` is its centre in the resting patient. ``diameters`` are in mm, one per visit, 0 where
    there is nothing to see: the longest diameter, for a node the short axis.
    """

    name: str
    place: Triple
    outline: Outline
    diameters: tuple[float, ...]
    organ: str
    site: str
    porta_hepatis: bool = False
    follows_breath: float = 1.0

    @property
    def node(self) -> bool:
        """Whether it is a lymph node, measured by its short axis."""
        return self.outline[0] is Kind.NODE


TURNS = (0.0, 7.0, -5.0, 11.0)
"""How far the long axis has turned at each visit, degrees."""


@dataclass(frozen=True, slots=True)
class VisitScript:
    """One scan of one patient; ``fluid_mm`` is the thickness of the ascites around the liver."""

    label: str
    week: int
    date: dt.date
    scan: Scan
    fluid_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class ListedLesion:
    """A line in a reader's list: which lesions it stands for, and what is said at each visit.

    ``said`` has one entry per visit, ``None`` before the lesion came onto the list.
    """

    name: str
    role: Role
    said: tuple[Status | None, ...]
    truth: tuple[str, ...] = ()
    organ: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class ReadingScript:
    """One reader's list and, by hand, what has to follow from it at each visit and overall."""

    reader: str
    lesions: tuple[ListedLesion, ...]
    expected: tuple[Expected, ...]
    best_response: str
    best_visit: str
    confirmed_best_response: str
    progression_visit: str = ""


@dataclass(frozen=True, slots=True)
class PatientScript:
    """One patient of the trial; ``phases`` are those scanned at every visit, the one read first."""

    code: str
    story: str
    patient: Patient
    sex: str
    age: int
    lesions: tuple[LesionScript, ...]
    visits: tuple[VisitScript, ...]
    readings: tuple[ReadingScript, ...]
    phases: tuple[Phase, ...] = (PORTAL_VENOUS,)


def solid(lesion: LesionScript, visit: VisitScript, number: int) -> Solid:
    """Return a lesion as it lies in the scan of one visit (``number`` counts from 0 = baseline).

    Its centre is put on the nearest slice, so that the key slice shows the full diameter.
    """
    x, y, z = visit.scan.moved(lesion.place, lesion.follows_breath)
    kind, ratio, degrees = lesion.outline
    diameter = lesion.diameters[number]
    long_mm = diameter / ratio if lesion.node else diameter
    return Solid(
        kind=kind,
        centre=(x, y, visit.scan.nearest_height(z)),
        long_mm=long_mm,
        short_mm=long_mm * ratio,
        degrees=degrees + TURNS[number],
        wobble=degrees,
    )


def solids(script: PatientScript, number: int) -> tuple[Solid, ...]:
    """Return the lesions to be seen at one visit."""
    visit = script.visits[number]
    return tuple(solid(les, visit, number) for les in script.lesions if les.diameters[number])


def truth_of(script: PatientScript) -> SubjectTruth:
    """Return what is true of a patient."""
    visits = tuple(
        VisitTruth(
            visit.label,
            visit.week,
            visit.date,
            tuple(_lesion_truth(lesion, visit, number) for lesion in script.lesions),
        )
        for number, visit in enumerate(script.visits)
    )
    readings = tuple(_reading_truth(script, reading) for reading in script.readings)
    return SubjectTruth(script.code, script.story, visits, readings)


def _lesion_truth(lesion: LesionScript, visit: VisitScript, number: int) -> LesionTruth:
    shape = solid(lesion, visit, number)
    return LesionTruth(
        name=lesion.name,
        kind=shape.kind.value,
        organ=lesion.organ,
        site=lesion.site,
        node=lesion.node,
        porta_hepatis=lesion.porta_hepatis,
        centre=shape.centre,
        long_axis=shape.long_axis,
        short_axis=shape.short_axis,
        long_mm=shape.long_mm,
        short_mm=shape.short_mm,
        visible=shape.long_mm > 0,
    )


def _reading_truth(script: PatientScript, reading: ReadingScript) -> ReadingTruth:
    visits = tuple(
        VisitReading(
            visit.label,
            tuple(
                _statement(script, listed, number, status)
                for listed in reading.lesions
                if (status := listed.said[number]) is not None
            ),
            reading.expected[number],
        )
        for number, visit in enumerate(script.visits)
    )
    return ReadingTruth(
        reading.reader,
        visits,
        reading.best_response,
        reading.best_visit,
        reading.confirmed_best_response,
        reading.progression_visit,
    )


def _statement(
    script: PatientScript, listed: ListedLesion, number: int, status: Status
) -> Statement:
    meant = [lesion for lesion in script.lesions if lesion.name in listed.truth]
    first = meant[0] if meant else None
    return Statement(
        lesion=listed.name,
        truth=listed.truth,
        role=listed.role,
        status=status,
        organ=first.organ if first else listed.organ,
        site=listed.site or (first.site if first else ""),
        node=bool(first and first.node),
        porta_hepatis=bool(first and first.porta_hepatis),
        diameter_mm=first.diameters[number] if first and status is Status.MEASURED else None,
    )
