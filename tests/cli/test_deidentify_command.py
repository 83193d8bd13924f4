"""``napari-recist deidentify``: a folder in, a coded folder out, again and again."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest

from napari_recist.cli import main
from napari_recist.imaging.deidentify.key import KEY_VARIABLE
from tests.reading.tiny_ct import write_ct

Run = Callable[..., tuple[int, str, str]]

CHARTER = "[trial]\nid = 'HCC-1'\n[deidentification]\nsubject_code = 'HCC-\\d+'\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs the command in a folder with scans of DOE-47; gives code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    Path("charter.toml").write_text(CHARTER, encoding="utf-8")
    Path("subjects.csv").write_text("patient_id,subject,site\nDOE-47,HCC-7,1\n", encoding="utf-8")
    write_ct(Path("scans") / "Doe Jane", "DOE-47", dt.date(2025, 1, 6))
    (Path("scans") / "Doe Jane" / "note.txt").write_text("no image", encoding="utf-8")

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["napari-recist", "deidentify", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return command


WORDS = ("scans", "coded", "--charter", "charter.toml", "--subjects", "subjects.csv")


def test_a_folder_is_deidentified_and_again(run: Run) -> None:
    """Coded files stand under subject, date and series; a second run finds all of them there."""
    code, out, err = run(*WORDS)
    assert (code, out) == (
        0,
        "4 files de-identified (4 written, 0 there already), 1 left out.\n",
    )
    assert err == "left out: file 1: it is no DICOM file\n"
    files = sorted(Path("coded").rglob("*.dcm"))
    assert {file.parts[1] for file in files} == {"HCC-7"}
    assert pydicom.dcmread(files[0]).PatientID == "HCC-7"
    assert Path("charter.key").stat().st_mode & 0o777 == 0o600

    assert run(*WORDS)[1] == "4 files de-identified (0 written, 4 there already), 1 left out.\n"


def test_names_are_shown_only_when_asked_for(run: Run) -> None:
    """The names of files left out may tell the patient: they are shown on demand only."""
    assert "Doe Jane" not in "".join(run(*WORDS)[1:])
    assert str(Path("Doe Jane") / "note.txt") in run(*WORDS, "--show-names")[2]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (WORDS[:4], "No file could be de-identified"),
        (("nowhere", *WORDS[1:]), "no such file or folder"),
        (("scans", "scans/coded", *WORDS[2:]), "overlap"),
        ((*WORDS[:2], "--charter", "none.toml"), "none.toml"),
        ((*WORDS[:5], "none.csv"), "none.csv"),
        ((*WORDS, "--key-file", "no/such.key"), "such.key"),
    ],
)
def test_a_refusal_is_one_message(run: Run, words: tuple[str, ...], problem: str) -> None:
    """What cannot be done ends with exit code 1 and what to do, never with a traceback."""
    code, _, err = run(*words)

    assert code == 1
    assert problem in err.splitlines()[-1]
    assert "DOE-47" not in err
    assert "Traceback" not in err


def test_help_has_an_example(run: Run) -> None:
    """The help shows how the command is called."""
    code, out, _ = run("--help")

    assert code == 0
    assert "napari-recist deidentify scans/ coded/" in out
