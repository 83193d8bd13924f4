"""The command ``endpoints``, as a statistician types it."""

from pathlib import Path

from tests.cli.test_assess_commands import LESIONS
from tests.cli.test_trial_commands import Run, made, run, sign_baseline
from tests.reading.conftest import scans
from tests.trial.conftest import quick_passwords

__all__ = ["made", "quick_passwords", "run", "scans"]

TABLES = {"rates.csv", "landmark.csv", "times.csv", "survival.csv", "curves.csv"}


def test_end_points_of_tables(made: Run, tmp_path: Path) -> None:
    """What ``assess`` wrote is analysed: progression at week 16, counted from baseline."""
    (tmp_path / "LESIONS.csv").write_text(LESIONS, encoding="utf-8")
    made("assess", "LESIONS.csv", "--out", "answer")
    code, out, _ = made("endpoints", "answer/subjects.csv", "--out", "points")
    told = (tmp_path / "points" / "times.csv").read_text(encoding="utf-8")

    assert code == 0
    assert {Path(line).name for line in out.split()} == TABLES
    assert "R1,P1,progression-free survival" in told
    assert ",2024-01-01,2024-04-22,113,yes,progression" in told


def test_end_points_of_a_trial(made: Run, tmp_path: Path) -> None:
    """From the frozen transfer, with a manifest that ``verify`` proves."""
    sign_baseline()
    made("trial", "freeze", "trial.db")
    code, out, _ = made("endpoints", "--trial", "trial.db", "--out", "points")

    assert code == 0
    assert {Path(line).name for line in out.split()} > TABLES
    assert made("verify", "points")[0] == 0


def test_tables_and_a_trial_at_once_are_refused(made: Run, tmp_path: Path) -> None:
    """Neither of the two, or both: one message that says so, and nothing written."""
    for arguments in ((), ("subjects.csv", "--trial", "trial.db")):
        code, _, err = made("endpoints", *arguments, "--out", "points")
        assert code == 1
        assert "either SUBJECTS.csv or --trial" in err
    assert not (tmp_path / "points").exists()
