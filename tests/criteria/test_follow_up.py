"""What happens over time: new lesions re-dated, responses that last, reappearance, dates."""

import datetime as dt
from dataclasses import replace

import pytest

from napari_recist.criteria import (
    Charter,
    ConfirmationSettings,
    CriteriaSettings,
    Finding,
    Observation,
    PrPersistence,
    Read,
    Status,
    Visit,
    assess,
    assess_read,
)
from napari_recist.criteria.hcc import hcc_findings
from tests.criteria.reads import Said, a_read, day


def overall(read: Read, charter: Charter | None = None) -> list[str]:
    """Return the overall responses after baseline."""
    return [str(visit.overall) for visit in assess_read(read, charter).visits[1:]]


def test_nothing_read_yet() -> None:
    """A record without events is an assessment without visits, best response NE."""
    assessment = assess([])

    assert assessment.visits == ()
    assert assessment.best.not_evaluable_reason == "no_baseline"
    with pytest.raises(KeyError):
        assessment.visit("BL")


def test_visit_by_name() -> None:
    """A visit's assessment is found by the visit's name."""
    assert assess_read(a_read({"T1": [50, 20]})).visit("W8").overall == "PR"


def test_both_versions_of_a_redated_visit_are_kept() -> None:
    """A visit that became PD by a later call keeps what it was before, too (W-2)."""
    read = a_read({"T1": [50, 20, 20]}, None, {"N1": [None, "equivocal", "unequivocal"]})
    assessment = assess_read(read)

    assert overall(read) == ["PD", "PD"]
    assert [(one.visit, one.overall) for one in assessment.superseded] == [("W8", "PR")]
    assert assessment.best.progression_date == day(8)
    assert "W-2" in assessment.visit("W8").rules
    assert assessment.visit("W16").rules == ("R-25", "W-6")


def test_nothing_is_superseded_without_a_late_call() -> None:
    """A lesion that is unequivocal at once changes no earlier answer."""
    read = a_read({"T1": [50, 20, 20]}, None, {"N1": [None, None, "unequivocal"]})

    assert assess_read(read).superseded == ()


def test_new_lesion_that_is_taken_back() -> None:
    """A new lesion once unequivocal stays PD; calling it less later is pointed out (W-6)."""
    read = a_read({"T1": [50] * 4}, None, {"N1": [None, "unequivocal", "resolved", "unequivocal"]})
    assessment = assess_read(read)

    assert overall(read) == ["PD"] * 3
    assert [(one.rule, one.visit) for one in assessment.findings] == [("W-6", "W16")]


@pytest.mark.parametrize(
    ("setting", "required", "sums", "responses"),
    [
        (PrPersistence.OFF, True, [100, 70, 70, 80], ["PR", "PR", "SD"]),
        (PrPersistence.AFTER_PR, True, [100, 70, 80], ["PR", "PR"]),
        (PrPersistence.AFTER_CONFIRMED_PR, True, [100, 70, 80], ["PR", "SD"]),
        (PrPersistence.AFTER_CONFIRMED_PR, True, [100, 70, 70, 80], ["PR", "PR", "PR"]),
        (PrPersistence.AFTER_CONFIRMED_PR, False, [100, 70, 80], ["PR", "PR"]),
        # one NE may lie between a response and its confirmation
        (PrPersistence.AFTER_CONFIRMED_PR, True, [100, 70, None, 70, 80], ["PR", "NE", "PR", "PR"]),
        # after progression no earlier response lasts
        (PrPersistence.AFTER_PR, True, [100, 70, 90, 80], ["PR", "PD", "SD"]),
        (PrPersistence.AFTER_PR, True, [100, 80, 90], ["SD", "SD"]),
    ],
)
def test_lasting_partial_response(
    setting: PrPersistence, required: bool, sums: list[Said], responses: list[str]
) -> None:
    """A PR lasts until progression as the charter says: never, at once or once confirmed (R-26)."""
    charter = Charter(
        criteria=CriteriaSettings(pr_persistence=setting),
        confirmation=ConfirmationSettings(required=required),
    )

    assert overall(a_read({"T1": sums}), charter) == responses


def test_response_of_targets_lasts_after_their_cr() -> None:
    """A confirmed target CR lasts as PR while the returned lesion is no progression."""
    sums: list[Said] = [10, 0, 0, 4.9]
    nodes: list[Said] = [20, 8, 8, 8]
    read = a_read({"T1": sums, "T2": nodes}, {"NT1": ["present"] * 4}, nodes=["T2"])

    assert assess_read(read).visits[3].rules == ("R-25", "R-32", "T-2")


def test_after_complete_response_nothing_less_can_follow() -> None:
    """After an overall CR the engine never answers PR or SD: what is back is PD (R-31)."""
    for back in ("too_small", 1.0, 20):
        read = a_read({"T1": [50, 0, back]})
        assert overall(read) == ["CR", "PD"]


def test_reappearance_with_another_lesion_missing() -> None:
    """A lesion back after an overall CR is PD even though another was not seen (R-31)."""
    read = a_read({"T1": [50, 0, 4], "T2": [50, 0, None]})

    assert overall(read) == ["CR", "PD"]


def test_complete_response_that_comes_again() -> None:
    """After the returned lesion is gone again the visit is CR, but PD stays for the best."""
    assessment = assess_read(a_read({"T1": [50, 0, 4, 0]}))

    assert [str(one.overall) for one in assessment.visits[1:]] == ["CR", "PD", "CR"]
    assert assessment.best.progression_date == day(16)


def test_missing_lesion_and_nodes_of_normal_size() -> None:
    """Growth of normal nodes proves no progression while the missing lesion may be gone (R-22)."""
    read = a_read({"T1": [20, 4, 9.5], "T2": [30, 0, None]}, nodes=["T1"])

    assert overall(read) == ["CR", "NE"]


def test_incomplete_baseline() -> None:
    """Without a complete baseline only growth over a later complete sum can be judged (R-22)."""
    read = a_read({"T1": [None, 50, 40, 60], "T2": [50, 50, 50, 50]})
    visits = assess_read(read).visits

    assert [str(one.overall) for one in visits[1:]] == ["NE", "NE", "PD"]
    assert visits[0].explanation == "Baseline, incomplete: T1 without a usable value."
    assert visits[1].explanation == "NE: the baseline sum is incomplete; R-22"
    assert visits[3].explanation == (
        "PD: 110.0 mm is 22.2 % and 20.0 mm over the nadir of 90.0 mm at W16, and the baseline sum "
        "is incomplete; R-22, R-24"
    )
    assert visits[1].change_from_baseline_pct == ""
    assert str(visits[2].distance) == ""


def test_merged_into_nothing() -> None:
    """A lesion merged into one that is not on the list, or in a ring, has no value (R-16)."""
    unknown = a_read({"T1": [50, 50], "T2": [20, "merged:T9"]})
    ring = a_read({"T1": [50, "merged:T2"], "T2": [20, "merged:T1"]})

    assert assess_read(unknown).visits[1].missing == ("T2",)
    assert assess_read(ring).visits[1].missing == ("T1", "T2")
    assert overall(unknown) == overall(ring) == ["NE"]


def test_merged_into_an_absent_lesion() -> None:
    """A lesion merged into an absent one is pointed out; both are gone (R-16)."""
    read = a_read({"T1": [50, "absent"], "T2": [20, "merged:T1"]})
    assessment = assess_read(read)

    assert overall(read) == ["CR"]
    assert [one.rule for one in assessment.findings] == ["R-16"]


def test_one_fragment() -> None:
    """A lesion said to be split with one fragment is pointed out (R-15)."""
    read = a_read({"T1": [50, Observation(Status.SPLIT, (300,))]})

    assert [one.rule for one in assess_read(read).findings] == ["R-15"]


def test_measured_without_a_diameter() -> None:
    """A lesion measured, or split, without a diameter has no value: never 0 mm (N-9)."""
    for status in (Status.MEASURED, Status.SPLIT):
        assert overall(a_read({"T1": [50, Observation(status)]})) == ["NE"]


@pytest.mark.parametrize(
    ("sizes", "flickers"),
    [
        ([30, 4.0, "too_small"], True),
        ([30, "too_small", 4.9], True),
        ([30, "too_small", 5.0], False),
        ([30, "too_small", "too_small"], False),
        ([30, "too_small", "absent"], False),
        ([30, "too_small", None], False),
        ([30, 4.0, 4.5], False),
    ],
)
def test_flicker_of_small_lesions(sizes: list[Said], flickers: bool) -> None:
    """The default beside a smaller true value is pointed out: it is no true change (R-14)."""
    found = {one.rule for one in assess_read(a_read({"T1": sizes})).findings}

    assert ("R-14" in found) == flickers


def dated(read: Read, visit: str, lesion: str, date: dt.date) -> Read:
    """Return the read with one lesion seen on a scan of another day than the visit's last."""
    said = read.observations[visit, lesion]
    return replace(
        read, observations={**read.observations, (visit, lesion): replace(said, date=date)}
    )


def test_progression_is_dated_by_the_scan_that_shows_it() -> None:
    """PD counts from the earliest scan that shows it, of a sum from its last scan (V-2)."""
    early, later = day(8) - dt.timedelta(days=6), day(8) - dt.timedelta(days=2)
    by_sum = dated(a_read({"T1": [50, 70], "T2": [50, 60]}), "W8", "T1", early)
    by_sum = dated(by_sum, "W8", "T2", later)
    by_nontarget = dated(
        a_read({"T1": [50, 70]}, {"NT1": ["present", "progressed"]}), "W8", "NT1", early
    )
    by_return = dated(a_read({"T1": [50, 0, 5], "T2": [50, 0, 5]}), "W16", "T1", later)
    stable = dated(a_read({"T1": [50, 50]}), "W8", "T1", early)

    assert assess_read(by_sum).visits[1].response_date == later
    assert assess_read(by_nontarget).visits[1].response_date == early
    assert assess_read(by_return).visits[2].response_date == later
    assert assess_read(stable).visits[1].response_date == day(8)
    assert assess_read(by_sum).best.progression_date == later


def test_later_progression_is_dated_at_its_visit() -> None:
    """A visit that is PD by an older new lesion only is dated at the visit."""
    read = a_read({"T1": [50] * 3}, None, {"N1": [None, "unequivocal", None]})

    assert assess_read(read).visits[2].response_date == day(16)


def test_reappearing_non_target_is_dated_by_its_scan() -> None:
    """A non-target lesion back after an overall CR is PD of the scan that shows it (R-31)."""
    early = day(16) - dt.timedelta(days=3)
    read = dated(a_read(None, {"NT1": ["present", "absent", "present"]}), "W16", "NT1", early)

    assert assess_read(read).visits[2].response_date == early


def test_baseline_without_targets() -> None:
    """A baseline without targets says so."""
    visit = assess_read(a_read(None, {"NT1": ["present"]})).visits[0]

    assert visit.explanation == "Baseline without target lesions."
    assert (visit.overall, visit.target, visit.nontarget) == (None, None, None)


def test_liver_cancer_findings() -> None:
    """Typical size, growth and fluid are asked for in liver cancer only (H-5, H-8, H-9)."""

    def nodule(*sizes: float, status: Status) -> list[Said]:
        return [None, *(Observation(status, (round(size * 10),)) for size in sizes)]

    small = a_read(None, None, {"N1": nodule(9.9, status=Status.UNEQUIVOCAL)})
    typical = a_read(None, None, {"N1": nodule(10, status=Status.UNEQUIVOCAL)})
    grows = a_read(None, None, {"N1": nodule(12, 21.9, 22, status=Status.EQUIVOCAL)})
    unsized = a_read(None, None, {"N1": [None, "equivocal", "equivocal"]})
    lung = a_read(None, None, {"N1": nodule(5, status=Status.UNEQUIVOCAL)}, organ="lung")
    old = a_read({"T1": [50, 8]})

    assert [one.rule for one in hcc_findings(small)] == ["H-8"]
    assert [(one.rule, one.visit) for one in hcc_findings(grows)] == [("H-9", "W24")]
    assert [*hcc_findings(typical), *hcc_findings(unsized)] == []
    assert [*hcc_findings(lung), *hcc_findings(old)] == []


def test_events_of_one_day() -> None:
    """Two visits of one date stay in the order they were recorded."""
    read = Read("P", "R", (Visit("A", day(0)), Visit("B", day(0))))

    assert [one.visit for one in assess_read(read).visits] == ["A", "B"]


def test_a_lesion_seen_again_after_a_gap_has_not_come_back() -> None:
    """A lesion that was missing was not gone: only one that was 0 mm comes back (R-30)."""
    missed = a_read({"T1": [50, None, 20], "T2": [50, 50, 50]})
    gone = a_read({"T1": [50, 0, None, 2], "T2": [50, 50, 50, 50]})

    assert "R-30" not in assess_read(missed).visits[2].rules
    assert "R-30" in assess_read(gone).visits[3].rules


def test_return_beside_a_lasting_response() -> None:
    """A lasting PR with a returned lesion names both rules and the setting (R-26, R-30)."""
    read = a_read({"T1": [10, 0, 0, 4], "T2": [90, 60, 60, 67]})
    visit = assess_read(read).visits[3]

    assert visit.rules == ("R-26", "R-30")
    assert visit.settings == ("criteria.pr_persistence: PR instead of SD",)
    assert visit.explanation == (
        "PR: 71.0 mm is 29.0 % under the baseline of 100.0 mm, and the partial response of W8 "
        "lasts until progression; T1 back, which counts by the sum only; R-26, R-30"
    )


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        (Observation(Status.SPLIT, (200, 150)), ("R-25", "R-15")),
        ("absent", ("R-23", "R-13")),
        ("too_small", ("R-25", "R-14")),
        ("not_evaluable", ("R-22", "R-17")),
        (None, ("R-22", "R-17")),
    ],
)
def test_rule_of_each_status(said: Said, rules: tuple[str, ...]) -> None:
    """The rule that gave a lesion its value is named after the one that decided."""
    assert assess_read(a_read({"T1": [50, said]})).visits[1].rules == rules


def test_rule_of_a_merger() -> None:
    """A merger is named; without a carrier of the mass its reason is (R-16)."""
    merged = assess_read(a_read({"T1": [50, 60], "T2": [20, "merged:T1"]})).visits[1]
    unknown = assess_read(a_read({"T1": [50, 60], "T2": [20, "merged:T9"]})).visits[1]

    assert merged.rules == ("R-27", "R-16")
    assert unknown.rules == ("R-22", "R-16")
    assert "(T2: merged into T9, which carries no value)" in unknown.explanation
    assert assess_read(a_read({"T1": [50, 60], "T2": [20, "merged:T9"]})).findings[0] == Finding(
        "R-16",
        "T2 at W8 counts as not evaluable: merged into T9, which carries no value",
        "T2",
        "W8",
    )


def test_reason_of_a_lesion_that_has_a_value() -> None:
    """A remark beside a lesion with a value is no reason for what is missing."""
    gone = Observation(Status.ABSENT, reason="scar")
    visit = assess_read(a_read({"T1": [50, gone], "T2": [50, "not_evaluable"]})).visits[1]

    assert visit.explanation == "NE: T2 without a usable value (T2: artefact); R-22, R-13, R-17"


@pytest.mark.parametrize("said", ["absent", "merged:T1"])
def test_every_lesion_of_a_sum_dates_its_progression(said: Said) -> None:
    """The scan that shows a lesion gone or merged is part of what makes up the sum (V-2)."""
    early = day(8) - dt.timedelta(days=6)
    later = day(8) - dt.timedelta(days=2)
    read = dated(a_read({"T1": [50, 90], "T2": [20, said]}), "W8", "T1", early)

    assert assess_read(dated(read, "W8", "T2", later)).visits[1].response_date == later
