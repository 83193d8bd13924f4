"""What a radiologist is told: sentences, distances, percentages and the settings that mattered."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.criteria import (
    Charter,
    CriteriaSettings,
    Distance,
    Observation,
    PrPersistence,
    Status,
    assess_read,
    show,
)
from napari_recist.criteria.explain import names, percent
from tests.criteria.reads import Said, a_read


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [
        (
            [80, 51.4, 63.3],
            "PD: 63.3 mm is 23.2 % and 11.9 mm over the nadir of 51.4 mm at W8; R-24",
        ),
        ([100, 70], "PR: 70.0 mm is 30.0 % under the baseline of 100.0 mm; R-25"),
        (
            [100, 90],
            (
                "SD: 90.0 mm is 10.0 % under the baseline of 100.0 mm (PR from 70.0 mm) and is "
                "10.0 % and 10.0 mm under the nadir of 100.0 mm at BL (PD from 120.0 mm); R-27"
            ),
        ),
        (
            [100, 100],
            (
                "SD: 100.0 mm is the baseline sum (PR from 70.0 mm) and equals the nadir of "
                "100.0 mm at BL (PD from 120.0 mm); R-27"
            ),
        ),
        (
            [100, 110],
            (
                "SD: 110.0 mm is 10.0 % over the baseline of 100.0 mm (PR from 70.0 mm) and is "
                "10.0 % and 10.0 mm over the nadir of 100.0 mm at BL (PD from 120.0 mm); R-27"
            ),
        ),
        (
            [100, 100.1],
            (
                "SD: 100.1 mm is 0.1 % over the baseline of 100.0 mm (PR from 70.0 mm) and is "
                "0.1 % and 0.1 mm over the nadir of 100.0 mm at BL (PD from 120.0 mm); R-27"
            ),
        ),
        ([50, "absent"], "CR: all targets have disappeared (baseline 50.0 mm); R-23, R-13"),
        (
            [50, "not_evaluable"],
            "NE: T1 without a usable value (T1: artefact); R-22, R-17",
        ),
    ],
)
def test_sentence_about_targets(targets: list[Said], sentence: str) -> None:
    """The sentence names the sum, what it is compared with, since when, and the rules."""
    assert assess_read(a_read({"T1": targets})).visits[-1].explanation == sentence


def test_sentence_about_nodes() -> None:
    """A CR with nodes says that they are of normal size and still add to the sum."""
    read = a_read({"T1": [30, 0], "T2": [20, 9]}, nodes=["T2"])

    assert assess_read(read).visits[1].explanation == (
        "CR: all targets have disappeared or are nodes of normal size (sum 9.0 mm); R-23"
    )


def test_sentence_about_other_progression() -> None:
    """PD by other than the sum says by what, and what the targets alone would be."""
    read = a_read(
        {"T1": [50, 20]},
        {"NT1": ["present", "progressed"]},
        {"N1": [None, "unequivocal"]},
    )

    assert assess_read(read).visits[1].explanation == (
        "PD: unequivocal progression of NT1; unequivocal new lesion N1; targets alone PR (20.0 mm "
        "is 60.0 % under the baseline of 50.0 mm); R-25, T-2, W-1"
    )


def test_sentence_about_no_disease() -> None:
    """A reader who found nothing at baseline is told why there is no response (V-1)."""
    read = a_read(None, None, {"N1": [None, "equivocal", "resolved"]})
    visit = assess_read(read).visits[1]

    assert visit.overall == "NED"
    assert visit.explanation == "NED: no disease at baseline and none new; R-21, V-1"


def test_sentence_of_nadir_zero() -> None:
    """From a nadir of 0 mm no percentage is told (N-7)."""
    read = a_read({"T1": [50, 0, 6]}, {"NT1": ["present"] * 3})
    visit = assess_read(read).visits[2]

    assert visit.change_from_nadir_pct == ""
    assert visit.explanation.startswith("PD: 6.0 mm is 6.0 mm over the nadir of 0.0 mm at W8")
    assert "N-7" in visit.rules


def test_both_comparisons_of_a_missing_lesion() -> None:
    """A provable PD tells that it is proven already, and which setting allowed it (R-22)."""
    read = a_read({"T1": [60, 60, 110], "T2": [34, 31, None]})
    allowed = assess_read(read).visits[2]
    settings = CriteriaSettings(provable_pd_with_missing=False)
    refused = assess_read(read, Charter(criteria=settings)).visits[2]

    assert allowed.explanation == (
        "PD: already without T2, 110.0 mm is 20.9 % and 19.0 mm over the nadir of 91.0 mm at W8; "
        "R-22, R-24, R-17"
    )
    assert allowed.settings == ("criteria.provable_pd_with_missing = true: PD instead of NE",)
    assert refused.overall == "NE"
    assert refused.settings == ("criteria.provable_pd_with_missing = false: NE instead of PD",)
    assert refused.explanation == (
        "NE: T2 without a usable value (T2: nothing was said of it), though 110.0 mm is 20.9 % and "
        "19.0 mm over the nadir of 91.0 mm at W8; R-22, R-17"
    )
    assert refused.rules == ("R-22", "R-17")


def test_reasons_of_each_missing_lesion() -> None:
    """Each missing lesion is named with its own reason, one without a reason by name only."""
    said = Observation(Status.NOT_EVALUABLE)
    read = a_read({"T1": [50, "not_evaluable"], "T2": [50, None], "T3": [50, said]})
    alone = a_read({"T1": [50, said]})

    assert assess_read(read).visits[1].explanation == (
        "NE: T1, T2 and T3 without a usable value (T1: artefact; T2: nothing was said of it); "
        "R-22, R-17"
    )
    assert assess_read(alone).visits[1].explanation == ("NE: T1 without a usable value; R-22, R-17")


def test_lasting_response_tells_its_setting() -> None:
    """A PR that only lasts by the charter says so and since when, as a finding too (R-26)."""
    assessment = assess_read(a_read({"T1": [100, 70, 70, 80]}))
    visit = assessment.visits[3]

    assert "the partial response of W8 lasts until progression" in visit.explanation
    assert visit.settings == ("criteria.pr_persistence: PR instead of SD",)
    assert [finding.rule for finding in assessment.findings] == ["R-26"]
    assert str(assessment.findings[0]) == (
        "R-26: W24: the charter decided: criteria.pr_persistence: PR instead of SD"
    )


def test_settings_are_named_only_where_they_mattered() -> None:
    """A plain PR under a lasting PR names no setting."""
    visit = assess_read(a_read({"T1": [100, 70, 70, 60]})).visits[3]

    assert visit.settings == ()
    assert visit.rules == ("R-25",)


@pytest.mark.parametrize(
    ("targets", "to_pr", "to_pd", "words"),
    [
        ([100, 71.4], 14, 486, "1.4 mm above the PR limit, 48.6 mm below the PD limit"),
        ([100, 50, 58.6], -114, 14, "11.4 mm below the PR limit, 1.4 mm below the PD limit"),
        ([100, 70], 0, 500, "on the PR limit, 50.0 mm below the PD limit"),
        ([100, 120], 500, 0, "50.0 mm above the PR limit, on the PD limit"),
        ([100, 125], 550, -50, "55.0 mm above the PR limit, 5.0 mm above the PD limit"),
    ],
)
def test_distance(targets: list[Said], to_pr: int, to_pd: int, words: str) -> None:
    """A reader sees how many millimetres the sum is from PR and from PD, and back."""
    distance = assess_read(a_read({"T1": targets})).visits[-1].distance

    assert distance == Distance(to_pr, to_pd)
    assert str(distance) == words


def test_no_distance_without_a_sum() -> None:
    """Baseline and incomplete visits have no distance to tell."""
    visits = assess_read(a_read({"T1": [100, None]})).visits

    assert [str(visit.distance) for visit in visits] == ["", ""]


def test_distance_in_whole_millimetres() -> None:
    """Where whole millimetres are reported, the limits are whole millimetres too."""
    settings = CriteriaSettings(measurement_precision_mm=1, pr_persistence=PrPersistence.OFF)
    visit = assess_read(a_read({"T1": [33, 30]}), Charter(criteria=settings)).visits[1]

    assert visit.distance == Distance(300 - 230, 400 - 300)


@pytest.mark.parametrize(
    ("change", "reference", "shown"),
    [(0, 100, "0.0"), (-2996, 10000, "-30.0"), (1, 2000, "0.1"), (-1, 2000, "-0.1"), (5, 0, "")],
)
def test_percent(change: int, reference: int, shown: str) -> None:
    """Percentages are shown half-up to one decimal, away from zero, and never of nothing (N-5)."""
    assert percent(change, reference) == shown


def test_names() -> None:
    """Lesion names are joined as in a sentence."""
    assert names(()) == ""
    assert names(("T1",)) == "T1"
    assert names(("T1", "T2")) == "T1 and T2"
    assert names(("T1", "T2", "T3")) == "T1, T2 and T3"


@given(st.integers(-5000, 5000), st.integers(1, 5000))
def test_percent_is_rounded_once(change: int, reference: int) -> None:
    """The shown percentage is the exact one rounded half-up to a tenth."""
    exact = Fraction(100 * abs(change), reference)
    tenths = floor(exact * 10 + Fraction(1, 2))

    assert percent(change, reference) == show(tenths if change > 0 else -tenths)
