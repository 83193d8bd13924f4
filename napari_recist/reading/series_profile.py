"""What of a series found on disk is registered with its visit, to compare it with other visits'."""

import numpy as np

from napari_recist.imaging import Geometry, Series, Verdict
from napari_recist.trial import SeriesEntry, SeriesProfile

PLANES = ("sagittal", "coronal", "axial")
"""The plane across each axis of the patient (x, y, z)."""


def entry_of(series: Series) -> SeriesEntry:
    """Return a series as a visit registers it."""
    return SeriesEntry(
        series_uid=series.series_uid,
        description=series.description,
        modality=series.modality,
        phase=series.phase,
        files=tuple(str(file.resolve()) for file in series.files),
        part=series.part,
        profile=profile_of(series),
    )


def profile_of(series: Series) -> SeriesProfile:
    """Return how a series was taken."""
    passport, geometry = series.passport, series.geometry
    grave = dict.fromkeys(f.code for f in passport.findings if f.verdict is not Verdict.GREEN)
    return SeriesProfile(
        kind=series.kind.value,
        verdict=passport.verdict.value,
        findings=tuple(grave),
        plane=_plane(geometry) if geometry else "",
        thickness_mm=passport.thickness_mm,
        kernel=passport.kernel,
        contrast=passport.contrast,
        field_of_view_mm=_field_of_view(geometry) if geometry else None,
        coverage_mm=_coverage(geometry, passport.thickness_mm) if geometry else None,
        slices=series.shape[0],
        number=series.number,
        frame_of_reference_uid=series.frame_of_reference_uid,
    )


def _plane(geometry: Geometry) -> str:
    """Return the plane nearest to that of the slices: an oblique axial scan is axial here."""
    return PLANES[int(np.abs(geometry.normal).argmax())]


def _field_of_view(geometry: Geometry) -> float:
    sides = (geometry.rows * geometry.row_spacing, geometry.columns * geometry.column_spacing)
    return float(max(sides))


def _coverage(geometry: Geometry, thickness_mm: float | None) -> float:
    positions = geometry.slice_positions
    return float(positions[-1] - positions[0]) + (thickness_mm or 0.0)
