"""What stands in the corners of a pane: what is seen, how it was taken and how it is shown.

Never a name, a site, a date or the site's own words (a description may hold any of them): the
subject's code, the visit's week and the series' number are all a blinded reader may know.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from napari_recist.translation import _
from napari_recist.ui.caliper_state import ENOUGH_PIXELS_PER_MM
from napari_recist.ui.orientation_letters import direction_letters, plane_name
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.passport_words import reasons


@dataclass(frozen=True, slots=True)
class PaneTitle:
    """Who and when, as far as the reader may know: subject code, visit, and a note ("signed")."""

    subject: str = ""
    visit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of text in the corners; ``warnings`` stand under those at the top right."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()


def corners(pane: PaneView, title: PaneTitle) -> Corners:
    """Return the corner texts of a pane as it stands."""
    if pane.volume is None:
        return Corners(top_left=_lines(title.visit, title.subject, title.note))
    volume: Any = pane.volume
    return Corners(
        top_left=_lines(title.visit, title.subject, title.note),
        top_right=_acquisition(pane),
        warnings=reasons(volume.passport),
        bottom_left=_lines(
            _value(pane),
            _(
                "slice {slice} / {slices}{position}",
                slice=pane.slice + 1,
                slices=pane.slices,
                position=_position(pane),
            ),
            f"{pane.window}{_('  inverse') if pane.inverse else ''}",
            _zoom(pane),
        ),
    )


def _acquisition(pane: PaneView) -> tuple[str, ...]:
    volume: Any = pane.volume
    series, passport = volume.series, volume.passport
    number = _("series {number}", number=series.number) if series.number is not None else ""
    kind = " ".join(part for part in (series.modality, series.phase) if part)
    geometry = volume.geometry
    if geometry is None:
        return _lines(kind, number)
    thickness = (
        _("{thickness_mm} mm thick", thickness_mm=_mm(passport.thickness_mm))
        if passport.thickness_mm
        else ""
    )
    gap = _("{gap_mm} mm apart", gap_mm=_mm(float(pane.frame.scale[0]))) if pane.frame else ""
    pixel = _(
        "{row_spacing:.2f} x {column_spacing:.2f} mm pixels",
        row_spacing=geometry.row_spacing,
        column_spacing=geometry.column_spacing,
    )
    return _lines(
        f"{plane_name(geometry)}  {kind}", number, ", ".join(_lines(thickness, gap)), pixel
    )


def _position(pane: PaneView) -> str:
    """Name the height of the slice shown: where its middle lies along its main axis, mm."""
    geometry = pane.frame.geometry if pane.frame else None
    if geometry is None:
        return ""
    middle = geometry.to_patient((pane.slice, (geometry.rows - 1) / 2, (geometry.columns - 1) / 2))
    axis = int(np.abs(geometry.normal).argmax())
    letter = direction_letters(np.sign(middle[axis]) * np.eye(3)[axis])
    return _("  {letter} {height:.1f} mm", letter=letter, height=abs(middle[axis]))


def _mm(length: float) -> str:
    """Write a length as its maker does: 5.0, 2.5, 1.25."""
    text = f"{length:.2f}"
    return text.removesuffix("0")


def _zoom(pane: PaneView) -> str:
    zoom = pane.pixels_per_mm
    if pane.frame is None or pane.frame.geometry is None:
        return _("{zoom:.1f} px per image pixel", zoom=zoom)
    advice = "" if zoom >= ENOUGH_PIXELS_PER_MM else _("  (zoom in to measure)")
    return _("{zoom:.1f} px/mm{advice}", zoom=zoom, advice=advice)


def _value(pane: PaneView) -> str:
    volume: Any = pane.volume
    unit = _(" HU") if volume.series.modality == "CT" else ""
    return (
        _("value {value:.0f}{unit}", value=pane.value, unit=unit) if pane.value is not None else ""
    )


def _lines(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())
