"""A drawn measurement as the record keeps it: end-points in the patient, and where they came from.

Coordinates are patient millimetres, DICOM LPS, (x, y, z). The raw lengths come from
``napari_recist.imaging`` geometry; nothing here computes a length.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Point: TypeAlias = tuple[float, float, float]
"""A place in the patient: mm, LPS, (x, y, z)."""


class Provenance(StrEnum):
    """How a caliper came to be where it is."""

    DRAWN = "drawn"
    EDITED = "edited"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Axis:
    """One straight line of a caliper: two end-points in the patient and its raw length in mm."""

    start: Point
    end: Point
    raw_mm: float


@dataclass(frozen=True, slots=True)
class Caliper:
    """Longest diameter and, where drawn, short axis of a lesion on one acquired slice.

    ``sop_instance_uid`` (with ``frame``, counted from 1 as DICOM does) names the slice and
    ``series_uid`` the series; ``frame_of_reference_uid`` the space of the coordinates.
    ``passport`` is the one-line summary of what makes the millimetres trustworthy.
    ``pixels_per_mm`` is the zoom of the screen at the moment of drawing (0 when not drawn on one).
    """

    long_axis: Axis
    short_axis: Axis | None
    series_uid: str
    sop_instance_uid: str
    frame: int
    frame_of_reference_uid: str
    passport: str
    provenance: Provenance = Provenance.DRAWN
    pixels_per_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """A place on an acquired image that a reader pointed at.

    ``row`` and ``column`` count pixels of the image from 0, pixel centres at whole numbers.
    ``point`` is the place in the patient, ``None`` where the series gives no millimetres.
    """

    series_uid: str
    sop_instance_uid: str
    frame: int
    row: float
    column: float
    point: Point | None = None
    frame_of_reference_uid: str = ""
