"""Why two reads differ: a pair of reads for each reason, as a radiologist would tell it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.criteria import (
    AdjudicationTrigger,
    Charter,
    CriteriaName,
    CriteriaSettings,
    Observation,
    PrPersistence,
    Read,
    Response,
    Role,
    SeriesChosen,
    Status,
    TargetResponseArgued,
)
from napari_recist.criteria.differences import WhyDiffer
from napari_recist.criteria.why_differ import Reason, Weight, why_differ
from tests.criteria.places import SERIES, drawn
from tests.criteria.reads import Said, a_read, observation
from tests.criteria.test_properties import EXAMPLES, reads

EVERY = tuple(AdjudicationTrigger)
PLACES = MappingProxyType(
    {
        "T1": (0.0, 0.0, 0.0),
        "T2": (60.0, 0.0, 0.0),
        "T3": (0.0, 90.0, 20.0),
        "NT1": (-50.0, 40.0, 10.0),
        "N1": (30.0, -70.0, 40.0),
    }
)


def read(
    targets: Mapping[str, Sequence[Said]],
    nontargets: Mapping[str, Sequence[Said]] | None = None,
    news: Mapping[str, Sequence[Said]] | None = None,
    **more: object,
) -> Read:
    """Return a read whose lesions lie where ``PLACES`` says."""
    return drawn(a_read(targets, nontargets, news, **more), PLACES)  # type: ignore[arg-type]


def why(first: Read, second: Read, charter: Charter | None = None) -> tuple[Reason, ...]:
    """Return why two reads differ in anything a charter may ask for."""
    return why_differ(first, second, charter or Charter(), triggers=EVERY)


def decisive(first: Read, second: Read, charter: Charter | None = None) -> Reason:
    """Return the first reason, which is decisive."""
    reason = why(first, second, charter)[0]
    assert reason.decisive, [str(one) for one in why(first, second, charter)]
    return reason


def test_a_diameter_across_the_limit_decides() -> None:
    """70.0 of 100.0 mm is PR, 70.1 is not: T1 at week 8 makes the difference, by 0.1 mm."""
    first = read({"T1": [60, 40], "T2": [40, 30]})
    second = read({"T1": [60, 40.1], "T2": [40, 30]})
    reason = decisive(first, second)
    told = reason.difference

    assert reason.code is WhyDiffer.MEASUREMENT
    assert (told.visit, told.first_lesions, told.second_lesions) == ("W8", ("T1",), ("T1",))
    assert (told.first_tenths, told.second_tenths) == (400, 401)
    assert "T1 of the first reader is 40.0 mm" in told.words
    assert "on the PR limit" in told.words
    assert "0.1 mm above the PR limit" in told.words


def test_the_lesion_that_contributes_most_is_named() -> None:
    """Of two diameters that differ, the one by 12 mm decides; the one by 2 mm would not."""
    first, second = read({"T1": [60, 60], "T2": [40, 40]}), read({"T1": [60, 82], "T2": [40, 42]})
    reason = decisive(first, second)

    assert reason.difference.first_lesions == ("T1",)
    assert (reason.difference.first_tenths, reason.difference.second_tenths) == (600, 820)
    (whole,) = [one for one in why(first, second) if len(one.difference.first_lesions) == 2]
    assert whole.difference.first_lesions == ("T1", "T2")
    assert "2.0 mm more in 1 other target" in whole.difference.words


def test_small_differences_add_up() -> None:
    """No lesion alone reaches the limit: all diameters of the visit together decide."""
    first = read({"T1": [50, 50], "T2": [50, 50]})
    second = read({"T1": [50, 60], "T2": [50, 60]})
    reason = decisive(first, second)

    assert reason.difference.visit == "W8"
    assert (reason.difference.first_tenths, reason.difference.second_tenths) == (1000, 1200)


def test_other_targets_are_told_with_their_lesions() -> None:
    """One reader chose the lesion that grew, the other one that did not."""
    first = read({"T1": [40, 40], "T2": [30, 50]})
    second = drawn(a_read({"T1": [40, 40], "T2": [25, 25]}), {**PLACES, "T2": PLACES["T3"]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.TARGETS
    assert (reason.difference.first_lesions, reason.difference.second_lesions) == (("T2",), ("T2",))
    assert (reason.difference.first_tenths, reason.difference.second_tenths) == (300, 250)
    assert reason.difference.words == (
        "targets of one reader only: T2 of the first reader; T2 of the second reader"
    )


def test_one_more_target_is_another_number() -> None:
    """A third target of one reader, which grew, is told as such."""
    first = read({"T1": [40, 40], "T2": [30, 30]})
    second = read({"T1": [40, 40], "T2": [30, 30], "T3": [20, 40]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NUMBER_OF_TARGETS
    assert (reason.difference.first_lesions, reason.difference.second_lesions) == ((), ("T3",))


def test_the_same_lesion_in_another_role() -> None:
    """Target of one reader, non-target of the other: the target alone shows its growth."""
    first = read({"T1": [40, 40], "T2": [30, 50]})
    second = drawn(
        a_read({"T1": [40, 40]}, {"NT1": ["present", "present"]}), {**PLACES, "NT1": PLACES["T2"]}
    )
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.ROLE
    assert reason.difference.words == (
        "T2 of the first reader is NT1 of the second reader: target against non-target"
    )


def test_each_reader_s_target_is_the_other_s_non_target() -> None:
    """Both listed both lesions, each chose another as target: the choice as a whole decides."""
    first = read({"T1": [100, 80], "T2": [100, 100]}, {"NT1": ["present", "present"]})
    second = drawn(
        a_read({"T1": [100, 80], "T2": [100, 40]}, {"NT1": ["present", "present"]}),
        {**PLACES, "T2": PLACES["NT1"], "NT1": PLACES["T2"]},
    )
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.TARGETS
    assert (reason.difference.first_lesions, reason.difference.second_lesions) == (("T2",), ("T2",))
    roles = [one for one in why(first, second) if one.code is WhyDiffer.ROLE]
    assert {one.difference.first_lesions for one in roles} == {("T2",), ("NT1",)}
    assert {one.weight for one in roles} == {Weight.ONE_WAY}


def test_a_node_is_measured_by_its_short_axis() -> None:
    """A lesion of 9 mm is a normal node for one reader (CR) and disease for the other."""
    first = read({"T1": [20, 9]}, nodes=["T1"])
    second = read({"T1": [20, 9]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NODE
    assert "short axis of a node against longest diameter" in reason.difference.words


def test_a_new_lesion_of_one_reader() -> None:
    """A new lesion at week 16 that the other reader did not see."""
    first = read({"T1": [40, 40, 40]}, news={"N1": [None, None, "unequivocal"]})
    second = read({"T1": [40, 40, 40]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NEW_LESION
    assert reason.difference.words == "W16: new lesion N1 of the first reader only"


def test_a_new_lesion_at_another_visit() -> None:
    """Both saw the new lesion, one a visit earlier."""
    first = read({"T1": [40, 40, 40]}, news={"N1": [None, "unequivocal", "unequivocal"]})
    second = read({"T1": [40, 40, 40]}, news={"N1": [None, None, "unequivocal"]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NEW_LESION_CALL
    assert reason.difference.visit == "W8"
    assert "not mentioned" in reason.difference.words


def test_an_equivocal_lesion_of_one_reader() -> None:
    """One reader was sure of the new lesion, the other was not."""
    first = read({"T1": [40, 40]}, news={"N1": [None, "unequivocal"]})
    second = read({"T1": [40, 40]}, news={"N1": [None, "equivocal"]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NEW_LESION_CALL
    assert "N1 of the second reader, equivocal" in reason.difference.words


def test_a_non_target_called_progressed_from_a_visit_on() -> None:
    """A call that lasts over visits is one opinion: taking over the whole of it decides."""
    first = read({"T1": [40, 40, 40]}, {"NT1": ["present", "progressed", "progressed"]})
    second = read({"T1": [40, 40, 40]}, {"NT1": ["present", "present", "present"]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NON_TARGET_CALL
    assert reason.difference.visit == "W8"


def test_a_non_target_on_one_list_only() -> None:
    """The target is gone: CR for one reader, PR for the other, who listed something more."""
    first = read({"T1": [40, "absent"]}, {"NT1": ["present", "present"]})
    second = read({"T1": [40, "absent"]})

    assert decisive(first, second).code is WhyDiffer.NON_TARGET_LIST


def test_a_target_not_evaluable_for_one_reader() -> None:
    """A target missing makes the visit NE for one reader only."""
    first = read({"T1": [40, 30], "T2": [30, "not_evaluable"]})
    second = read({"T1": [40, 30], "T2": [30, 30]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NOT_EVALUABLE
    assert (reason.difference.first_tenths, reason.difference.second_tenths) == (None, 300)
    assert "T2 of the first reader is not evaluable" in reason.difference.words
    assert "measured, 30.0 mm" in reason.difference.words


def test_a_non_target_not_evaluable_for_one_reader() -> None:
    """A non-target missing prevents no PR but does prevent CR."""
    first = read({"T1": [40, "absent"]}, {"NT1": ["present", "absent"]})
    second = read({"T1": [40, "absent"]}, {"NT1": ["present", "not_evaluable"]})

    assert decisive(first, second).code is WhyDiffer.NOT_EVALUABLE


def test_too_small_against_gone() -> None:
    """Visible but too small counts 5 mm: PR for one reader, CR for the other."""
    reason = decisive(read({"T1": [40, "too_small"]}), read({"T1": [40, "absent"]}))

    assert reason.code is WhyDiffer.STATE
    assert (reason.difference.first_tenths, reason.difference.second_tenths) == (50, 0)
    assert "too small, 5.0 mm" in reason.difference.words


def test_the_nadir_decides_a_progression() -> None:
    """62 mm at week 16 are PD over a nadir of 50 and not over one of 55 at week 8."""
    first = read({"T1": [70, 50, 62]})
    second = read({"T1": [70, 55, 62]})
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.NADIR
    assert (reason.difference.first_tenths, reason.difference.second_tenths) == (500, 550)
    assert "50.0 mm at W8" in reason.difference.words


def test_another_series_comes_before_the_diameter() -> None:
    """Lesions measured on another series at week 8: the series is the reason behind the number."""
    first = read({"T1": [60, 40]})
    second = drawn(a_read({"T1": [60, 50]}), PLACES, series={"W8": "1.2.826.0.9"})
    reasons = why(first, second)

    assert [one.code for one in reasons[:2]] == [WhyDiffer.SERIES, WhyDiffer.MEASUREMENT]
    assert reasons[0].decisive
    assert reasons[0].difference.visit == "W8"


def test_the_series_comes_first_however_many_lesions_it_concerns() -> None:
    """Two lesions on another series, one with another diameter: the series is the cause."""
    first = read({"T1": [60, 30], "T2": [20, 20]})
    second = drawn(a_read({"T1": [60, 60], "T2": [20, 20]}), PLACES, series={"W8": "1.2.826.0.9"})

    assert decisive(first, second).code is WhyDiffer.SERIES
    assert len(decisive(first, second).difference.exchange) == 2


def test_another_phase_of_one_series_is_another_series() -> None:
    """One DICOM series holds two phases: the volume chosen tells them apart."""
    first, second = (
        replace(one, chosen={"W8": SeriesChosen("W8", SERIES, phase)})
        for one, phase in ((read({"T1": [60, 40]}), "1"), (read({"T1": [60, 50]}), "2"))
    )

    assert decisive(first, second).code is WhyDiffer.SERIES


def test_a_merger_is_taken_over_under_the_other_s_names() -> None:
    """T2 merged into T1; the other reader calls them T1 and T2 and measured both."""
    first = read({"T1": [40, 40], "T2": [30, "merged:T1"]})
    second = drawn(
        a_read({"T1": [30, 30], "T2": [40, 40]}), {"T1": PLACES["T2"], "T2": PLACES["T1"]}
    )
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.STATE
    assert "T2 of the first reader is merged" in reason.difference.words


def test_a_visit_of_one_reader() -> None:
    """A visit that only one reader read."""
    reason = decisive(read({"T1": [60, 60]}), read({"T1": [60, 60, 60]}))

    assert reason.code is WhyDiffer.VISIT
    assert reason.difference.words == "W16: read by the second reader only"


def test_a_visit_dated_otherwise() -> None:
    """A confirming scan 28 days later confirms, one dated 27 days later does not; no date shows."""
    first = read({"T1": [60, 30, 30]}, weeks=(0, 8, 12))
    last = first.visits[2]
    earlier = replace(last, date=last.date - dt.timedelta(days=1))
    second = replace(first, visits=(*first.visits[:2], earlier))
    reason = decisive(first, second)

    assert reason.code is WhyDiffer.VISIT
    assert reason.difference.words == "W12: dated 1 day later by the first reader"


def test_an_argued_response() -> None:
    """One reader argued SD where a target is missing."""
    second = read({"T1": [60, 60], "T2": [30, "not_evaluable"]})
    argued = {"W8": TargetResponseArgued("W8", Response.SD, "the other lesion cannot matter")}
    reason = decisive(replace(second, argued=argued), second)

    assert reason.code is WhyDiffer.ARGUED


def test_two_versions_of_the_charter() -> None:
    """Reads that agree in every word differ because the charter changed between them."""
    same = read({"T1": [100, 70, 80, 80]})
    off = Charter(criteria=CriteriaSettings(pr_persistence=PrPersistence.OFF))
    after_pr = Charter(criteria=CriteriaSettings(pr_persistence=PrPersistence.AFTER_PR))
    (reason,) = why_differ(same, same, off, second_charter=after_pr, triggers=EVERY)

    assert reason.code is WhyDiffer.CHARTER
    assert reason.decisive


def test_a_setting_that_decided_for_one_reader() -> None:
    """A response that lasts by the charter is told beside the diameter it rests on."""
    first, second = read({"T1": [100, 70, 70, 80]}), read({"T1": [100, 75, 75, 80]})
    codes = [one.code for one in why(first, second)]

    assert WhyDiffer.CHARTER in codes
    assert codes[0] is WhyDiffer.MEASUREMENT


def test_two_causes_hide_each_other() -> None:
    """A sum over the limit and a new lesion: each decides one way, neither alone both ways."""
    first = read({"T1": [40, 60]}, news={"N1": [None, "unequivocal"]})
    second = read({"T1": [40, 40]})
    reasons = why_differ(first, second, Charter(), triggers=(AdjudicationTrigger.PROGRESSION_DATE,))

    assert {one.code for one in reasons if one.weight is Weight.ONE_WAY} >= {
        WhyDiffer.NEW_LESION,
        WhyDiffer.MEASUREMENT,
    }
    assert not any(one.decisive for one in reasons)


def test_what_changes_nothing_comes_last() -> None:
    """A diameter that differs by 1 mm beside a new lesion is told as settling nothing."""
    first = read({"T1": [40, 41]}, news={"N1": [None, "unequivocal"]})
    second = read({"T1": [40, 40]})
    reasons = why(first, second)

    assert [one.code for one in reasons] == [WhyDiffer.NEW_LESION, WhyDiffer.MEASUREMENT]
    assert [one.weight for one in reasons] == [Weight.DECISIVE, Weight.NOTHING]


def test_mrecist_weighs_viable_parts() -> None:
    """Whole diameters agree; the viable part is gone for one reader only."""
    charter = Charter(criteria=CriteriaSettings(name=CriteriaName.MRECIST))
    whole = read({"T1": [50, 50]})
    viable = {("BL", "T1"): Observation(Status.MEASURED, (500,))}
    first = replace(whole, viable={**viable, ("W8", "T1"): Observation(Status.ABSENT)})
    second = replace(whole, viable={**viable, ("W8", "T1"): Observation(Status.MEASURED, (450,))})

    assert decisive(first, second, charter).code is WhyDiffer.STATE


def test_irecist_weighs_the_confirmation() -> None:
    """A further 5 mm confirm the progression for one reader only."""
    charter = Charter(criteria=CriteriaSettings(name=CriteriaName.IRECIST))
    first, second = read({"T1": [50, 65, 70]}), read({"T1": [50, 65, 65]})

    assert decisive(first, second, charter).difference.visit == "W16"


def test_no_reason_names_a_reader() -> None:
    """The adjudicator is told of a first and a second reader and never of a person."""
    first = replace(read({"T1": [40, 60]}, news={"N1": [None, "unequivocal"]}), reader="Dr Ada")
    second = replace(read({"T1": [40, 40], "T2": [30, 30]}), reader="Dr Grace")

    assert not any(name in str(why(first, second)) for name in ("Ada", "Grace"))


def test_reads_are_called_what_the_caller_says() -> None:
    """An adjudicator who sees Read A and Read B is told of those, in every reason."""
    first = read({"T1": [40, 60], "T3": [20, 20]}, news={"N1": [None, "unequivocal"]})
    second = read({"T1": [40, "absent"], "T2": [30, "not_evaluable"]})
    told = str(why_differ(first, second, Charter(), triggers=EVERY, called=("Read A", "Read B")))

    assert "Read A" in told
    assert "Read B" in told
    assert "the first reader" not in told
    assert "the second reader" not in told


def test_two_patients_are_refused() -> None:
    """Reads of two patients have no difference to explain."""
    first = read({"T1": [40, 60]})
    with pytest.raises(ValueError, match="two patients"):
        why(first, replace(first, subject="P-002"))


def everywhere(one: Read) -> Read:
    """Return a read with each lesion at a place of its own."""
    middles = {lesion.identifier: (50.0 * at, 0.0, 0.0) for at, lesion in enumerate(one.lesions)}
    return drawn(one, middles)


@EXAMPLES
@given(reads())
def test_a_read_does_not_differ_from_itself(one: Read) -> None:
    """Identical reads have nothing to explain."""
    assert why(one, replace(one, reader="R2")) == ()


@EXAMPLES
@given(reads(), reads())
def test_swapping_the_readers_swaps_the_reasons(first: Read, second: Read) -> None:
    """The same reasons in the same order, with the same weights and the answers swapped."""
    first, second = everywhere(first), everywhere(second)

    def told(reason: Reason, *, swap: bool = False) -> object:
        one = reason.difference
        lesions = [set(one.first_lesions), set(one.second_lesions)]
        numbers = [one.first_tenths, one.second_tenths]
        settles = {each.swapped() if swap else each for each in reason.settles}
        step = -1 if swap else 1
        return reason.code, one.visit, lesions[::step], numbers[::step], reason.weight, settles

    there, back = why(first, second), why(second, first)
    assert [told(one, swap=True) for one in back] == [told(one) for one in there]


@settings(max_examples=300, deadline=None)
@given(reads().filter(lambda one: one.observations), st.data())
def test_a_single_seeded_change_is_named_as_decisive(one: Read, data: st.DataObject) -> None:
    """Change one statement of a read: if the reads differ, that visit and lesion are decisive."""
    one = everywhere(one)
    said = data.draw(st.sampled_from(sorted(one.observations)))
    lesion = one.lesion(said[1])
    others: dict[Role, st.SearchStrategy[Said]] = {
        Role.TARGET: st.one_of(
            st.integers(0, 1200).map(lambda tenths: Observation(Status.MEASURED, (tenths,))),
            st.sampled_from(["absent", "too_small", "not_evaluable"]),
        ),
        Role.NON_TARGET: st.sampled_from(["present", "absent", "progressed", "not_evaluable"]),
        Role.NEW: st.sampled_from(["equivocal", "unequivocal", "resolved"]),
    }
    changed = observation(data.draw(others[lesion.role]))
    assert changed is not None
    calipers = one.observations[said].calipers if changed.diameters else ()
    changed = replace(changed, calipers=calipers)
    other = replace(one, observations={**one.observations, said: changed})
    reasons = why(one, other)
    if not reasons:  # most single statements change no answer
        return

    of_lesion = [
        each
        for each in reasons
        if each.decisive and (said[0], said[1], said[1]) in each.difference.exchange.statements
    ]
    assert of_lesion
    assert reasons[0].decisive


@EXAMPLES
@given(reads(), reads())
def test_the_answer_is_the_same_every_time(first: Read, second: Read) -> None:
    """Nothing is left to chance: asked twice, it is the same in every word."""
    assert [str(one) for one in why(first, second)] == [str(one) for one in why(first, second)]
