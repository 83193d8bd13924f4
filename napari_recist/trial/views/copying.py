"""A copy of part of a record with the same views, in a SQLite database of its own.

With it the views are to be had of a frozen transfer, and of a trial on PostgreSQL without a server.
"""

import sqlite3

from napari_recist.trial.views.dialects import Dialect, wording
from napari_recist.trial.views.making import view_statements

EVENTS = """CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, recorded_at TEXT, utc_offset_minutes INTEGER, subject TEXT,
    reader TEXT, kind TEXT, payload TEXT, previous_hash TEXT, hash TEXT, actor TEXT)"""
INDEXES = (
    "CREATE INDEX events_by_read ON events (subject, reader, sequence)",
    "CREATE INDEX events_by_kind ON events (kind, sequence)",
)
PLACES = """CREATE TABLE reads_on_table (
    subject TEXT, reader TEXT, place TEXT, PRIMARY KEY (subject, reader))"""


def empty_copy(*, identity_withheld: bool = False) -> sqlite3.Connection:
    """Return a temporary database with the tables and views, and no record yet.

    Large ones go to a temporary file by themselves, which nobody else can open.
    """
    connection = sqlite3.connect("", isolation_level=None)
    for statement in (EVENTS, *INDEXES, PLACES):
        connection.execute(statement)
    words = wording(Dialect.SQLITE, identity_withheld=identity_withheld)
    for statement in view_statements(words):
        connection.execute(statement)
    return connection
