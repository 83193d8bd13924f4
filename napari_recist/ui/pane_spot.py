"""Where a pane looks: a point in the patient and a zoom, so that another series shows the same."""

from dataclasses import dataclass

import numpy as np

from napari_recist.imaging.geometry import FloatArray
from napari_recist.ui.pane_view import PaneView


@dataclass(frozen=True, slots=True, eq=False)
class PaneSpot:
    """The middle of a pane in the patient (mm, LPS) and screen pixels per mm."""

    point: FloatArray
    pixels_per_mm: float


def spot_of(view: PaneView) -> PaneSpot | None:
    """Return where a pane looks; ``None`` where it shows nothing or has no millimetres."""
    if view.frame is None or view.frame.geometry is None:
        return None
    point = view.frame.geometry.to_patient(np.asarray(view.centre_index()))
    return PaneSpot(point, view.pixels_per_mm)


def look_at(view: PaneView, spot: PaneSpot) -> None:
    """Let a pane look there: at the slice nearest to the point."""
    if view.frame is not None and view.frame.geometry is not None:
        view.zoom_to(spot.pixels_per_mm, view.frame.geometry.to_index(spot.point))
