"""Which lesion of one reader is which of the other."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.criteria import Point, Read
from napari_recist.criteria.same_lesion import (
    SAME_PLACE_MM,
    MatchedLesions,
    SameLesion,
    lines_cross,
    same_lesions,
)
from tests.criteria.places import FRAME, caliper, drawn
from tests.criteria.reads import a_read

A, B, C = (0.0, 0.0, 0.0), (60.0, 0.0, 0.0), (0.0, 80.0, 30.0)


def names(matched: MatchedLesions) -> set[tuple[str, str]]:
    """Return the matched names."""
    return {(pair.first, pair.second) for pair in matched.pairs}


def test_names_say_nothing_places_do() -> None:
    """T1 of one reader is T2 of the other where both drew at the same place."""
    first = drawn(a_read({"T1": [30], "T2": [20]}), {"T1": A, "T2": B})
    second = drawn(a_read({"T1": [20], "T2": [31]}), {"T1": (61, 1, 0), "T2": (1, 1, 1)})

    assert names(same_lesions(first, second)) == {("T1", "T2"), ("T2", "T1")}


def test_two_lesions_side_by_side_stay_two() -> None:
    """Two lesions of 10 mm that touch are 10 mm apart: they are not the same."""
    first = drawn(a_read({"T1": [10]}), {"T1": A})
    second = drawn(a_read({"T1": [10]}), {"T1": (0.0, SAME_PLACE_MM, 0.0)})

    assert same_lesions(first, second) == MatchedLesions((), ("T1",), ("T1",))


def test_the_nearest_is_the_same() -> None:
    """Where two lesions lie within the tolerance the nearer one is the same."""
    first = drawn(a_read({"T1": [12]}), {"T1": A})
    second = drawn(a_read({"T1": [12], "T2": [12]}), {"T1": (8, 0, 0), "T2": (2, 0, 0)})

    assert same_lesions(first, second).pairs == (SameLesion("T1", "T2", 2.0),)


def test_lines_that_cross_are_of_one_lesion() -> None:
    """A large lesion drawn along two directions is one, although the midpoints lie apart."""
    first = drawn(a_read({"T1": [60]}), {"T1": A})
    second = a_read({"T1": [50]})
    crossing = caliper((25.0, 0.0, 4.0), 10, short_mm=50, frame=f"{FRAME}.0")
    said = replace(second.observations["BL", "T1"], calipers=(crossing,))
    second = replace(second, observations={("BL", "T1"): said})

    assert names(same_lesions(first, second)) == {("T1", "T1")}


@pytest.mark.parametrize(
    ("start", "end", "cross"),
    [
        ((0, -10, 0), (0, 10, 0), True),
        ((0, -10, 5), (0, 10, 5), True),
        ((0, -10, 5.1), (0, 10, 5.1), False),
        ((0, 1, 0), (0, 10, 0), False),
        ((-20, 3, 0), (20, 3, 0), False),
        ((21, -10, 0), (21, 10, 0), False),
        ((0, 0, 0), (0, 0, 0), False),
    ],
)
def test_crossing_lines(start: Point, end: Point, *, cross: bool) -> None:
    """A line of 40 mm along x is crossed within it, on this or the next slice, and not beyond."""
    assert lines_cross((-20, 0, 0), (20, 0, 0), start, end) is cross


def test_another_frame_of_reference_is_another_space() -> None:
    """Equal coordinates of two frames of reference say nothing."""
    first = drawn(a_read({"T1": [30]}), {"T1": A})
    second = a_read({"T1": [30]})
    said = replace(second.observations["BL", "T1"], calipers=(caliper(A, 30, frame="9.9"),))

    second = replace(second, observations={("BL", "T1"): said})
    assert same_lesions(first, second).pairs == ()


def test_visits_are_not_compared_with_one_another() -> None:
    """Where a lesion lay at baseline says nothing of one that came at week 8."""
    first, second = a_read({"T1": [30]}), a_read({"T1": [None, 30]})
    at = (caliper(A, 30),)  # both scans in one frame of reference, as of one session
    first, second = (
        replace(
            read,
            observations={key: replace(one, calipers=at) for key, one in read.observations.items()},
        )
        for read in (first, second)
    )

    assert same_lesions(first, second).pairs == ()


def test_a_place_pointed_at_counts() -> None:
    """A non-target that was clicked on is the target that the other reader measured."""
    first = drawn(a_read({"T1": [30]}), {"T1": A})
    second = drawn(a_read(nontargets={"NT1": ["present"]}), {"NT1": (4, 4, 2)})

    assert same_lesions(first, second).pairs == (SameLesion("T1", "NT1", 6.0),)


def test_without_places_only_what_is_unambiguous_matches() -> None:
    """In tables without geometry organ, site and node decide where each names one lesion."""
    one = a_read({"T1": [30]}, organ="liver")
    two = a_read({"T1": [30], "T2": [20]}, organ="liver")

    assert same_lesions(one, one).pairs == (SameLesion("T1", "T1"),)
    assert same_lesions(one, two).pairs == ()
    assert same_lesions(one, a_read({"T1": [30]}, organ="lung")).pairs == ()
    assert same_lesions(one, a_read({"T1": [30]}, nodes=["T1"])).pairs == ()
    assert same_lesions(a_read({"T1": [30]}, organ=""), a_read({"T1": [30]}, organ="")).pairs == ()


def test_words_never_outvote_places() -> None:
    """The only liver lesion of each reader is not the same where both drew it elsewhere."""
    first = drawn(a_read({"T1": [30]}), {"T1": A})
    second = drawn(a_read({"T1": [30]}), {"T1": C})

    assert same_lesions(first, second).pairs == ()


POINTS = st.tuples(*[st.floats(-40, 40).map(lambda value: round(value, 1))] * 3)


@st.composite
def placed_reads(draw: st.DrawFn) -> Read:
    """Draw a read of up to four targets somewhere in a small space."""
    middles = {f"T{at}": draw(POINTS) for at in range(draw(st.integers(1, 4)))}
    return drawn(a_read({name: [20] for name in middles}), middles)


@settings(deadline=None)
@given(placed_reads(), placed_reads())
def test_matching_does_not_know_who_is_first(first: Read, second: Read) -> None:
    """Swapping the reads swaps the pairs; every lesion is matched once or not at all."""
    there, back = same_lesions(first, second), same_lesions(second, first)

    assert {(b, a) for a, b in names(back)} == names(there)
    assert (back.first_only, back.second_only) == (there.second_only, there.first_only)
    matched = [pair.first for pair in there.pairs]
    assert sorted((*matched, *there.first_only)) == sorted(one.identifier for one in first.lesions)


@settings(deadline=None)
@given(placed_reads())
def test_a_read_matches_itself(read: Read) -> None:
    """Every lesion is the same as itself."""
    assert all(pair.first == pair.second for pair in same_lesions(read, read).pairs)
    assert same_lesions(read, read).first_only == ()
