"""A database of each earlier schema opens, is brought to the present one, and verifies."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from napari_recist.criteria import VisitOpened, VisitSigned
from napari_recist.trial import open_trial, register
from napari_recist.trial.record import database
from tests.trial.conftest import execute, scheduled, seated

FIRST_SCHEMA = Path(__file__).with_name("schema_0001.sql")
"""The dump of a trial that the version with schema 0001 wrote; its reader is anna."""

COPIED = "recorded_at, utc_offset_minutes, subject, reader, kind, payload, previous_hash"

COUNT, HEAD = 9, "67c488b92fe02ac03613dfceb89456058c177dadc1dbb5f043ac92307939d678"
"""Where the record ended when that version verified it."""


@pytest.fixture
def first_schema(tmp_path: Path) -> Path:
    """Return a trial database with schema 0001."""
    database = tmp_path / "first.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(FIRST_SCHEMA.read_text(encoding="utf-8"))
    return database


def test_the_first_schema_opens_and_verifies(first_schema: Path) -> None:
    """Every record keeps its hash: the chain ends where the first version said it ends."""
    with open_trial(str(first_schema)) as trial:
        chain = trial.verify()
        events = trial.events("P1", "anna")

    assert (chain.count, chain.head) == (COUNT, HEAD)
    assert [event.sequence for event in events] == [5, 6, 7, 8, 9]
    assert {event.actor for event in events} == {""}
    assert isinstance(events[3].fact, VisitSigned)


def test_the_first_schema_goes_on(first_schema: Path) -> None:
    """A record of the first schema grows on, tells its actors from there on, and still verifies."""
    with open_trial(str(first_schema)) as trial:
        register(trial, scheduled("P1", "W8", 8))
        seat = seated(trial, "anna", "P1")
        seat.append("P1", VisitOpened("W8", dt.date(2025, 3, 3)))
    with open_trial(str(first_schema)) as trial:
        event = trial.events("P1", "anna")[-1]
        chain = trial.verify()

    assert event.actor == "anna"
    assert chain.count == event.sequence > COUNT


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'mallory'",
        "DELETE FROM events",
        f"INSERT INTO events SELECT sequence + 99, {COPIED}, hash || 'x', actor FROM events",
    ],
)
def test_the_guards_outlive_the_upgrade(first_schema: Path, statement: str) -> None:
    """What the first schema refused is refused after the upgrade, for the new column too."""
    with open_trial(str(first_schema)) as trial:
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|chain"):
            execute(first_schema, statement)
        assert trial.verify().head == HEAD


def test_the_present_schema_is_the_last_of_the_migrations() -> None:
    """A database of the present schema opens without Alembic: the program knows which that is."""
    assert ScriptDirectory.from_config(database._config()).get_current_head() == database.PRESENT
