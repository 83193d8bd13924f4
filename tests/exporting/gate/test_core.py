"""Why the gate stands: what CDISC's rules find nothing wrong with, and ours name."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from napari_recist.exporting.gate import gate
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.sdtm.files.xpt import xpt_bytes
from tests.exporting.gate import ground
from tests.exporting.gate.faults import SEEDED, both

MISSED = (
    "accepted flag X",
    "a location of no list",
    "orphan link",
    "0.1 mm more, carried into the sums",
    "PD turned SD",
    "new lesion denied",
    "unconfirmed PR as best response",
    "a response missing",
    "a reader's name",
)
"""Faults that can be seeded together; by CDISC's rules there is nothing wrong with any of them."""


def issues(
    judge: tuple[str, ...], datasets: tuple[Dataset, ...], folder: Path
) -> Counter[tuple[str, str, str]]:
    """Return what CDISC's rules find in datasets: dataset, rule, and how often."""
    folder.mkdir()
    for one in datasets:
        place = folder / f"{one.name.lower()}.xpt"
        place.write_bytes(xpt_bytes(one, ground.transfer().frozen_at))
    answer = subprocess.run([*judge, str(folder)], capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("430 rules"), answer.stderr
    return Counter(re.findall(r"^ +(\w+) (CORE-\d+) (\d+)", answer.stdout, re.MULTILINE))


@pytest.mark.shared
def test_what_cdisc_misses_the_gate_names(core_judge: tuple[str, ...], tmp_path: Path) -> None:
    """Nine faults at once change nothing in what CORE finds; our gate names every one."""
    faults = [fault for fault in SEEDED if fault.words in MISSED]
    good = ground.datasets()
    seeded = both(*(fault.seed for fault in faults))(good)
    found = {finding.rule for finding in gate(seeded, ground.transfer())}

    assert len(faults) == len(MISSED)
    assert issues(core_judge, good, tmp_path / "good") == issues(
        core_judge, seeded, tmp_path / "seeded"
    )
    assert all(fault.rules & found for fault in faults)
    assert set.union(*(set(fault.rules) for fault in faults)) <= found
