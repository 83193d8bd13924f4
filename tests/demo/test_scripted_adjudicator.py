"""Facts about the scripted adjudicator: the patient whose readers differ is settled as is true."""

from pathlib import Path

import pytest

from napari_recist.criteria import assess_read, discordances, replay
from napari_recist.demo.dictated_read import dictate
from napari_recist.demo.sample_database import PASSWORD
from napari_recist.demo.scripted_adjudicator import RULINGS, settle
from napari_recist.phantom import TrialTruth, sample, sample_trial
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import (
    TrialRole,
    accepted_reader,
    assign,
    assign_adjudicator,
    create_trial,
)

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
CODE = "NRC-003-0001"


def test_the_ruling_is_true_of_the_patient() -> None:
    """A lesion is there at week 24 that was not before; the reader who is right calls it so."""
    (code,) = RULINGS
    patient, ruling = sample_trial().subject(code), RULINGS[code]
    seen = [visit.lesion("liver-4").visible for visit in patient.visits]
    (right,) = (one for one in patient.readings if one.reader == ruling.reader)
    (wrong,) = (one for one in patient.readings if one.reader != ruling.reader)

    assert code == CODE
    assert seen == [False, False, False, True]
    assert right.progression_visit == ruling.progressed_at == "W24"
    assert wrong.progression_visit == ""
    assert right.confirmed_best_response == wrong.confirmed_best_response


def test_readers_differ_in_no_other_patient() -> None:
    """By the truth of the script every other patient has the same answers of both readers."""
    differing = [
        patient.code
        for patient in sample_trial().subjects
        if len({_answers(reading) for reading in patient.readings}) > 1
    ]

    assert differing == list(RULINGS)


def _answers(reading: object) -> tuple[str, ...]:
    names = ("confirmed_best_response", "progression_visit", "best_visit")
    return tuple(getattr(reading, name) for name in names)


@pytest.mark.ui
@pytest.mark.usefixtures("screen", "qapp")
def test_the_window_settles_the_case_as_is_true(tmp_path: Path) -> None:
    """Read by both as the script says, then settled by keys: the true read is the accepted one."""
    (script,) = (one for one in sample.SAMPLE_TRIAL if one.code == CODE)
    sample._write_scans(tmp_path / "scans", [script])
    patient = sample_trial().subject(CODE)
    (tmp_path / "screenshots").mkdir()
    with create_trial(str(tmp_path / "trial.sqlite"), SAMPLE_DATA / "charter.toml") as trial:
        import_images(trial, tmp_path / "scans")
        trial.admit("A1", TrialRole.ADJUDICATOR, PASSWORD)
        for reading in patient.readings:
            trial.admit(reading.reader, TrialRole.READER, PASSWORD)
            assign(trial, CODE, reading.reader)
            session = ReadingSession(trial.sign_in(reading.reader, PASSWORD), CODE)
            dictate(session, patient, reading, PASSWORD)
        assign_adjudicator(trial, CODE, "A1")
        checks = tuple(
            settle(trial, TrialTruth((patient,)), tmp_path, PASSWORD, lambda _told: None)
        )
        verified = trial.verify()
        accepted = accepted_reader(trial, CODE)
        reads = [replay(trial.events(CODE, reading.reader)) for reading in patient.readings]
        found = discordances(*(assess_read(one, trial.charter) for one in reads), trial.charter)

    assert [check.agrees for check in checks] == [True, True]
    assert accepted == "R2"
    assert [(one.first, one.second) for one in found] == [("none", "W24")]
    assert verified.count > 0
    pictures = sorted(path.name for path in (tmp_path / "screenshots").iterdir())
    assert pictures == [f"{CODE}-adjudication-decision.png", f"{CODE}-adjudication.png"]
