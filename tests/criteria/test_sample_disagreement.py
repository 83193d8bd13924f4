"""The two readers of the sample trial: which lesions are the same, and why they differ."""

from dataclasses import replace

import pytest

from napari_recist.criteria import (
    AdjudicationTrigger,
    Axis,
    Caliper,
    Charter,
    ImagePlace,
    Lesion,
    Observation,
    Read,
    Status,
    Visit,
    Weight,
    WhyDiffer,
    assess_read,
    discordances,
    same_lesions,
    why_differ,
)
from napari_recist.criteria.tenths import from_raw
from napari_recist.phantom import LesionTruth, ReadingTruth, SubjectTruth, sample_trial

TRIAL = sample_trial()


def read_of(subject: SubjectTruth, reading: ReadingTruth) -> Read:
    """Return a reader's read as scripted, every lesion where it lies in the patient."""
    lesions, said, places = {}, {}, {}
    for visit, scan in zip(reading.visits, subject.visits, strict=True):
        for one in visit.statements:
            lesions[one.lesion] = Lesion(one.lesion, one.role, one.organ, one.site, one.node)
            size = () if one.diameter_mm is None else (from_raw(one.diameter_mm),)
            truth = scan.lesion(one.truth[0]) if one.truth else None
            drawn = (caliper(truth, scan.label),) if truth and size else ()
            said[visit.label, one.lesion] = Observation(one.status, size, drawn)
            if truth and not size:
                places[visit.label, one.lesion] = ImagePlace(
                    "1.2", "1.3", 1, 0, 0, truth.centre, scan.label
                )
    visits = tuple(Visit(scan.label, scan.date) for scan in subject.visits)
    return Read(subject.code, reading.reader, visits, tuple(lesions.values()), said, places=places)


def caliper(truth: LesionTruth, frame: str) -> Caliper:
    """Return the caliper of a lesion as it is in truth; each scan is a space of its own."""
    return Caliper(Axis(*truth.long_axis, truth.long_mm), None, "1.2", "1.3", 1, frame, "")


def reads_of(subject: SubjectTruth) -> tuple[Read, Read]:
    """Return both reads of a patient."""
    first, second = (read_of(subject, reading) for reading in subject.readings)
    return first, second


@pytest.mark.parametrize("subject", TRIAL.subjects, ids=lambda subject: subject.code)
def test_lesions_are_matched_as_the_patient_has_them(subject: SubjectTruth) -> None:
    """Two readers' lesions are the same exactly where they stand for one lesion of the patient."""
    meant = [
        {
            one.lesion: one.truth[0]
            for visit in reading.visits
            for one in visit.statements
            if one.truth
        }
        for reading in subject.readings
    ]
    matched = {
        (pair.first, pair.second)
        for pair in same_lesions(*reads_of(subject)).pairs
        if pair.distance_mm is not None
    }

    assert matched == {
        (one, other) for one, a in meant[0].items() for other, b in meant[1].items() if a == b
    }


@pytest.mark.parametrize("subject", TRIAL.subjects, ids=lambda subject: subject.code)
def test_only_the_patient_written_to_disagree_is_adjudicated(subject: SubjectTruth) -> None:
    """By the charter's triggers the readers differ where their scripts do and nowhere else."""
    first, second = (assess_read(read) for read in reads_of(subject))
    scripted = [(one.confirmed_best_response, one.progression_visit) for one in subject.readings]

    assert bool(discordances(first, second, Charter())) is (scripted[0] != scripted[1])


def test_why_the_readers_of_the_sample_trial_differ() -> None:
    """Progression turns on one new lesion; the response of week 16 on the choice of targets.

    The new lesion hides the targets: were it equivocal for both, one reader would confirm the PR.
    """
    (subject,) = [
        one
        for one in TRIAL.subjects
        if len({reading.progression_visit for reading in one.readings}) > 1
    ]
    first, second = reads_of(subject)
    dated = why_differ(first, second, Charter())
    at_visits = why_differ(
        first, second, Charter(), triggers=(AdjudicationTrigger.OVERALL_RESPONSE,)
    )

    assert dated[0].code is WhyDiffer.NEW_LESION_CALL
    assert dated[0].weight is Weight.ONE_WAY
    assert [(one.trigger, one.first, one.second) for one in dated[0].reveals] == [
        (AdjudicationTrigger.BEST_RESPONSE, "SD", "PR"),
        (AdjudicationTrigger.FIRST_RESPONSE_DATE, "none", "W16"),
    ]
    assert "equivocal" in dated[0].difference.words
    assert "unequivocal" in dated[0].difference.words
    chosen = next(one for one in at_visits if one.code is WhyDiffer.TARGETS)
    assert [(one.first, one.second, one.visit) for one in chosen.settles] == [("SD", "PR", "W16")]
    assert chosen.difference.first_lesions == chosen.difference.second_lesions == ("T2",)


def test_a_new_lesion_that_both_call_settles_the_sample_trial() -> None:
    """With the new lesion called alike, the charter's triggers find nothing to adjudicate."""
    (subject,) = [
        one
        for one in TRIAL.subjects
        if len({reading.progression_visit for reading in one.readings}) > 1
    ]
    first, second = reads_of(subject)
    sure = {
        key: replace(one, status=Status.UNEQUIVOCAL) if one.status is Status.EQUIVOCAL else one
        for key, one in first.observations.items()
    }
    alike = replace(first, observations=sure)

    assert not discordances(assess_read(alike), assess_read(second), Charter())
