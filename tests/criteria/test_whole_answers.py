"""Whole answers, field by field: nothing of an assessment is left to chance."""

import pytest

from napari_recist.criteria import (
    Charter,
    CriteriaSettings,
    Distance,
    DurationSettings,
    Finding,
    Response,
    VisitAssessment,
    assess_read,
)
from tests.criteria.reads import Said, a_read, day

READ = a_read({"T1": [60, 40, 45], "T2": [40, 40, None]}, {"NT1": ["present"] * 3})


def test_baseline_in_full() -> None:
    """A baseline has its sum, its date, no responses, no changes and no distance."""
    assert assess_read(READ).visits[0] == VisitAssessment(
        visit="BL",
        date=day(0),
        response_date=day(0),
        sum=1000,
        missing=(),
        baseline_sum=1000,
        nadir_sum=None,
        nadir_visit="",
        change_from_baseline_pct="",
        change_from_nadir_pct="",
        change_from_nadir=None,
        target=None,
        nontarget=None,
        new_lesion=False,
        overall=None,
        rules=(),
        explanation="Baseline: the sum is 100.0 mm.",
        distance=Distance(),
    )


def test_follow_up_in_full() -> None:
    """A complete visit has every figure, its limits and why it is what it is."""
    assert assess_read(READ).visits[1] == VisitAssessment(
        visit="W8",
        date=day(8),
        response_date=day(8),
        sum=800,
        missing=(),
        baseline_sum=1000,
        nadir_sum=1000,
        nadir_visit="BL",
        change_from_baseline_pct="-20.0",
        change_from_nadir_pct="-20.0",
        change_from_nadir=-200,
        target=Response.SD,
        nontarget=Response.NON_CR_NON_PD,
        new_lesion=False,
        overall=Response.SD,
        rules=("R-27", "T-2"),
        explanation=(
            "SD: 80.0 mm is 20.0 % under the baseline of 100.0 mm (PR from 70.0 mm) and is 20.0 % "
            "and 20.0 mm under the nadir of 100.0 mm at BL (PD from 120.0 mm); non-target NT1 "
            "still present; R-27, T-2"
        ),
        distance=Distance(to_pr=100, to_pd=400),
    )


def test_incomplete_visit_in_full() -> None:
    """An incomplete visit names what is missing, compares nothing, and keeps the references."""
    assert assess_read(READ).visits[2] == VisitAssessment(
        visit="W16",
        date=day(16),
        response_date=day(16),
        sum=None,
        missing=("T2",),
        baseline_sum=1000,
        nadir_sum=800,
        nadir_visit="W8",
        change_from_baseline_pct="",
        change_from_nadir_pct="",
        change_from_nadir=None,
        target=Response.NE,
        nontarget=Response.NON_CR_NON_PD,
        new_lesion=False,
        overall=Response.NE,
        rules=("R-22", "T-2", "R-17"),
        explanation=(
            "NE: T2 without a usable value (T2: nothing was said of it); non-target NT1 still "
            "present; R-22, T-2, R-17"
        ),
        distance=Distance(),
        findings=(
            Finding(
                "R-17", "T2 at W16 counts as not evaluable: nothing was said of it", "T2", "W16"
            ),
        ),
    )


def test_incomplete_baseline_in_full() -> None:
    """An incomplete baseline has no sum, and names what is missing and by which rule."""
    baseline = assess_read(a_read({"T1": [None], "T2": [20]})).visits[0]

    assert (baseline.sum, baseline.baseline_sum) == (None, None)
    assert baseline.missing == ("T1",)
    assert baseline.rules == ("R-17",)


def test_whose_assessment_it_is() -> None:
    """An assessment names its patient and its reader."""
    assessment = assess_read(READ)

    assert (assessment.subject, assessment.reader) == ("P-001", "R1")


def test_the_first_of_equal_nadirs_is_named() -> None:
    """Where the lowest sum was seen twice, the nadir is of the first visit."""
    assert assess_read(a_read({"T1": [50, 40, 40, 45]})).visits[3].nadir_visit == "W8"


def test_the_charter_decides_on_list_and_best() -> None:
    """Limits of the list and the time of stable disease are the charter's."""
    read = a_read({"T1": [50, 45], "T2": [20, 20]})
    charter = Charter(
        criteria=CriteriaSettings(max_targets=1), duration=DurationSettings(sd_min_days=57)
    )

    assert [one.rule for one in assess_read(read, charter).findings] == ["L-1"]
    assert assess_read(read, charter).best.best_response == "NE"
    assert assess_read(read).findings == ()
    assert assess_read(read).best.best_response == "SD"


@pytest.mark.parametrize(
    ("nontargets", "why", "rules"),
    [
        (
            {"NT1": ["present", "absent"], "NT2": ["present", "not_evaluable"]},
            "NE: non-target NT2 not evaluated; R-21, T-2, T-6",
            ("R-21", "T-2", "T-6"),
        ),
        (
            {"NT1": ["present", "absent"]},
            "CR: all non-target lesions have disappeared; R-21, T-2",
            ("R-21", "T-2"),
        ),
        (
            {"NT1": ["present", "present"], "NT2": ["present", "present"]},
            "NON-CR/NON-PD: non-target NT1 and NT2 still present; R-21, T-2",
            ("R-21", "T-2"),
        ),
        (
            {"NT1": ["present", "progressed"]},
            "PD: unequivocal progression of NT1; R-21, T-2",
            ("R-21", "T-2"),
        ),
        (
            {"NT1": ["present", "absent", "present"]},
            "PD: NT1 back after the complete response at W8; R-21, R-31",
            ("R-21", "R-31"),
        ),
    ],
)
def test_sentences_about_non_targets(
    nontargets: dict[str, list[Said]], why: str, rules: tuple[str, ...]
) -> None:
    """Without targets the sentence is about the non-target lesions, each named."""
    visit = assess_read(a_read(None, nontargets)).visits[-1]

    assert visit.explanation == why
    assert visit.rules == rules


def test_targets_back_after_a_complete_response() -> None:
    """The sentence of a reappearance names the lesions, the response they follow and the rule."""
    visit = assess_read(a_read({"T1": [50, 0, 4], "T2": [50, 0, 6]})).visits[2]

    assert visit.explanation == "PD: T1 and T2 back after the complete response at W8; R-31"
    assert visit.rules == ("R-31",)


@pytest.mark.parametrize("stated", ["progressed", "present"])
def test_silence_beside_progression_is_told(stated: str) -> None:
    """A non-target lesion of which nothing was said is told of also where another is PD."""
    read = a_read(None, {"NT1": ["present", "absent", stated], "NT2": ["present", "absent", None]})
    told = [one.lesion for one in assess_read(read).findings if one.rule == "T-6"]

    assert told == ["NT2"]
