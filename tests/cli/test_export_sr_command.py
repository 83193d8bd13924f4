"""The command ``export sr``: files named, refusals told."""

from pathlib import Path

from tests.cli.test_trial_commands import Run, made, run, sign_baseline
from tests.reading.conftest import scans
from tests.trial.conftest import quick_passwords

__all__ = ["made", "quick_passwords", "run", "scans"]


def test_export_sr_names_the_reports(made: Run, tmp_path: Path) -> None:
    """The signed baseline becomes one report; the manifest proves it afterwards."""
    sign_baseline()
    made("trial", "freeze", "trial.db")
    code, out, _ = made("export", "sr", "--trial", "trial.db", "--out", "reports")

    assert code == 0
    assert sorted(Path(line).name for line in out.split()) == [
        "P1_BL_RADIOLOGIST-1.dcm",
        "differences.csv",
        "manifest.json",
    ]
    assert made("verify", "reports")[0] == 0


def test_export_sr_of_nothing_frozen_is_refused(made: Run, tmp_path: Path) -> None:
    """Without a frozen transfer, or with a number there is not: one message, and no folder."""
    sign_baseline()
    code, _, err = made("export", "sr", "--trial", "trial.db", "--out", "reports")
    made("trial", "freeze", "trial.db")
    other, _, _ = made("export", "sr", "--trial", "trial.db", "--out", "reports", "--transfer", "2")

    assert (code, other) == (1, 1)
    assert "trial freeze" in err
    assert not (tmp_path / "reports").exists()
