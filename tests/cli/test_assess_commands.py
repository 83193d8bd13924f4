"""The commands that judge tables: what they write, what they warn of, what they refuse."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import napari_recist.cli.assess  # noqa: F401 - adds its commands
from napari_recist.cli import app, validate
from napari_recist.criteria import target
from napari_recist.errors import CharterError, ExportError, RecistError, TableError

LESIONS = """\
subject,reader,visit,date,lesion,role,node,organ,status,diameter_mm,into,reason
P1,R1,BL,2024-01-01,T1,target,no,liver,measured,20.0,,
P1,R1,W8,2024-02-26,T1,target,no,liver,measured,24.0,,
P1,R1,W16,2024-04-22,T1,target,no,liver,measured,29.0,,
"""


def run(*arguments: str | Path) -> Result:
    """Run the command line with these arguments."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def lesions(tmp_path: Path) -> Path:
    """Return a small LESIONS.csv."""
    path = tmp_path / "LESIONS.csv"
    path.write_text(LESIONS, encoding="utf-8")
    return path


def responses(out: Path) -> list[str]:
    """Return the overall responses written."""
    return [row["overall_response"] for row in rows(out / "timepoints.csv")]


def test_assess(lesions: Path, tmp_path: Path) -> None:
    """Two tables are written: the visits with their responses, and each patient's best."""
    done = run("assess", lesions, "--out", tmp_path / "out")

    assert done.exit_code == 0
    assert responses(tmp_path / "out") == ["", "SD", "PD"]
    assert [row["best_response"] for row in rows(tmp_path / "out" / "subjects.csv")] == ["SD"]
    assert done.stderr == ""
    assert "timepoints.csv" in done.stdout


def test_assess_by_a_charter(lesions: Path, tmp_path: Path) -> None:
    """A charter decides; criteria named on the line stand in place of the charter's."""
    charter = tmp_path / "charter.toml"
    charter.write_text("[criteria]\nname = 'mrecist'\nmrecist_pd_abs_min_mm = 0\n")
    run("assess", lesions, "--charter", charter, "--out", tmp_path / "mrecist")
    run("assess", lesions, "--charter", charter, "--criteria", "recist1.1", "--out", tmp_path / "r")
    run("assess", lesions, "--criteria", "irecist", "--out", tmp_path / "irecist")

    assert responses(tmp_path / "mrecist") == ["", "PD", "PD"]
    assert responses(tmp_path / "r") == ["", "SD", "PD"]
    assert responses(tmp_path / "irecist") == ["", "iSD", "iUPD"]


def test_assess_warns(lesions: Path, tmp_path: Path) -> None:
    """A missing row and a value too fine are warned of on the error stream; the rest is written."""
    second = "P1,R1,BL,2024-01-01,T2,target,no,lung,measured,30.04,,\n"
    lesions.write_text(LESIONS + second)
    done = run("assess", lesions, "--out", tmp_path / "out")

    assert done.exit_code == 0
    assert "line 5, diameter_mm: '30.04' - finer than the charter's 0.1 mm" in done.stderr
    assert "P1, reader R1: R-17: T2 at W8 counts as not evaluable" in done.stderr


def test_findings_of_a_nameless_reader(lesions: Path, tmp_path: Path) -> None:
    """Where the reader is blank the warning names the patient only."""
    lesions.write_text(LESIONS.replace("R1", "").replace("20.0", "9.0"))

    assert "warning: P1: M-1: " in run("assess", lesions, "--out", tmp_path / "out").stderr


def test_assess_refuses_and_writes_nothing(lesions: Path, tmp_path: Path) -> None:
    """A malformed row stops everything: no file is written or changed."""
    out = tmp_path / "out"
    run("assess", lesions, "--out", out)
    before = {path: path.read_bytes() for path in out.iterdir()}
    lesions.write_text(LESIONS.replace("24.0", "24 mm"))
    done = run("assess", lesions, "--out", out)

    assert isinstance(done.exception, TableError)
    assert "LESIONS.csv, line 3, diameter_mm: '24 mm'" in str(done.exception)
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_refusals_of_places(lesions: Path, tmp_path: Path) -> None:
    """Files that are not there, folders in their place and bad charters are refused by name."""
    out = tmp_path / "out"
    charter = tmp_path / "charter.toml"
    charter.write_text("[criteria]\nmax_target = 5\n")
    refused = [
        (run("assess", tmp_path / "none.csv", "--out", out), TableError),
        (run("assess", tmp_path, "--out", out), TableError),
        (run("assess", lesions, "--charter", charter, "--out", out), CharterError),
        (run("assess", lesions, "--out", lesions), ExportError),
    ]

    for done, error in refused:
        assert isinstance(done.exception, error)
    assert not out.exists()


@pytest.mark.parametrize("arguments", [["assess"], ["assess", "x.csv", "--criteria", "who"]])
def test_wrong_usage(arguments: list[str]) -> None:
    """A missing or unknown argument is wrong usage: exit code 2."""
    assert run(*arguments).exit_code == 2


def test_best_response(tmp_path: Path) -> None:
    """The answer has one row per patient and the contract's columns."""
    sequences, out = tmp_path / "SEQUENCES.csv", tmp_path / "best.csv"
    sequences.write_text(
        "subject,reference_date,date,response\n"
        "P1,2024-01-01,2024-02-26,PR\nP1,2024-01-01,2024-04-22,PR\n"
        "P2,2024-01-01,2023-12-01,SD\n"
    )
    done = run("best-response", sequences, "--out", out)

    assert done.exit_code == 0
    assert [list(row.values()) for row in rows(out)] == [
        ["P1", *["PR", "2024-02-26"] * 2, *["Y", "2024-02-26"] * 3],
        ["P2", *["NE", "2023-12-01"] * 2, *["N", ""] * 3],
    ]
    assert "before the reference date" in done.stderr


def test_validate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report lists the installation and every case; a wrong engine is refused by case."""
    report = tmp_path / "report.md"
    done = run("validate", "--out", report)

    assert done.exit_code == 0
    assert "conformance cases as expected" in done.stdout
    text = report.read_text(encoding="utf-8")
    assert "| napari-recist |" in text
    assert "| R-24 | R-24-worked |" in text
    assert "**differs**" not in text

    monkeypatch.setattr(target.Limits, "is_pd", lambda *_: False)
    failed = run("validate", "--out", report, "--json")

    assert isinstance(failed.exception, RecistError)
    assert "R-24-worked" in str(failed.exception)
    assert "**differs**" in report.read_text(encoding="utf-8")
    found = {one["case"]: one["passed"] for one in json.loads(failed.stdout)}
    assert found["R-25-just-not"]
    assert not found["R-24-worked"]


def test_installation_without_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A required package that is not there is reported missing; extras are not asked for."""
    needed = ["numpy>=2.0", "no-such-package-here", "pytest; extra == 'test'"]
    monkeypatch.setattr(validate, "requires", lambda _: needed)
    found = dict(validate._dependencies())

    assert found["no-such-package-here"] == "**missing**"
    assert list(found) == ["numpy", "no-such-package-here"]


@pytest.mark.parametrize("command", ["assess", "best-response", "validate"])
def test_help_has_an_example(command: str) -> None:
    """Each command's help shows how it is called."""
    assert f"Example: napari-recist {command}" in run(command, "--help").stdout.replace("\n", " ")
