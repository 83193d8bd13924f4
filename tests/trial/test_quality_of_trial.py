"""The quality of reading taken from a trial that was read, signed and adjudicated."""

import pytest

from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    VisitOpened,
    assess_read,
    replay,
)
from napari_recist.errors import AccessRefusedError
from napari_recist.reading.quality_of_trial import quality_of
from napari_recist.statistics.proportions import Proportion
from napari_recist.trial import (
    AdjudicationReason,
    Choice,
    Trial,
    TrialRole,
    Verdict,
    adjudicate,
    assign_adjudicator,
    end_follow_up,
    register,
)
from napari_recist.trial.reads.cases import order_on_table
from tests.trial.conftest import PASSWORD, scheduled, seated

SIZES = {
    ("P1", "anna"): (500, 500),
    ("P1", "bert"): (500, 500),
    ("P2", "anna"): (500, 640),
    ("P2", "bert"): (500, 510),
}
"""T1 of each patient at baseline and week 8, tenths of a millimetre: P2 progresses for anna."""


def read(reader: Trial, subject: str) -> None:
    """Read and sign both visits of a patient."""
    for place, (visit, week) in enumerate((("BL", 0), ("W8", 8))):
        date = scheduled(subject, visit, week).date
        reader.append(subject, VisitOpened(visit, date))
        if not place:
            reader.append(subject, LesionAdded(visit, Lesion("T1", Role.TARGET, "liver", "S6")))
        size = SIZES[subject, reader.actor][place]
        reader.append(subject, LesionMeasured(visit, "T1", size))
        so_far = replay(reader.events(subject, reader.actor))
        assessed = assess_read(so_far, reader.charter).visit(visit)
        reader.sign(so_far, assessed, password=PASSWORD, meaning="read")


@pytest.fixture
def adjudicated(trial: Trial) -> Trial:
    """Return a trial of two patients read by anna and bert; the adjudicator sided with bert."""
    for subject in ("P1", "P2"):
        for visit, week in (("BL", 0), ("W8", 8)):
            register(trial, scheduled(subject, visit, week))
    for name in ("anna", "bert"):
        reader = seated(trial, name, "P1", "P2")
        for subject in ("P1", "P2"):
            read(reader, subject)
    for subject in ("P1", "P2"):
        end_follow_up(trial, subject, "last visit reached")
    trial.admit("cora", TrialRole.ADJUDICATOR, PASSWORD)
    assign_adjudicator(trial, "P2", "cora")
    bert = order_on_table(trial.uid, "P2", ("anna", "bert")).index("bert")
    verdict = Verdict((Choice.READ_A, Choice.READ_B)[bert], AdjudicationReason.MEASUREMENT)
    adjudicate(trial.sign_in("cora", PASSWORD), "P2", verdict, PASSWORD)
    return trial


def test_the_record_tells_the_quality_of_reading(adjudicated: Trial) -> None:
    """Two cases, one adjudicated, for bert: anna's index is 50, and the names are unmasked."""
    found = quality_of(adjudicated)
    anna, bert = found.readers

    assert [case.subject for case in found.cases if case.discordant] == ["P2"]
    assert (anna.disagreement.index, bert.disagreement.index) == (50, 0)
    assert bert.disagreement.agreed == Proportion(1, 1)
    (pair,) = found.pairs
    assert pair.agreement.best_response.kappa.agreed == Proportion(1, 2)
    assert [round(size.difference, 1) for size in pair.agreement.sizes] == [0, 0, 0, 13]


def test_a_reader_may_not_see_it(adjudicated: Trial) -> None:
    """Who agrees with whom would unblind the readers."""
    with pytest.raises(AccessRefusedError):
        quality_of(adjudicated.sign_in("anna", PASSWORD))
