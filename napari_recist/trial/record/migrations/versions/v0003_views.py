"""The third schema: read-only views of the record for whoever knows SQL."""

import sqlalchemy as sa
from alembic import op

from napari_recist.trial.record.postgres_database import group_of
from napari_recist.trial.record.reads_on_table import note_all_places
from napari_recist.trial.views.dialects import Dialect, wording
from napari_recist.trial.views.making import BUILT_UPON, VIEWS, comment_statements, view_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDS = tuple(
    f"CREATE TRIGGER reads_on_table_no_{change.lower()} BEFORE {change} ON reads_on_table"
    f" BEGIN SELECT RAISE(ABORT, 'places on the table stay: {change} refused'); END"
    for change in ("UPDATE", "DELETE")
)


def upgrade() -> None:
    """Make the views; no row of the record is touched."""
    connection = op.get_bind()
    dialect = Dialect(connection.dialect.name)
    if dialect is Dialect.SQLITE:
        _note_reads_on_table(connection)
    else:
        # What stood here told name and role; it is one of the views now.
        connection.exec_driver_sql("DROP VIEW people")
    for statement in view_statements(wording(dialect)):
        connection.exec_driver_sql(statement)
    if dialect is Dialect.POSTGRESQL:
        _tell_and_grant(connection)


def _note_reads_on_table(connection: sa.Connection) -> None:
    op.create_table(
        "reads_on_table",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, nullable=False),
    )
    note_all_places(connection)
    for guard in GUARDS:
        connection.exec_driver_sql(guard)


def _tell_and_grant(connection: sa.Connection) -> None:
    """Say what columns mean, and let the trial's people read; rows stay theirs by row security."""
    cursor = connection.connection.cursor()
    for statement in comment_statements():
        cursor.execute(statement)  # as it is: a % in a comment is no parameter
    cursor.close()
    group = group_of(connection.scalar(sa.text("SELECT current_database()")))
    names = ", ".join((*BUILT_UPON, *(view.name for view in VIEWS)))
    connection.exec_driver_sql(f"GRANT SELECT ON {names} TO {group}")


def downgrade() -> None:
    """Refuse: a record is never taken apart."""
    message = "the record of a trial is never taken apart"
    raise NotImplementedError(message)
