"""The patient scanned in two phases: same place and size, other enhancement, files of their own."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from napari_recist.imaging import Volume, find_series, load_volume
from napari_recist.phantom import sample, sample_trial
from napari_recist.phantom.patients import SAMPLE_TRIAL
from tests.conftest import unavailable

(SCRIPT,) = (script for script in SAMPLE_TRIAL if len(script.phases) > 1)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of that patient's baseline alone."""
    folder = tmp_path_factory.mktemp("phases")
    sample._write_scans(folder, [replace(SCRIPT, visits=SCRIPT.visits[:1])])
    return folder / SCRIPT.code / "BL"


@pytest.fixture(scope="module")
def phases(baseline: Path) -> dict[str, Volume]:
    """Return the volumes of baseline by the phase the program recognises."""
    return {series.phase: load_volume(series) for series in find_series(baseline)}


def test_both_phases_are_recognised_in_one_space(phases: dict[str, Volume]) -> None:
    """Two series of one study, arterial and portal venous, share their frame of reference."""
    series = [volume.series for volume in phases.values()]

    assert set(phases) == {"arterial", "portal venous"}
    assert len({one.series_uid for one in series}) == 2
    assert len({(one.study_uid, one.frame_of_reference_uid) for one in series}) == 1


def test_the_tumour_lights_up_and_washes_out(phases: dict[str, Volume]) -> None:
    """At its true place a dark lesion is brighter than the liver first, and darker afterwards."""
    lesion = sample_trial().subject(SCRIPT.code).visit("BL").lesion("liver-1")
    means = {}
    for name, volume in phases.items():
        assert volume.geometry is not None
        place, row, column = volume.geometry.to_index(lesion.centre).round().astype(int)
        slices = volume.voxels[place]
        means[name] = (
            slices[row - 3 : row + 4, column - 3 : column + 4].mean(),
            np.median(slices[row - 25 : row + 26, column - 25 : column + 26]),
        )

    assert means["arterial"][0] > means["arterial"][1] + 25
    assert means["portal venous"][0] < means["portal venous"][1] - 25


def test_the_times_are_those_of_the_phases(baseline: Path) -> None:
    """The arterial phase is taken 34 s after the bolus, the portal venous after 72 s."""
    waits = {}
    for folder in (baseline, baseline / "arterial"):
        file = pydicom.dcmread(folder / "IM0001.dcm")
        taken, given = file.AcquisitionTime, file.ContrastBolusStartTime
        waits[file.ProtocolName] = _seconds(taken) - _seconds(given)

    assert waits == {"Abdomen portal venous": 72, "Abdomen arterial": 34}


def test_arterial_files_are_valid_and_their_own(baseline: Path) -> None:
    """``dciodvfy`` finds nothing, and no identifier of an image is used twice."""
    files = sorted(baseline.rglob("*.dcm"))
    judge = shutil.which("dciodvfy")
    if not judge:
        unavailable("dciodvfy (Debian package dicom3tools) is not installed")
    for file in sorted((baseline / "arterial").iterdir())[::8]:
        done = subprocess.run(
            [judge, "-new", str(file)], capture_output=True, text=True, check=False
        )
        said = (done.stderr + done.stdout).splitlines()
        assert not any(line.startswith(("Error", "Warning")) for line in said), said
    uids = {pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID for file in files}

    assert len(uids) == len(files) == 2 * SCRIPT.visits[0].scan.slices


def _seconds(time: str) -> int:
    return int(time[:2]) * 3600 + int(time[2:4]) * 60 + int(time[4:6])
