"""Turn the images of one volume into a Series: order, geometry and passport."""

import datetime as dt
from collections.abc import Sequence

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.geometry import Geometry
from napari_recist.imaging.passport.contrast_timing import contrast_findings, phase_and_seconds
from napari_recist.imaging.passport.findings import Finding, Verdict, gravest
from napari_recist.imaging.passport.image_findings import (
    kind_findings,
    lossy,
    place_findings,
    rescale_type,
    value_findings,
)
from napari_recist.imaging.passport.spacing_findings import spacing_findings
from napari_recist.imaging.series import Kind, Passport, Series, Slice
from napari_recist.imaging.sorting.ordering import Layout, in_order, lay_out
from napari_recist.imaging.sorting.places import plane_of
from napari_recist.imaging.sorting.splitting import Part

_DATES = (0x00080022, 0x00080023, 0x00080021, 0x00080020)
"""Acquisition, content, series and study date: the nearest to the patient first."""

_ORDER = (Verdict.BLOCKED, Verdict.AMBER, Verdict.GREEN)


def describe_part(part: Part, noticed: Sequence[Finding] = ()) -> Series:
    """Order the images of one volume, prove their geometry and write its passport.

    ``noticed`` are findings about the files made before (copies, mixed patients).
    """
    placed = all(frame.placed for frame in part.frames)
    frames = in_order(part.frames) if placed else _by_number(part.frames)
    layout = lay_out(frames) if placed else None
    passport = _passport(frames, layout, (*noticed, *part.findings))
    blocked = passport.verdict is Verdict.BLOCKED
    geometry = None if blocked or layout is None else _geometry(frames, layout)
    return _series(part, frames, passport, geometry, _kind(frames, layout))


def _by_number(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """Order images without a place by what they say of themselves; nothing is measured on them."""
    return tuple(
        sorted(frames, key=lambda f: (f.instance.instance_number or 0, f.name, f.frame_index))
    )


def _kind(frames: Sequence[Frame], layout: Layout | None) -> Kind:
    if len(frames) == 1:
        return Kind.SINGLE
    return Kind.VOLUME if layout is not None and layout.regular else Kind.STACK


def _geometry(frames: Sequence[Frame], layout: Layout) -> Geometry:
    return Geometry(
        slice_origins=layout.origins,
        row_direction=layout.row,
        column_direction=layout.column,
        row_spacing=frames[0].spacing[0],
        column_spacing=frames[0].spacing[1],
        rows=frames[0].rows,
        columns=frames[0].columns,
        frame_of_reference_uid=frames[0].instance.frame_of_reference_uid,
    )


def _passport(
    frames: Sequence[Frame], layout: Layout | None, noticed: Sequence[Finding]
) -> Passport:
    first = frames[0]
    findings = [
        *noticed,
        *place_findings(frames),
        *kind_findings(frames),
        *value_findings(frames),
        *contrast_findings(frames),
    ]
    if len(frames) == 1:
        findings.append(Finding("single-slice", "One image only: no distance across slices."))
    elif layout is not None:
        findings.extend(spacing_findings(frames, layout))
    findings.sort(key=lambda finding: _ORDER.index(finding.verdict))
    regular = layout is not None and layout.regular and len(frames) > 1
    elements = first.instance.elements
    phase, seconds = phase_and_seconds(frames)
    return Passport(
        verdict=gravest(findings),
        findings=tuple(findings),
        spacing_tag=_spacing_tag(first),
        spacing_mm=float(layout.steps.mean()) if layout is not None and regular else None,
        thickness_mm=first.thickness,
        tilt_degrees=0.0 if layout is None else layout.tilt_degrees,
        transfer_syntax=first.instance.storage.transfer_syntax,
        kernel=", ".join(dict.fromkeys(frame.kernel for frame in frames if frame.kernel)),
        contrast=elements.text(0x00180010),
        rescale_type=rescale_type(first),
        lossy=lossy(frames),
        plane=plane_of(first.orientation) if first.placed else "",
        phase=phase,
        contrast_seconds=seconds,
    )


def _spacing_tag(frame: Frame) -> str:
    if not frame.spacing:
        return ""
    return "PixelSpacing " + "\\".join(f"{value:.6g}" for value in frame.spacing)


def _series(
    part: Part,
    frames: Sequence[Frame],
    passport: Passport,
    geometry: Geometry | None,
    kind: Kind,
) -> Series:
    instance = frames[0].instance
    elements = instance.elements
    description = elements.text(0x0008103E)
    return Series(
        series_uid=instance.series_uid,
        study_uid=instance.study_uid,
        patient_id=instance.patient_id,
        modality=instance.modality,
        description=description,
        part=part.label,
        number=instance.number,
        kind=kind,
        shape=(len(frames), frames[0].rows, frames[0].columns),
        geometry=geometry,
        passport=passport,
        phase=passport.phase,
        date=_date(frames[0]),
        frame_of_reference_uid=instance.frame_of_reference_uid,
        slices=tuple(map(_slice, frames)),
    )


def _slice(frame: Frame) -> Slice:
    instance = frame.instance
    return Slice(
        instance.storage.file,
        instance.sop_instance_uid,
        frame.frame_index,
        instance.storage,
        frame.slope,
        frame.intercept,
    )


def _date(frame: Frame) -> dt.date | None:
    for tag in _DATES:
        text = frame.instance.elements.text(tag).replace(".", "")
        if len(text) == 8 and text.isdecimal():  # noqa: PLR2004 - YYYYMMDD
            try:
                return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
            except ValueError:
                continue
    return None
