"""Turn colours kept as brightness and colour differences into red, green and blue."""

from typing import Any

import numpy as np
import numpy.typing as npt

YBR_FULL = frozenset({"YBR_FULL", "YBR_FULL_422"})
"""Photometric Interpretations of CCIR 601-2 with the full range of 8 bits."""

_TO_RGB = np.array([[1.0, 0.0, 1.402], [1.0, -0.344136, -0.714136], [1.0, 1.772, 0.0]])
"""The inverse of the equations in PS3.3, C.7.6.3.1.2."""

_NEUTRAL = np.array([0.0, 128.0, 128.0])


def rgb_of(pixels: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return (rows, columns, 3) red, green and blue of Y, CB and CR in 8 bits."""
    colours = (pixels.astype(np.float64) - _NEUTRAL) @ _TO_RGB.T
    rounded: npt.NDArray[np.uint8] = np.clip(np.rint(colours), 0, 255).astype(np.uint8)
    return rounded
