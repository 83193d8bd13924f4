"""What stands in the corners of a pane: what is seen, how it was taken and how it is shown.

Never a name, a site or a date: the subject's code and the visit's week are all a blinded reader
may know.
"""

from dataclasses import dataclass
from typing import Any

from napari_recist.ui.orientation_letters import plane_name
from napari_recist.ui.pane_view import PaneView

ENOUGH_PIXELS_PER_MM = 2.0
"""Below this a screen pixel is half a millimetre or more: too coarse to place an end."""


@dataclass(frozen=True, slots=True)
class PaneTitle:
    """Who and when, as far as the reader may know: subject code, visit, and a note ("signed")."""

    subject: str = ""
    visit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of text of the four corners."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()


def corners(pane: PaneView, title: PaneTitle) -> Corners:
    """Return the corner texts of a pane as it stands."""
    if pane.volume is None:
        return Corners(top_left=_lines(title.visit, title.subject, title.note))
    return Corners(
        top_left=_lines(title.visit, title.subject, title.note),
        top_right=_acquisition(pane),
        bottom_left=_lines(
            _value(pane), f"slice {pane.slice + 1} / {pane.slices}", str(pane.window), _zoom(pane)
        ),
    )


def _acquisition(pane: PaneView) -> tuple[str, ...]:
    volume: Any = pane.volume
    series, passport = volume.series, volume.passport
    kind = " ".join(part for part in (series.modality, series.phase) if part)
    geometry = volume.geometry
    plane = plane_name(geometry)
    if geometry is None:
        return _lines(kind, "NO MILLIMETRES", *(finding.message for finding in passport.findings))
    thickness = f"{_mm(passport.thickness_mm)} mm thick" if passport.thickness_mm else ""
    gap = f"{_mm(float(pane.frame.scale[0]))} mm apart" if pane.frame else ""
    pixel = f"{geometry.row_spacing:.2f} x {geometry.column_spacing:.2f} mm pixels"
    verdict = "" if passport.verdict == "green" else f"passport {passport.verdict}"
    return _lines(f"{plane}  {kind}", ", ".join(_lines(thickness, gap)), pixel, verdict)


def _mm(length: float) -> str:
    """Write a length as its maker does: 5.0, 2.5, 1.25."""
    text = f"{length:.2f}"
    return text.removesuffix("0")


def _zoom(pane: PaneView) -> str:
    zoom = pane.pixels_per_mm
    if pane.frame is None or pane.frame.geometry is None:
        return f"{zoom:.1f} px per image pixel"
    advice = "" if zoom >= ENOUGH_PIXELS_PER_MM else "  (zoom in to measure)"
    return f"{zoom:.1f} px/mm{advice}"


def _value(pane: PaneView) -> str:
    volume: Any = pane.volume
    unit = " HU" if volume.series.modality == "CT" else ""
    return f"value {pane.value:.0f}{unit}" if pane.value is not None else ""


def _lines(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())
