"""Name a place in the patient the way a radiologist reads it."""

from napari_recist.imaging.files.frames import Vector


def main_axis(orientation: Vector) -> int:
    """Return the patient axis (0 left, 1 posterior, 2 superior) the slices advance along."""
    row, column = orientation[:3], orientation[3:]
    normal = (
        abs(row[1] * column[2] - row[2] * column[1]),
        abs(row[2] * column[0] - row[0] * column[2]),
        abs(row[0] * column[1] - row[1] * column[0]),
    )
    return normal.index(max(normal))


def place(position: Vector, orientation: Vector) -> str:
    """Return for example "S -312.5": the slice's coordinate towards superior, mm."""
    axis = main_axis(orientation)
    return f"{'LPS'[axis]} {position[axis]:.1f}"
