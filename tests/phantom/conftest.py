"""What the phantom's tests share: the example patient on disk, and two noise-free full scans."""

import subprocess
import sys
from pathlib import Path

import pytest

from napari_recist.phantom import TrialTruth, sample_trial
from napari_recist.phantom.patients import SAMPLE_TRIAL
from napari_recist.phantom.render import Canvas, clean
from napari_recist.phantom.script import solids

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def truth() -> TrialTruth:
    """Return what is true of the sample trial."""
    return sample_trial()


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder freshly written by ``python -m napari_recist.phantom``."""
    folder = tmp_path_factory.mktemp("example") / "sample_data"
    command = [sys.executable, "-W", "error", "-m", "napari_recist.phantom", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT)
    return folder


@pytest.fixture(scope="session")
def kept() -> Path:
    """Return the project's own ``sample_data``."""
    return ROOT / "sample_data"


@pytest.fixture(
    scope="session", params=[(0, 0), (2, 3)], ids=["NRC-001-0001 BL", "NRC-002-0001 W24"]
)
def painted(request: pytest.FixtureRequest) -> tuple[int, int, Canvas]:
    """Return patient number, visit number and the scan without the scanner's noise."""
    patient, visit = request.param
    script = SAMPLE_TRIAL[patient]
    scan = script.visits[visit].scan
    fluid = script.visits[visit].fluid_mm
    return patient, visit, clean(script.patient, scan, solids(script, visit), fluid)
