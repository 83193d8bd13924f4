"""A shared trial database: PostgreSQL, where each person is a role with the server's password."""

import hashlib
import os
import re
from typing import Any

import sqlalchemy as sa

from napari_recist.errors import AccessRefusedError, LockedError, RecistError, RecordError

PASSWORD_VARIABLE = "NAPARI_RECIST_PASSWORD"  # noqa: S105 - the name of a variable, no password
"""Where a program that nobody sits at finds its password; else libpq's own sources count."""

CONNECT_SECONDS = 10
"""How long a server may take to answer before it is told to be out of reach."""

LONGEST_NAME = 63
"""PostgreSQL cuts the names of roles here."""

REFUSALS: dict[str, type[RecistError]] = {
    "RC001": AccessRefusedError,
    "RC002": LockedError,
    "RC003": RecordError,
    "42501": AccessRefusedError,
}
"""What the schema's own functions, and rights that are not granted, raise here."""


OUTAGES = ("does not exist", "too many", "starting up", "shutting down")
"""Words of a server that refuses a right password, too; a translated server says "wrong"."""


URL_REMEDY = "Give postgresql://name@host/database."


def server_url(url: str) -> sa.URL:
    """Return the parts of ``postgresql://name@host:port/database``.

    Raises
    ------
    RecordError
        If name or database is missing, or a password stands in it.
    """
    parsed = _parsed(url)
    if parsed.password is not None:
        raise RecordError(
            "A password has no place in a URL, where it would be shown and logged.",
            f"Leave it out; set {PASSWORD_VARIABLE}, use a password file, or wait to be asked.",
        )
    if not parsed.username or not parsed.database:
        raise RecordError(f"{url} names no person or no database.", URL_REMEDY)
    return parsed.set(drivername="postgresql+psycopg")


def url_of_person(url: str, name: str) -> str:
    """Return the URL of a shared trial as this person connects; raises as :func:`server_url`."""
    return _parsed(url).set(username=name).render_as_string(hide_password=False)


def _parsed(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise RecordError("This is not the URL of a trial database.", URL_REMEDY) from error


def connect_server(url: str, password: str = "") -> sa.Engine:
    """Return an engine on a server that acts as the role named in the URL.

    What the server refuses is raised as :class:`RecordError`, :class:`AccessRefusedError` or
    :class:`LockedError`, in the words of the schema where it has some.

    Parameters
    ----------
    url : str
        ``postgresql://name@host:port/database``, without a password.
    password : str, optional
        Else the environment variable NAPARI_RECIST_PASSWORD or libpq's sources have it.
    """
    parsed = server_url(url)
    _driver()
    given = password or os.environ.get(PASSWORD_VARIABLE, "")
    if given:
        parsed = parsed.set(password=given)
    engine = sa.create_engine(
        parsed,
        # Rows are read one transaction at a time; each statement sees what was committed before.
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "napari-recist"},
    )
    sa.event.listen(engine, "handle_error", _as_refusal, retval=True)
    return engine


def password_is_right(url: str, name: str, password: str) -> bool:
    """Return whether the server takes this password of this person, by a connection of its own.

    Raises
    ------
    RecordError
        If the server is out of reach, or does not ask for a password: it then proves nothing.
    """
    psycopg = _driver()
    at = server_url(url)
    if not password:
        # libpq would look for one elsewhere, and find it.
        return False
    try:
        with psycopg.connect(
            host=at.host,
            port=at.port,
            dbname=at.database,
            user=name,
            password=password,
            connect_timeout=CONNECT_SECONDS,
        ) as connection:
            asked: bool = connection.pgconn.used_password
    except psycopg.OperationalError as error:
        took_password = error.pgconn is not None and error.pgconn.used_password
        if took_password and not any(reason in str(error) for reason in OUTAGES):
            return False
        raise _out_of_reach(error) from None
    if not asked:
        raise RecordError(
            f"The server lets {name} in without a password, which proves nothing.",
            "Ask its administrator to require scram-sha-256 in pg_hba.conf.",
        )
    return True


def new_login(engine: sa.Engine, name: str, password: str) -> tuple[str, sa.Executable]:
    """Return a password as its SCRAM verifier, and the statement that gives it to a person.

    The password itself never reaches the server or its log.
    """
    with engine.connect() as connection:
        server = connection.connection.dbapi_connection.pgconn  # type: ignore[union-attr] # psycopg's
        verifier = server.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        ).decode()
    return verifier, sa.select(sa.func.set_login(name, verifier))


def group_of(database: str) -> str:
    """Return the name of the role to which all people of the trial in this database belong."""
    plain = re.sub(r"[^a-z0-9_]", "_", database)
    group = f"napari_recist_{plain}"
    if plain == database and len(group) <= LONGEST_NAME:
        return group
    digest = hashlib.sha256(database.encode()).hexdigest()[:12]
    return f"{group[: LONGEST_NAME - 13]}_{digest}"


def _driver() -> Any:
    try:
        import psycopg  # noqa: PLC0415 - optional: an embedded trial needs no server's client
    except ImportError as error:
        raise RecordError(
            "psycopg, the client of PostgreSQL, is not installed.",
            'Install it with: pip install "napari-recist[postgresql]".',
        ) from error
    return psycopg


def _as_refusal(context: sa.engine.ExceptionContext) -> BaseException | None:
    error = context.original_exception
    if not isinstance(error, _driver().Error):
        return None
    said = error.diag
    if said.sqlstate is None:
        return _out_of_reach(error)
    refusal = REFUSALS.get(said.sqlstate)
    if refusal is not None:
        return refusal(said.message_primary or "", said.message_hint or "")
    return RecordError(
        f"The trial database refuses: {said.message_primary}.",
        "Nothing is half-written; try again, then ask the administrator of the server.",
    )


def _out_of_reach(error: Any) -> RecordError:
    # The driver's error holds the password: it is never passed on, not even as a cause.
    if error.pgconn is not None and error.pgconn.needs_password:
        return RecordError(
            "The database server asks for a password, and none was given.",
            f"Set {PASSWORD_VARIABLE}, or keep it in PostgreSQL's password file.",
        )
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return RecordError(
        f"The database server cannot be used: {lines[-1] if lines else error}.",
        "Check name, password, host, port and database, and that the server runs.",
    )
