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
from pathlib import Path

from napari_recist.errors import ImageError
from napari_recist.imaging import Verdict, load_volume, scan
from tests.imaging.mutation import mutated

MEMORY_LIMIT = 4 << 30
SECONDS_LIMIT = 5.0


def attempt(file: Path) -> str:
    """Scan and load one damaged file; return what was wrong with how that went."""
    found = scan(file)
    for series in found.series:
        geometry = series.geometry
        blocked = series.passport.verdict is Verdict.BLOCKED
        if blocked != (geometry is None):
            return "geometry does not follow the verdict"
        if geometry is not None and not min(geometry.row_spacing, geometry.column_spacing) > 0:
            return "a spacing of nothing was accepted"
        try:
            volume = load_volume(series)
        except ImageError:
            continue
        if volume.voxels.shape[:3] != series.shape:
            return "the voxels are not of the shape that was promised"
    return ""


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
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "damaged.dcm")
        for seed in range(given.first, given.first + given.count):
            target.write_bytes(mutated(originals[seed % len(originals)], seed))
            started = time.monotonic()
            try:
                problem = attempt(target)
            except Exception:  # noqa: BLE001 - whatever it is, it is a failure to report
                problem = traceback.format_exc(limit=-4)
            if time.monotonic() - started > SECONDS_LIMIT:
                problem += f" took {time.monotonic() - started:.1f} s"
            if problem:
                failures += 1
                print(f"seed {seed} on {files[seed % len(originals)].name}: {problem}", flush=True)
    print(f"{given.count} damaged files, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
