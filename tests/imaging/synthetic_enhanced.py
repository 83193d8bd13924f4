"""Enhanced multi-frame images whose frames' places are known by construction."""

from collections.abc import Callable, Sequence

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import EnhancedCTImageStorage

from tests.imaging.synthetic import AXIAL, COLUMNS, ROWS, ct_slice

FrameChange = Callable[[int, Dataset], None]
"""Called with the frame number and its own functional groups."""


def item(**values: object) -> Items:
    """Return a sequence of one item."""
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return Items([dataset])


def enhanced(
    positions: Sequence[Sequence[float]],
    change: FrameChange = lambda _index, _groups: None,
    directions: Sequence[float] = AXIAL,
) -> Dataset:
    """Return an enhanced CT; frame k stores ``100 * k`` plus its own pixel numbers."""
    dataset = ct_slice(0, (0, 0, 0))
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing",
                    "SliceThickness", "RescaleSlope", "RescaleIntercept"):  # fmt: skip
        delattr(dataset, keyword)
    dataset.SOPClassUID, dataset.NumberOfFrames = EnhancedCTImageStorage, len(positions)
    shared = Dataset()
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=list(directions))
    shared.PixelMeasuresSequence = item(PixelSpacing=[0.8, 0.6], SliceThickness=2.5)
    shared.PixelValueTransformationSequence = item(RescaleSlope=1, RescaleIntercept=-1024)
    dataset.SharedFunctionalGroupsSequence = Items([shared])
    groups = []
    for index, position in enumerate(positions):
        own = Dataset()
        own.PlanePositionSequence = item(ImagePositionPatient=[float(value) for value in position])
        change(index, own)
        groups.append(own)
    dataset.PerFrameFunctionalGroupsSequence = Items(groups)
    pixels = [np.arange(ROWS * COLUMNS, dtype="<u2") + 100 * index for index in range(len(groups))]
    dataset.PixelData = b"".join(frame.tobytes() for frame in pixels)
    return dataset
