"""A read with proposals is, to all who look at it, the read without them."""

from collections.abc import Callable
from pathlib import Path

from pydicom.dataset import Dataset

from napari_recist.exporting.csv_files import export_csv
from napari_recist.exporting.dicom.export import export_sr
from napari_recist.exporting.odm.export import export_odm
from napari_recist.reading import ReadingSession, import_images
from napari_recist.reading.structured_reports.parsing import read_report
from napari_recist.reading.structured_reports.proposing import ReportIntake
from napari_recist.trial import Trial, freeze
from tests.reading.conftest import read_baseline
from tests.reading.structured_reports.reports import write_report
from tests.reading.structured_reports.test_proposing import bidirectional, length
from tests.trial.conftest import seated

CHARTER = """
[trial]
id = "HCC-1"
[deidentification]
on_import = false
subject_code = "(?P<site>P)[0-9]+"
"""
"""ODM needs the site of each patient."""


def test_judgement_and_exports_are_those_of_the_read_without(
    new_trial: Callable[[str], Trial], scans: Path, tmp_path: Path, baseline: list[Dataset]
) -> None:
    """Two readers do the same, one with proposals left open: same judgement, same rows."""
    trial = new_trial(CHARTER)
    import_images(trial, scans)
    groups = [bidirectional(baseline[1], "T01"), length(baseline[2], "T02")]
    report = write_report(tmp_path / "sr.dcm", groups, baseline)
    anna, boris = seated(trial, "anna", "P1"), seated(trial, "boris", "P1")
    ReportIntake(boris).take(report)
    sessions = [ReadingSession(seat, "P1") for seat in (anna, boris)]
    for session in sessions:
        read_baseline(session)
    freeze(trial)
    export_csv(trial, tmp_path / "out")
    export_odm(trial, tmp_path / "odm")
    export_sr(trial, tmp_path / "sr")

    assert [len(session.read.proposals) for session in sessions] == [0, 2]
    assert sessions[0].assessment.visits == sessions[1].assessment.visits
    for table in ("LESIONS.csv", "timepoints.csv"):
        rows = (tmp_path / "out" / table).read_text(encoding="utf-8").splitlines()
        of_anna = [row.replace("anna", "X") for row in rows if "anna" in row]
        assert of_anna
        assert of_anna == [row.replace("boris", "X") for row in rows if "boris" in row]
    files = [file for file in (tmp_path / "odm").rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert "highdicom" not in file.read_text(encoding="utf-8")
        assert "proposed" not in file.read_text(encoding="utf-8").lower()
    reports = [read_report(tmp_path / "sr" / f"P1_BL_RADIOLOGIST-{n}.dcm") for n in (1, 2)]
    assert reports[0].measurements == reports[1].measurements
    assert trial.verify().count > 0
