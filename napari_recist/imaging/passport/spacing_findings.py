"""What positions, spacing and thickness of the slices say about a volume."""

from collections.abc import Iterator, Sequence

import numpy as np

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.sorting.ordering import REGULAR_MM, SHEAR_MM, Layout, pitch_mm
from napari_recist.imaging.sorting.places import place

SPACING_DIFFERS = 0.01
"""Relative difference from the positions beyond which a spacing or thickness tag is reported."""

TILT_DIFFERS_DEGREES = 0.5
"""Scanners state the tilt to half a degree."""


def spacing_findings(frames: Sequence[Frame], layout: Layout) -> Iterator[Finding]:
    """Yield what is noticed between the slices of an ordered stack of two or more."""
    if not layout.regular:
        yield from _uneven(frames, layout)
    else:
        if layout.worst_mm > REGULAR_MM:
            yield Finding(
                "approximate-spacing",
                f"Slices lie up to {layout.worst_mm:.3f} mm beside an even spacing.",
            )
        yield from _against_tags(frames, float(layout.steps.mean()))
    yield from _thickness_varies(frames)
    yield from _tilt(frames, layout)


def _thickness_varies(frames: Sequence[Frame]) -> Iterator[Finding]:
    stated = {frame.thickness for frame in frames if frame.thickness is not None}
    if stated and max(stated) > min(stated) * (1 + SPACING_DIFFERS):
        yield Finding(
            "thickness-varies",
            f"Slice Thickness varies from {min(stated):.4g} to {max(stated):.4g} mm.",
        )


def _uneven(frames: Sequence[Frame], layout: Layout) -> Iterator[Finding]:
    """Name every gap by place and count where one pitch explains all steps."""
    steps = layout.steps
    pitch = None if _meant(frames, layout) else pitch_mm(frames, layout)
    multiples = (
        np.ones(len(steps), dtype=int) if pitch is None else np.rint(steps / pitch).astype(int)
    )
    if pitch is None or bool(np.all(multiples == 1)):
        yield Finding(
            "uneven-slices",
            f"Slices are unevenly spaced: {steps.min():.2f} to {steps.max():.2f} mm apart, up to"
            f" {layout.worst_mm:.2f} mm beside an even spacing.",
        )
    for index in np.flatnonzero(multiples > 1).tolist():
        below, above = frames[index], frames[index + 1]
        middle = tuple(np.mean([below.position, above.position], axis=0))
        count, where = int(multiples[index]) - 1, place(middle, below.orientation)
        yield Finding(
            "missing-slices",
            f"{count} slice{'s' * (count > 1)} missing near {where} (between"
            f" {place(below.position, below.orientation)} and"
            f" {place(above.position, above.orientation)}; slices are {pitch:.4g} mm apart).",
            where,
        )


def _meant(frames: Sequence[Frame], layout: Layout) -> bool:
    """Whether slices of different thickness lie as far apart as they are thick: none is missing."""
    thick = np.array([frame.thickness or 0.0 for frame in frames])
    if thick.max() <= thick.min() * (1 + SPACING_DIFFERS):
        return False
    return bool(np.all(layout.steps <= np.maximum(thick[:-1], thick[1:]) * (1 + SPACING_DIFFERS)))


def _against_tags(frames: Sequence[Frame], spacing: float) -> Iterator[Finding]:
    thickness = frames[0].thickness
    if thickness is None or thickness <= 0:
        yield Finding("no-thickness", "Slice Thickness is not stated.")
    elif thickness > spacing * (1 + SPACING_DIFFERS):
        yield Finding(
            "overlapping-slices",
            f"Slices overlap: {thickness:.4g} mm thick, one every {spacing:.4g} mm.",
        )
    elif thickness < spacing * (1 - SPACING_DIFFERS):
        yield Finding(
            "gaps-between-slices",
            f"Tissue between slices is not imaged: {thickness:.4g} mm thick, one every"
            f" {spacing:.4g} mm.",
        )
    stated = frames[0].instance.elements.number(0x00180088)
    if stated is not None and abs(abs(stated) - spacing) > SPACING_DIFFERS * spacing:
        yield Finding(
            "spacing-tag-differs",
            f"Spacing Between Slices says {stated:.4g} mm, the positions say {spacing:.4g} mm;"
            " the positions are used.",
        )


def _tilt(frames: Sequence[Frame], layout: Layout) -> Iterator[Finding]:
    stated = abs(frames[0].instance.elements.number(0x00181120) or 0.0)
    if layout.drift_mm > SHEAR_MM:
        shift = layout.drift_mm / (len(frames) - 1)
        yield Finding(
            "gantry-tilt",
            f"Tilted gantry: {layout.tilt_degrees:.1f} degrees by the positions, every slice is"
            f" {shift:.2f} mm beside the one before. Measure on the acquired slice only.",
        )
    seen = layout.tilt_degrees if layout.drift_mm > SHEAR_MM else 0.0
    if abs(stated - seen) > TILT_DIFFERS_DEGREES:
        yield Finding(
            "tilt-tag-differs",
            f"Gantry/Detector Tilt says {stated:.1f} degrees, the positions say {seen:.1f}; the"
            " positions are used.",
        )
