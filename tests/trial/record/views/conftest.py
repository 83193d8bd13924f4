"""A finished and frozen trial in a file and, record by record the same, on a server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
import sqlalchemy as sa

from napari_recist.trial import open_trial
from napari_recist.trial.record.database import create_schema
from napari_recist.trial.record.postgres_database import new_login
from napari_recist.trial.record.schema import events
from tests.exporting.frozen_trials import (
    ADJUDICATOR,
    ADMINISTRATOR,
    FIRST,
    MONITOR,
    SECOND,
    built_shifted,
    built_trial,
)
from tests.trial.record.shared_server import OWNER, Server, ServerTrial, password_of

__all__ = ["built_shifted", "built_trial"]

PEOPLE = (FIRST, SECOND, ADJUDICATOR, ADMINISTRATOR, MONITOR)


@pytest.fixture(scope="session")
def carried(server: Server, built_shifted: Path) -> Iterator[ServerTrial]:
    """Carry the trial onto a server: every record as it is, and a login for each person."""
    trial = ServerTrial(server, server.new_database())
    create_schema(trial.engine(OWNER), trial.url(OWNER))
    with open_trial(str(built_shifted)) as file, trial.engine(OWNER).begin() as connection:
        connection.execute(sa.insert(events), [asdict(record) for record in file.records()])
    for name in PEOPLE:
        _, statement = new_login(trial.engine(OWNER), name, password_of(name))
        with trial.engine(OWNER).begin() as connection:
            connection.execute(statement)
    yield trial
    trial.close()


@pytest.fixture
def in_a_file(built_shifted: Path) -> Iterator[sqlite3.Connection]:
    """Return the file as a statistician opens it: read only, with nothing but SQLite."""
    with closing(sqlite3.connect(f"file:{built_shifted}?mode=ro", uri=True)) as connection:
        yield connection
