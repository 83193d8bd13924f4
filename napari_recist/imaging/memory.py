"""Refuse a volume that would not fit into memory, before any of it is allocated."""

import math
import os

import numpy as np
import numpy.typing as npt
import psutil

from napari_recist.errors import ImageError, RecistError

LIMIT_VARIABLE = "NAPARI_RECIST_MEMORY_GB"

SHARE = 0.75
"""Of the machine's memory, for one volume: the system and the window need the rest."""

_GIGABYTE = 1e9


def largest_volume() -> int:
    """Return how many bytes one volume may take.

    Three quarters of the machine's memory, unless ``NAPARI_RECIST_MEMORY_GB`` says otherwise.

    Raises
    ------
    RecistError
        The variable is no number.
    """
    told = os.environ.get(LIMIT_VARIABLE)
    if not told:
        return int(psutil.virtual_memory().total * SHARE)
    try:
        return int(float(told) * _GIGABYTE)
    except (ValueError, OverflowError):
        message = f"{LIMIT_VARIABLE} is {told!r}, which is no number of gigabytes."
        raise RecistError(message, "Set it to a number such as 8.") from None


def empty_int16(shape: tuple[int, ...], limit: int | None) -> npt.NDArray[np.int16]:
    """Return an array whose values are still to come.

    Raises
    ------
    ImageError
        It would take more than ``limit`` bytes (None: ``largest_volume``).
    """
    _require(shape, 2, limit)
    return np.empty(shape, np.int16)


def empty_float32(shape: tuple[int, ...], limit: int | None) -> npt.NDArray[np.float32]:
    """Return an array whose values are still to come (see ``empty_int16``)."""
    _require(shape, 4, limit)
    return np.empty(shape, np.float32)


def zeros(
    shape: tuple[int, ...], *, exact: bool
) -> npt.NDArray[np.int16] | npt.NDArray[np.float32]:
    """Return int16 zeros (``exact``) or float32: memory is fetched where it is first written.

    Raises
    ------
    ImageError
        It would take more than ``largest_volume``.
    """
    _require(shape, 2 if exact else 4, None)
    return np.zeros(shape, np.int16) if exact else np.zeros(shape, np.float32)


def _require(shape: tuple[int, ...], width: int, limit: int | None) -> None:
    allowed, needed = largest_volume() if limit is None else limit, math.prod(shape) * width
    if needed > allowed:
        size = " x ".join(map(str, shape))
        raise ImageError(
            f"A volume of {size} takes {needed / _GIGABYTE:.3g} GB of memory,"
            f" more than the {allowed / _GIGABYTE:.3g} GB it may take.",
            f"Open it on a machine with more memory, or set {LIMIT_VARIABLE}.",
        )
