"""A trial with one patient's three small scans, and a session on it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from napari_recist.criteria import Role
from napari_recist.phantom import sample_charter
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, TrialRole, create_trial
from tests.reading.tiny_ct import write_ct
from tests.trial.conftest import PASSWORD, quick_passwords, seated

__all__ = ["quick_passwords"]

BASELINE = dt.date(2025, 1, 6)

AS_THEY_ARE = "[deidentification]\non_import = false\n"
"""Images are registered where they are, with true dates; test_coded_images has them coded."""

LONG = ((1.0, 20.0, 10.0), (1.0, 20.0, 60.0))
"""A horizontal line over 50 columns of 0.6 mm: 30 mm."""

SHORT = ((1.0, 10.0, 30.0), (1.0, 30.0, 30.0))
"""A vertical line over 20 rows of 0.8 mm: 16 mm."""

PLACE = (2.0, 12.0, 34.0)
"""Where a lesion lies that is not measured: slice, row, column."""


def sample_charter_as_they_are(folder: Path) -> Path:
    """Write the sample trial's charter for images that are registered where they are."""
    file = folder / "as they are.toml"
    text = sample_charter().replace("on_import = true", "on_import = false")
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the scans of P1 at baseline, week 8 and week 16."""
    folder = tmp_path_factory.mktemp("scans")
    for week in (0, 8, 16):
        write_ct(folder / f"week{week}", "P1", BASELINE + dt.timedelta(weeks=week))
    return folder


@pytest.fixture
def new_trial(tmp_path: Path) -> Iterator[Callable[[str], Trial]]:
    """Return what makes a trial of a charter's text, with the reader anna and no images."""
    made: list[Trial] = []

    def make(charter: str) -> Trial:
        file = tmp_path / "charter.toml"
        where = "" if "[deidentification]" in charter else AS_THEY_ARE
        file.write_text(f"{charter}\n{where}", encoding="utf-8")
        trial = create_trial(str(tmp_path / "trial.db"), file)
        trial.admit("anna", TrialRole.READER, PASSWORD)
        made.append(trial)
        return trial

    yield make
    for trial in made:
        trial.close()


@pytest.fixture
def trial(new_trial: Callable[[str], Trial], scans: Path) -> Trial:
    """Return a trial by the suggested charter, with P1's images."""
    trial = new_trial('[trial]\nid = "HCC-1"\n')
    import_images(trial, scans)
    return trial


@pytest.fixture
def session(trial: Trial) -> ReadingSession:
    """Return anna's session on P1, at baseline."""
    return ReadingSession(seated(trial, "anna", "P1"), "P1")


@pytest.fixture
def at_week_8(session: ReadingSession) -> ReadingSession:
    """Return anna's session at week 8, after a signed baseline of two targets and a non-target."""
    read_baseline(session)
    session.open_visit("W8")
    return session


def read_baseline(session: ReadingSession) -> None:
    """Read and sign a baseline: T1 of 30 mm, the node T2 of 16 mm, NT1."""
    session.add_lesion(Role.TARGET, "liver", "S7")
    session.draw_caliper("T1", LONG, SHORT)
    session.add_lesion(Role.TARGET, "lymph node", node=True)
    session.draw_caliper("T2", LONG, SHORT)
    session.add_lesion(Role.NON_TARGET, "liver")
    session.locate_lesion("NT1", PLACE)
    session.sign_visit(PASSWORD, "I read this visit")
