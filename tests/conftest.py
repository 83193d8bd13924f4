"""Fixtures every room's tests share: the real data beside the checkout, and a quiet environment."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of shared real data; absent, fail under CI and skip visibly elsewhere."""
    data = SHARED / "data"
    if not data.is_dir():
        unavailable(f"no shared data at {data}")
    return data


def unavailable(reason: str) -> None:
    """Fail under ``CI=true``, where nothing may be skipped; elsewhere skip with the reason."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
