"""The trial on the command line: made, filled, staffed, watched, exported, verified."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from napari_recist.cli import main
from napari_recist.criteria import Role
from napari_recist.reading import ReadingSession
from napari_recist.trial import open_trial
from tests.reading.conftest import AS_THEY_ARE, LONG, scans
from tests.trial.conftest import PASSWORD, quick_passwords, seated

__all__ = ["quick_passwords", "scans"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs ``napari-recist`` in a folder with a charter; gives code, output, errors."""
    monkeypatch.chdir(tmp_path)
    for variable in ("NAPARI_RECIST_PASSWORD", "NAPARI_RECIST_NEW_PASSWORD"):
        monkeypatch.setenv(variable, PASSWORD)
    monkeypatch.setenv("COLUMNS", "200")
    charter = f'[trial]\nid = "HCC-1"\n{AS_THEY_ARE}'
    (tmp_path / "charter.toml").write_text(charter, encoding="utf-8")

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["napari-recist", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return command


@pytest.fixture
def made(run: Run, scans: Path) -> Run:
    """Return the same, where ``trial.db`` has P1's images and the reader anna."""
    run("trial", "init", "trial.db", "--charter", "charter.toml")
    run("trial", "import", "trial.db", str(scans))
    run("trial", "users", "trial.db", "--add", "anna")
    return run


def sign_baseline() -> None:
    """Read and sign P1's baseline as anna."""
    with open_trial("trial.db") as trial:
        session = ReadingSession(seated(trial, "anna", "P1"), "P1")
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG)
        session.sign_visit(PASSWORD, "I read this visit")


def test_a_trial_is_made_filled_and_staffed(run: Run, scans: Path) -> None:
    """Init, import and users say what they did, and the trial holds it."""
    code, out, _ = run("trial", "init", "trial.db", "--charter", "charter.toml")
    assert (code, out.startswith("trial.db: new trial, charter ")) == (0, True)
    code, out, _ = run("trial", "import", "trial.db", str(scans))
    assert code == 0
    assert out.splitlines() == [
        "P1 BL 2025-01-06: abdomen portal venous",
        "P1 W8 2025-03-03: abdomen portal venous",
        "P1 W16 2025-04-28: abdomen portal venous",
    ]
    assert run("trial", "users", "trial.db", "--add", "anna")[:2] == (0, "anna  reader\n")

    with open_trial("trial.db") as trial:
        trial.sign_in("anna", PASSWORD)


def test_a_password_is_asked_for_twice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the environment variable the password comes from a hidden prompt."""
    run("trial", "init", "trial.db", "--charter", "charter.toml")
    monkeypatch.delenv("NAPARI_RECIST_NEW_PASSWORD")
    asked = []

    def prompt(text: str, *, hide_input: bool, confirmation_prompt: bool) -> str:
        asked.append((text, hide_input, confirmation_prompt))
        return "typed by hand"

    monkeypatch.setattr("typer.prompt", prompt)
    run("trial", "users", "trial.db", "--add", "boris")

    assert asked == [("New password of boris", True, True)]
    with open_trial("trial.db") as trial:
        trial.sign_in("boris", "typed by hand")


def test_status_counts_signed_visits(made: Run) -> None:
    """Status tells of each patient and reader what is signed and what comes next."""
    sign_baseline()
    _, out, _ = made("trial", "status", "trial.db")
    _, told, _ = made("trial", "status", "trial.db", "--json")

    assert [line.split() for line in out.splitlines()] == [
        ["subject", "reader", "signed", "next", "case"],
        ["P1", "anna", "1", "of", "3", "W8", "being", "read"],
    ]
    assert json.loads(told) == [
        {
            "subject": "P1",
            "reader": "anna",
            "signed": 1,
            "visits": 3,
            "next_visit": "W8",
            "case": "being read",
        }
    ]


def test_export_names_the_files(made: Run, tmp_path: Path) -> None:
    """Export csv writes the three tables and says where."""
    sign_baseline()
    made("trial", "freeze", "trial.db")
    code, out, _ = made("export", "csv", "--trial", "trial.db", "--out", "out")

    assert code == 0
    assert sorted(out.split()) == sorted(
        str(Path("out") / name)
        for name in (
            "LESIONS.csv",
            "differences.csv",
            "manifest.json",
            "subjects.csv",
            "timepoints.csv",
        )
    )
    assert all((tmp_path / name).is_file() for name in out.split())


def test_verify_tells_the_head(made: Run, tmp_path: Path) -> None:
    """Verify says how many records hold, and the hash they end in."""
    with closing(sqlite3.connect(tmp_path / "trial.db")) as connection:
        count, head = connection.execute("SELECT sequence, hash FROM chain_head").fetchone()

    assert made("verify", "--trial", "trial.db") == (
        0,
        f"trial.db: {count} records verified, head {head}.\n",
        "",
    )


def test_verify_holds_a_trial_to_its_exports(made: Run, tmp_path: Path) -> None:
    """A trial is checked against receipts and exports; an export is checked by itself."""
    sign_baseline()
    made("trial", "freeze", "trial.db")
    made("export", "csv", "--trial", "trial.db", "--out", "out")
    code, out, _ = made("verify", "--trial", "trial.db", "--against", "out")
    assert (code, "2 noted heads found in it" in out) == (0, True)
    code, out, _ = made("verify", "out")
    assert (code, out.startswith("out: 4 files as exported")) == (0, True)
    (tmp_path / "out" / "LESIONS.csv").write_text("", encoding="utf-8")
    code, _, err = made("verify", "out")

    assert (code, "LESIONS.csv was changed after the export" in err) == (1, True)
    assert made("verify")[0] == 2


def test_verify_names_the_broken_record(made: Run, tmp_path: Path) -> None:
    """A changed record gives exit code 1 and one line that names it."""
    with closing(sqlite3.connect(tmp_path / "trial.db")) as connection:
        connection.execute("DROP TRIGGER events_never_updated")
        connection.execute("UPDATE events SET subject = 'P9' WHERE sequence = 3")
        connection.commit()
    code, out, err = made("verify", "--trial", "trial.db")

    assert (code, out) == (1, "")
    assert err.startswith("napari-recist: Record 3 was changed.")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["trial", "status", "none.db"], "There is no trial at none.db"),
        (["verify", "--trial", "charter.toml"], "file is not a database"),
        (["trial", "init", "x.db", "--charter", "none.toml"], "none.toml"),
        (["trial", "init", "trial.db", "--charter", "charter.toml"], "already holds a database"),
        (["trial", "import", "trial.db", "nowhere"], "nowhere"),
        (["trial", "freeze", "trial.db"], "No visit in trial.db is signed"),
        (["export", "csv", "--trial", "trial.db", "--out", "o"], "No data of trial.db are frozen"),
        (["verify", "--trial", "postgresql://host/db"], "names no person"),
    ],
)
def test_a_refusal_is_one_message(made: Run, words: list[str], problem: str) -> None:
    """What cannot be done ends with exit code 1 and what to do, never with a traceback."""
    code, _, err = made(*words)

    assert code == 1
    assert problem in err.splitlines()[-1]
    assert "Traceback" not in err


def test_files_left_out_are_told(made: Run, tmp_path: Path, scans: Path) -> None:
    """What an import left out is told with its reason, also where nothing else was there."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "note.txt").write_text("not an image", encoding="utf-8")
    code, _, err = made("trial", "import", "trial.db", "mixed")
    assert code == 1
    assert "1 left out" in err
    assert "note.txt: " in err

    shutil.copytree(scans / "week0", folder / "scan")
    code, out, err = made("trial", "import", "trial.db", "mixed")
    assert (code, out.split()[:2]) == (0, ["P1", "BL"])
    assert "left out: " in err
    assert "note.txt: " in err


@pytest.mark.parametrize(
    "words",
    [
        ["trial", "init"],
        ["trial", "import"],
        ["trial", "users"],
        ["trial", "status"],
        ["trial", "freeze"],
        ["trial", "transfers"],
        ["trial", "differences"],
        ["export", "csv"],
        ["export", "sdtm"],
        ["verify"],
    ],
)
def test_every_command_has_an_example(run: Run, words: list[str]) -> None:
    """The help of each command shows how it is called."""
    code, out, _ = run(*words, "--help")

    assert code == 0
    assert f"Example: napari-recist {' '.join(words)} " in out


def test_images_are_coded_where_they_are_told_to(run: Run, scans: Path, tmp_path: Path) -> None:
    """Image folder, key file and list of subjects can be named; the copies are the trial's."""
    (tmp_path / "coded.toml").write_text('[trial]\nid = "HCC-1"\n', encoding="utf-8")
    (tmp_path / "subjects.csv").write_text(
        "patient_id,subject,site\nP1,HCC-7,001\n", encoding="utf-8"
    )
    run("trial", "init", "coded.db", "--charter", "coded.toml")
    places = ("--images", "kept", "--key-file", "secret.key", "--subjects", "subjects.csv")
    code, out, _ = run("trial", "import", "coded.db", str(scans), *places)

    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["HCC-7", "BL"],
        ["HCC-7", "W8"],
        ["HCC-7", "W16"],
    ]
    assert len(list((tmp_path / "kept" / "HCC-7").rglob("*.dcm"))) == 12
    assert (tmp_path / "secret.key").is_file()
    with open_trial("coded.db") as trial:
        files = trial.visits("HCC-7")[0].series[0].files
    assert all(Path(file).is_relative_to(tmp_path / "kept") for file in files)
