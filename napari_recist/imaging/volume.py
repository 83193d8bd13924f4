"""Load a series into one contiguous array of values, with the geometry that measures it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from napari_recist.imaging.geometry import Geometry
from napari_recist.imaging.pixels.filling import Progress, Voxels, fill, rescaled
from napari_recist.imaging.pixels.second_opinion import confirm
from napari_recist.imaging.pixels.stored import PixelReader
from napari_recist.imaging.series import Passport, Series


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """The values of a series.

    Parameters
    ----------
    voxels : (slice, row, column) int16 or float32 array
        Stored values times slope plus intercept of their own slice (HU for CT): int16 where whole
        numbers are rescaled by whole numbers and every value fits, else float32. Colour images
        have the samples on a fourth axis.
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


def load_volume(
    series: Series, progress: Progress | None = None, memory_limit: int | None = None
) -> Volume:
    """Read and rescale every slice of a series.

    Parameters
    ----------
    series : Series
        What to load.
    progress : callable, optional
        Called with (slices done, all slices); may raise to cancel.
    memory_limit : int, optional
        Bytes the voxels may take; by default ``NAPARI_RECIST_MEMORY_GB`` or three quarters of the
        machine's memory.

    Raises
    ------
    ImageError
        A file is gone, truncated, or decodes to something its header contradicts; or the voxels
        would take too much memory, in which case none is allocated.
    """
    voxels = fill(series.slices, shape_of(series), progress, memory_limit)
    confirm(PixelReader(), series.slices)
    return Volume(voxels, series.geometry, series.passport, series)


def shape_of(series: Series) -> tuple[int, ...]:
    """Return the shape of the voxels: slices, rows, columns and, for colour, samples."""
    samples = series.slices[0].storage.samples
    return series.shape if samples == 1 else (*series.shape, samples)


def read_slice(series: Series, index: int) -> npt.NDArray[np.float32]:
    """Read one slice alone, (row, column): what the reader looks at while the rest comes.

    Raises
    ------
    ImageError
        The file is gone, truncated, or decodes to something its header contradicts.
    """
    piece = series.slices[index]
    return rescaled(PixelReader().stored(piece), piece).astype(np.float32)
