"""Time what follows finding: first slice, loading, streaming, and opening from the cache.

Usage: python benchmarks/dicom_voxels.py FOLDER... [--rounds 5]

Each folder holds one uncompressed CT series made by dicom_data.py, of 512 x 512. Every round runs
in a process of its own, which first touches as much memory as it will need (see dicom.py); methods
take turns within it. Reported: medians of the rounds, imports and finding left out, files in the
page cache, and the largest resident memory while loading, from a run of its own.
"""
# ruff: noqa: PLC0415 - the memory before the imports of a method is not its own

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from dicom import KIBIBYTES_PER_MEBIBYTE, limit

SHARE_TOUCHED = 2.2
"""Of the size of the files: the array of one method, that of the one before, and some room."""


def seconds(method: Callable[[], Any]) -> float:
    """Time one call; what it returns is freed afterwards."""
    started = time.perf_counter()
    result = method()
    took = time.perf_counter() - started
    del result
    return took


def timed(folder: Path) -> dict[str, float]:
    """Return the seconds of every method."""
    import numpy as np
    import pydicom

    from napari_recist.imaging import (
        VolumeCache,
        VolumeStream,
        find_series,
        load_volume,
        read_slice,
    )

    size = sum(file.stat().st_size for file in folder.iterdir())
    np.ones(int(SHARE_TOUCHED * size), np.uint8).sum()
    (series,) = find_series(folder)
    middle = len(series.slices) // 2
    file = series.slices[middle].file

    def until_first() -> VolumeStream:
        there = Event()
        stream = VolumeStream(series, middle, lambda _indices: there.set())
        there.wait()
        stream.cancel()
        return stream

    with tempfile.TemporaryDirectory() as kept:
        cache = VolumeCache(Path(kept), 1 << 40)
        cache.load(series)
        methods: dict[str, Callable[[], Any]] = {
            "bytes into one array (limit)": lambda: limit(folder),
            "load_volume": lambda: load_volume(series),
            "streamed, all slices": lambda: VolumeStream(series, middle).wait(),
            "cached, checked and mapped": lambda: cache.load(series),
            "cached, every voxel added up": lambda: cache.load(series).voxels.sum(dtype=np.int64),
            "first slice: read_slice": lambda: read_slice(series, middle),
            "first slice: stream": until_first,
            "first slice: pydicom": lambda: pydicom.dcmread(file).pixel_array,
        }
        for method in methods.values():
            method()
        return {name: seconds(method) for name, method in methods.items()}


def memory(folder: Path) -> dict[str, float]:
    """Return how much resident memory loading takes at most, MiB, and the size of the voxels."""
    from napari_recist.imaging import find_series, load_volume

    (series,) = find_series(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    voxels = load_volume(series).voxels
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"voxels, MiB": voxels.nbytes / 2**20, "peak, MiB": grown / KIBIBYTES_PER_MEBIBYTE}


def child(folder: Path, what: str) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, str(folder), "--once", what]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", choices=["time", "memory"])
    given = parser.parse_args()
    if given.once:
        measure = timed if given.once == "time" else memory
        print(json.dumps(measure(given.folders[0])))
        return
    for folder in given.folders:
        count = len(list(folder.iterdir()))
        rounds = [child(folder, "time") for _ in range(given.rounds)]
        middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
        bound = middle["bytes into one array (limit)"]
        print(f"\n{folder.name}, {count} slices\n")
        print("| method | median, ms | per slice, ms | times the limit |\n|---|---|---|---|")
        for name, took in middle.items():
            whole = "" if name.startswith("first") else f"{1e3 * took / count:.3f}"
            ratio = "" if name.startswith("first") else f"{took / bound:.2f}"
            print(f"| {name} | {1e3 * took:.1f} | {whole} | {ratio} |")
        print("\n" + ", ".join(f"{k} {v:.0f}" for k, v in child(folder, "memory").items()))


if __name__ == "__main__":
    main()
