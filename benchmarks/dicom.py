"""Time the reading of one CT series by this program and by others, each in its own process.

Usage: python benchmarks/dicom.py SERIES_FOLDER [--headers FOLDER] [--rounds 5]

SERIES_FOLDER holds one series made by dicom_data.py. Methods take turns, so that a busy machine is
busy for all. Reported: the median and the best of the rounds, files in the page cache, imports left
out; and the largest resident memory above that after the imports, from a run of its own. Tools that
are not installed are left out. A virtual machine may fetch memory from its host at first touch,
which takes longer than all else, so every timed process touches as much and frees it before.
"""
# ruff: noqa: PLC0415 - each tool is imported by its own method: one that is missing is left out

import argparse
import importlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOUCHED_BYTES = 1_300_000_000
KIBIBYTES_PER_MEBIBYTE = 1024


def limit(folder: Path) -> Any:
    """Read all pixel bytes into one array: what the memory allows."""
    import numpy as np

    files = sorted(folder.iterdir())
    array = np.empty((len(files), 512 * 512), np.int16)
    for row, file in zip(array, files, strict=True):
        with file.open("rb", buffering=0) as stream:
            stream.seek(-row.nbytes, 2)
            stream.readinto(row.data)
    return array


def ours(folder: Path) -> Any:
    """Find, prove and load."""
    from napari_recist.imaging import find_series, load_volume

    (series,) = find_series(folder)
    return load_volume(series).voxels


def ours_indexed(folder: Path) -> Any:
    """Find with the headers of an earlier visit, prove and load."""
    from napari_recist.imaging import HeaderIndex, find_series, load_volume

    (series,) = find_series(folder, index=HeaderIndex(INDEX))
    return load_volume(series).voxels


def simpleitk(folder: Path) -> Any:
    """Ask for the ordered names, then read."""
    import SimpleITK

    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return SimpleITK.GetArrayFromImage(reader.Execute())


def pydicom_stack(folder: Path) -> Any:
    """Read every data set, sort by position, stack."""
    import numpy as np
    import pydicom

    datasets = [pydicom.dcmread(file) for file in folder.iterdir()]
    datasets.sort(key=lambda dataset: dataset.ImagePositionPatient[2])
    return np.stack([one.pixel_array.astype(np.int16) for one in datasets]) + np.int16(-1024)


def dicomsdl_read(folder: Path) -> Any:
    """Read with dicomsdl, sort by position, fill one array."""
    import dicomsdl
    import numpy as np

    found = [dicomsdl.open(str(file)) for file in folder.iterdir()]
    found.sort(key=lambda one: one.ImagePositionPatient[2])
    array = np.empty((len(found), 512, 512), np.int16)
    for index, one in enumerate(found):
        array[index] = one.pixelData(storedvalue=True)
    return np.add(array, np.int16(-1024), out=array)


def dcm2niix_convert(folder: Path) -> Any:
    """Convert to an uncompressed NIfTI file in memory-backed temporary space."""
    import tempfile

    import dcm2niix

    with tempfile.TemporaryDirectory() as out:
        command = [dcm2niix.bin, "-z", "n", "-b", "n", "-o", out, str(folder)]
        subprocess.run(command, check=True, capture_output=True)


def first_bytes(folder: Path) -> Any:
    """Read the first 4 KiB of every file: what the system allows."""
    import os

    found = []
    for entry in os.scandir(folder):
        descriptor = os.open(entry.path, os.O_RDONLY)
        found.append(os.read(descriptor, 4096))
        os.close(descriptor)
    return found


def our_headers(folder: Path) -> Any:
    """Find the series among many small files: grouped, split, ordered, proven."""
    from napari_recist.imaging import scan

    return scan(folder)


def our_indexed_headers(folder: Path) -> Any:
    """Find them again, with the headers of an earlier visit."""
    from napari_recist.imaging import HeaderIndex, scan

    return scan(folder, index=HeaderIndex(INDEX))


def pydicom_headers(folder: Path) -> Any:
    """Read every header up to the pixels, and series and position alone."""
    import pydicom

    found = [pydicom.dcmread(file, stop_before_pixels=True) for file in folder.iterdir()]
    return [(one.SeriesInstanceUID, one.ImagePositionPatient) for one in found]


def dicomsdl_headers(folder: Path) -> Any:
    """Open every file and take series and position alone."""
    import dicomsdl

    found = [dicomsdl.open(str(file)) for file in folder.iterdir()]
    return [(one.SeriesInstanceUID, one.ImagePositionPatient) for one in found]


def pydicom_facts(folder: Path) -> Any:
    """Read every header up to the pixels, and take what our sorting reads of a CT slice."""
    import pydicom

    found = [pydicom.dcmread(file, stop_before_pixels=True) for file in folder.iterdir()]
    return [[one.get(name) for name in FACTS] for one in found]


def dicomsdl_facts(folder: Path) -> Any:
    """Open every file and take what our sorting reads of a CT slice."""
    import dicomsdl

    found = [dicomsdl.open(str(file)) for file in folder.iterdir()]
    return [[getattr(one, name) for name in FACTS] for one in found]


FACTS = (
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "FrameOfReferenceUID",
    "PatientID",
    "Modality",
    "ImageType",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "InstanceNumber",
    "AcquisitionNumber",
    "Rows",
    "Columns",
    "RescaleSlope",
    "RescaleIntercept",
)
"""What decides which images form a volume, and in which order; ours reads some thirty more."""

INDEX = Path(tempfile.gettempdir()) / "napari-recist-benchmark" / "headers.sqlite3"
"""Where the timed index lies; filled before the first round, removed after the last."""


METHODS: dict[str, tuple[Callable[[Path], Any], tuple[str, ...]]] = {
    "limit": (limit, ("numpy",)),
    "napari-recist": (ours, ("napari_recist.imaging",)),
    "napari-recist, indexed": (ours_indexed, ("napari_recist.imaging", "sqlite3")),
    "of this, finding": (our_headers, ("napari_recist.imaging",)),
    "of this, finding, indexed": (our_indexed_headers, ("napari_recist.imaging", "sqlite3")),
    "SimpleITK": (simpleitk, ("SimpleITK",)),
    "pydicom": (pydicom_stack, ("pydicom", "numpy")),
    "dicomsdl": (dicomsdl_read, ("dicomsdl", "numpy")),
    "dcm2niix": (dcm2niix_convert, ("dcm2niix",)),
}
HEADER_METHODS: dict[str, tuple[Callable[[Path], Any], tuple[str, ...]]] = {
    "first 4 KiB of each file": (first_bytes, ()),
    "napari-recist": (our_headers, ("napari_recist.imaging",)),
    "napari-recist, indexed": (our_indexed_headers, ("napari_recist.imaging", "sqlite3")),
    "dicomsdl, series and position": (dicomsdl_headers, ("dicomsdl",)),
    "dicomsdl, the same facts": (dicomsdl_facts, ("dicomsdl",)),
    "pydicom, series and position": (pydicom_headers, ("pydicom",)),
    "pydicom, the same facts": (pydicom_facts, ("pydicom",)),
}


def once(methods: dict[str, Any], name: str, folder: Path, *, timed: bool) -> None:
    """Run one method in this process and print its seconds, or its memory in MiB."""
    method, modules = methods[name]
    for module in modules:
        importlib.import_module(module)
    if timed:
        import numpy as np

        np.ones(TOUCHED_BYTES, np.uint8).sum()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    result = method(folder)
    seconds = time.perf_counter() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    del result
    print(seconds if timed else grown / KIBIBYTES_PER_MEBIBYTE)


def run(kind: str, name: str, folder: Path, what: str) -> float | None:
    """Run one method in a process of its own; None where the tool is missing or fails."""
    command = [sys.executable, __file__, str(folder), "--once", kind, name, what]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def compare(kind: str, methods: dict[str, Any], folder: Path, rounds: int) -> None:
    """Run every method in turn and print a table."""
    native = b"1.2.840.10008.1.2.1\0" in next(folder.iterdir()).read_bytes()[:1024]
    names = [name for name in methods if native or name != "limit"]
    memory = {name: run(kind, name, folder, "memory") for name in names}
    names = [name for name in names if memory[name] is not None]
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(run(kind, name, folder, "time") or 0.0)
    mine = statistics.median(found["napari-recist"])
    print(f"\n{kind}: {folder.name}, {len(list(folder.iterdir()))} files\n")
    print("| method | median, s | best, s | times ours | MiB |\n|---|---|---|---|---|")
    for name, seconds in found.items():
        middle, best = statistics.median(seconds), min(seconds)
        print(f"| {name} | {middle:.3f} | {best:.3f} | {middle / mine:.2f} | {memory[name]:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--headers", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", nargs=3)
    given = parser.parse_args()
    if given.once:
        kind, name, what = given.once
        methods = METHODS if kind == "load" else HEADER_METHODS
        once(methods, name, given.folder, timed=what == "time")
        return
    INDEX.unlink(missing_ok=True)
    compare("load", METHODS, given.folder, given.rounds)
    if given.headers:
        compare("headers", HEADER_METHODS, given.headers, given.rounds)
    INDEX.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
