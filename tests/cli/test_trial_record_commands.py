"""Queries, clinical data, the audit trail, a worklist and what is overdue, on the command line."""

import json
from pathlib import Path

from napari_recist.trial import open_trial
from tests.cli.test_trial_commands import Run, made, run, sign_baseline
from tests.reading.conftest import scans
from tests.trial.conftest import quick_passwords

__all__ = ["made", "quick_passwords", "run", "scans"]

QUERIES = ("trial", "queries", "trial.db")


def test_a_query_is_raised_answered_and_closed(made: Run) -> None:
    """Each step is told; a settled query is listed only when asked for."""
    where = ("--subject", "P1", "--visit", "W8")
    _, raised, _ = made(*QUERIES, "--raise", "missing-slices", *where, "--text", "Slices 3 to 5?")
    _, answered, _ = made(*QUERIES, "--answer", "Q1", "--text", "sent again")
    _, closed, _ = made(*QUERIES, "--close", "Q1", "--text", "complete", "--accept", *where)
    _, every, _ = made(*QUERIES, "--all")

    assert raised == "Q1  P1 W8  slices are missing: Slices 3 to 5? [open]\n"
    assert answered == "Q1  P1 W8  slices are missing: Slices 3 to 5? / sent again [open]\n"
    assert closed == ""
    assert every == "Q1  P1 W8  slices are missing: Slices 3 to 5? / sent again [complete]\n"


def test_what_cannot_be_asked_is_told(made: Run) -> None:
    """An unknown code and a visit without images: one message each, nothing recorded."""
    code, _, unknown = made(*QUERIES, "--raise", "nonsense", "--subject", "P1", "--visit", "W8")
    _, _, nowhere = made(*QUERIES, "--raise", "other", "--subject", "P1", "--visit", "W99")

    assert code == 1
    assert "Known: burned-in-text, not-readable" in unknown
    assert "P1 has no images of 'W99'" in nowhere
    assert made(*QUERIES, "--all")[1] == ""


def test_the_audit_is_written(made: Run, tmp_path: Path) -> None:
    """As NDJSON with every column of the record; a file that is there is not overwritten."""
    sign_baseline()
    code, out, _ = made("trial", "audit", "trial.db", "--out", "audit.ndjson")
    lines = (tmp_path / "audit.ndjson").read_text(encoding="utf-8").splitlines()
    again, _, err = made("trial", "audit", "trial.db", "--out", "audit.ndjson")

    assert code == 0
    assert out == f"audit.ndjson: {len(lines)} records.\n"
    assert [json.loads(line)["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    assert (again, "is there already" in err) == (1, True)


def test_a_reader_lists_their_worklist(made: Run) -> None:
    """Coded patients and what is next, after the password."""
    sign_baseline()

    assert made("trial", "worklist", "trial.db", "--name", "anna")[1] == "P1  week 8 to be read\n"
    assert made("trial", "worklist", "trial.db", "--name", "nobody")[0] == 1


def test_status_tells_what_is_overdue(made: Run) -> None:
    """The scans of 2025 go no further than week 16: week 24 is the first that is missing."""
    _, out, _ = made("trial", "status", "trial.db", "--overdue")

    assert out.splitlines()[0] == "P1  W24  images  2025-06-23"


def test_clinical_data_are_given_from_a_file(made: Run, tmp_path: Path) -> None:
    """Items are counted by patient; a fault names its line."""
    (tmp_path / "c.csv").write_text("subject,item,value\nP1,ECOG,1\nP1,AFP,9\n", encoding="utf-8")
    _, out, _ = made("trial", "clinical", "trial.db", "c.csv")
    (tmp_path / "d.csv").write_text("subject,item,value\n,ECOG,1\n", encoding="utf-8")
    code, _, err = made("trial", "clinical", "trial.db", "d.csv")

    assert out == "P1: 2 items\n"
    assert (code, "d.csv, line 2, subject" in err) == (1, True)
    with open_trial("trial.db") as trial:
        assert trial.verify().count
