"""A copy of part of a record with the same views, in a SQLite database of its own.

With it the views are to be had of a frozen transfer, and of a trial on PostgreSQL without a server.
"""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

from napari_recist.trial.reads.cases import place_on_table
from napari_recist.trial.record.chain import Record
from napari_recist.trial.record.fact_codec import KIND_OF
from napari_recist.trial.record.trial_facts import CharterAdopted, ReadAssigned
from napari_recist.trial.views.column_types import ColumnType
from napari_recist.trial.views.dialects import Dialect, wording
from napari_recist.trial.views.dictionary import View
from napari_recist.trial.views.making import view_statements

Value: TypeAlias = str | int | float | bool | Decimal | dt.date | dt.datetime | None
"""What a cell of a view can hold."""

TABLES = (
    """CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, recorded_at TEXT, utc_offset_minutes INTEGER, subject TEXT,
    reader TEXT, kind TEXT, payload TEXT, previous_hash TEXT, hash TEXT, actor TEXT)""",
    "CREATE INDEX events_by_read ON events (subject, reader, sequence)",
    "CREATE INDEX events_by_kind ON events (kind, sequence)",
    "CREATE TABLE reads_on_table (subject, reader, place, PRIMARY KEY (subject, reader))",
)
"""As far as the views look at them; the guards stay with the record."""

INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
ONE_TENTH = Decimal("0.1")


def empty_copy(*, identity_withheld: bool = False) -> sqlite3.Connection:
    """Return a temporary database with the tables and views, and no record yet.

    A large one goes to a temporary file by itself, which is gone when it is closed.
    ``identity_withheld``: true dates are null in it.
    """
    connection = sqlite3.connect("", isolation_level=None)
    words = wording(Dialect.SQLITE, identity_withheld=identity_withheld)
    for statement in (*TABLES, *view_statements(words)):
        connection.execute(statement)
    return connection


def copy_of(records: Iterable[Record], *, identity_withheld: bool = False) -> sqlite3.Connection:
    """Return such a database with these records, the first of a trial onwards."""
    connection = empty_copy(identity_withheld=identity_withheld)
    trial_uid = ""
    connection.execute("BEGIN")
    for record in records:
        connection.execute(INSERT, astuple(record))
        if record.kind == KIND_OF[CharterAdopted]:
            trial_uid = json.loads(record.payload)["trial_uid"]
        elif record.kind == KIND_OF[ReadAssigned]:
            reader = json.loads(record.payload)["reader"]
            place = place_on_table(trial_uid, record.subject, reader)
            row = (record.subject, reader, place)
            connection.execute("INSERT OR IGNORE INTO reads_on_table VALUES (?, ?, ?)", row)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    return connection


def rows_of(connection: sqlite3.Connection, view: View) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of a view by its keys, each value in the type of its column."""
    columns, keys = (", ".join(names) for names in ([c.name for c in view.columns], view.keys))
    typed = [_TYPED[column.type] for column in view.columns]
    query = f"SELECT {columns} FROM {view.name} ORDER BY {keys}"  # noqa: S608 - our own names
    for row in connection.execute(query):
        yield tuple(
            None if value is None else kind(value) for kind, value in zip(typed, row, strict=True)
        )


_TYPED: Mapping[ColumnType, Callable[[Any], Value]] = MappingProxyType(
    {
        ColumnType.TEXT: str,
        ColumnType.INTEGER: int,
        # The double nearest to a value of one decimal is written as that value.
        ColumnType.DECIMAL: lambda value: Decimal(repr(float(value))).quantize(ONE_TENTH),
        ColumnType.NUMBER: float,
        ColumnType.DATE: dt.date.fromisoformat,
        ColumnType.MOMENT: dt.datetime.fromisoformat,
        ColumnType.FLAG: bool,
    }
)
