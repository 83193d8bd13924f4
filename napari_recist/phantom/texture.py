"""What makes a clean picture look acquired: the grain of tissue and the noise of the scanner."""

import numpy as np
import scipy.fft
import scipy.ndimage

from napari_recist.phantom.shapes import Array

GRAIN_MM = 7.0
NOISE_CUTOFF_PER_MM = 0.30
SLICE_CORRELATION = 0.25


def refined(coarse: Array) -> Array:
    """Double the in-plane resolution of (slice, row, column) values by linear interpolation.

    A coarse plane of ``m + 1`` by ``n + 1`` samples becomes ``2 m`` by ``2 n``.
    """
    slices, rows, columns = coarse.shape
    fine = np.empty((slices, 2 * rows - 2, 2 * columns - 2), coarse.dtype)
    corner, below = coarse[:, :-1, :-1], coarse[:, 1:, :-1]
    fine[:, ::2, ::2] = corner
    fine[:, ::2, 1::2] = (corner + coarse[:, :-1, 1:]) / 2
    fine[:, 1::2, ::2] = (corner + below) / 2
    fine[:, 1::2, 1::2] = (corner + below + coarse[:, :-1, 1:] + coarse[:, 1:, 1:]) / 4
    return fine


def grain(
    shape: tuple[int, int, int], spacing_mm: tuple[float, float], dice: np.random.Generator
) -> Array:
    """Correlated tissue texture: mean 0, standard deviation 1, about 7 mm across.

    Parameters
    ----------
    shape : (slices, rows, columns), rows and columns multiples of 4
    spacing_mm : slice distance and pixel size in mm
    dice : the random numbers to use
    """
    slices, rows, columns = shape
    slice_mm, pixel_mm = spacing_mm
    quarter = (slices, rows // 4 + 2, columns // 4 + 2)
    coarse = dice.standard_normal(quarter, dtype=np.float32)
    widths = (
        GRAIN_MM / 2.4 / slice_mm,
        GRAIN_MM / 2.4 / pixel_mm / 4,
        GRAIN_MM / 2.4 / pixel_mm / 4,
    )
    coarse = scipy.ndimage.gaussian_filter(coarse, widths, mode="wrap")
    coarse /= coarse.std()
    fine = refined(refined(coarse))
    return fine[:, :rows, :columns]


def noise(shape: tuple[int, int, int], pixel_mm: float, dice: np.random.Generator) -> Array:
    """Reconstruction noise: mean 0, standard deviation 1, with a CT's power spectrum.

    The spectrum rises like a ramp and is cut by the kernel, (f + 0.02) exp(-(f / f0)^2) in cycles
    per mm; neighbouring slices are slightly correlated.
    """
    slices, rows, columns = shape
    frequency = np.hypot(
        scipy.fft.fftfreq(rows, pixel_mm)[:, None], scipy.fft.rfftfreq(columns, pixel_mm)[None, :]
    )
    power = (frequency + 0.02) * np.exp(-((frequency / NOISE_CUTOFF_PER_MM) ** 2))
    amplitude = np.sqrt(power).astype(np.float32)
    fields = np.empty(shape, np.float32)
    for number in range(slices):
        white = dice.standard_normal((2, *amplitude.shape), dtype=np.float32)
        spectrum = amplitude * (white[0] + np.complex64(1j) * white[1])
        fields[number] = scipy.fft.irfft2(spectrum, s=(rows, columns))
    fields[1:] += SLICE_CORRELATION * fields[:-1]
    return np.asarray(fields / fields.std())
