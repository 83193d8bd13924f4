"""Getting to a shared database: its URL, its passwords, its schema, and what is refused clearly."""

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.errors import AccessRefusedError, RecordError
from napari_recist.trial import open_trial
from napari_recist.trial.record.database import connect, create_schema, migrate
from napari_recist.trial.record.postgres_database import (
    LONGEST_NAME,
    PASSWORD_VARIABLE,
    group_of,
    password_is_right,
    server_url,
)
from napari_recist.trial.record.schema import metadata
from napari_recist.trial.record.server_store import ServerStore
from tests.trial.record.shared_server import OWNER, Server, ServerTrial, password_of

ADA = '{"name":"ada"}'


def test_the_migrations_make_the_schema(under_way: ServerTrial) -> None:
    """A migrated database on a server has the tables of the embedded one, with the same columns."""
    with under_way.engine(OWNER).connect() as connection:
        options = {
            "compare_type": True,
            # What only a server needs is made by the scripts, and not part of the model.
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
        }
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_commits_wait_for_the_disk(under_way: ServerTrial) -> None:
    """Whatever a client asks for, a transaction that appends is committed to the disk."""
    with under_way.engine("ada").begin() as connection:
        connection.exec_driver_sql("SET synchronous_commit = off")
        connection.exec_driver_sql(f"SELECT append_event('', '', 'signed_in.1', '{ADA}', 0)")
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        connection.rollback()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://anna:secret@host/db", "password has no place in a URL"),
        ("postgresql://host/db", "names no person"),
        ("postgresql://anna@host", "names no person or no database"),
        ("postgresql://anna@host:port/db", "not the URL of a trial database"),
    ],
)
def test_a_wrong_url_is_refused(url: str, said: str) -> None:
    """A URL that lacks something, or tells a password, is refused; the password is not repeated."""
    with pytest.raises(RecordError, match=said) as refused:
        open_trial(url)

    assert "secret" not in str(refused.value)
    assert refused.value.remedy


def test_a_server_out_of_reach_is_named() -> None:
    """Where no server answers, the user is told what to check, and no password is told."""
    with pytest.raises(RecordError, match="server cannot be used") as refused:
        reach("postgresql://anna@127.0.0.1:1/db", "a secret")
    with pytest.raises(RecordError, match="server cannot be used") as proved:
        password_is_right("postgresql://anna@127.0.0.1:1/db", "anna", "a secret")

    for error in (refused.value, proved.value):
        assert "a secret" not in str(error)
        assert error.__cause__ is None or "a secret" not in str(error.__cause__)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg the user is told what to install."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "psycopg":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delitem(sys.modules, "psycopg", raising=False)
    with pytest.raises(RecordError, match=r"napari-recist\[postgresql\]"):
        connect("postgresql://anna@host/db")


def reach(url: str, password: str = "") -> None:
    """Open a trial's database and close it again."""
    engine = connect(url, password)
    try:
        migrate(engine, url)
    finally:
        engine.dispose()


def test_where_a_password_comes_from(
    under_way: ServerTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is given, or stands in the environment, ours before libpq's own."""
    url = under_way.url("anna")
    with pytest.raises(RecordError, match="asks for a password, and none was given"):
        reach(url)
    monkeypatch.setenv("PGPASSWORD", password_of("anna"))
    reach(url)
    monkeypatch.setenv(PASSWORD_VARIABLE, "wrong")
    with pytest.raises(RecordError, match="password authentication failed"):
        reach(url)
    reach(url, password_of("anna"))


def test_a_password_is_proved_by_the_server(
    under_way: ServerTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the right password passes; an empty one is not looked for elsewhere."""
    monkeypatch.setenv("PGPASSWORD", password_of("anna"))
    url = under_way.url("ida")

    assert password_is_right(url, "anna", password_of("anna"))
    assert not password_is_right(url, "anna", password_of("boris"))
    assert not password_is_right(url, "nobody", password_of("anna"))
    assert not password_is_right(url, "anna", "")


def prove_till_the_rules_are_read(url: str) -> None:
    """Try a wrong password again and again: a server reads its rules a moment after it is told."""
    for _ in range(1000):
        assert not password_is_right(url, "anna", "anything")


def test_a_server_that_asks_for_no_password_proves_nothing(
    server: Server, under_way: ServerTrial
) -> None:
    """Where the server lets a person in without a password, none is taken for proved."""
    rules = Path(str(server.run("SHOW hba_file")[0][0]))
    asked = rules.read_text(encoding="utf-8")
    try:
        rules.write_text(f"host all anna 127.0.0.1/32 trust\n{asked}", encoding="utf-8")
        server.run("SELECT pg_reload_conf()")
        with pytest.raises(RecordError, match="lets anna in without a password"):
            prove_till_the_rules_are_read(under_way.url("ida"))
    finally:
        rules.write_text(asked, encoding="utf-8")
        server.run("SELECT pg_reload_conf()")


def test_no_trial_is_made_over_another(under_way: ServerTrial) -> None:
    """Making a trial where one is refuses, on a server too."""
    with pytest.raises(RecordError, match="already holds a database"):
        create_schema(under_way.engine(OWNER), under_way.url(OWNER))


def test_a_later_schema_is_refused(shared: ServerTrial) -> None:
    """A database of a later version is not touched."""
    shared.sql(OWNER, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordError, match="later version"):
        migrate(shared.engine("anna"), shared.url("anna"))


def test_an_earlier_schema_waits_for_its_owner(shared: ServerTrial) -> None:
    """Only the owner brings a database up to date; others are told that this is due."""
    shared.sql(OWNER, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(RecordError, match="its owner has to open it first"):
        migrate(shared.engine("anna"), shared.url("anna"))


def test_a_database_without_trial_is_refused(server: Server) -> None:
    """An empty database is no trial."""
    empty = ServerTrial(server, server.new_database())
    with pytest.raises(RecordError, match="not a trial database"):
        migrate(empty.engine(OWNER), empty.url(OWNER))
    empty.close()


def test_who_is_nobody_of_the_trial_sees_nothing(under_way: ServerTrial) -> None:
    """A person whose role the record does not tell has no row, no head and no word to say."""
    assert ServerStore(under_way.engine("anna")).role == "reader"
    with under_way.engine("ada").begin() as connection:
        connection.exec_driver_sql(f"SELECT append_event('', '', 'person_retired.1', '{ADA}', 0)")
        assert connection.exec_driver_sql("SELECT count(*) FROM visible_events").scalar() == 2
        with pytest.raises(AccessRefusedError, match="nobody of this trial"):
            connection.exec_driver_sql("SELECT append_event('', '', 'signed_in.1', '{}', 0)")
        connection.rollback()


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_each_database_has_a_group_of_its_own(one: str, other: str) -> None:
    """A group's name is one that PostgreSQL takes as it is, and no two databases share one."""
    for database in (one, other):
        assert group_of(database).replace("_", "a").isalnum()
        assert len(group_of(database).encode()) <= LONGEST_NAME
    assert (group_of(one) == group_of(other)) == (one == other)


def test_a_url_names_driver_and_parts() -> None:
    """The parts of a URL are kept, port and all."""
    url = server_url("postgresql://Dr%20Anna@host:5433/trial")

    assert (url.username, url.host, url.port, url.database) == ("Dr Anna", "host", 5433, "trial")
    assert url.drivername == "postgresql+psycopg"
