"""The second schema: each record tells who wrote it, beside whose read it belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the actor: a column with a constant default, which touches no row and no guard."""
    op.add_column("events", sa.Column("actor", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Refuse: a record is never taken apart."""
    message = "the record of a trial is never taken apart"
    raise NotImplementedError(message)
