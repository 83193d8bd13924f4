"""From a place pointed at on a volume to what the record keeps of it, and back."""

import math

from napari_recist.criteria import ImagePlace, Point
from napari_recist.errors import UnmeasurableError
from napari_recist.imaging import Geometry, Volume
from napari_recist.reading.caliper_facts import HALF_PIXEL, Index
from napari_recist.translation import _


def image_place(volume: Volume, index: Index) -> ImagePlace:
    """Return a place of a volume as the record keeps it.

    Parameters
    ----------
    volume : Volume
        What was pointed at.
    index : (slice, row, column)
        Voxel centres at whole numbers.

    Raises
    ------
    UnmeasurableError
        If the place lies outside the image.
    """
    series, geometry = volume.series, volume.geometry
    slices, rows, columns = geometry.shape if geometry else volume.voxels.shape[:3]
    place, row, column = index
    inside = all(
        -HALF_PIXEL <= number <= count - HALF_PIXEL
        for number, count in zip(index, (slices, rows, columns), strict=True)
    )
    if not inside:  # so are numbers that are none
        raise UnmeasurableError(
            _("This place lies outside the image."), _("Click inside the image.")
        )
    image = series.slices[min(math.floor(place + HALF_PIXEL), slices - 1)]
    return ImagePlace(
        series_uid=series.series_uid,
        sop_instance_uid=image.sop_instance_uid,
        frame=image.frame + 1,
        row=float(row),
        column=float(column),
        point=None if geometry is None else _patient_point(geometry, index),
        frame_of_reference_uid=geometry.frame_of_reference_uid if geometry else "",
    )


def _patient_point(geometry: Geometry, index: Index) -> Point:
    x, y, z = geometry.to_patient(index).tolist()
    return (x, y, z)


def place_index(place: ImagePlace, volume: Volume) -> Index | None:
    """Return where a recorded place lies in a volume, ``None`` where it lies in another space."""
    geometry = volume.geometry
    if geometry is not None and place.point is not None:
        if geometry.frame_of_reference_uid != place.frame_of_reference_uid:
            return None
        found, row, column = geometry.to_index(place.point).tolist()
        return (found, row, column)
    for number, image in enumerate(volume.series.slices):
        if (image.sop_instance_uid, image.frame + 1) == (place.sop_instance_uid, place.frame):
            return (float(number), place.row, place.column)
    return None
