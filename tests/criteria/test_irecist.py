"""iRECIST: its published tables, and the working group's scenarios."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from napari_recist.criteria import (
    Assessment,
    BestResponse,
    Charter,
    CriteriaName,
    CriteriaSettings,
    NotEvaluableReason,
    Observation,
    Read,
    Response,
    Status,
    assess_read,
)
from napari_recist.criteria.irecist_best import best_iresponse
from tests.criteria.reads import BASELINE_DAY, Said, a_read, day

CHARTER = Charter(criteria=CriteriaSettings(name=CriteriaName.IRECIST))
FURTHER = Observation(Status.PROGRESSED, reason="Further increase")


def assessed(read: Read) -> Assessment:
    """Return the read as iRECIST judges it."""
    return assess_read(read, CHARTER)


def overall(read: Read) -> list[str]:
    """Return the overall iresponses after baseline."""
    return [str(visit.overall) for visit in assessed(read).visits[1:]]


@pytest.mark.parametrize(
    ("target", "nontarget", "new", "first", "second"),
    [
        # SY17 table 2 from lesions: second visit after a first one that was, or was not, iUPD.
        # Targets: 100 mm at baseline. "then" is what follows a first visit without iUPD.
        ([100, 100, 0], ["present", "present", "absent"], [], "iSD", "iCR"),
        ([100, 120, 0], ["present", "present", "absent"], [], "iUPD", "iCR"),
        ([100, 100, 0], ["present"] * 3, [], "iSD", "iPR"),
        ([100, 120, 0], ["present"] * 3, [], "iUPD", "iPR"),
        ([100, 100, 70], ["present"] * 3, [], "iSD", "iPR"),
        ([100, 120, 70], ["present"] * 3, [], "iUPD", "iPR"),
        ([100, 100, 90], ["present"] * 3, [], "iSD", "iSD"),
        ([100, 120, 90], ["present"] * 3, [], "iUPD", "iSD"),
        # unchanged progression and one more new lesion
        ([100, 120, 120], ["present"] * 3, [None, None, "unequivocal"], "iUPD", "iCPD"),
        # targets fine, non-target iUPD: first, unchanged, further growth
        ([100, 90, 90], ["present", "present", "progressed"], [], "iSD", "iUPD"),
        ([100, 90, 90], ["present", "progressed", "progressed"], [], "iUPD", "iUPD"),
        ([100, 90, 90], ["present", "progressed", FURTHER], [], "iUPD", "iCPD"),
        # target iUPD: first, unchanged, a further 5 mm
        ([100, 90, 120], ["present"] * 3, [], "iSD", "iUPD"),
        ([100, 120, 124.9], ["present"] * 3, [], "iUPD", "iUPD"),
        ([100, 120, 125], ["present"] * 3, [], "iUPD", "iCPD"),
        # both
        ([100, 120, 120], ["present", "progressed", "progressed"], [], "iUPD", "iUPD"),
        ([100, 120, 120], ["present", "progressed", FURTHER], [], "iUPD", "iCPD"),
        # new lesion only: first, stable, grown
        ([100, 100, 100], ["present"] * 3, [None, None, "unequivocal"], "iSD", "iUPD"),
        ([100, 100, 100], ["present"] * 3, [None, "unequivocal", "unequivocal"], "iUPD", "iUPD"),
    ],
)
def test_table_2(
    target: list[Said], nontarget: list[Said], new: list[Said], first: str, second: str
) -> None:
    """Visit responses follow iRECIST table 2, with and without a previous iUPD."""
    read = a_read({"T1": target}, {"NT1": nontarget}, {"N1": new} if new else {})

    assert overall(read) == [first, second]


@pytest.mark.shared
def test_table_3(shared_data: Path) -> None:
    """Every sequence of iRECIST table 3, expanded, has the best iresponse the table gives it."""
    path = shared_data / "recist/tables/irecist_2017_table3_ibor.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    anything = ["iCR", "iPR", "iSD", "iUPD", "iCPD", "NE"]
    tried = 0
    for *cells, expected in rows:
        choices = [anything if cell == ["ANY"] else cell for cell in cells]
        for sequence in product(*choices):
            seen = [(day(8 * place), Response(one)) for place, one in enumerate(sequence, start=1)]
            answer = best_iresponse(seen, BASELINE_DAY, CHARTER)
            assert (sequence, answer.best_response) == (sequence, expected)
            tried += 1

    assert tried >= 511


def best(*responses: str, weeks: Sequence[int] = (8, 16, 24, 32)) -> BestResponse:
    """Return the best of iresponses at these weeks."""
    seen = [(day(week), Response(one)) for week, one in zip(weeks, responses, strict=False)]
    return best_iresponse(seen, BASELINE_DAY, CHARTER)


def test_confirmed_progression_is_dated_where_it_began() -> None:
    """Progression is dated at the iUPD that was confirmed, over NE, not over a reset (I-1, I-2)."""
    assert best("iUPD", "NE", "iCPD").progression_date == day(8)
    assert best("iUPD", "iSD", "iUPD", "iCPD").progression_date == day(24)
    assert best("iCPD").progression_date == day(8)
    assert best("iUPD", "iUPD").progression_date is None
    assert best().progression_date is None


def test_best_iresponse_with_and_without_confirmation() -> None:
    """A confirmed iPR is dated where first seen; an unconfirmed one is lasting iSD."""
    assert best("iPR", "iPR").confirmed_best_response == "iPR"
    assert best("iPR", "iUPD", "iPR").confirmed_best_response == "iSD"
    assert best("iPR", "iPR").first_response_date == day(8)
    assert best("iPR", "iUPD").first_response_date is None
    assert best("NON-iCR/NON-iUPD").best_response == "NON-iCR/NON-iUPD"
    assert best("NE", "NE").not_evaluable_reason is NotEvaluableReason.ALL_NOT_EVALUABLE
    assert best("iSD", weeks=(3,)).not_evaluable_reason is (
        NotEvaluableReason.STABLE_DISEASE_TOO_EARLY
    )
    assert best().best_response_date is None
    no_baseline = best_iresponse([(day(8), Response.I_PR)], None, CHARTER)
    assert no_baseline.not_evaluable_reason is NotEvaluableReason.NO_BASELINE


def test_lasting_response_holds_under_irecist() -> None:
    """100, 70, 70, 80, 80, 80 mm is iPR at every visit (working group of RECIST)."""
    assert overall(a_read({"T1": [100, 70, 70, 80, 80, 80]})) == ["iPR"] * 5


def grown(name: str, *sizes: float | None) -> dict[str, list[Said]]:
    """Return a new lesion that is unequivocal with these diameters."""
    said: list[Said] = [
        None if size is None else Observation(Status.UNEQUIVOCAL, (round(size * 10),))
        for size in sizes
    ]
    return {name: said}


def test_growth_of_new_lesions_adds_up() -> None:
    """A new lesion of 20 mm that grows by 4, then by 2 mm confirms; the old sum stays its own."""
    read = a_read({"T1": [50] * 4}, None, grown("N1", None, 20, 24, 26))

    assert overall(read) == ["iUPD", "iUPD", "iCPD"]
    assert assessed(read).visits[3].sum == 500


def test_new_list_has_its_own_limits() -> None:
    """Of three new lesions in one organ two are new targets; any growth of the third counts."""
    news = {
        **grown("N1", None, 20, 20),
        **grown("N2", None, 20, 20),
        **grown("N3", None, 20, 20.1),
    }

    assert overall(a_read({"T1": [50] * 3}, None, news)) == ["iUPD", "iCPD"]


def test_a_new_target_needs_five_millimetres() -> None:
    """A new lesion measured as a target confirms by 5.0 mm, not by 4.9 mm (I-1, I-4)."""
    assert overall(a_read({"T1": [50] * 3}, None, grown("N1", None, 20, 24.9)))[1] == "iUPD"
    assert overall(a_read({"T1": [50] * 3}, None, grown("N1", None, 20, 25.0)))[1] == "iCPD"


def test_non_target_growth_by_its_diameter() -> None:
    """A progressed non-target lesion given larger at the next visit has grown further (T-7)."""
    sizes = [30, 50, 51]
    said: list[Said] = ["present"]
    said += [Observation(Status.PROGRESSED, (10 * size,)) for size in sizes[1:]]

    assert overall(a_read({"T1": [50] * 3}, {"NT1": said})) == ["iUPD", "iCPD"]


def test_another_progressed_non_target_confirms() -> None:
    """A second non-target lesion that progresses is further growth of non-target disease."""
    read = a_read(
        {"T1": [50] * 3},
        {"NT1": ["present", "progressed", "progressed"], "NT2": ["present"] * 2 + ["progressed"]},
    )

    assert overall(read) == ["iUPD", "iCPD"]


def test_targets_that_follow_a_non_target_progression_confirm() -> None:
    """A target progression after a non-target iUPD is a different category: iCPD (I-1)."""
    read = a_read({"T1": [50, 50, 60]}, {"NT1": ["present", "progressed", "progressed"]})

    assert overall(read) == ["iUPD", "iCPD"]


def test_not_evaluable_leaves_progression_open() -> None:
    """A visit that cannot be judged neither confirms nor clears (I-5)."""
    read = a_read({"T1": [50, 65, "not_evaluable", 70]})

    assert overall(read) == ["iUPD", "NE", "iCPD"]


def test_missing_target_with_open_non_target_progression() -> None:
    """A missing target does not hide that the non-target progression goes on."""
    read = a_read({"T1": [50, 50, None]}, {"NT1": ["present", "progressed", "progressed"]})

    assert overall(read) == ["iUPD", "iUPD"]


def test_after_confirmation_nothing_changes() -> None:
    """Once confirmed, progression stays, whatever a later scan shows (SY17 table 3)."""
    read = a_read({"T1": [50, 65, 72, 10, 10]})

    assert overall(read) == ["iUPD", "iCPD", "iCPD", "iCPD"]
    assert "confirmed at W16" in assessed(read).visits[3].explanation


def test_after_a_reset_a_known_new_lesion_counts_by_its_growth() -> None:
    """A new lesion that stayed through a reset is a new iUPD only once it grows (I-2)."""
    read = a_read({"T1": [50, 65, 50, 50, 50]}, None, grown("N1", None, 20, 20, 20, 25))

    assert overall(read) == ["iUPD", "iSD", "iSD", "iUPD"]


def test_no_disease_at_baseline() -> None:
    """Without disease at baseline there is nothing to clear: a stable new lesion stays iUPD."""
    read = a_read(None, None, {"N1": [None, None, "unequivocal", "unequivocal"]})

    assert overall(read) == ["NED", "iUPD", "iUPD"]
    assert assessed(read).best.best_response == "NED"


def test_baseline_alone_is_left_as_it_is() -> None:
    """A read of the baseline only has no iresponse, and a read of nothing has no visit."""
    assert assessed(a_read({"T1": [50]})).visits[0].overall is None
    assert assessed(Read()).visits == ()


def test_non_target_progression_that_is_taken_back() -> None:
    """A non-target lesion no longer progressed clears its iUPD; the targets stay iSD (I-2)."""
    read = a_read({"T1": [50, 50, 50]}, {"NT1": ["present", "progressed", "present"]})

    assert overall(read) == ["iUPD", "iSD"]


def test_targets_not_seen_at_the_new_lesion_are_not_better_later() -> None:
    """Targets not evaluable with a new lesion and stable afterwards have not improved (I-2)."""
    read = a_read({"T1": [50, None, 50]}, None, {"N1": [None, "unequivocal", "unequivocal"]})

    assert overall(read) == ["iUPD", "iUPD"]


def test_six_new_lesions() -> None:
    """Of six new lesions in six organs five are new targets; any growth of the sixth counts."""
    news: dict[str, list[Said]] = {}
    for place in range(1, 7):
        news |= grown(f"N{place}", None, 20, 20 if place < 6 else 20.1)
    read = a_read({"T1": [50] * 3}, None, news)
    lesions = [replace(lesion, organ=f"organ {place}") for place, lesion in enumerate(read.lesions)]

    assert overall(replace(read, lesions=tuple(lesions))) == ["iUPD", "iCPD"]


@pytest.mark.parametrize(
    ("size", "node", "response"),
    [(9.9, False, "iCPD"), (10, False, "iUPD"), (14.9, True, "iCPD"), (15, True, "iUPD")],
)
def test_least_size_of_a_new_target(size: float, node: bool, response: str) -> None:
    """From 10 mm, of a node 15 mm, a new lesion is a target, which 0.1 mm do not confirm (I-4)."""
    news = grown("N1", None, size, size + 0.1)
    # a new node must be of pathological size to count at all (W-4)
    read = a_read({"T1": [50] * 3}, None, news, nodes=["N1"] if node else [])

    assert overall(read) == ["iUPD", response]


@pytest.mark.parametrize(
    ("read", "answers"),
    [
        (
            a_read({"T1": [50, 65, 70, 20]}),
            [
                ("I-1", "iUPD: the target sum reaches progression, to be confirmed by the next"),
                ("I-1", "iCPD: the target sum grew a further 5.0 mm since iUPD at W8; 70.0 mm is"),
                ("I-1", "iCPD: progression was confirmed at W16; 20.0 mm is 60.0 % under"),
            ],
        ),
        (
            a_read({"T1": [50, 65, 65, 50]}),
            [
                ("I-1", "iUPD: the target sum reaches progression, to be confirmed by the next"),
                ("I-3", "iUPD: the progression of W8 is unchanged, not confirmed; 65.0 mm is"),
                ("I-2", "iSD: the progression of W8 is not confirmed and cleared; 50.0 mm is the"),
            ],
        ),
        (
            a_read({"T1": [50, 65, 65]}, {"NT1": ["present", "progressed", "present"]}),
            [
                ("I-1", "iUPD: the target sum reaches progression; unequivocal progression of NT1"),
                ("I-3", "iUPD: the progression of W8 is unchanged, not confirmed; 65.0 mm is"),
            ],
        ),
        (
            a_read({"T1": [50, 50, 50]}, {"NT1": ["present", "progressed", "progressed"]}),
            [
                ("I-1", "iUPD: unequivocal progression of NT1, to be confirmed by the next scan;"),
                ("I-3", "iUPD: the progression of W8 is unchanged, not confirmed; unequivocal"),
            ],
        ),
        (
            a_read({"T1": [50, 65, None]}),
            [
                ("I-1", "iUPD: the target sum reaches progression, to be confirmed by the next"),
                ("I-3", "NE: the progression of W8 stays open; T1 without a usable value"),
            ],
        ),
        (
            a_read(
                {"T1": [50, 50, 60]},
                {"NT1": ["present", "progressed", FURTHER], "NT2": ["present"] * 3},
                {"N1": [None, None, "unequivocal"]},
            ),
            [
                ("I-1", "iUPD: unequivocal progression of NT1, to be confirmed by the next scan;"),
                (
                    "I-1",
                    "iCPD: the target sum reaches progression too; NT1 grew further; new lesion N1",
                ),
            ],
        ),
        (
            a_read({"T1": [50, 65, 75]}, weeks=(0, 8, 11)),
            [
                ("I-1", "iUPD: the target sum reaches progression, to be confirmed by the next"),
                (
                    "I-3",
                    "iUPD: the target sum grew a further 10.0 mm, but 21 days after W8 are too",
                ),
            ],
        ),
        (
            a_read({"T1": [50, 65, 65]}, {"NT1": ["present", "present", "progressed"]}),
            [
                ("I-1", "iUPD: the target sum reaches progression, to be confirmed by the next"),
                ("I-1", "iCPD: unequivocal progression of NT1 too since iUPD at W8; 65.0 mm is"),
            ],
        ),
        (
            a_read({"T1": [50] * 3}, None, grown("N1", None, 20, 25) | grown("N2", None, 8, 9)),
            [
                (
                    "I-1",
                    "iUPD: new lesion N1 and N2, to be confirmed by the next scan; unequivocal",
                ),
                ("I-1", "iCPD: the sum of new lesions grew 5.0 mm; new lesion N2 grew since iUPD"),
            ],
        ),
    ],
)
def test_reasons(read: Read, answers: list[tuple[str, str]]) -> None:
    """Each iresponse names its rule first and says what it rests on, since when."""
    found = [(visit.rules[0], visit.explanation) for visit in assessed(read).visits[1:]]

    for (rule, words), (expected_rule, expected) in zip(found, answers, strict=True):
        assert rule == expected_rule
        assert words.startswith(expected)


def test_without_progression_iresponses_name_no_rule_of_theirs() -> None:
    """A plain iPR is explained as the PR it is, target and non-target in i-words."""
    visit = assessed(a_read({"T1": [50, 30]}, {"NT1": ["present"] * 2})).visits[1]

    assert (visit.target, visit.nontarget) == ("iPR", "NON-iCR/NON-iUPD")
    assert visit.rules == ("R-25", "T-2")
    assert visit.explanation.startswith("iPR: 30.0 mm is 40.0 % under the baseline of 50.0 mm;")
