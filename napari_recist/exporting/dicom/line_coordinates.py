"""Coordinates of a line as DICOM stores them, in single precision, without losing its length."""

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import TypeAlias

import numpy as np

from napari_recist.criteria import Axis, from_raw
from napari_recist.criteria.calipers import Point
from napari_recist.exporting.dicom.image_plane import ImagePlane

Ends: TypeAlias = Callable[[Sequence[float]], tuple[Point, Point]]
"""From coordinates to the two ends they stand for in the patient."""


def on_image(axis: Axis, plane: ImagePlane, precision: int) -> tuple[float, ...]:
    """Return (column, row) of both ends of an axis on its image, in single precision.

    Measured again from these coordinates, the axis rounds to the value it rounded to when it was
    drawn: where the nearest numbers would tip it over, neighbours of them are taken.

    Parameters
    ----------
    axis : Axis
        As drawn, patient mm.
    plane : ImagePlane
        The image's plane.
    precision : int
        Step of a reported value in tenths of a millimetre.
    """

    def ends(numbers: Sequence[float]) -> tuple[Point, Point]:
        return plane.to_patient(numbers[0], numbers[1]), plane.to_patient(numbers[2], numbers[3])

    exact = (*plane.to_image(axis.start), *plane.to_image(axis.end))
    return _kept(exact, ends, axis, precision)


def in_patient(axis: Axis, precision: int) -> tuple[float, ...]:
    """Return (x, y, z) of both ends of an axis in single precision, as :func:`on_image` does."""

    def ends(numbers: Sequence[float]) -> tuple[Point, Point]:
        x, y, z, *other = numbers
        return (x, y, z), (other[0], other[1], other[2])

    return _kept((*axis.start, *axis.end), ends, axis, precision)


def _kept(exact: Sequence[float], ends: Ends, axis: Axis, precision: int) -> tuple[float, ...]:
    wanted = from_raw(axis.raw_mm, precision)
    nearest = [np.float32(number) for number in exact]
    for steps in sorted(product((0, -1, 1), repeat=len(exact)), key=_size):
        tried = [_neighbour(number, step) for number, step in zip(nearest, steps, strict=True)]
        if from_raw(math.dist(*ends(tried)), precision) == wanted:
            return tuple(tried)
    return tuple(map(float, nearest))


def _size(steps: Sequence[int]) -> int:
    return sum(map(abs, steps))


def _neighbour(number: np.float32, step: int) -> float:
    """Return a number of single precision, or the next one below (-1) or above (1)."""
    return float(np.nextafter(number, np.float32(step * np.inf)) if step else number)
