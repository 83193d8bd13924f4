"""Transfers on the command line: frozen, listed, exported by number, compared, verified."""

import json
from pathlib import Path

from tests.cli.test_trial_commands import Run, made, run, sign_baseline
from tests.reading.conftest import scans
from tests.trial.conftest import quick_passwords

__all__ = ["made", "quick_passwords", "run", "scans"]

EXPORT = ("export", "csv", "--trial", "trial.db", "--out")


def test_a_transfer_is_frozen_listed_and_exported(made: Run) -> None:
    """Freeze says the number; the list tells when, by whom, what for, and every export of it."""
    sign_baseline()
    code, out, _ = made("trial", "freeze", "trial.db", "--comment", "interim analysis")
    assert code == 0
    assert out.startswith("trial.db: transfer 1 frozen, ")
    made(*EXPORT, "out")
    _, listed, _ = made("trial", "transfers", "trial.db")
    _, told, _ = made("trial", "transfers", "trial.db", "--json")
    frozen, exported = listed.splitlines()
    (transfer,) = json.loads(told)

    assert frozen.startswith("1  ")
    assert frozen.endswith("  owner: interim analysis")
    assert exported.startswith("   csv  ")
    assert (transfer["number"], transfer["frozen_by"]) == (1, "owner")
    assert [export["export"] for export in transfer["exports"]] == ["csv"]


def test_transfers_are_compared(made: Run, tmp_path: Path) -> None:
    """Without numbers the latest with the one before; the first is compared with nothing."""
    sign_baseline()
    made("trial", "freeze", "trial.db")
    header = "kind,subject,evaluator,visit,lesion,item,before,after\n"
    assert made("trial", "differences", "trial.db")[:2] == (0, header)
    items = "subject,item,value\nP1,treatment start,2025-01-07\n"
    (tmp_path / "c.csv").write_text(items, encoding="utf-8")
    made("trial", "clinical", "trial.db", "c.csv")
    made("trial", "freeze", "trial.db")
    row = "patient,P1,,,,treatment start,{},{}\n"

    assert made("trial", "differences", "trial.db")[1] == header + row.format("", "2025-01-07")
    backwards = made("trial", "differences", "trial.db", "--from", "2", "--to", "1")[1]
    assert backwards == header + row.format("2025-01-07", "")
    code, _, err = made("trial", "differences", "trial.db", "--to", "3")
    assert (code, "has no transfer 3" in err) == (1, True)


def test_a_first_dose_is_given_as_a_date(made: Run, tmp_path: Path) -> None:
    """What exports count days from is refused in another form, with its line."""
    items = "subject,item,value\nP1,treatment start,7.1.2025\n"
    (tmp_path / "c.csv").write_text(items, encoding="utf-8")
    code, _, err = made("trial", "clinical", "trial.db", "c.csv")

    assert code == 1
    assert "c.csv, line 2, value: '7.1.2025' - the day of the first dose" in err


def test_a_number_chooses_the_transfer(made: Run, tmp_path: Path) -> None:
    """An older transfer is exported by its number."""
    sign_baseline()
    for _ in range(2):
        made("trial", "freeze", "trial.db")
    made(*EXPORT, "first", "--transfer", "1")
    made(*EXPORT, "latest")
    numbers = [
        json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))["transfer"]
        for name in ("first", "latest")
    ]

    assert numbers == [1, 2]


def test_verify_tells_who_exported(made: Run, tmp_path: Path) -> None:
    """The record knows the manifest; one that was written anew to fit its files is caught."""
    sign_baseline()
    made("trial", "freeze", "trial.db")
    made(*EXPORT, "out")
    code, out, _ = made("verify", "--trial", "trial.db", "--against", "out")
    assert (code, "out: transfer 1 as csv, exported by owner on " in out) == (0, True)
    manifest = tmp_path / "out" / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    del told["files"]["subjects.csv"]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert made("verify", "out")[0] == 0
    code, _, err = made("verify", "--trial", "trial.db", "--against", "out")

    assert (code, "no export with the manifest of out" in err) == (1, True)


def test_the_audit_tells_of_transfers(made: Run, tmp_path: Path) -> None:
    """A freeze with its comment as reason, an export with the manifest's hash, both in words."""
    sign_baseline()
    made("trial", "freeze", "trial.db", "--comment", "interim analysis")
    made(*EXPORT, "out")
    made("trial", "audit", "trial.db", "--out", "audit.csv")
    rows = (tmp_path / "audit.csv").read_text(encoding="utf-8").splitlines()[-2:]

    assert "transfer frozen" in rows[0]
    assert rows[0].endswith(",transfer 1,interim analysis")
    assert "transfer 1 as csv, manifest " in rows[1]
