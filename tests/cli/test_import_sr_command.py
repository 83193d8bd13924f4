"""``napari-recist import sr``: what was proposed and what was left out, file by file."""

import shutil
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from napari_recist.cli.passwords import PASSWORD_VARIABLE
from napari_recist.imaging.deidentify.key import KEY_VARIABLE
from napari_recist.reading import import_images
from napari_recist.reading.proposals import waiting
from napari_recist.reading.session import ReadingSession
from napari_recist.reading.structured_reports.parsing import NO_WHOLE_TARGET
from napari_recist.trial import create_trial, open_trial
from tests.cli.test_trial_commands import Run, run
from tests.reading.conftest import scans
from tests.reading.structured_reports.conftest import baseline, series
from tests.reading.structured_reports.reports import Group, Line, write_report
from tests.reading.structured_reports.test_proposing import bidirectional, length
from tests.trial.conftest import PASSWORD, quick_passwords, seated

__all__ = ["baseline", "quick_passwords", "run", "scans", "series"]


@pytest.fixture
def sr(
    tmp_path: Path,
    scans: Path,
    baseline: list[Dataset],
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
) -> Run:
    """Return the command in a folder with a trial of anna's and reports of P1's baseline."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    shutil.copytree(scans, "scans")
    with create_trial("trial.db", Path("charter.toml")) as trial:
        import_images(trial, Path("scans"))
        seated(trial, "anna", "P1")
    image = baseline[1]
    told = length(image, "T02")
    line = told.lines[0]
    two_points = Line(line.what, line.points, 30.4, image)
    groups = [bidirectional(image), Group((two_points,), "T02"), length(image, "NT01")]
    write_report(tmp_path / "good.dcm", groups, baseline)
    Path("bad.dcm").write_text("no report", encoding="utf-8")

    def command(*words: str) -> tuple[int, str, str]:
        return run("import", "sr", *words, "--trial", "trial.db", "--reader", "anna")

    return command


def test_each_file_says_what_became_of_it(sr: Run) -> None:
    """Lines with their lengths, a note where a length differs, what is left out and why."""
    code, out, err = sr("good.dcm")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "good.dcm: P1, 2 proposed",
        "  BL T1: 30.0 x 16.0 mm",
        "  BL T2: 30.0 mm",
        "    note: its report says 30.40 mm of the long axis, the image gives 30.00 mm",
        f"  left out: measurement 3: {NO_WHOLE_TARGET}",
    ]
    with open_trial("trial.db") as trial:
        session = ReadingSession(trial.sign_in("anna", PASSWORD), "P1")
        assert [one.lesion for one in waiting(session)] == ["T1", "T2"]
    assert not Path("trial.key").exists()


def test_a_refused_file_keeps_no_other_from_coming_in(sr: Run) -> None:
    """The refusal names the file; the good one is proposed; the command ends with 1."""
    code, out, err = sr("bad.dcm", "good.dcm")

    assert code == 1
    assert err == ("bad.dcm: refused. bad.dcm is no DICOM file. Export the report as DICOM.\n")
    assert "good.dcm: P1, 2 proposed" in out


def test_wrong_use_and_wrong_people_are_told(sr: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A patient who is not the reader's, a key that is not there, a wrong password."""
    other = sr("good.dcm", "--subject", "P9")
    keyless = sr("good.dcm", "--key", "nowhere.key")
    monkeypatch.setenv(PASSWORD_VARIABLE, "a wrong password")
    wrong = sr("good.dcm")

    assert (other[0], keyless[0], wrong[0]) == (1, 2, 1)
    assert "its images are not P9's" in other[2]
    assert "nowhere.key" in keyless[2]
    assert "Traceback" not in wrong[2]
