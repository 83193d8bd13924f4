"""A database of each earlier schema opens, is brought to the present one, and verifies."""

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from napari_recist.criteria import Charter, VisitOpened, VisitSigned
from napari_recist.trial import open_trial, register
from napari_recist.trial.reads.cases import place_on_table
from napari_recist.trial.record import database
from napari_recist.trial.record.chain import GENESIS, ChainHead, Record, chained
from napari_recist.trial.record.fact_codec import encode
from napari_recist.trial.record.schema import events
from napari_recist.trial.record.sqlite_database import WRITING
from napari_recist.trial.record.trial_facts import CharterAdopted, ReadAssigned
from tests.trial.conftest import execute, scheduled, seated
from tests.trial.record.shared_server import OWNER, Server, ServerTrial

FIRST_SCHEMA = Path(__file__).with_name("schema_0001.sql")
"""The dump of a trial that the version with schema 0001 wrote; its reader is anna."""

COPIED = "recorded_at, utc_offset_minutes, subject, reader, kind, payload, previous_hash"

NOW = "2025-01-06T09:30:00.000000+00:00"

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


def test_the_first_schema_gets_the_views(first_schema: Path) -> None:
    """What the first version signed stands in the views; the figures it did not keep are null."""
    with open_trial(str(first_schema)):
        pass
    with closing(sqlite3.connect(first_schema)) as connection:
        measured = connection.execute("SELECT reader, lesion, diameter_mm FROM measurements")
        rows = measured.fetchall()
        signed = connection.execute("SELECT visit, overall, sum_mm, new_lesion FROM responses")
        people = connection.execute("SELECT name, role, works FROM people").fetchall()

        assert rows
        assert signed.fetchall() == [("BL", None, None, None)]
        assert people == [("anna", "reader", 1)]


def until_the_second(engine: sa.Engine) -> list[tuple[str, str]]:
    """Make a database of schema 0002 with an assigned patient; return where its reads lie."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        command.upgrade(database._config(connection), "0002")
        head = ChainHead(0, GENESIS)
        facts = (CharterAdopted("1a2b", Charter(), "c", ""), *map(ReadAssigned, ("anna", "bo")))
        for number, fact in enumerate(facts, start=1):
            subject = "P1" if isinstance(fact, ReadAssigned) else ""
            record = chained(
                Record(number, NOW, 0, subject, "", *encode(fact), head.hash, "", "owner")
            )
            connection.execute(sa.insert(events), asdict(record))
            head = ChainHead(number, record.hash)
    return [(reader, place_on_table("1a2b", "P1", reader)) for reader in ("anna", "bo")]


def test_the_second_schema_gets_the_views(tmp_path: Path) -> None:
    """A file of schema 0002 is brought up, and knows where the reads of its patients lie."""
    file = tmp_path / "second.db"
    engine = database.connect(str(file), new=True)
    places = until_the_second(engine)
    database.migrate(engine, str(file))
    with engine.begin() as connection:
        noted = connection.execute(sa.text("SELECT reader, place FROM reads_on_table"))

        assert [tuple(row) for row in noted] == places
        assert connection.execute(sa.text("SELECT count(*) FROM assignments")).scalar() == 2
    engine.dispose()


def test_the_second_schema_gets_the_views_on_a_server(server: Server) -> None:
    """The same on a server, opened by its owner."""
    trial = ServerTrial(server, server.new_database())
    until_the_second(trial.engine(OWNER))
    database.migrate(trial.engine(OWNER), trial.url(OWNER))

    assert trial.sql(OWNER, "SELECT person FROM assignments ORDER BY record") == [
        ("anna",),
        ("bo",),
    ]
    trial.close()
