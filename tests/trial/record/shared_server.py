"""A PostgreSQL server for tests, the people of a trial on it, and their connections."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from napari_recist.criteria import Charter
from napari_recist.criteria.charter import ReadSettings
from napari_recist.trial.charter_file import charter_hash
from napari_recist.trial.record.database import connect
from napari_recist.trial.record.server_store import ServerStore
from napari_recist.trial.staff.roles import TrialRole

SERVERS = Path(__file__).resolve().parents[3] / "scripts" / "servers"

OWNER = "keeper"
"""Makes the trial, as somebody who is no superuser."""

PEOPLE = {
    "ada": TrialRole.ADMINISTRATOR,
    "ida": TrialRole.IMAGE_MANAGER,
    "anna": TrialRole.READER,
    "boris": TrialRole.READER,
    "carla": TrialRole.READER,
    "zoe": TrialRole.ADJUDICATOR,
    "oli": TrialRole.ONCOLOGIST,
    "mona": TrialRole.MONITOR,
}

CHARTER = Charter(read=ReadSettings(adjudicator_reads=False, global_review=False))
CHARTER_HASH = charter_hash(CHARTER)


def password_of(name: str) -> str:
    """Return the password of a person of the tests."""
    return f"{name}, a long password"


@dataclass
class Server:
    """A PostgreSQL server: the URL at which its superuser finds it, and that one's password."""

    url: str
    password: str
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, statement: str) -> list[sa.Row[tuple[object, ...]]]:
        """Execute one statement as superuser, outside of a transaction; return rows, if any."""
        engine = connect(self.url, self.password)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            result = connection.exec_driver_sql(statement)
            rows = list(result) if result.returns_rows else []
        engine.dispose()
        return rows

    def url_of(self, database: str, name: str) -> str:
        """Return the URL under which a person finds a database."""
        return self.url.replace("recist@", f"{name}@").replace("/postgres", f"/{database}")

    def new_database(self, template: str = "template1") -> str:
        """Make a database that the owner of trials owns, and return its name."""
        database = f"trial_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {database} OWNER {OWNER} TEMPLATE {template}")
        return database


class ServerTrial:
    """A trial database on a server, with a connection for each person who asks for one."""

    def __init__(self, server: Server, database: str) -> None:
        self.server, self.database = server, database
        self._engines: dict[str, sa.Engine] = {}

    def url(self, name: str) -> str:
        """Return the trial's URL for a person."""
        return self.server.url_of(self.database, name)

    def engine(self, name: str) -> sa.Engine:
        """Return a person's own connections."""
        if name not in self._engines:
            self._engines[name] = connect(self.url(name), password_of(name))
        return self._engines[name]

    def store(self, name: str) -> ServerStore:
        """Return the record as a person may see and extend it."""
        return ServerStore(self.engine(name))

    def sql(
        self, name: str, statement: str, /, **values: object
    ) -> list[sa.Row[tuple[object, ...]]]:
        """Execute plain SQL as a person and return the rows, if there are any."""
        with self.engine(name).begin() as connection:
            result = connection.execute(sa.text(statement), values)
            return list(result) if result.returns_rows else []

    def close(self) -> None:
        """Close all connections."""
        for engine in self._engines.values():
            engine.dispose()
