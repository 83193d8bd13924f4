"""One PostgreSQL server for the session, and for each test a trial database of its own on it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from napari_recist.trial.record.database import create_schema
from napari_recist.trial.record.postgres_database import PASSWORD_VARIABLE, new_login
from napari_recist.trial.record.trial_facts import CharterAdopted, PersonAdmitted
from tests.conftest import unavailable
from tests.trial.record.shared_server import (
    CHARTER,
    CHARTER_HASH,
    OWNER,
    PEOPLE,
    SERVERS,
    Server,
    ServerTrial,
    password_of,
)
from tests.trial.record.shared_trial import fill


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server that lives as long as the session."""
    # The server runs as another user, who cannot see into pytest's own folder.
    folder = Path("/tmp") / f"napari-recist-{os.getpid()}"
    started = subprocess.run(
        [sys.executable, SERVERS, "start", folder, "--only", "postgresql"],
        capture_output=True,
        text=True,
        check=False,
    )
    if started.returncode:
        unavailable(f"no PostgreSQL: {started.stderr.strip()}")
    told = dict(line.removeprefix("export ").split("=", 1) for line in started.stdout.splitlines())
    server = Server(told["NAPARI_RECIST_POSTGRESQL"], told["PGPASSWORD"])
    server.run(f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{password_of(OWNER)}'")
    yield server
    subprocess.run([sys.executable, SERVERS, "stop", folder], check=True)


@pytest.fixture(scope="session")
def staffed(server: Server) -> str:
    """Return the name of a database that holds a trial with all its people, to be copied."""
    database = server.new_database()
    trial = ServerTrial(server, database)
    create_schema(trial.engine(OWNER), trial.url(OWNER))
    owner = trial.store(OWNER)
    owner.append("", "", OWNER, CharterAdopted("1a2b", CHARTER, CHARTER_HASH, ""))
    for name, role in PEOPLE.items():
        owner.append("", "", OWNER, PersonAdmitted(name, role))
        _, statement = new_login(trial.engine(OWNER), name, password_of(name))
        with trial.engine(OWNER).begin() as connection:
            connection.execute(statement)
    trial.close()
    return database


@pytest.fixture
def shared(server: Server, staffed: str) -> Iterator[ServerTrial]:
    """Return a trial on the server, with all its people and no patient yet."""
    trial = ServerTrial(server, server.new_database(staffed))
    yield trial
    trial.close()


@pytest.fixture(autouse=True)
def no_password_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away whatever password the surroundings would give."""
    for variable in (PASSWORD_VARIABLE, "PGPASSWORD", "PGPASSFILE"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="session")
def filled(server: Server, staffed: str) -> str:
    """Return the name of a database that holds a trial under way, to be copied."""
    trial = ServerTrial(server, server.new_database(staffed))
    fill(trial)
    trial.close()
    return trial.database


@pytest.fixture(scope="module")
def under_way(server: Server, filled: str) -> Iterator[ServerTrial]:
    """Return a trial under way that the tests of a module look at and leave as it is."""
    trial = ServerTrial(server, server.new_database(filled))
    yield trial
    trial.close()


@pytest.fixture
def going_on(server: Server, filled: str) -> Iterator[ServerTrial]:
    """Return a trial under way of a test's own."""
    trial = ServerTrial(server, server.new_database(filled))
    yield trial
    trial.close()
