"""Opens the database of a trial, wherever it is, and brings it to the present schema."""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from napari_recist.errors import AccessRefusedError, RecordError
from napari_recist.trial.record.postgres_database import connect_server
from napari_recist.trial.record.sqlite_database import WRITING, connect_file

if TYPE_CHECKING:
    from alembic.config import Config

SERVER = "postgresql://"
PRESENT = "0003"
"""The present schema. A database that has it is opened without Alembic, which takes 10 MiB."""


def connect(url: str, password: str = "", *, new: bool = False) -> sa.Engine:
    """Return an engine on the database that a trial's URL names.

    Parameters
    ----------
    url : str
        A path, ``sqlite:///path`` or ``postgresql://name@host:port/database``.
    password : str, optional
        Of the person a server's URL names; see :func:`connect_server`.
    new : bool
        Whether a file is to be made; else it must be there.

    Raises
    ------
    RecordError
        If the URL names another kind of database, or the file is not there.
    """
    if url.startswith(SERVER):
        return connect_server(url, password)
    path = database_path(url)
    if new and not path.parent.is_dir():
        raise RecordError(f"There is no folder {path.parent}.", "Make it first.")
    if not new and not path.is_file():
        raise RecordError(f"There is no trial at {path}.", "Make one with trial init.")
    return connect_file(path)


def database_path(url: str) -> Path:
    """Return the file that a trial's URL names: a plain path or ``sqlite:///path``.

    Raises
    ------
    RecordError
        If the URL names another kind of database.
    """
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///"))
    if "://" in url or not url:
        raise RecordError(
            f"{url!r} is not a trial database this version can open.",
            "Give a path, sqlite:///path or postgresql://name@host/database.",
        )
    return Path(url)


def create_schema(engine: sa.Engine, where: str) -> None:
    """Make the tables in an empty database; the caller closes the engine.

    Raises
    ------
    RecordError
        If there is something in the database already.
    """
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        if sa.inspect(connection).get_table_names():
            raise RecordError(f"{where} already holds a database.", "Give another place.")
        _upgrade(connection)


def migrate(engine: sa.Engine, where: str) -> None:
    """Bring a trial database written by an earlier version to the present schema.

    Raises
    ------
    RecordError
        If the place holds no trial database, or one of a later version.
    """
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        if not sa.inspect(connection).has_table("alembic_version"):
            raise RecordError(f"{where} is not a trial database.", "Check the path.")
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        if version == PRESENT:
            return
        if version not in _earlier():
            raise RecordError(
                f"{where} was written by a later version (schema {version}).",
                "Install the newest napari-recist.",
            )
        _upgrade_as_owner(connection, where)


def _earlier() -> set[str]:
    """Return the schemas from which a way leads to the present one."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see PRESENT

    script = ScriptDirectory.from_config(_config())
    return {revision.revision for revision in script.walk_revisions()} - {PRESENT}


def _config(connection: sa.Connection | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see PRESENT

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade_as_owner(connection: sa.Connection, where: str) -> None:
    try:
        _upgrade(connection)
    except AccessRefusedError as refused:
        raise RecordError(
            f"{where} was written by an earlier version: its owner has to open it first.",
            "Ask whoever made the trial to run trial status on it once.",
        ) from refused


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see PRESENT

    command.upgrade(_config(connection), "head")
