"""Time and memory of an SDTM export of 40 and 4,000 patients, step by step.

Usage: ``python benchmarks/export_sdtm.py [--patients 40 4000] [--rounds 3] [--record 40]``. Each
round is a process of its own, so that its peak of memory is its own; the sizes take turns. The
transfers are made up as values (``made_up_transfer.py``); ``--record`` also reads one of so many
patients from a SQLite record that is written first. Beside the files stand the same rows written by
pandas and by pyreadstat alone, which check nothing: the physical limit.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pandas as pd
import psutil
import pyreadstat
from made_up_transfer import made_up_transfer
from written_record import written_record

from napari_recist.exporting.gate import gate, reconciliation_rows
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.sdtm.export import SdtmFormat, export_sdtm, format_files
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.writing import write_export
from napari_recist.trial import open_trial

MB = 1e6
Made = TypeVar("Made")


class Steps:
    """Seconds of processor by step, in order: the machine may be shared."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[[], Made]) -> Made:
        """Do a step and return what it made."""
        started = time.process_time()
        made = work()
        self.seconds[name] = time.process_time() - started
        return made


def one_export(patients: int) -> dict[str, float]:
    """Export once in this process; return seconds by step, and memory in MB."""
    transfer = made_up_transfer(patients)
    before = psutil.Process().memory_info().rss
    step, started = Steps(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        files, datasets = export(transfer, Path(folder), step)
    waited = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    limit = Steps()
    by_others(datasets, limit)
    return {
        **step.seconds,
        **limit.seconds,
        "whole export": sum(step.seconds.values()),
        "whole export, by the clock": waited,
        "records": sum(len(dataset.rows) for dataset in datasets),
        "files, MB": sum(map(len, files.values())) / MB,
        "transfer, MB": before / MB,
        "peak, MB": peak / MB,
    }


def export(
    transfer: Transfer, out: Path, step: Steps
) -> tuple[dict[str, bytes], tuple[Dataset, ...]]:
    """Do what ``export_sdtm`` does, step by step."""
    datasets = step("datasets", lambda: sdtm_datasets(transfer))
    found = step("gate", lambda: gate(datasets, transfer))
    assert not found, found[:3]
    files: dict[str, bytes] = {}
    for kind in SdtmFormat:
        files |= step(kind, lambda kind=kind: format_files(datasets, transfer, kind))
    step("reconciliation", lambda: reconciliation_rows(datasets, transfer))
    step("to disk", lambda: write_export(transfer, "sdtm", files, out))
    return files, datasets


def by_others(datasets: Sequence[Dataset], step: Steps) -> None:
    """Write the same rows with pandas and pyreadstat, which check nothing."""
    frames = {
        dataset.name: pd.DataFrame.from_records(
            [
                {
                    key: value if isinstance(value, str) else float(value or 0)
                    for key, value in row.items()
                }
                for row in dataset.rows
            ]
        )
        for dataset in datasets
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        step(
            "pandas.to_csv",
            lambda: [frame.to_csv(place / name, index=False) for name, frame in frames.items()],
        )
        step(
            "pyreadstat",
            lambda: [
                pyreadstat.write_xport(frame, place / name, file_format_version=5)
                for name, frame in frames.items()
            ],
        )


def frame(dataset: Dataset) -> pd.DataFrame:
    return pd.DataFrame(
        {
            one.name: [
                value if isinstance(value := row[one.name], str) else float(value or 0)
                for row in dataset.rows
            ]
            for one in dataset.variables
        }
    )


def from_record(patients: int) -> dict[str, float]:
    """Export a transfer from a SQLite record, as the command does."""
    step = Steps()
    with tempfile.TemporaryDirectory() as folder:
        url = str(written_record(Path(folder), patients))
        with open_trial(url) as trial:
            step("export_sdtm", lambda: export_sdtm(trial, Path(folder) / "out"))
    return step.seconds


def child(*arguments: str) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def table(sizes: Sequence[int], rounds: int) -> None:
    runs = {size: [] for size in sizes}
    for _ in range(rounds):
        for size in sizes:
            runs[size].append(child("--one", str(size)))
    medians = {
        size: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for size, found in runs.items()
    }
    print("| " + " | ".join(["", *(f"{size:,} patients" for size in sizes)]) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    for key in medians[sizes[0]]:
        print("| " + " | ".join([key, *(told(key, medians[size], size) for size in sizes)]) + " |")
    grown = {size: found["peak, MB"] - found["transfer, MB"] for size, found in medians.items()}
    cells = [f"{grown[size] / size * 1000:.0f} kB" for size in sizes]
    print("| " + " | ".join(["memory above the transfer, per patient", *cells]) + " |")


def told(key: str, found: dict[str, float], patients: int) -> str:
    if key == "records" or key.endswith("MB"):
        return f"{found[key]:,.0f}"
    return f"{found[key]:.2f} s, {found[key] / patients * 1000:.2f} ms each"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, nargs="+", default=[40, 4000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--record", type=int, default=0)
    parser.add_argument("--one", type=int, default=0)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one_export(asked.one)))
    else:
        table(asked.patients, asked.rounds)
        if asked.record:
            seconds = from_record(asked.record)["export_sdtm"]
            print(f"\nFrom a record of {asked.record} patients: {seconds:.2f} s.")
