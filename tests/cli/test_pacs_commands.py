"""``pacs query``, ``pacs fetch`` and ``pacs send`` on the command line, against a live archive."""

import datetime as dt
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from napari_recist.cli import main
from tests.orthanc import Orthanc, orthanc_running
from tests.reading.tiny_ct import write_ct

Run = Callable[..., tuple[int, str, str]]

CHARTER = '[trial]\nid = "HCC-1"\n[deidentification]\nsubject_code = "HCC-[0-9]+"\n'


@pytest.fixture(scope="module")
def orthanc() -> Iterator[Orthanc]:
    """Return an archive that the tests here share."""
    with orthanc_running() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs ``napari-recist pacs`` in a folder; gives code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for variable in [name for name in os.environ if name.startswith("NAPARI_RECIST_PACS")]:
        monkeypatch.delenv(variable)

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["napari-recist", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return command


def test_send_query_fetch(orthanc: Orthanc, run: Run, tmp_path: Path) -> None:
    """A scan goes there, is listed without its name and comes back; again, nothing moves."""
    write_ct(tmp_path / "scan", "HCC-1", dt.date(2031, 1, 6))
    code, out, _ = run("pacs", "send", orthanc.web, "scan")
    assert (code, out.split(" (")[0]) == (0, "4 files sent and accepted")
    assert "4 were there already" in run("pacs", "send", orthanc.dimse, "scan")[1]

    code, out, _ = run("pacs", "query", orthanc.web, "--patient-id", "HCC-1", "--json", "--series")
    (study,) = json.loads(out)
    assert code == 0
    assert (study["patient_id"], study["date"], study["instances"]) == ("HCC-1", "2031-01-06", 4)
    assert len(study["series"]) == 1
    assert not any("name" in key for key in study)
    code, out, _ = run("pacs", "query", orthanc.dimse, "--patient-id", "HCC-1")
    assert "2031-01-06  HCC-1" in out
    assert "HCC-1^" not in out

    code, out, _ = run("pacs", "fetch", orthanc.web, "--study", study["study_uid"], "--out", "here")
    assert (code, out.split(" (")[0]) == (0, "4 instances fetched")
    came = {file.read_bytes() for file in (tmp_path / "here").rglob("*.dcm")}
    assert came == {file.read_bytes() for file in (tmp_path / "scan").iterdir()}
    code, out, _ = run("pacs", "fetch", orthanc.dimse, "--patient-id", "HCC-1", "--out", "here")
    assert "0 instances fetched (0.0 MB), 4 were there already." in out


def test_into_a_trial_and_out_of_it(orthanc: Orthanc, run: Run, tmp_path: Path) -> None:
    """Fetched images become visits; of a folder only the trial's coded ones are sent."""
    write_ct(tmp_path / "scan", "HCC-2", dt.date(2031, 1, 6))
    (tmp_path / "charter.toml").write_text(CHARTER, encoding="utf-8")
    run("pacs", "send", orthanc.web, "scan")
    run("trial", "init", "trial.db", "--charter", "charter.toml")
    code, out, _ = run("pacs", "fetch", orthanc.web, "--patient-id", "HCC-2", "--trial", "trial.db")
    assert code == 0
    assert out.startswith("HCC-2 BL ")
    assert "4 instances fetched" in out
    code, out, err = run("pacs", "send", orthanc.web, "trial.images", "--trial", "trial.db")
    assert (code, out.split(" (")[0]) == (0, "4 files sent and accepted"), err
    code, out, err = run("pacs", "send", orthanc.web, "scan", "--trial", "trial.db")
    assert code == 1
    assert err.count("it is not of this trial's coded images") == 4


def test_the_fallback_is_told(orthanc: Orthanc, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses may come from the environment; the one line about the fallback names both."""
    monkeypatch.setenv("NAPARI_RECIST_PACS", "http://127.0.0.1:9/dicom-web")
    monkeypatch.setenv("NAPARI_RECIST_PACS_FALLBACK", orthanc.dimse)
    code, out, err = run("pacs", "query", "--patient-id", "NOBODY")
    assert code == 0
    assert out.startswith("date")
    assert "http://127.0.0.1:9/dicom-web cannot be reached" in err
    assert f"{orthanc.dimse} is asked instead." in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("query", "http://pacs.example/dicom-web"), "--insecure"),
        (("query", "pacs.example"), "Write https://HOST/dicom-web"),
        (("query", "dicom://ORTHANC@127.0.0.1:9"), "cannot be reached"),
        (("query", "http://127.0.0.1:9/dicom-web", "--aet", "A" * 17), "no AE title"),
        (("send", "http://127.0.0.1:9/dicom-web", "nothing"), "no such file or folder"),
    ],
)
def test_refusals_are_one_line(run: Run, words: tuple[str, ...], told: str) -> None:
    """What is wrong and what to do, exit code 1, no traceback."""
    code, _, err = run("pacs", *words)
    assert code == 1
    assert told in err
    assert "Traceback" not in err


def test_docs_examples_are_understood(
    orthanc: Orthanc, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command of docs/pacs.md is right usage: what it refuses it refuses for its content."""
    monkeypatch.setenv("NAPARI_RECIST_PACS", orthanc.web)
    text = (Path(__file__).resolve().parents[2] / "docs" / "pacs.md").read_text(encoding="utf-8")
    examples = re.findall(r"^napari-recist (pacs .*)$", text, re.MULTILINE)
    assert len(examples) == 4
    for example in examples:
        words = shlex.split(example.replace("$NAPARI_RECIST_PACS", orthanc.web))
        code, _, err = run(*words)
        assert code == (0 if "query" in words else 1), err
        assert "Traceback" not in err


def test_nothing_found_is_a_refusal(orthanc: Orthanc, run: Run) -> None:
    """A fetch of nothing is no success."""
    code, _, err = run("pacs", "fetch", orthanc.web, "--patient-id", "NOBODY", "--out", "here")
    assert code == 1
    assert "nothing that matches" in err


@pytest.mark.parametrize("words", [("--out", "here"), ("--study", "1.2"), ()])
def test_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    """Neither the whole archive nor a fetch to nowhere is meant."""
    assert run("pacs", "fetch", "http://127.0.0.1:9/dicom-web", *words)[0] == 2


def test_a_terminal_is_shown_names_and_progress(orthanc: Orthanc, run: Run, tmp_path: Path) -> None:
    """On a terminal the table has the name, and a fetch a bar that counts; in a pipe neither."""
    pty = pytest.importorskip("pty")
    write_ct(tmp_path / "scan", "SHOWN-1", dt.date(2031, 1, 6), times=40)
    run("pacs", "send", orthanc.web, "scan")

    def on_terminal(*words: str) -> str:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "napari_recist", "pacs", *words]
        environment = os.environ | {"COLUMNS": "160", "TERM": "xterm"}
        with subprocess.Popen(
            command, stdout=theirs, stderr=theirs, cwd=tmp_path, env=environment
        ) as started:
            os.close(theirs)
            told = b""
            with suppress(OSError):
                while data := os.read(ours, 1 << 16):
                    told += data
        os.close(ours)
        assert started.returncode == 0
        return told.decode()

    assert "SHOWN-1^" in on_terminal("query", orthanc.web, "--patient-id", "SHOWN-1")
    bar = on_terminal("fetch", orthanc.dimse, "--patient-id", "SHOWN-1", "--out", "here")
    assert "Fetching" in bar
    assert re.search(r"\d+/160", bar)
    assert re.search(r"[kM]?B/s", bar)
    assert "160 instances fetched" in bar


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_fetch_goes_on(
    orthanc: Orthanc, run: Run, tmp_path: Path, ending: signal.Signals
) -> None:
    """Ctrl-C, or a request to end, leaves whole files and says how to go on; the next run does."""
    patient = f"STOP-{ending.value}"
    write_ct(tmp_path / "scan", patient, dt.date(2031, 1, 6), times=40)
    run("pacs", "send", orthanc.web, "scan")
    words = ["pacs", "fetch", orthanc.dimse, "--patient-id", patient, "--out", "here"]
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from napari_recist.cli import main; main()"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program, *words], stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    journal = tmp_path / "here" / "fetched.jsonl"
    while started.poll() is None and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.01)
    started.send_signal(ending)
    _, err = started.communicate(timeout=60)
    assert started.returncode == 1, err
    assert "Stopped. Run it again: only the rest is transferred." in err
    assert "Traceback" not in err
    there = len(journal.read_bytes().splitlines())
    assert 0 < there < 160
    assert not list((tmp_path / "here").rglob("*.part"))
    _, out, _ = run(*words)
    assert f"{160 - there} instances fetched" in out
    assert f"{there} were there already." in out
