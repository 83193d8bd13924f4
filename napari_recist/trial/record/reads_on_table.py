"""Where each read lies on an adjudicator's table, beside the record of an embedded trial.

The place is a SHA-256, which SQLite cannot compute: whoever queries the file with plain SQL finds
it here, and so whose read an adjudicator accepted. PostgreSQL computes it. The program itself never
decides by this table; ``verify`` makes it again from the record.
"""

import json

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from napari_recist.trial.reads.cases import place_on_table
from napari_recist.trial.record.fact_codec import KIND_OF
from napari_recist.trial.record.schema import events
from napari_recist.trial.record.trial_facts import CharterAdopted, ReadAssigned

reads_on_table = sa.Table(
    "reads_on_table",
    sa.MetaData(),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, nullable=False),
)
"""One row for each patient and reader who was ever assigned to it."""


def note_place(connection: sa.Connection, subject: str, reader: str) -> None:
    """Note the place of one read; the same again changes nothing."""
    place = place_on_table(_trial_uid(connection), subject, reader)
    row = {"subject": subject, "reader": reader, "place": place}
    connection.execute(insert(reads_on_table).values(row).on_conflict_do_nothing())


def note_all_places(connection: sa.Connection) -> None:
    """Note the place of every read that was assigned before this table was there."""
    assigned = sa.select(events.c.subject, events.c.payload).where(
        events.c.kind == KIND_OF[ReadAssigned]
    )
    for subject, payload in connection.execute(assigned).all():
        note_place(connection, subject, json.loads(payload)["reader"])


def noted_places(connection: sa.Connection) -> dict[tuple[str, str], str]:
    """Return every noted place by patient and reader."""
    rows = connection.execute(sa.select(reads_on_table))
    return {(row.subject, row.reader): row.place for row in rows}


def _trial_uid(connection: sa.Connection) -> str:
    adopted = (
        sa.select(events.c.payload)
        .where(events.c.kind == KIND_OF[CharterAdopted])
        .order_by(events.c.sequence)
        .limit(1)
    )
    uid: str = json.loads(connection.execute(adopted).scalar_one())["trial_uid"]
    return uid
