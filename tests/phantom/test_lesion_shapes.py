"""The diameters of a lesion are exactly what the truth says, by brute force on its outline."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.phantom.lesions import Kind, Solid

DIRECTIONS = np.linspace(0, 2 * np.pi, 720, endpoint=False)

solids = st.builds(
    lambda long_mm, ratio, degrees, wobble: Solid(
        Kind.DARK, (12.0, -30.0, 5.0), long_mm, ratio * long_mm, degrees, wobble
    ),
    st.floats(4, 80),
    st.floats(0.6, 0.95),
    st.floats(-180, 180),
    st.floats(-10, 10),
)


def outline(solid: Solid, height: float = 0.0) -> np.ndarray:
    """Return points of the surface at a height over the key plane, found by bisection."""
    x, y, z = solid.centre
    # directions counted from the long axis, so that the four axis ends are among them
    angles = DIRECTIONS + math.radians(solid.degrees)
    low, high = np.zeros_like(angles), np.full_like(angles, solid.long_mm)
    for _ in range(60):
        middle = (low + high) / 2
        place = (x + middle * np.cos(angles), y + middle * np.sin(angles), np.full(720, z + height))
        inside = solid.radius(place) < 1
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.stack([low * np.cos(angles), low * np.sin(angles)], axis=1)


@settings(max_examples=40, deadline=None)
@given(solids)
def test_no_diameter_is_longer_than_the_long_axis(solid: Solid) -> None:
    """Of all pairs of outline points the farthest apart are the ends of the long axis."""
    points = outline(solid)
    spans = np.linalg.norm(points[:, None] - points[None], axis=2)

    assert abs(spans.max() - solid.long_mm) < 1e-6


@settings(max_examples=40, deadline=None)
@given(solids)
def test_no_perpendicular_chord_is_longer_than_the_short_axis(solid: Solid) -> None:
    """The outline is nowhere wider across the long axis than the short axis, which spans it."""
    points = outline(solid)
    angle = math.radians(solid.degrees)
    across = points @ np.array([-math.sin(angle), math.cos(angle)])

    assert abs(across.max() - solid.short_mm / 2) < 1e-6
    assert abs(across.min() + solid.short_mm / 2) < 1e-6
    assert abs(across[180] - across[540] - solid.short_mm) < 1e-6  # one chord does span it


@settings(max_examples=20, deadline=None)
@given(solids, st.floats(-1, 1))
def test_the_key_slice_is_the_largest(solid: Solid, share: float) -> None:
    """Above and below the key plane the outline lies within that of the key plane."""
    there = np.linalg.norm(outline(solid, share * solid.half_height), axis=1)

    assert (there <= np.linalg.norm(outline(solid), axis=1) + 1e-9).all()
