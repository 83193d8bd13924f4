"""``trial quality`` and ``trial re-reads`` on a small trial of two readers and an adjudicator."""

import csv
from pathlib import Path

import pytest

from napari_recist.trial import (
    AdjudicationReason,
    Choice,
    TrialRole,
    Verdict,
    adjudicate,
    assign_adjudicator,
    create_trial,
    end_follow_up,
    register,
)
from napari_recist.trial.reads.cases import order_on_table
from tests.cli.test_trial_commands import Run, run
from tests.trial.conftest import PASSWORD, quick_passwords, scheduled, seated
from tests.trial.reading_by_hand import read_through

__all__ = ["quick_passwords", "run"]

WEEK_8 = {"P1": (15, 15), "P2": (30, 30), "P3": (15, 40), "P4": (30, 40)}
"""Diameters by anna and by boris after a baseline of 30 mm: P3 and P4 differ."""


@pytest.fixture
def read_trial(tmp_path: Path) -> Path:
    """Return a trial whose four patients are read; anna is right on P3 and P4."""
    file = tmp_path / "charter.toml"
    file.write_text("[quality]\nre_read_percent = 50\nre_read_min_days = 1\n", encoding="utf-8")
    with create_trial(str(tmp_path / "read.db"), file) as trial:
        trial.admit("jane", TrialRole.ADJUDICATOR, PASSWORD)
        for subject, (by_anna, by_boris) in WEEK_8.items():
            for week in (0, 8):
                register(trial, scheduled(subject, f"W{week}" if week else "BL", week))
            read_through(seated(trial, "anna", subject), subject, (30, by_anna))
            read_through(seated(trial, "boris", subject), subject, (30, by_boris))
            assign_adjudicator(trial, subject, "jane")
            end_follow_up(trial, subject, "progression")
        for subject in ("P3", "P4"):
            order = order_on_table(trial.uid, subject, ("anna", "boris"))
            choice = (Choice.READ_A, Choice.READ_B)[order.index("anna")]
            verdict = Verdict(choice, AdjudicationReason.MEASUREMENT)
            adjudicate(trial.sign_in("jane", PASSWORD), subject, verdict, PASSWORD)
    return tmp_path / "read.db"


def test_quality_counts_by_reader(run: Run, read_trial: Path, tmp_path: Path) -> None:
    """Of four cases two were adjudicated, both for anna: her index is 0, that of boris 50."""
    code, out, _ = run("trial", "quality", str(read_trial), "--out", "quality")
    with (tmp_path / "quality" / "readers.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["reader"]: row for row in csv.DictReader(file) if not row["pair"]}

    assert code == 0
    assert [Path(line).is_file() for line in out.split()] == [True] * len(out.split())
    assert {name: (row["cases"], row["disagreement_index"]) for name, row in rows.items()} == {
        "anna": ("4", "0.0"),
        "boris": ("4", "50.0"),
    }
    assert {row["adjudicated_pct"] for row in rows.values()} == {"50.0"}


def test_re_reads_are_scheduled_once_they_are_due(run: Run, read_trial: Path) -> None:
    """Half of each reader's four cases; nothing is due today, all of it after two months."""
    code, today, _ = run("trial", "re-reads", str(read_trial), "--seed", "7")
    _, later, _ = run("trial", "re-reads", str(read_trial), "--seed", "7", "--day", "2099-01-01")
    _, again, _ = run("trial", "re-reads", str(read_trial), "--seed", "7", "--day", "2099-01-01")

    assert code == 0
    assert today.count("not scheduled yet") == 4
    assert later.count(": scheduled") == 4
    assert again == ""
