"""Damage real files by seed and require a series or a reason: no crash, hang or memory blow-up.

Usage: python benchmarks/dicom_fuzz.py DICOM_FOLDER [--count 20000] [--first 0]
"""

import argparse
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pydicom

from napari_recist.errors import ImageError
from napari_recist.imaging import Series, Verdict, load_volume, scan
from tests.imaging.mutation import mutated

MEMORY_LIMIT = 4 << 30
SECONDS_LIMIT = 5.0
PLACE_MM = 1e-3
"""Beyond it is another place: positions, directions and spacings round to six digits."""


def attempt(file: Path) -> tuple[Sequence[Series], str]:
    """Scan and load one damaged file; return what was accepted and what was wrong with it."""
    found = scan(file)
    for series in found.series:
        geometry = series.geometry
        blocked = series.passport.verdict is Verdict.BLOCKED
        if blocked != (geometry is None):
            return (), "geometry does not follow the verdict"
        if geometry is not None and not min(geometry.row_spacing, geometry.column_spacing) > 0:
            return (), "a spacing of nothing was accepted"
        try:
            volume = load_volume(series)
        except ImageError:
            continue
        if volume.voxels.shape[:3] != series.shape:
            return (), "the voxels are not of the shape that was promised"
    return found.series, ""


def misplaced(series: Series) -> str:
    """Compare an accepted geometry with pydicom's own reading of the damaged file."""
    geometry = series.geometry
    if geometry is None or series.slices[0].storage.mosaic > 1:
        return ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(series.slices[0].file, force=True, stop_before_pixels=True)
            places = [stated(dataset, piece.frame) for piece in series.slices]
        except Exception:  # noqa: BLE001 - damage that stops the judge is no verdict on us
            JUDGED["geometries pydicom could not read"] += 1
            return ""
    for index, (there, tolerance) in enumerate(places):
        corner = geometry.to_patient((index, 1, 1))
        if not np.linalg.norm(corner - there) < tolerance:
            return f"slice {index} was accepted at {corner}, the file says {there}"
    JUDGED["geometries equal to pydicom's"] += 1
    return ""


def stated(dataset: pydicom.Dataset, frame: int) -> tuple[np.ndarray, float]:
    """Return where pydicom puts the centre of row 1, column 1, and how exactly."""
    position, orientation, spacing = (
        np.array([float(value) for value in element(dataset, name, frame)]) for name in PLACES
    )
    there = position + spacing[0] * orientation[3:] + spacing[1] * orientation[:3]
    return there, PLACE_MM * (1 + float(np.abs(spacing).max()))


def element(dataset: pydicom.Dataset, name: str, frame: int) -> list[float]:
    """Return a frame's own value, else the shared one, else the file's."""
    groups = [
        dataset.get(sequence) or [] for sequence in (PER_FRAME, "SharedFunctionalGroupsSequence")
    ]
    if not any(sequence in dataset for sequence in (PER_FRAME, "SharedFunctionalGroupsSequence")):
        return list(dataset[name].value)
    items = (*groups[0][frame : frame + 1], *groups[1][:1])
    return list(next(item[PLACES[name]][0] for item in items if item.get(PLACES[name]))[name].value)


JUDGED: Counter[str] = Counter()
PER_FRAME = "PerFrameFunctionalGroupsSequence"
PLACES = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    files = sorted(f for f in given.folder.rglob("*") if f.is_file() and f.stat().st_size < 1 << 20)
    originals = [file.read_bytes() for file in files]
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "damaged.dcm")
        for seed in range(given.first, given.first + given.count):
            target.write_bytes(mutated(originals[seed % len(originals)], seed))
            started = time.monotonic()
            accepted: Sequence[Series] = ()
            try:
                accepted, problem = attempt(target)
            except Exception:  # noqa: BLE001 - whatever it is, it is a failure to report
                problem = traceback.format_exc(limit=-4)
            taken = time.monotonic() - started
            problem += "".join(map(misplaced, accepted))
            slowest = max(slowest, taken)
            if taken > SECONDS_LIMIT:
                problem += f" took {taken:.1f} s"
            outcomes["failures" if problem else "passed"] += 1
            if problem:
                print(f"seed {seed} on {files[seed % len(originals)].name}: {problem}", flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{given.count} damaged files from seed {given.first}: {outcomes['failures']} failures,"
        f" slowest {slowest:.2f} s, peak memory {memory:.0f} MiB, {dict(JUDGED)}"
    )
    return 1 if outcomes["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
