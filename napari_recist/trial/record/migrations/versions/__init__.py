"""One module per step, run in order by Alembic."""
