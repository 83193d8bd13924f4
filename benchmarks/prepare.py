"""Time preparing the whole sample trial: one worker, two workers, and what is ready already.

Usage: python benchmarks/prepare.py [--rounds 3]. Each run is the command in a process of its own;
the ways take turns. Beside them: the same files merely read into memory, one after the other.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from napari_recist.demo.sample_database import sample_database
from napari_recist.imaging.cache_folder import CACHE_VARIABLE


def prepare(url: str, cache: Path, workers: int) -> tuple[float, dict[str, int]]:
    words = ("prepare", "--trial", url, "--workers", str(workers), "--json")
    command = [sys.executable, "-m", "napari_recist", *words]
    spaces = os.environ | {CACHE_VARIABLE: str(cache)}
    started = time.perf_counter()
    out = subprocess.run(command, env=spaces, capture_output=True, check=True).stdout
    return time.perf_counter() - started, json.loads(out)


def read_files(files: list[Path]) -> float:
    started = time.perf_counter()
    for file in files:
        file.read_bytes()
    return time.perf_counter() - started


def one_round(url: str, files: list[Path]) -> dict[str, float]:
    seconds = {"all files read once": read_files(files)}
    with tempfile.TemporaryDirectory() as place:
        for workers in (1, 2):
            cache = Path(place, str(workers))
            first, told = prepare(url, cache, workers)
            assert told["prepared"] == len(told["series"])
            again, told = prepare(url, cache, workers)
            assert told["already"] == len(told["series"])
            name = f"{workers} worker" + ("s" if workers > 1 else "")
            seconds |= {name: first, f"{name}, second run": again}
    return seconds


def main(rounds: int, say: Callable[[str], None] = print) -> None:
    with tempfile.TemporaryDirectory() as place, sample_database(Path(place)) as trial:
        visits = [visit for subject in trial.subjects() for visit in trial.visits(subject)]
        files = [path for visit in visits for entry in visit.series for path in entry.paths]
        size = sum(file.stat().st_size for file in files)
        say(f"{len(visits)} visits, {sum(len(visit.series) for visit in visits)} series,")
        say(f"{len(files)} files, {size / 1e6:.0f} MB.\n")
        taken = [one_round(trial.url, files) for _ in range(rounds)]
    base = statistics.median(run["1 worker"] for run in taken)
    say("| run | median, s | best, s | times one worker |\n|---|---|---|---|")
    for name in taken[0]:
        values = [run[name] for run in taken]
        median = statistics.median(values)
        say(f"| {name} | {median:.2f} | {min(values):.2f} | {median / base:.2f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    main(parser.parse_args().rounds)
