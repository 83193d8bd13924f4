"""What every room's tests share: the real data beside the checkout, and a screen of their own."""

import os
import sys
from pathlib import Path

import pytest

from napari_recist.demo.virtual_screen import use_virtual_screen
from napari_recist.errors import DisplayError
from napari_recist.imaging.cache_folder import CACHE_VARIABLE
from napari_recist.reading.place import STATE_VARIABLE

SHARED = Path(__file__).resolve().parents[2] / "shared"

JUDGES = Path(sys.prefix) / "judges"
"""Where ``scripts/setup judges`` puts the programs of others that judge what we write."""

# Both Qt bindings are installed here: napari and pytest-qt must choose the same one.
os.environ["PYTEST_QT_API"] = os.environ.setdefault("QT_API", "pyqt6")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Give each test process a virtual screen before any of them touches Qt.

    The parent of parallel workers runs no test and needs none. Without Xvfb the window's tests
    say so themselves.
    """
    if getattr(session.config.option, "numprocesses", None) is None:
        try:
            use_virtual_screen()
        except DisplayError:
            os.environ.pop("DISPLAY", None)


@pytest.fixture(scope="session", autouse=True)
def caches_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep caches and places of this process, and of those it starts, out of the user's."""
    os.environ[CACHE_VARIABLE] = str(tmp_path_factory.mktemp("caches"))
    os.environ[STATE_VARIABLE] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of shared real data; absent, fail under CI and skip visibly elsewhere."""
    data = SHARED / "data"
    if not data.is_dir():
        unavailable(f"no shared data at {data}")
    return data


@pytest.fixture(scope="session")
def core_judge(shared_data: Path) -> tuple[str, ...]:
    """Return the command that judges a folder of SDTM files by CDISC's rules."""
    python, driver = JUDGES / "core" / "bin" / "python", shared_data.parent / "tools" / "core"
    if not python.exists():
        unavailable("CDISC's rules are not installed: run scripts/setup judges")
    return str(python), str(driver / "core_driver_json.py"), str(driver)


@pytest.fixture(scope="session")
def ohif_judge() -> Path:
    """Return the folder whose Node scripts read and write structured reports as OHIF does."""
    if not (JUDGES / "ohif" / "node_modules").is_dir():
        unavailable("OHIF's importer is not installed: run scripts/setup judges")
    return JUDGES / "ohif"


@pytest.fixture(scope="session")
def screen() -> None:
    """Ask for a screen; absent, fail under CI and skip visibly elsewhere."""
    if not os.environ.get("DISPLAY"):
        unavailable("no virtual screen: install xvfb")


def unavailable(reason: str) -> None:
    """Fail under ``CI=true``, where nothing may be skipped; elsewhere skip with the reason."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
