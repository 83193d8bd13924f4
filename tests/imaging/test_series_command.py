"""``napari-recist series`` answers a program with CONTRACT's keys and a person with a table."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset

from napari_recist.cli import main
from napari_recist.imaging import find_series, load_volume
from tests.imaging.synthetic import write_axial

KEYS = [
    "series_uid", "study_uid", "modality", "description", "number", "files", "kind", "shape",
    "spacing_mm", "affine_lps", "status", "findings", "phase", "date", "frame_of_reference",
]  # fmt: skip


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object
) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it wrote."""
    monkeypatch.setattr(sys, "argv", ["napari-recist", "series", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    written = capsys.readouterr()
    return int(left.value.code or 0), written.out, written.err


def test_json_has_the_contract_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One object per volume with every key; files left out stand in one last object."""
    files = write_axial(tmp_path, [0.0, 2.5, 5.0])
    (tmp_path / "notes.txt").write_text("no image")

    code, out, _ = run(monkeypatch, capsys, tmp_path, "--json", "--checksum")
    volume, rest = json.loads(out)
    voxels = load_volume(find_series(tmp_path)[0]).voxels

    assert code == 0
    assert [*volume] == [*KEYS, "voxels"]
    assert volume["files"] == [str(file) for file in files]
    assert volume["spacing_mm"] == pytest.approx([2.5, 0.8, 0.6])
    assert [row[3] for row in volume["affine_lps"]] == [-10.0, -20.0, 0.0, 1.0]
    assert volume["voxels"] == {
        "dtype": "int16",
        "min": -1024.0,
        "max": -795.0,
        "sha256": hashlib.sha256(voxels.astype("<i2").tobytes()).hexdigest(),
    }
    assert set(rest) == {*KEYS, "skipped", "voxels"}
    assert rest["kind"] == "not-an-image"
    assert rest["skipped"] == [{"file": str(tmp_path / "notes.txt"), "reason": "not a DICOM file."}]


def test_unreadable_pixels_block_the_series_that_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --checksum a series whose pixels contradict its header turns blocked, with a reason."""

    def absurd(_index: int, dataset: Dataset) -> None:
        dataset.RescaleSlope = "1e300"

    write_axial(tmp_path, [0.0, 2.5, 5.0], absurd)

    code, out, _ = run(monkeypatch, capsys, tmp_path, "--json", "--checksum")
    (volume,) = json.loads(out)

    assert code == 0
    assert (volume["status"], volume["voxels"], volume["affine_lps"]) == ("blocked", None, None)
    assert volume["findings"][0]["code"] == "unreadable-pixels"


def test_a_person_gets_a_table_with_the_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table shows each series with its passport and findings, then what was left out."""
    write_axial(tmp_path, [0.0, 2.5, 7.5])
    (tmp_path / "notes.txt").write_text("no image")

    code, out, _ = run(monkeypatch, capsys, tmp_path, "--checksum")

    assert code == 0
    assert "1 slice missing near S 5.0" in out
    assert "left out, 1 file: not a DICOM file." in out
    assert "notes.txt" in out


def test_many_files_left_out_for_one_reason_are_one_paragraph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person sees how many and the first few; a program gets every one of them."""
    write_axial(tmp_path, [0.0, 2.5])
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text("no image")

    _, table, _ = run(monkeypatch, capsys, tmp_path)
    _, out, _ = run(monkeypatch, capsys, tmp_path, "--json")

    assert "left out, 12 files: not a DICOM file." in table
    assert "and 9 more" in table
    assert [line for line in table.splitlines() if "03.txt" in line] == []
    assert len(json.loads(out)[-1]["skipped"]) == 12


def test_any_file_name_comes_out_as_utf_8(tmp_path: Path) -> None:
    """Whatever the terminal's encoding, JSON is UTF-8 and names the very file, odd bytes too."""
    write_axial(tmp_path, [0.0, 2.5])
    odd = os.fsencode(tmp_path / "größe-") + b"\xe9.txt"
    Path(os.fsdecode(odd)).write_text("no image")
    words = [sys.executable, "-m", "napari_recist", "series", str(tmp_path), "--json"]
    latin = os.environ | {"PYTHONIOENCODING": "latin-1"}
    out = subprocess.run(words, env=latin, capture_output=True, check=True).stdout
    (skipped,) = json.loads(out.decode("utf-8"))[-1]["skipped"]

    assert os.fsencode(skipped["file"]) == odd


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_nothing_to_read_is_one_message_and_exit_code_1(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    """A folder without images and a missing one are refused; JSON still says what was there."""
    (tmp_path / "notes.txt").write_text("no image")

    code, out, error = run(monkeypatch, capsys, tmp_path, *options)
    missing = run(monkeypatch, capsys, tmp_path / "nowhere", *options)

    assert (code, missing[0]) == (1, 1)
    assert error.startswith("napari-recist: No DICOM image in")
    assert "nowhere: there is no such file or folder" in missing[2]
    if options:
        (rest,) = json.loads(out)
        found: list[dict[str, Any]] = rest["skipped"]
        assert found[0]["reason"] == "not a DICOM file."
