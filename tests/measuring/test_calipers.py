"""The geometry of calipers, by properties that hold whatever is drawn."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from napari_recist.criteria import Axis
from napari_recist.errors import UnmeasurableError
from napari_recist.measuring import (
    axis,
    by_length,
    carried_short_axis,
    moved_short_axis,
    reported_diameter,
    short_axis_through,
)

TOLERANCE_MM = 1e-6
"""Rounding of doubles at coordinates of up to a metre."""

angles = st.floats(0, 2 * math.pi)
coordinates = st.floats(-500, 500)
points = st.tuples(coordinates, coordinates, coordinates)
lengths = st.floats(1, 300)


@st.composite
def planes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return a slice anywhere in the patient: origin, two directions in it, its unit normal."""
    a, b, c = draw(angles), draw(angles), draw(angles)
    turn_z = np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
    turn_x = np.array([[1, 0, 0], [0, math.cos(b), -math.sin(b)], [0, math.sin(b), math.cos(b)]])
    turn = (
        turn_z
        @ turn_x
        @ np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    )
    return np.array(draw(points)), turn[:, 0], turn[:, 1], turn[:, 2]


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Axis, np.ndarray]:
    """Return a long axis drawn in some slice, and the slice's normal."""
    origin, right, down, normal = draw(planes())
    angle, length = draw(angles), draw(lengths)
    end = origin + length * (math.cos(angle) * right + math.sin(angle) * down)
    return axis(origin, end), normal


def direction(one: Axis) -> np.ndarray:
    """Return the unit vector along an axis."""
    return (np.array(one.end) - np.array(one.start)) / one.raw_mm


def assert_perpendicular_in_slice(short: Axis, long: Axis, normal: np.ndarray) -> None:
    """Assert that the short axis lies in the slice and at a right angle to the long one."""
    across = np.array(short.end) - np.array(short.start)
    assert abs(across @ direction(long)) < TOLERANCE_MM
    assert abs(across @ normal) < TOLERANCE_MM
    assert abs((np.array(short.start) - np.array(long.start)) @ normal) < TOLERANCE_MM


def upright(long: Axis, normal: np.ndarray, part: float = 0.7) -> Axis:
    """Return a short axis through the middle of the long one, some part as long."""
    middle = (np.array(long.start) + np.array(long.end)) / 2
    side = np.cross(normal, direction(long)) * long.raw_mm * part / 2
    return axis(middle - side, middle + side)


@given(drawn(), st.floats(0.02, 0.98), st.floats(-60, 60))
def test_a_short_axis_through_the_hand_ends_there_and_reaches_as_far_beyond(
    caliper: tuple[Axis, np.ndarray], fraction: float, reach: float
) -> None:
    """It is perpendicular, in the slice, ends at the hand, and the long axis halves it."""
    long, normal = caliper
    foot = np.array(long.start) + fraction * long.raw_mm * direction(long)
    hand = foot + reach * np.cross(normal, direction(long))
    short = short_axis_through(long, hand, normal)

    assert_perpendicular_in_slice(short, long, normal)
    assert np.allclose(short.end, hand, atol=TOLERANCE_MM)
    assert np.allclose((np.array(short.start) + np.array(short.end)) / 2, foot, atol=TOLERANCE_MM)
    assert short.raw_mm == pytest.approx(2 * abs(reach), abs=TOLERANCE_MM)


@given(drawn(), st.floats(-0.9, 0.9), st.floats(0.2, 3))
def test_short_axis_follows_an_edited_long_axis(
    caliper: tuple[Axis, np.ndarray], turn: float, stretch: float
) -> None:
    """Moving an end of the long axis keeps the short one perpendicular and of the same length."""
    long, normal = caliper
    short = upright(long, normal)
    along = direction(long)
    turned = math.cos(turn) * along + math.sin(turn) * np.cross(normal, along)
    after = axis(long.start, np.array(long.start) + stretch * long.raw_mm * turned)
    carried = carried_short_axis(short, long, after, normal)

    assert_perpendicular_in_slice(carried, after, normal)
    assert carried.raw_mm == pytest.approx(short.raw_mm, abs=TOLERANCE_MM)


@given(drawn(), st.floats(0.05, 0.95), st.floats(-100, 100), st.sampled_from([0, 1]))
def test_dragged_end_goes_where_the_hand_is(
    caliper: tuple[Axis, np.ndarray], fraction: float, reach: float, end: int
) -> None:
    """A dragged end of the short axis lands on the hand's point, and the axis stays square."""
    long, normal = caliper
    short = upright(long, normal)
    across = np.cross(normal, direction(long))
    hand = np.array(long.start) + fraction * long.raw_mm * direction(long) + reach * across
    moved = moved_short_axis(short, long, end, hand, normal)
    ends = (moved.start, moved.end)

    assert_perpendicular_in_slice(moved, long, normal)
    assert np.allclose(ends[end], hand, atol=TOLERANCE_MM)


@given(drawn(), st.floats(1.01, 3), st.floats(-50, 50))
def test_short_axis_never_leaves_the_long_one(
    caliper: tuple[Axis, np.ndarray], beyond: float, reach: float
) -> None:
    """Dragged past the end of the long axis, the short axis stops at that end."""
    long, normal = caliper
    across = np.cross(normal, direction(long))
    hand = np.array(long.start) + beyond * long.raw_mm * direction(long) + reach * across
    moved = moved_short_axis(upright(long, normal), long, 0, hand, normal)

    assert abs((np.array(moved.start) - np.array(long.end)) @ direction(long)) < TOLERANCE_MM


@given(points, points, points, points)
def test_the_longer_axis_is_the_long_axis(a: tuple, b: tuple, c: tuple, d: tuple) -> None:
    """Whichever line was drawn first, the longer one is the long axis."""
    first, second = axis(a, b), axis(c, d)
    long, short = by_length(first, second)

    assert long.raw_mm >= short.raw_mm
    assert {long, short} == {first, second}


@given(points, points)
def test_raw_length_is_the_distance_of_the_ends(a: tuple, b: tuple) -> None:
    """The raw length agrees with the standard library's distance."""
    assert axis(a, b).raw_mm == pytest.approx(math.dist(a, b))


@given(lengths, lengths)
def test_a_node_reports_its_short_axis(one: float, other: float) -> None:
    """Of a node the short axis counts, of any other lesion the long axis (R-11)."""
    assume(one != other)
    long, short = by_length(axis((0, 0, 0), (one, 0, 0)), axis((0, 0, 0), (0, other, 0)))

    assert abs(reported_diameter(long, short, 1, node=True) - min(one, other) * 10) <= 0.5001
    assert abs(reported_diameter(long, short, 1, node=False) - max(one, other) * 10) <= 0.5001


def test_half_a_tenth_is_rounded_up() -> None:
    """A node of 12.35 mm is reported as 12.4 mm, in whole millimetres as 12 (N-1)."""
    long, short = axis((0, 0, 0), (20, 0, 0)), axis((0, 0, 0), (0, 12.35, 0))

    assert reported_diameter(long, short, 1, node=True) == 124
    assert reported_diameter(long, short, 10, node=True) == 120


def test_a_node_without_short_axis_is_refused() -> None:
    """A node drawn with one line has no value: the short axis must be drawn."""
    with pytest.raises(UnmeasurableError, match="short axis"):
        reported_diameter(axis((0, 0, 0), (9, 0, 0)), None, 1, node=True)
