"""Calipers and the diameters of a lesion."""

from napari_recist.measuring.calipers import (
    axis,
    by_length,
    carried_short_axis,
    moved_short_axis,
    reported_diameter,
    short_axis_through,
)

__all__ = [
    "axis",
    "by_length",
    "carried_short_axis",
    "moved_short_axis",
    "reported_diameter",
    "short_axis_through",
]
