"""Siemens mosaics built tile by tile, whose slices' places are known before they are tiled."""

import struct
from collections.abc import Mapping, Sequence
from math import ceil, sqrt

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from tests.imaging.synthetic import ct_slice, set_private

TILE_ROWS, TILE_COLUMNS = 4, 6
SPACING = (0.8, 0.6)
STEP = 3.5


def csa(tags: Mapping[str, Sequence[str]]) -> bytes:
    """Return a CSA header, of the newer kind, with these items."""
    parts = [b"SV10\4\3\2\1", struct.pack("<II", len(tags), 77)]
    for name, items in tags.items():
        parts.append(struct.pack("<64si4siii", name.encode(), 1, b"FD", 4, len(items), 77))
        for item in items:
            text = item.encode() + b"\0"
            parts += [struct.pack("<4i", len(text), len(text), 77, len(text)), text]
            parts.append(b"\0" * (-len(text) % 4))
    return b"".join(parts)


def mosaic(
    count: int,
    first: Sequence[float],
    directions: Sequence[float],
    *,
    reverse: bool = False,
    step: float = STEP,
) -> Dataset:
    """Return a mosaic of ``count`` slices; tile k holds ``1000 * k`` plus its own pixel numbers.

    ``first`` is the corner of the first slice; with ``reverse`` the slices go against the normal.
    """
    side = ceil(sqrt(count))
    row, column = np.array(directions[:3]), np.array(directions[3:])
    normal = np.cross(row, column) * (-1 if reverse else 1)
    plane = np.zeros((side * TILE_ROWS, side * TILE_COLUMNS), "<u2")
    tile = np.arange(TILE_ROWS * TILE_COLUMNS).reshape(TILE_ROWS, TILE_COLUMNS)
    for index in range(count):
        down, across = divmod(index, side)
        corner = down * TILE_ROWS, across * TILE_COLUMNS
        plane[corner[0] :, corner[1] :][:TILE_ROWS, :TILE_COLUMNS] = 1000 * index + tile
    away = (plane.shape[0] - TILE_ROWS) / 2 * SPACING[0] * column
    away = away + (plane.shape[1] - TILE_COLUMNS) / 2 * SPACING[1] * row
    dataset = ct_slice(0, tuple(np.round(np.array(first) - away, 9)), directions)
    dataset.Modality, dataset.SOPClassUID = "MR", MRImageStorage
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]
    dataset.Rows, dataset.Columns = plane.shape
    dataset.BitsStored, dataset.HighBit = 16, 15
    dataset.SpacingBetweenSlices = STEP
    del dataset.RescaleSlope, dataset.RescaleIntercept
    dataset.PixelData = plane.tobytes()
    set_private(dataset, (0x19, "SIEMENS MR HEADER", 0x0A), "US", count)
    image = {
        "NumberOfImagesInMosaic": [str(count)],
        "SliceNormalVector": [f"{value:.8f}" for value in normal],
        "ProtocolSliceNumber": ["0"],
    }
    set_private(dataset, (0x29, "SIEMENS CSA HEADER", 0x10), "OB", csa(image))
    middle = np.array(first) + row * SPACING[1] * TILE_COLUMNS / 2
    middle = middle + column * SPACING[0] * TILE_ROWS / 2
    lines = [
        f"sSliceArray.asSlice[{index}].sPosition.d{axis} = {value:.9f}"
        for index in range(count)
        for axis, value in zip(("Sag", "Cor", "Tra"), middle + index * step * normal, strict=True)
    ]
    protocol = {"MrPhoenixProtocol": ["\n".join(lines)]}
    set_private(dataset, (0x29, "SIEMENS CSA HEADER", 0x20), "OB", csa(protocol))
    return dataset
