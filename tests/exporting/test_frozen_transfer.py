"""A frozen transfer: what it holds, that it never changes, and that nothing else leaves."""

from napari_recist.criteria import Charter
from napari_recist.exporting.transfer.freezing import frozen_transfer, site_of
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import Trial
from tests.exporting.frozen_trials import (
    ADMINISTRATOR,
    AGREEING,
    MONITOR,
    OPEN,
    OWN,
    SETTLED,
    SUBJECTS,
    WAITING,
    true_date,
)
from tests.trial.conftest import PASSWORD


def test_a_transfer_names_nobody_by_their_name(transfer: Transfer) -> None:
    """Each read has an evaluator in the order of assignment; the one that counts is marked."""
    told = {
        patient.subject: [(read.evaluator, read.accepted) for read in patient.reads]
        for patient in transfer.patients
    }
    one, two, judge = "RADIOLOGIST 1", "RADIOLOGIST 2", "ADJUDICATOR 1"

    assert tuple(told) == SUBJECTS
    assert told[SETTLED] == [(one, True), (two, False)]
    assert told[OWN] == [(one, False), (two, False), (judge, True)]
    assert told[WAITING] == [(one, False), (two, False)]
    assert told[OPEN] == [(one, False)]
    assert [accepted for _, accepted in told[AGREEING]].count(True) == 1
    assert [patient.settled for patient in transfer.patients] == [True] * 5 + [False] * 2


def test_only_signed_visits_are_in_a_read(transfer: Transfer) -> None:
    """A visit begun and not signed is among what was stated, and not in the read."""
    (read,) = transfer.patients[SUBJECTS.index(OPEN)].reads
    stated = {getattr(event.fact, "visit", "") for event in read.events}

    assert stated == {"BL", "W8"}
    assert [visit.identifier for visit in read.read.visits] == ["BL"]
    assert {visit for visit, _ in read.read.observations} == {"BL"}
    assert [visit.visit for visit in read.assessment.visits] == ["BL"]


def test_dates_are_true_for_who_sees_identity_alone(
    shifted_trial: Trial, frozen_trial: Trial
) -> None:
    """The monitor's transfer has the days of the scans; an administrator's has shifted ones."""
    true = frozen_transfer(shifted_trial.sign_in(MONITOR, PASSWORD))
    shifted = frozen_transfer(shifted_trial.sign_in(ADMINISTRATOR, PASSWORD))
    unshifted = frozen_transfer(frozen_trial)

    assert (true.true_dates, shifted.true_dates) == (True, False)
    for place, subject in enumerate(SUBJECTS):
        for visit in true.patients[place].visits:
            assert visit.date == true_date(subject, visit.visit)
        assert true.patients[place].visits == unshifted.patients[place].visits
        assert true.patients[place].reference_date == unshifted.patients[place].reference_date
        days = [
            (late.date - early.date).days
            for early, late in zip(
                true.patients[place].reads[0].read.visits,
                shifted.patients[place].reads[0].read.visits,
                strict=True,
            )
        ]
        assert set(days) == {100 + place}
        assert shifted.patients[place].reference_date is None


def test_a_site_is_read_out_of_the_code(transfer: Transfer) -> None:
    """The charter's subject_code names the part that is the site."""
    assert [patient.site for patient in transfer.patients] == [
        "001",
        "001",
        "001",
        "002",
        "002",
        "003",
        "003",
    ]
    assert site_of("P1", Charter()) == ""
