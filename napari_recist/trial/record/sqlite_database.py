"""An embedded trial database: one SQLite file, durable at every commit."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from napari_recist.errors import RecordError

BUSY_TIMEOUT_MS = 10_000
"""How long a write waits for another program's write before it is refused."""

WRITING = {"sqlite_begin": "IMMEDIATE"}
"""Execution options of a transaction that will write: it takes the lock at its start."""


def connect_file(path: Path) -> sa.Engine:
    """Return an engine on a SQLite file.

    WAL lets a monitor read while a reader writes; ``synchronous=FULL`` makes a commit wait until
    the disk has it, so that a gesture once acknowledged survives a power cut. Whatever the
    database refuses is raised as :class:`RecordError`.
    """
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    sa.event.listen(engine, "connect", _make_durable)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "handle_error", partial(_as_refusal, path), retval=True)
    return engine


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
