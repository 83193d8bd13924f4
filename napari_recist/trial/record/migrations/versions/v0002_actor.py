"""The second schema: who wrote each record; and on PostgreSQL all that keeps people apart."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from napari_recist.errors import RecordError
from napari_recist.trial.record.postgres_database import group_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCRIPTS = Path(__file__).parents[1] / "postgresql"
STEPS = ("hashing", "guards", "people", "reads", "rights", "appending", "row_security")
"""In this order; the group of the trial's people stands in them as ``trial_people``."""


def upgrade() -> None:
    """Add the actor: a column with a constant default, which touches no row and no guard."""
    op.add_column("events", sa.Column("actor", sa.Text, nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        _keep_people_apart(op.get_bind())


def _keep_people_apart(connection: sa.Connection) -> None:
    """Make the people's group, the rights, and the one function by which the record grows."""
    if connection.scalar(sa.text("SHOW server_encoding")) != "UTF8":
        raise RecordError("The database is not in UTF-8.", "Make it with createdb -E UTF8.")
    database = connection.scalar(sa.text("SELECT current_database()"))
    group = group_of(database)
    known = sa.text("SELECT count(*) FROM pg_roles WHERE rolname = :group")
    if not connection.scalar(known, {"group": group}):
        connection.execute(sa.text(f"CREATE ROLE {group}"))
    place = connection.dialect.identifier_preparer.quote_identifier(database)
    connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {place} FROM PUBLIC")
    connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {place} TO {group}")
    cursor = connection.connection.cursor()
    for step in STEPS:
        script = (SCRIPTS / f"{step}.sql").read_text(encoding="utf-8")
        cursor.execute(script.replace("trial_people", group))
    cursor.close()


def downgrade() -> None:
    """Refuse: a record is never taken apart."""
    message = "the record of a trial is never taken apart"
    raise NotImplementedError(message)
