"""The files are valid DICOM CT, lie where the truth says, and are the same every time."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK

from napari_recist.phantom import TrialTruth, sample, sample_trial_folder, write_sample_trial
from napari_recist.phantom.patients import EXAMPLE
from tests.conftest import unavailable


def scans(folder: Path) -> list[Path]:
    """Return the folders of the example's visits."""
    return sorted((folder / EXAMPLE.code).iterdir())


def test_every_file_is_valid(example: Path) -> None:
    """``dciodvfy`` finds no error and no doubt in any file of the example."""
    judge = shutil.which("dciodvfy")
    if not judge:
        unavailable("dciodvfy (Debian package dicom3tools) is not installed")
    for file in sorted(example.rglob("*.dcm")):
        verdict = subprocess.run(
            [judge, "-new", str(file)], capture_output=True, text=True, check=False
        )
        said = verdict.stderr + verdict.stdout
        assert not any(line.startswith(("Error", "Warning")) for line in said.splitlines()), said


def test_simpleitk_finds_each_lesion_where_the_truth_says(example: Path, truth: TrialTruth) -> None:
    """Read by SimpleITK, the dark lesion is dark and the bright one bright at its true centre."""
    subject = truth.subject(EXAMPLE.code)
    for folder in scans(example):
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
        image = reader.Execute()
        hu = SimpleITK.GetArrayFromImage(image)
        for name, low, high in (("liver-1", 40, 75), ("liver-2", 138, 170)):
            centre = subject.visit(folder.name).lesion(name).centre
            column, row, number = image.TransformPhysicalPointToIndex(centre)
            patch = hu[number, row - 2 : row + 3, column - 2 : column + 3]
            assert low < patch.mean() < high, (folder.name, name)
            exact = image.TransformPhysicalPointToContinuousIndex(centre)
            assert abs(exact[2] - round(exact[2])) < 1e-6  # the key slice is an acquired one


def test_positions_and_spacing_are_the_scans(example: Path) -> None:
    """Positions step by the slice distance from head to feet; spacing and thickness are stated."""
    for script, folder in zip(
        sorted(EXAMPLE.visits, key=lambda visit: visit.label), scans(example), strict=True
    ):
        files = [pydicom.dcmread(file) for file in sorted(folder.iterdir())]
        heights = [float(file.ImagePositionPatient[2]) for file in files]
        assert heights == list(script.scan.heights)
        assert [file.InstanceNumber for file in files] == list(range(1, len(files) + 1))
        assert {tuple(file.PixelSpacing) for file in files} == {(script.scan.pixel,) * 2}
        assert {float(file.SliceThickness) for file in files} == {script.scan.thickness}
        assert len({file.SOPInstanceUID for file in files}) == len(files)
        assert len({file.FrameOfReferenceUID for file in files}) == 1


def test_visits_differ_in_space_and_identity(example: Path) -> None:
    """Each visit has its own study, series and frame of reference; the patient is only a code."""
    firsts = [pydicom.dcmread(next(folder.iterdir())) for folder in scans(example)]

    for name in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "StudyDate"):
        assert len({first[name].value for first in firsts}) == len(firsts)
    for first in firsts:
        assert str(first.PatientName).strip("^") == first.PatientID == EXAMPLE.code
        assert first.ImageType[0] == "DERIVED"


def test_the_example_kept_is_what_the_generator_writes(example: Path, kept: Path) -> None:
    """``sample_data`` holds the same files; papers are equal, so is every element of each image.

    Voxels may differ by 1 HU where another processor rounds the noise another way.
    """
    fresh = {file.relative_to(example) for file in example.rglob("*") if file.is_file()}
    there = {file.relative_to(kept) for file in kept.rglob("*") if file.is_file()}

    assert there == fresh | {Path("README.md")}
    for name in sorted(fresh):
        if name.suffix != ".dcm":
            assert (kept / name).read_bytes() == (example / name).read_bytes(), name
            continue
        ours, new = pydicom.dcmread(kept / name), pydicom.dcmread(example / name)
        difference = np.abs(ours.pixel_array.astype(int) - new.pixel_array.astype(int))
        assert difference.max() <= 1
        assert (difference > 0).mean() < 1e-3
        del ours.PixelData, new.PixelData
        assert ours == new, name


def test_the_example_kept_is_small(kept: Path) -> None:
    """``sample_data`` is less than 10 MB in all."""
    assert sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()) < 10_000_000


@pytest.fixture
def tiny_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shrink the trial to one patient of a few coarse slices."""
    visits = tuple(
        replace(visit, scan=replace(visit.scan, matrix=64, pixel=5.2, slices=2, compressed=False))
        for visit in EXAMPLE.visits
    )
    monkeypatch.setattr(sample, "SAMPLE_TRIAL", (replace(EXAMPLE, visits=visits),))


@pytest.mark.usefixtures("tiny_trial")
def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two runs write the same files, byte for byte, and tell their progress."""
    told: list[tuple[int, int, str]] = []
    truth = write_sample_trial(tmp_path / "a", lambda *progress: told.append(progress))
    write_sample_trial(tmp_path / "b")
    files = sorted(file.relative_to(tmp_path / "a") for file in (tmp_path / "a").rglob("*.*"))

    assert told[0] == (1, 4, f"{EXAMPLE.code} BL: 2 slices")
    assert [done for done, _, _ in told] == [1, 2, 3, 4]
    assert [subject.code for subject in truth.subjects] == [EXAMPLE.code]
    assert len(files) == 4 * 2 + 1 + 4
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.usefixtures("tiny_trial")
def test_an_interrupted_first_use_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped while writing, the cache holds no trial; the next call writes it, the third reads."""
    monkeypatch.setenv("NAPARI_RECIST_CACHE", str(tmp_path))

    def stop(_done: int, _total: int, _text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample_trial_folder(stop)
    assert list(tmp_path.iterdir()) == []

    folder = sample_trial_folder()
    written = {file: file.stat().st_mtime_ns for file in folder.rglob("*.dcm")}
    assert len(written) == 4 * 2
    assert sample_trial_folder(stop) == folder  # nothing is written, so nothing is told
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*.dcm")} == written
