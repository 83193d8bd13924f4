"""Cut a Siemens mosaic into its slices: the tiles of one plane, each with a place of its own.

Image Position (Patient) of a mosaic is that of a plane as large as the whole mosaic around the
slice's centre. The first slice's corner lies half the difference in size further along both
directions, the others follow along the slice normal of the CSA header, one Spacing Between Slices
apart (nibabel, "Siemens mosaic format", https://nipy.org/nibabel/dicom/dicom_mosaic.html). The
protocol's own list of slice centres, where there is one, must agree.
"""

from math import ceil, sqrt

import numpy as np

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.files.siemens import SiemensHeader, siemens_header

MOSAIC = "MOSAIC"
"""The value of Image Type that marks a mosaic."""

PARALLEL = 1e-3
"""Largest deviation of the CSA normal from the image's: both are written to six digits."""

SAME_STEP_MM = 0.01
"""Protocol and header write slice positions to more digits than this."""

_SPACING_BETWEEN_SLICES = 0x00180088


def untiled(frame: Frame) -> tuple[Frame, ...]:
    """Return the slices of a mosaic; the plane itself, with the reason, where they have no place.

    Each slice's ``frame_index`` counts its tile, row by row; its position is that of the centre of
    its own first voxel.
    """
    header = siemens_header(frame.instance.storage.file)
    fault = _fault(frame, header)
    if header is None or fault:
        return (frame._replace(mosaic_fault=fault),)
    count = int(header.images or 0)
    storage = frame.instance.storage._replace(mosaic=ceil(sqrt(count)))
    tiled = frame._replace(instance=frame.instance._replace(storage=storage))
    first = _first_corner(tiled)
    step = _spacing(frame) * np.array(header.normal)
    return tuple(
        tiled._replace(
            frame_index=index, position=tuple(float(value) for value in first + index * step)
        )
        for index in range(count)
    )


def _first_corner(frame: Frame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Move the mosaic's position to the corner of its first slice."""
    storage = frame.instance.storage
    row, column = np.array(frame.orientation[:3]), np.array(frame.orientation[3:])
    across = (storage.columns - frame.columns) / 2 * frame.spacing[1]
    down = (storage.rows - frame.rows) / 2 * frame.spacing[0]
    return np.array(frame.position) + across * row + down * column


def _fault(frame: Frame, header: SiemensHeader | None) -> str:
    """Return why the slices of a mosaic have no place; empty when they do."""
    if header is None or header.images is None or not header.normal:
        return "the private Siemens header that tells where they lie is missing or damaged"
    if not frame.placed or not frame.spacing:
        return "the image itself has no position, orientation or pixel spacing"
    return _size_fault(frame, header.images) or _direction_fault(frame, header)


def _size_fault(frame: Frame, images: int) -> str:
    side = ceil(sqrt(max(images, 0)))
    storage = frame.instance.storage
    if side < 2 or storage.rows % side or storage.columns % side:  # noqa: PLR2004 - two tiles
        return f"{images} tiles do not fit a plane of {storage.rows} x {storage.columns}"
    return ""


def _direction_fault(frame: Frame, header: SiemensHeader) -> str:
    """Compare the CSA normal with the image's, and the protocol's slices with even steps."""
    normal = np.array(header.normal)
    across = np.cross(frame.orientation[:3], frame.orientation[3:])
    if abs(abs(float(across @ normal)) - 1) > PARALLEL:
        return "the private header's slice normal is not that of the image"
    if header.first_slice:
        return "they are stored in an order other than the protocol's"
    step = _spacing(frame) * normal
    if _spacing(frame) <= SAME_STEP_MM:
        return "Spacing Between Slices is not stated"
    steps = np.diff(np.array(header.centres), axis=0)
    listed = len(header.centres) == header.images
    if listed and float(np.abs(steps - step).max()) > SAME_STEP_MM:
        return "the protocol places the slices elsewhere than the image's header"
    return ""


def _spacing(frame: Frame) -> float:
    return abs(frame.instance.elements.number(_SPACING_BETWEEN_SLICES) or 0.0)
