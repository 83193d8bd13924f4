"""A live archive, and archives of ours that ask it, by DICOMweb and by DIMSE."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from napari_recist.imaging.pacs import Access, Archive, address_of, archive_at
from tests.orthanc import Orthanc, orthanc_running
from tests.reading.conftest import BASELINE
from tests.reading.tiny_ct import write_ct

WAYS = ("web", "dimse")

ACCESS = Access()

FORGOTTEN_SOCKET = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <(socket|ssl):pytest.PytestUnraisableExceptionWarning"
)
"""For tests in which DIMSE is refused a connection."""


@pytest.fixture(scope="session")
def orthanc() -> Iterator[Orthanc]:
    """Return an archive that the tests of this process share."""
    with orthanc_running() as running:
        yield running


@pytest.fixture
def own_orthanc() -> Iterator[Orthanc]:
    """Return an archive of the test's own, to be killed."""
    with orthanc_running() as running:
        yield running


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Return each way to the archive in turn."""
    return str(request.param)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait but little before another try; close the sockets that pynetdicom forgets, here.

    Where a connection is refused it leaves its socket to the garbage collector.
    """
    monkeypatch.setattr("napari_recist.imaging.pacs.transfer.PAUSES_S", (0.05, 0.1))
    yield
    gc.collect()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Return a folder with a scan of 32 slices."""
    write_ct(tmp_path / "scan", "P1", BASELINE, times=8)
    return tmp_path / "scan"


def archive_of(running: Orthanc, way: str, access: Access = ACCESS) -> Archive:
    """Return an archive of ours on a running one."""
    return archive_at(address_of(getattr(running, way)), access)
