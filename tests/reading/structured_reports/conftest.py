"""P1's scans as series and headers, to write reports on."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from napari_recist.imaging import HeaderIndex, Series, scan
from tests.reading.structured_reports.reports import headers


@pytest.fixture(scope="session")
def series(scans: Path) -> tuple[Series, ...]:
    """Return P1's series at baseline, week 8 and week 16."""
    found = scan([scans], None, HeaderIndex()).series
    return tuple(sorted(found, key=lambda one: str(one.date)))


@pytest.fixture(scope="session")
def baseline(series: tuple[Series, ...]) -> list[Dataset]:
    """Return the headers of P1's baseline."""
    return headers(series[0])
