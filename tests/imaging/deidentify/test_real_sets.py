"""The shared real sets before and after: what is read of them is the same, nothing got worse."""

import shutil
import subprocess
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from napari_recist.imaging import Series, find_series, scan
from napari_recist.imaging.deidentify import Deidentified
from napari_recist.imaging.files.encoding import encoding
from napari_recist.imaging.files.syntaxes import DEFLATED, EXPLICIT_LITTLE
from tests.conftest import SHARED, unavailable
from tests.imaging.deidentify.conftest import KEY

SETS = sorted(folder.name for folder in (SHARED / "data" / "dicom").glob("*/"))
RealSets = dict[str, tuple[Path, Path, Deidentified]]


def told(series: Series, *, mapped: bool) -> dict[str, Any]:
    """Return what must not change of a series; UIDs as they are after mapping."""
    uid = KEY.uid if mapped else str
    geometry = series.geometry
    passport = series.passport
    return {
        "uid": uid(series.series_uid),
        "study": uid(series.study_uid),
        "frame": uid(series.frame_of_reference_uid) if series.frame_of_reference_uid else "",
        "kind": series.kind,
        "shape": series.shape,
        "phase": series.phase,
        "number": series.number,
        "modality": series.modality,
        "slices": [(uid(piece.sop_instance_uid), piece.frame) for piece in series.slices],
        "rescale": [(piece.slope, piece.intercept) for piece in series.slices],
        "origins": None if geometry is None else np.asarray(geometry.slice_origins).tolist(),
        "directions": None
        if geometry is None
        else [*map(float, geometry.row_direction), *map(float, geometry.column_direction)],
        "verdict": passport.verdict,
        "findings": sorted(finding.code for finding in passport.findings),
        "thickness": passport.thickness_mm,
        "seconds": passport.contrast_seconds,
        "syntax": passport.transfer_syntax,
    }


@pytest.mark.shared
@pytest.mark.parametrize("name", SETS)
def test_the_series_found_are_the_same(real_sets: RealSets, name: str, tmp_path: Path) -> None:
    """Geometry, order, phase, kind and verdict of every series stand as before.

    The originals lie under the coded names, for of copies of one image the first name counts.
    """
    _, out, done = real_sets[name]
    for outcome in done.kept:
        assert outcome.place is not None
        (tmp_path / outcome.place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(outcome.source, tmp_path / outcome.place)
    if not done.kept:
        assert all("names may stand" in o.reason or "DICOM" in o.reason for o in done.left_out)
        return
    before = [told(series, mapped=True) for series in find_series(tmp_path)]
    after = [told(series, mapped=False) for series in find_series(out)]

    assert sorted(after, key=str) == sorted(before, key=str)


@pytest.mark.shared
def test_what_is_left_out_is_no_readable_image_or_shows_names(real_sets: RealSets) -> None:
    """Every file that our series finder reads goes through, unless its pixels may show names."""
    for folder, _, done in real_sets.values():
        readable = {file for series in scan(folder).series for file in series.files}
        lost = [o for o in done.left_out if o.source in readable and "names may" not in o.reason]
        assert [(o.source.name, o.reason) for o in lost] == []


@pytest.mark.shared
def test_pixels_are_the_same_bytes(real_sets: RealSets) -> None:
    """Pixel Data is what it was, byte for byte, in every syntax."""
    count = 0
    for _, out, done in real_sets.values():
        for outcome in done.kept:
            assert outcome.place is not None
            before = pydicom.dcmread(outcome.source, force=True)
            after = pydicom.dcmread(out / outcome.place)
            assert after.PixelData == before.PixelData, outcome.source.name
            count += 1
    assert count >= 400


@pytest.mark.shared
@pytest.mark.parametrize("name", SETS)
def test_no_new_error_by_dciodvfy(real_sets: RealSets, name: str, tmp_path: Path) -> None:
    """An independent validator finds no error after that it did not find before."""
    _, out, done = real_sets[name]
    for outcome in done.kept[:12]:
        assert outcome.place is not None
        files = (out / outcome.place, outcome.source)
        after, before = (_errors(_inflated(file, tmp_path)) for file in files)
        new = after - before
        assert not new, f"{outcome.source.name}: {new}"


def _inflated(file: Path, folder: Path) -> Path:
    """Return the file itself, or an inflated copy: dciodvfy of Debian reads no deflated file."""
    data = file.read_bytes()
    syntax, start = encoding(data, file)
    if syntax != DEFLATED:
        return file
    copy = folder / "inflated.dcm"
    head = data[:start].replace(syntax.encode(), EXPLICIT_LITTLE.encode().ljust(len(syntax), b"\0"))
    copy.write_bytes(head + zlib.decompress(data[start:], -zlib.MAX_WBITS))
    return copy


def _errors(file: Path) -> Counter[str]:
    try:
        told = subprocess.run(
            ["dciodvfy", "-new", str(file)], capture_output=True, check=False, timeout=60
        )
    except FileNotFoundError:
        unavailable("no dciodvfy: install dicom3tools")
    lines = (told.stdout + told.stderr).decode("latin-1").splitlines()
    return Counter(line for line in lines if line.startswith("Error"))
