"""The tables of a trial database: the record, its head, and the passwords beside it.

This is the present schema, for queries. The migrations in ``migrations/versions`` make it; a test
compares the two. Times are text in UTC, so that the hash of a record does not depend on how a
database writes a time.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

events = sa.Table(
    "events",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recorded_at", sa.Text, nullable=False),
    sa.Column("utc_offset_minutes", sa.Integer, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("reader", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("actor", sa.Text, nullable=False, server_default=""),
    sa.Index("events_by_read", "subject", "reader", "sequence"),
    sa.Index("events_by_kind", "kind", "sequence"),
)
"""The record: one row per fact, never changed, each bound to the one before by its hash."""

chain_head = sa.Table(
    "chain_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.CheckConstraint("id = 1", name="one_head"),
)
"""Where the record ends, kept by the database itself, so that a cut tail is noticed."""

passwords = sa.Table(
    "passwords",
    metadata,
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("verifier", sa.Text, nullable=False),
)
"""Argon2 verifiers: beside the record, for a record is shown to monitors and a verifier is not."""
