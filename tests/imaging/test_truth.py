"""All shared real sets against what independent tools found in them."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from napari_recist.imaging import Kind, Scan, Series, Verdict, load_volume, scan
from tests.conftest import SHARED

TRUTH = SHARED / "data" / "dicom" / "truth.json"
TOLERANCE_MM = 0.05

pytestmark = pytest.mark.shared


def truth() -> dict[str, Any]:
    """Return the shared truth; without it there are no cases, and one visible skip."""
    return json.loads(TRUTH.read_text()) if TRUTH.exists() else {"sets": {}, "codecs": {}}


def volumes() -> list[Any]:
    """List every true volume of every set."""
    return [
        pytest.param(name, uid, number, id=f"{name}-{uid[-6:]}-{number}")
        for name, one in truth()["sets"].items()
        for uid, series in one["series"].items()
        for number in range(len(series["truth_volumes"]))
    ]


@cache
def scanned(name: str) -> Scan:
    """Scan a set once for all its cases."""
    return scan(TRUTH.parent / name / "dicom")


def digest(series: Series) -> str:
    """Return the SHA-256 of a series' voxels, little-endian, in C order."""
    voxels = load_volume(series).voxels
    return hashlib.sha256(voxels.astype(voxels.dtype.newbyteorder("<")).tobytes()).hexdigest()


def matching(name: str, uid: str, true: dict[str, Any]) -> Series:
    """Return our series whose slices are the true ones, in the true order."""
    order = [tuple(file) for file in true["files_in_order"]]
    ours = [series for series in scanned(name).series if series.series_uid == uid]
    found = [
        series
        for series in ours
        if [(piece.file.name, piece.frame) for piece in series.slices] == order
    ]

    assert len(found) == 1, f"none of {[series.part for series in ours]} has the true order"
    return found[0]


def test_truth_is_there(shared_data: Path) -> None:
    """The shared truth covers volumes, sheared volumes, uneven, doubled and single slices."""
    statuses = {
        volume["status"]
        for one in truth()["sets"].values()
        for series in one["series"].values()
        for volume in series["truth_volumes"]
    }

    assert {"volume", "volume_sheared", "non_uniform", "duplicate_positions"} <= statuses


@pytest.mark.parametrize(("name", "uid", "number"), volumes())
def test_volume_agrees_with_the_truth(name: str, uid: str, number: int) -> None:
    """Split, order, shape, affine and voxels are those found by independent tools."""
    true = truth()["sets"][name]["series"][uid]["truth_volumes"][number]
    if true["status"] == "duplicate_positions":
        check_repeats_are_told(name, uid)
        return
    series = matching(name, uid, true)

    assert list(series.shape) == true["shape_kji"][:3]
    assert digest(series) in {true.get("sha256_rescaled_i16"), true["sha256_rescaled_f32"]}
    check_place(series, true)
    check_status(series, true["status"])


def check_repeats_are_told(name: str, uid: str) -> None:
    """Images of one place never end in one volume, and the passport says so."""
    for series in scanned(name).series:
        codes = {finding.code for finding in series.passport.findings}
        assert series.kind is not Kind.VOLUME
        assert series.passport.verdict is not Verdict.GREEN
        assert codes & {"repeated-position", "duplicate-file", "duplicate-position"}
    assert uid in {series.series_uid for series in scanned(name).series}


def check_place(series: Series, true: dict[str, Any]) -> None:
    """Every corner voxel of every slice lies where the truth puts it, within the tolerance."""
    assert series.geometry is not None
    if true["status"] == "non_uniform":
        expected = true["z"]
        assert series.geometry.slice_positions == pytest.approx(expected, abs=TOLERANCE_MM)
        return
    slices, rows, columns = (np.array([0, count - 1]) for count in series.shape)
    corners = np.stack(np.meshgrid(slices, rows, columns), axis=-1).reshape(-1, 3)
    affine = np.array(true["affine_lps_ijk"])
    there = corners[:, ::-1] @ affine[:3, :3].T + affine[:3, 3]
    ours = series.geometry.affine_lps()
    by_affine = corners @ ours[:3, :3].T + ours[:3, 3]

    assert np.abs(by_affine - there).max() < TOLERANCE_MM
    assert np.abs(series.geometry.to_patient(corners) - there).max() < TOLERANCE_MM


def check_status(series: Series, status: str) -> None:
    """Require that what is not a plain volume says why, and is not green."""
    codes = {finding.code for finding in series.passport.findings}
    if status == "volume":
        assert series.kind is Kind.VOLUME
        assert not codes & {"missing-slices", "uneven-slices", "gantry-tilt"}
    if status == "volume_sheared":
        assert series.kind is Kind.VOLUME
        assert "gantry-tilt" in codes
    if status == "non_uniform":
        assert series.kind is Kind.STACK
        assert codes & {"missing-slices", "uneven-slices"}
    if status == "single_slice":
        assert (series.kind, "single-slice" in codes) == (Kind.SINGLE, True)
    if status != "volume":
        assert series.passport.verdict is not Verdict.GREEN


def decodable() -> list[Any]:
    """List every file whose stored range most independent decoders agree on."""
    return [
        pytest.param(file, found, id=file)
        for file, found in truth()["codecs"].items()
        if found.get("decoders", {}).get("pydicom", {}).get("ok")
        and "rtdose" not in file
        and "liver_1frame" not in file
    ]


@pytest.mark.parametrize(("file", "found"), decodable())
def test_stored_values_have_the_range_other_decoders_give(file: str, found: dict[str, Any]) -> None:
    """Every transfer syntax decodes to the range pydicom found, after the file's own rescale."""
    folder, _, name = file.partition("/")
    series = scan(TRUTH.parent / folder / "dicom" / name).series[0]
    voxels = load_volume(series).voxels
    slope, intercept = series.slices[0].slope, series.slices[0].intercept
    stored = found["decoders"]["pydicom"]

    assert voxels.min() == pytest.approx(stored["min"] * slope + intercept)
    assert voxels.max() == pytest.approx(stored["max"] * slope + intercept)
