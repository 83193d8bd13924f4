"""A caliper has the millimetres that the hand drew: at any zoom, spacing, direction and speed.

The judge is the screen itself: a line of so many pixels at so many pixels a millimetre is so long,
whatever the geometry. It knows nothing of voxels, orientations or rounding of the program.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.criteria import from_raw
from napari_recist.imaging import Geometry, distance_mm
from napari_recist.ui.caliper_keys import nudge, open_next
from tests.ui.drawing_hand import NODE, Hand

SCREEN = (600, 800)
"""Width and height of a viewer model's canvas."""
FLOAT32_MM = 2e-3
"""napari's positions come as 32-bit numbers: at coordinates of a metre they are so coarse."""

angles = st.floats(0, 2 * math.pi)
spacings = st.floats(0.3, 2.0)
zooms = st.floats(2.0, 30.0)


@st.composite
def geometries(draw: st.DrawFn) -> Geometry:
    """Return a stack of slices anywhere in the patient, tilted at will, with pixels of any form."""
    a, b, c = (draw(angles) for _ in range(3))
    turn_x = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    turn_y = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    turn_z = np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    right, down, normal = (turn_z @ turn_y @ turn_x).T
    first = np.array([draw(st.floats(-400, 400)) for _ in range(3)])
    gap = draw(st.floats(0.6, 8.0))
    lean = draw(st.floats(-0.4, 0.4)) * down  # a tilted gantry shifts every slice
    return Geometry(
        slice_origins=np.array([first + n * (gap * normal + lean) for n in range(20)]),
        row_direction=right,
        column_direction=down,
        row_spacing=draw(spacings),
        column_spacing=draw(spacings),
        rows=48,
        columns=48,
        frame_of_reference_uid="1.2.3",
    )


@st.composite
def pixel_pairs(draw: st.DrawFn) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return two whole pixels of the canvas that are no click."""
    start, end = ((draw(st.integers(0, SCREEN[0])), draw(st.integers(0, SCREEN[1]))) for _ in "ab")
    far = math.dist(start, end) >= 4
    return start, end if far else ((start[0] + 40) % SCREEN[0], end[1])


def length_mm(hand: Hand) -> float:
    """Return the length of the last long axis in the patient."""
    return distance_mm(*hand.geometry.to_patient(np.array(hand.desk.committed[-1][1])))


@settings(max_examples=30, deadline=None)
@given(geometries(), zooms, pixel_pairs(), st.integers(0, 5))
def test_a_line_is_as_long_as_it_was_on_the_screen(
    geometry: Geometry, zoom: float, pixels: tuple[tuple[int, int], tuple[int, int]], moves: int
) -> None:
    """Far within half a pixel, with any number of moves heard, and the same in both directions."""
    start, end = pixels
    shares = [(n + 1) / (moves + 1) for n in range(moves)]
    along = [tuple(a + (b - a) * s for a, b in zip(start, end, strict=True)) for s in shares]
    measured = []
    for first, last, heard in ((start, end, along), (end, start, along[::-1])):
        hand = Hand(geometry=geometry, zoom=zoom)
        hand.drag_pixels(first, last, heard)
        measured.append(length_mm(hand))
    intended = math.dist(start, end) / zoom

    assert measured == pytest.approx([intended, intended], abs=FLOAT32_MM)
    assert 0.5 / zoom > FLOAT32_MM  # half a pixel, in mm
    assert abs(from_raw(measured[0]) - intended * 10) <= 0.5 + 10 * FLOAT32_MM


@settings(max_examples=20, deadline=None)
@given(geometries(), zooms, angles, st.integers(60, 250), st.integers(-25, 25))
def test_a_short_axis_is_upright_in_the_patient_and_as_long_as_it_was_drawn(
    geometry: Geometry, zoom: float, angle: float, length: int, aside: int
) -> None:
    """Whatever the form of the pixels: the right angle is that of the patient."""
    hand, middle = Hand(NODE, geometry, zoom), np.array(SCREEN) / 2
    along = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-along[1], along[0]])
    long_ends = [np.round(middle + sign * length / 2 * along) for sign in (-1, 1)]
    reach = length / 3
    short_ends = [np.round(middle + sign * reach * across + aside * along) for sign in (-1, 1)]
    hand.drag_pixels(*(tuple(end) for end in long_ends))
    hand.drag_pixels(*(tuple(end) for end in short_ends))
    _, long_axis, short_axis = hand.desk.committed[-1]
    long_mm, short_mm = (
        np.diff(geometry.to_patient(np.array(line)), axis=0)[0] for line in (long_axis, short_axis)
    )
    rounding = 1.5 / zoom  # the ends were rounded to whole pixels

    assert abs(long_mm @ short_mm) <= FLOAT32_MM * np.linalg.norm(long_mm)
    assert np.linalg.norm(short_mm) == pytest.approx(2 * reach / zoom, abs=rounding)


@settings(max_examples=15, deadline=None)
@given(
    geometries(), zooms, st.lists(st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]), max_size=8)
)
def test_every_press_of_an_arrow_moves_the_end_by_one_screen_pixel(
    geometry: Geometry, zoom: float, presses: list[tuple[int, int]]
) -> None:
    """After any presses the end stands as many pixels away as there were presses each way."""
    hand = Hand(geometry=geometry, zoom=zoom)
    hand.drag_pixels((300, 300), (400, 300))
    open_next(hand.tool)
    for right, down in presses:
        nudge(hand.tool, right, down)
    _, long_axis, _ = hand.desk.committed[-1]
    right, down = (sum(steps) for steps in zip((0, 0), *presses, strict=True))

    assert hand.pane.to_screen(long_axis[0]) == pytest.approx((300 + right, 300 + down), abs=0.1)
    assert hand.pane.to_screen(long_axis[1]) == pytest.approx((400, 300), abs=0.1)
