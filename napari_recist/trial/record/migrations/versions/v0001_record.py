"""The first schema: an append-only record, its head, and the passwords."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

GENESIS = "0" * 64

# The database itself refuses what would not continue the chain, whoever asks.
SQLITE_GUARDS = (
    """CREATE TRIGGER events_never_updated BEFORE UPDATE ON events
       BEGIN SELECT RAISE(ABORT, 'the record is append-only: UPDATE refused'); END""",
    """CREATE TRIGGER events_never_deleted BEFORE DELETE ON events
       BEGIN SELECT RAISE(ABORT, 'the record is append-only: DELETE refused'); END""",
    """CREATE TRIGGER events_extend_the_chain BEFORE INSERT ON events
       WHEN NOT EXISTS (SELECT 1 FROM chain_head
                        WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash)
       BEGIN SELECT RAISE(ABORT, 'the record is a chain: INSERT elsewhere than at its end'); END""",
    """CREATE TRIGGER events_move_the_head AFTER INSERT ON events
       BEGIN UPDATE chain_head SET sequence = NEW.sequence, hash = NEW.hash; END""",
    """CREATE TRIGGER chain_head_only_advances BEFORE UPDATE ON chain_head
       WHEN NOT EXISTS (SELECT 1 FROM events
                        WHERE sequence = NEW.sequence AND hash = NEW.hash
                          AND previous_hash = OLD.hash)
       BEGIN SELECT RAISE(ABORT, 'the head of the record only advances'); END""",
    """CREATE TRIGGER chain_head_never_deleted BEFORE DELETE ON chain_head
       BEGIN SELECT RAISE(ABORT, 'the head of the record stays'); END""",
)


def upgrade() -> None:
    """Make the tables and their guards."""
    op.create_table(
        "events",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.Column("utc_offset_minutes", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
    )
    op.create_index("events_by_read", "events", ["subject", "reader", "sequence"])
    op.create_index("events_by_kind", "events", ["kind", "sequence"])
    head = op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name="one_head"),
    )
    op.bulk_insert(head, [{"id": 1, "sequence": 0, "hash": GENESIS}])
    op.create_table(
        "passwords",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("verifier", sa.Text, nullable=False),
    )
    # PostgreSQL came with the second schema, which has guards of its own for it.
    if op.get_bind().dialect.name == "sqlite":
        for guard in SQLITE_GUARDS:
            op.execute(guard)


def downgrade() -> None:
    """Refuse: a record is never taken apart."""
    message = "the record of a trial is never taken apart"
    raise NotImplementedError(message)
