"""Opens the database of a trial: where it is, how safely it writes, and its migrations."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from napari_recist.errors import RecordError

BUSY_TIMEOUT_MS = 10_000
"""How long a write waits for another program's write before it is refused."""

WRITING = {"sqlite_begin": "IMMEDIATE"}
"""Execution options of a transaction that will write: it takes the lock at its start."""


def database_path(url: str) -> Path:
    """Return the file that a trial's URL names: a plain path or ``sqlite:///path``.

    Raises
    ------
    RecordError
        If the URL names another kind of database.
    """
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///"))
    if "://" in url or not url:
        raise RecordError(
            f"{url!r} is not a trial database this version can open.",
            "Give a path or sqlite:///path.",
        )
    return Path(url)


def connect(path: Path) -> sa.Engine:
    """Return an engine on a SQLite file that is durable at every commit.

    WAL lets a monitor read while a reader writes; ``synchronous=FULL`` makes a commit wait until
    the disk has it, so that a gesture once acknowledged survives a power cut. Whatever the
    database refuses is raised as :class:`RecordError`.
    """
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    sa.event.listen(engine, "connect", _make_durable)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "handle_error", partial(_as_refusal, path), retval=True)
    return engine


def create_schema(engine: sa.Engine, where: str) -> None:
    """Make the tables in an empty database; the caller closes the engine.

    Raises
    ------
    RecordError
        If there is something in the database already.
    """
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        if sa.inspect(connection).get_table_names():
            raise RecordError(f"{where} already holds a database.", "Give another place.")
        _upgrade(connection)


def migrate(engine: sa.Engine, where: str) -> None:
    """Bring a trial database written by an earlier version to the present schema.

    Raises
    ------
    RecordError
        If the file is no trial database, or was written by a later version.
    """
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        if not sa.inspect(connection).has_table("alembic_version"):
            raise RecordError(f"{where} is not a trial database.", "Check the path.")
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        if version not in known:
            raise RecordError(
                f"{where} was written by a later version (schema {version}).",
                "Install the newest napari-recist.",
            )
        _upgrade(connection)


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: sa.Connection) -> None:
    command.upgrade(_config(connection), "head")


def _make_durable(connection: Any, _record: Any) -> None:
    # Left to itself the driver opens transactions late, and DDL outside of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _as_refusal(path: Path, context: sa.engine.ExceptionContext) -> BaseException | None:
    if not isinstance(context.original_exception, sqlite3.Error):
        return None
    return RecordError(
        f"The trial database {path} refuses: {context.original_exception}.",
        "Check the path, the disk and who else has it open; nothing is half-written.",
    )
