"""Opens the database of a trial, wherever it is, and brings it to the present schema."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from napari_recist.errors import RecordError
from napari_recist.trial.record.postgres_database import connect_server
from napari_recist.trial.record.sqlite_database import WRITING, connect_file

SERVER = "postgresql://"


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
    script = ScriptDirectory.from_config(_config())
    known = {revision.revision for revision in script.walk_revisions()}
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        if not sa.inspect(connection).has_table("alembic_version"):
            raise RecordError(f"{where} is not a trial database.", "Check the path.")
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        if version not in known:
            raise RecordError(
                f"{where} was written by a later version (schema {version}).",
                "Install the newest napari-recist.",
            )
        if version != script.get_current_head():
            _upgrade(connection)


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: sa.Connection) -> None:
    command.upgrade(_config(connection), "head")
