"""The values the rest of the program sees of a series: its slices, geometry and passport."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.geometry import Geometry
from napari_recist.imaging.passport.findings import Finding, Verdict


class Kind(StrEnum):
    """What the images of a series form."""

    VOLUME = "volume"
    """Evenly spaced slices; a tilted gantry may shear them."""
    STACK = "stack"
    """Ordered, but not evenly spaced, or of unknown place."""
    SINGLE = "single"
    """One image."""
    NOT_AN_IMAGE = "not-an-image"
    """Files that hold no image this program reads."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One image of a series: where its pixels are kept and how they become values.

    ``value = stored * slope + intercept``; ``frame`` counts from 0 within the file (the tiles of
    a Siemens mosaic, row by row).
    """

    file: Path
    sop_instance_uid: str
    frame: int
    storage: Storage
    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class Passport:
    """What makes the millimetres of a volume trustworthy, or not.

    Parameters
    ----------
    verdict : Verdict
        The gravest of the findings.
    findings : tuple of Finding
        Everything noticed, gravest first.
    spacing_tag : str
        The DICOM attribute in-plane millimetres come from, with its value; empty when none.
    spacing_mm : float or None
        Distance between slices from their positions, mm; None where there is no one distance.
    thickness_mm : float or None
        SliceThickness as stated; shown, never measured with.
    tilt_degrees : float
        Angle between the line of slice origins and the slice normal.
    transfer_syntax, kernel, contrast, rescale_type : str
        How the images were stored, reconstructed, enhanced and scaled.
    lossy : bool
        Whether the pixels were ever compressed with loss, stated or seen.
    plane : str
        "axial", "coronal", "sagittal" or "oblique"; empty when the directions are unknown.
    phase : str
        Contrast or echo phase by the texts, else by the contrast timing; empty when neither tells.
    contrast_seconds : float or None
        From Contrast/Bolus Start Time to the first acquisition, s; negative before the bolus.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    spacing_tag: str
    spacing_mm: float | None
    thickness_mm: float | None
    tilt_degrees: float
    transfer_syntax: str
    kernel: str
    contrast: str
    rescale_type: str
    lossy: bool
    plane: str = ""
    phase: str = ""
    contrast_seconds: float | None = None

    @property
    def summary(self) -> str:
        """One line: verdict, in-plane spacing, slice distance and thickness."""
        parts = [str(self.verdict), self.spacing_tag or "no PixelSpacing"]
        slices = [
            f"{self.spacing_mm:.4g} mm slices" if self.spacing_mm is not None else "",
            f"{self.thickness_mm:.4g} mm thick" if self.thickness_mm is not None else "",
        ]
        parts.append(", ".join(filter(None, slices)))
        return "; ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Series:
    """One volume, stack or image. A DICOM series that holds several gives several of these.

    Parameters
    ----------
    part : str
        What tells this volume from the others of the same DICOM series ("echo time 2.302 ms");
        empty when it is the only one.
    number : int or None
        Series Number.
    shape : tuple of int
        Slices, rows, columns.
    geometry : Geometry or None
        None when the passport is blocked: no millimetres can be had.
    phase : str
        Contrast or echo phase as far as the texts tell, else empty.
    slices : tuple of Slice
        In order of rising projection on the slice normal.
    """

    series_uid: str
    study_uid: str
    patient_id: str
    modality: str
    description: str
    part: str
    number: int | None
    kind: Kind
    shape: tuple[int, int, int]
    geometry: Geometry | None
    passport: Passport
    phase: str
    date: dt.date | None
    frame_of_reference_uid: str
    slices: tuple[Slice, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of the slices, each once, in slice order."""
        return tuple(dict.fromkeys(piece.file for piece in self.slices))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, and why."""

    file: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything found at the given places."""

    series: tuple[Series, ...]
    skipped: tuple[Skipped, ...]
