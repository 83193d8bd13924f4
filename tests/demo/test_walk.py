"""Facts about the scripted read: through the real window, the small sample patient reads true."""

import csv
import dataclasses
from pathlib import Path

import pytest

from napari_recist.demo.sample_database import PASSWORD
from napari_recist.demo.walk import walk
from napari_recist.phantom import TrialTruth, sample_trial
from napari_recist.reading import import_images
from napari_recist.trial import create_trial

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
        trial.add_reader("R1", PASSWORD)

        comparison = walk(trial, small_trial, tmp_path / "out", PASSWORD, told.append)
        verified = trial.verify()

    assert comparison.differences == ()
    assert len(comparison.diameters) == 8
    assert verified.count > 0
    pictures = sorted(path.name for path in (tmp_path / "out" / "screenshots").iterdir())
    assert pictures == [f"NRC-003-0002-R1-{visit}.png" for visit in ("BL", "W16", "W24", "W8")]
    with (tmp_path / "out" / "timepoints.csv").open(encoding="utf-8", newline="") as file:
        overall = [row["overall_response"] for row in csv.DictReader(file)]
    assert overall == ["", "SD", "SD", "SD"]
