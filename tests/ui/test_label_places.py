"""Labels stand beside lesions, never on them, apart from each other and on the sheet."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.ui.label_places import Box, LabelWish, Oval, place_labels

SHEET = Box(0.0, 0.0, 900.0, 700.0)
coordinates = st.tuples(st.floats(150, 750), st.floats(120, 580))


@st.composite
def calipers(draw: st.DrawFn) -> tuple[tuple[tuple[float, float], ...], Oval]:
    """Return the four ends of a caliper on the screen and the oval around them."""
    (x, y), angle = draw(coordinates), draw(st.floats(0, math.pi))
    reach, part = draw(st.floats(5, 60)), draw(st.floats(0.2, 1.0))
    shift = draw(st.floats(-0.5, 0.5)) * reach
    along = (math.cos(angle), math.sin(angle))
    long_ends = tuple((x + s * reach * along[0], y + s * reach * along[1]) for s in (-1, 1))
    foot = (x + shift * along[0], y + shift * along[1])
    short_ends = tuple(
        (foot[0] - s * part * reach * along[1], foot[1] + s * part * reach * along[0])
        for s in (-1, 1)
    )
    return (*long_ends, *short_ends), Oval.around(long_ends, short_ends)


def on_edge(oval: Oval, steps: int = 72) -> list[tuple[float, float]]:
    """Return points inside the oval and close to its edge."""
    points = []
    for n in range(steps):
        angle = 2 * math.pi * n / steps
        a, b = 0.99 * oval.length * math.cos(angle), 0.99 * oval.width * math.sin(angle)
        x, y = oval.along
        points.append((oval.middle[0] + a * x - b * y, oval.middle[1] + a * y + b * x))
    return points


def covers(box: Box, point: tuple[float, float]) -> bool:
    """Tell whether a box covers a point."""
    across = box.left < point[0] < box.left + box.width
    return across and box.top < point[1] < box.top + box.height


@given(calipers())
def test_an_oval_holds_the_ends_of_its_caliper(caliper: tuple) -> None:
    """No end sticks out of the part of the screen that is kept free."""
    ends, oval = caliper

    assert all(math.hypot(*oval.unit(end)) <= 1 + 1e-9 for end in ends)


@settings(deadline=None)
@given(st.lists(calipers(), min_size=1, max_size=6))
def test_labels_cover_no_lesion_and_no_label_and_stay_on_the_sheet(drawn: list) -> None:
    """Up to six lesions anywhere, also on top of each other: every label finds its place."""
    ovals = [oval for _, oval in drawn]
    wishes = [LabelWish(90.0, 18.0, oval, max(ends[:2]), ends=ends) for ends, oval in drawn]
    boxes = [place.box for place in place_labels(wishes, ovals, SHEET)]

    assert all(box.inside(SHEET) for box in boxes)
    assert not any(covers(box, point) for box in boxes for oval in ovals for point in on_edge(oval))
    assert not any(covers(box, oval.middle) for box in boxes for oval in ovals)
    assert all(one.shared(other) == 0 for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_a_label_keeps_off_the_texts_at_the_edge() -> None:
    """A lesion in the corner has its label beside the corner text, not on it."""
    corner = Box(0.0, 0.0, 200.0, 100.0)
    oval = Oval.around(((110.0, 112.0), (150.0, 112.0)), None)
    wish = LabelWish(90.0, 18.0, oval, (150.0, 112.0))
    (place,) = place_labels([wish], [oval], SHEET, [corner])

    assert place.box.shared(corner) == 0


def test_a_label_beside_its_caliper_needs_no_leader_and_a_far_one_has_it() -> None:
    """Where a neighbour takes the place beside it, a line leads from the nearest end."""
    ends = ((400.0, 300.0), (440.0, 300.0))
    oval = Oval.around(ends, None)
    wish = LabelWish(90.0, 18.0, oval, ends[1], ends=ends)
    (alone,) = place_labels([wish], [oval], SHEET)
    around = Box(330.0, 230.0, 180.0, 140.0)
    (far,) = place_labels([wish], [oval], SHEET, [around])

    assert alone.leader is None
    assert alone.box.left > ends[1][0]
    assert far.leader is not None
    assert far.leader[0] in ends


@given(calipers(), st.floats(0, 2000), st.floats(0, 2000))
def test_a_label_never_leaves_a_small_sheet(caliper: tuple, x: float, y: float) -> None:
    """Also where the lesion itself lies outside, its label is pushed onto the sheet."""
    _, oval = caliper
    sheet = Box(0.0, 0.0, 200.0, 150.0)
    moved = Oval((x, y), oval.along, oval.length, oval.width)
    (place,) = place_labels([LabelWish(90.0, 18.0, moved, (x, y))], [moved], sheet)

    assert place.box.inside(sheet)
