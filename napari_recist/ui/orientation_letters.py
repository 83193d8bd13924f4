"""The letters at a pane's edges: which way the patient lies, from the geometry alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.geometry import Geometry
from napari_recist.translation import _

OBLIQUE_PART = 0.25
"""An axis counts in a letter pair when it is at least this part of the direction (cosine)."""

# LPS: x grows to the patient's left, y to posterior, z to the head.
_TOWARDS = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True, slots=True)
class EdgeLetters:
    """What lies beyond each edge of the picture; empty without geometry."""

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


def direction_letters(direction: npt.ArrayLike) -> str:
    """Name a direction in the patient by its axes, the largest part first ("L", "AR").

    ``direction`` is (3,) in LPS.
    """
    parts = np.asarray(direction, dtype=float)
    order = np.argsort(-np.abs(parts), kind="stable")
    letters = [
        _TOWARDS[axis][0 if parts[axis] > 0 else 1]
        for axis in order
        if abs(parts[axis]) >= OBLIQUE_PART
    ]
    return "".join(letters)


def edge_letters(geometry: Geometry | None) -> EdgeLetters:
    """Return the letters of a slice shown as acquired: rows downwards, columns to the right."""
    if geometry is None:
        return EdgeLetters()
    return letters_around(geometry.row_direction, geometry.column_direction)


def letters_around(right: npt.ArrayLike, down: npt.ArrayLike) -> EdgeLetters:
    """Return the letters of a picture whose right and lower edge lie that way, (3,) in LPS."""
    across, downwards = np.asarray(right, dtype=float), np.asarray(down, dtype=float)
    return EdgeLetters(
        left=direction_letters(-across),
        right=direction_letters(across),
        top=direction_letters(-downwards),
        bottom=direction_letters(downwards),
    )


def plane_name(geometry: Geometry | None) -> str:
    """Name the plane of the slices: axial, coronal or sagittal, "oblique" when tilted."""
    return "" if geometry is None else plane_across(geometry.normal)


def plane_across(normal: npt.ArrayLike) -> str:
    """Name the plane across a unit vector, (3,) in LPS."""
    parts = np.abs(np.asarray(normal, dtype=float))
    name = (_("sagittal"), _("coronal"), _("axial"))[int(parts.argmax())]
    return name if parts.max() >= np.cos(np.radians(1.0)) else _("oblique {name}", name=name)
