"""Facts about the scripted read: through the real window, the small sample patient reads true."""

import csv
import dataclasses
from pathlib import Path

import pytest

from napari_recist.criteria import Role
from napari_recist.demo.effort import most_for_unchanged
from napari_recist.demo.sample_database import PASSWORD
from napari_recist.demo.walk import walk
from napari_recist.phantom import TrialTruth, sample, sample_trial
from napari_recist.reading import import_images
from napari_recist.trial import TrialRole, assign, create_trial

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture
def small_trial() -> TrialTruth:
    """Return the truth of the patient kept with the project, read by one reader."""
    patient = sample_trial().subject("NRC-003-0002")
    return TrialTruth((dataclasses.replace(patient, readings=patient.readings[:1]),))


@pytest.mark.ui
@pytest.mark.usefixtures("screen", "qapp")
def test_the_window_reads_the_patient_as_true(small_trial: TrialTruth, tmp_path: Path) -> None:
    """Drawn with the mouse, each diameter is right to half a mm and every response as expected."""
    told: list[str] = []
    with create_trial(str(tmp_path / "trial.sqlite"), SAMPLE_DATA / "charter.toml") as trial:
        import_images(trial, SAMPLE_DATA)
        trial.admit("R1", TrialRole.READER, PASSWORD)
        assign(trial, "NRC-003-0002", "R1")

        comparison = walk(trial, small_trial, tmp_path / "out", PASSWORD, told.append)
        verified = trial.verify()

    assert comparison.differences == ()
    assert len(comparison.diameters) == 8
    assert [effort.baseline for effort in comparison.efforts] == [True, False, False, False]
    assert verified.count > 0
    pictures = sorted(path.name for path in (tmp_path / "out" / "screenshots").iterdir())
    assert pictures == [f"NRC-003-0002-R1-{visit}.png" for visit in ("BL", "W16", "W24", "W8")]
    with (tmp_path / "out" / "timepoints.csv").open(encoding="utf-8", newline="") as file:
        overall = [row["overall_response"] for row in csv.DictReader(file)]
    assert overall == ["", "SD", "SD", "SD"]


@pytest.mark.ui
@pytest.mark.usefixtures("screen", "qapp")
def test_an_unchanged_lesion_takes_three_gestures_at_most(tmp_path: Path) -> None:
    """A read of 5 targets, 2 non-targets and 1 new lesion by mouse and keys alone, all true.

    Finding the slice, drawing, and going on: no unchanged lesion of any follow-up visit needs more
    than three gestures, and all of a visit's other gestures are to sign and to list the new lesion.
    """
    patient = sample_trial().subject("NRC-003-0003")
    (script,) = (one for one in sample.SAMPLE_TRIAL if one.code == patient.code)
    sample._write_scans(tmp_path / "scans", [script])
    truth = TrialTruth((dataclasses.replace(patient, readings=patient.readings[:1]),))
    with create_trial(str(tmp_path / "trial.sqlite"), SAMPLE_DATA / "charter.toml") as trial:
        import_images(trial, tmp_path / "scans")
        trial.admit("R1", TrialRole.READER, PASSWORD)
        assign(trial, patient.code, "R1")
        comparison = walk(trial, truth, tmp_path / "out", PASSWORD, lambda _told: None)
    roles = [said.role for said in truth.subjects[0].readings[0].visits[-1].statements]
    later = comparison.efforts[1:]

    assert [roles.count(role) for role in (Role.TARGET, Role.NON_TARGET, Role.NEW)] == [5, 2, 1]
    assert comparison.differences == ()
    assert [len(effort.unchanged) for effort in later] == [7, 7, 7]
    assert most_for_unchanged(comparison.efforts) <= 3
    assert later[0].total.total <= 7 * 3 + later[0].signing.total
    assert "3 at most" in (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
