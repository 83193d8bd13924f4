"""Load a series into one contiguous array of values, with the geometry that measures it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.codecs import Pixels
from napari_recist.imaging.geometry import Geometry
from napari_recist.imaging.series import Passport, Series
from napari_recist.imaging.stored import stored_values

Voxels = npt.NDArray[np.int16] | npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total); may raise to cancel."""

_SMALLEST, _LARGEST = -(1 << 15), (1 << 15) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """The values of a series.

    Parameters
    ----------
    voxels : (slice, row, column) int16 or float32 array
        Stored values times slope plus intercept of their own slice (HU for CT): int16 where every
        value fits exactly, else float32. Colour images have the samples on a fourth axis.
    geometry : Geometry or None
        None when the passport is blocked, so that no millimetre can be had.
    passport : Passport
        What makes the millimetres trustworthy, or not.
    series : Series
        Where it came from.
    """

    voxels: Voxels
    geometry: Geometry | None
    passport: Passport
    series: Series


def load_volume(series: Series, progress: Progress | None = None) -> Volume:
    """Read and rescale every slice of a series.

    Raises
    ------
    ImageError
        A file is gone, truncated, or decodes to something its header contradicts.
    """
    return Volume(_values(series, progress), series.geometry, series.passport, series)


def _values(series: Series, progress: Progress | None) -> Voxels:
    """Fill an int16 array, and change to float32 at the first slice that does not fit it."""
    samples = series.slices[0].storage.samples
    shape = series.shape if samples == 1 else (*series.shape, samples)
    voxels: Voxels = np.empty(shape, np.int16)
    for index, stored in enumerate(stored_values(series.slices)):
        piece = series.slices[index]
        values = _rescaled(stored, piece.slope, piece.intercept)
        if voxels.dtype == np.int16 and not _fits(values):
            exact, voxels = voxels, np.empty(shape, np.float32)
            voxels[:index] = exact[:index]
        voxels[index] = values
        if progress:
            progress(index + 1, len(series.slices))
    return voxels


def _rescaled(stored: Pixels, slope: float, intercept: float) -> Pixels:
    """Apply the slice's own slope and intercept, in integers where they are whole."""
    if slope == int(slope) and intercept == int(intercept):
        return stored.astype(np.int64) * int(slope) + int(intercept)
    return np.asarray(stored * slope + intercept)


def _fits(values: Pixels) -> bool:
    """Whether int16 holds every value exactly."""
    if values.min() < _SMALLEST or values.max() > _LARGEST:
        return False
    return values.dtype.kind != "f" or bool(np.all(values == np.rint(values)))
