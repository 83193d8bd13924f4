"""Time de-identifying CT files beside reading and writing the same files with pydicom.

Usage: python benchmarks/deidentify.py SERIES [--files 5000] [--rounds 3]. SERIES is a folder with
CT slices; copies with UIDs of their own are made of them, ten series. The ways take turns; what
they write is removed in between.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pydicom

from napari_recist.criteria import Charter
from napari_recist.imaging.deidentify import (
    Order,
    SubjectList,
    TrialFacts,
    TrialKey,
    deidentify_folder,
    folder,
)

SERIES = 10
ORDER = Order(TrialKey(bytes(range(32))), TrialFacts.of(Charter()), SubjectList())


def copies(source: Path, target: Path, count: int) -> int:
    """Write so many slices, each an image of its own; return their bytes."""
    slices = sorted(file for file in source.rglob("*") if file.is_file())
    for number in range(count):
        image = pydicom.dcmread(slices[number % len(slices)])
        series = number * SERIES // count
        image.PatientID, image.StudyDate = "NRC-001-0001", f"2024{series + 1:02d}15"
        image.StudyInstanceUID = f"1.2.3.{series}"
        image.SeriesInstanceUID = f"1.2.3.{series}.1"
        image.SOPInstanceUID = f"1.2.3.{series}.1.{number}"
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        place = target / str(series)
        place.mkdir(parents=True, exist_ok=True)
        image.save_as(place / f"{number:05d}.dcm")
    return sum(file.stat().st_size for file in target.rglob("*.dcm"))


def by_pydicom(source: Path, out: Path) -> None:
    for file in sorted(source.rglob("*.dcm")):
        place = out / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        pydicom.dcmread(file).save_as(place)


def by_bytes(source: Path, out: Path) -> None:
    for file in sorted(source.rglob("*.dcm")):
        place = out / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())


def by_us(source: Path, out: Path) -> None:
    done = deidentify_folder(source, out, ORDER)
    assert not done.left_out


def by_us_alone(source: Path, out: Path) -> None:
    usual = folder.FILES_WORTH_PROCESSES
    folder.FILES_WORTH_PROCESSES = 1 << 30
    try:
        by_us(source, out)
    finally:
        folder.FILES_WORTH_PROCESSES = usual


def timed(work: Callable[[Path, Path], None], source: Path, out: Path) -> float:
    started = time.perf_counter()
    work(source, out)
    return time.perf_counter() - started


def one_round(source: Path, place: Path) -> dict[str, float]:
    taken = {}
    ways = {"bytes copied": by_bytes, "pydicom, read and write": by_pydicom}
    for name, way in (*ways.items(), ("de-identified, one process", by_us_alone)):
        taken[name] = timed(way, source, place / "out")
        shutil.rmtree(place / "out")
    taken["de-identified"] = timed(by_us, source, place / "out")
    taken["de-identified, second run"] = timed(by_us, source, place / "out")
    shutil.rmtree(place / "out")
    return taken


def main(series: Path, files: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        size = copies(series, place / "in", files)
        print(f"{files} files, {size / 1e6:.0f} MB.\n")
        taken = [one_round(place / "in", place) for _ in range(rounds)]
    base = statistics.median(run["pydicom, read and write"] for run in taken)
    print("| run | median, s | best, s | times pydicom |\n|---|---|---|---|")
    for name in taken[0]:
        seconds = [run[name] for run in taken]
        middle = statistics.median(seconds)
        print(f"| {name} | {middle:.2f} | {min(seconds):.2f} | {middle / base:.2f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", type=Path)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    main(asked.series, asked.files, asked.rounds)
