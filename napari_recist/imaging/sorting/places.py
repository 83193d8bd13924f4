"""Name a place or a plane in the patient the way a radiologist reads it."""

from napari_recist.imaging.files.frames import Vector

WITHIN_25_DEGREES = 0.9
"""Cosine between a slice normal and a patient axis below which no anatomical plane is named."""


def _normal(orientation: Vector) -> tuple[float, float, float]:
    """Return the sizes of the slice normal's parts along the patient axes."""
    row, column = orientation[:3], orientation[3:]
    return (
        abs(row[1] * column[2] - row[2] * column[1]),
        abs(row[2] * column[0] - row[0] * column[2]),
        abs(row[0] * column[1] - row[1] * column[0]),
    )


def main_axis(orientation: Vector) -> int:
    """Return the patient axis (0 left, 1 posterior, 2 superior) the slices advance along."""
    normal = _normal(orientation)
    return normal.index(max(normal))


def plane_of(orientation: Vector) -> str:
    """Name the anatomical plane of six direction cosines, "oblique" where none is near."""
    near = max(_normal(orientation)) > WITHIN_25_DEGREES
    return ("sagittal", "coronal", "axial")[main_axis(orientation)] if near else "oblique"


def place(position: Vector, orientation: Vector) -> str:
    """Return for example "S -312.5": the slice's coordinate towards superior, mm."""
    axis = main_axis(orientation)
    return f"{'LPS'[axis]} {position[axis]:.1f}"
