"""The views' SQL against replay, on sequences of facts as no reader would state them."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, astuple
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from napari_recist.criteria import (
    Fact,
    LesionMeasured,
    LesionWithdrawn,
    ObservationWithdrawn,
    Read,
    Redone,
    Undone,
    VisitOpened,
    replay,
)
from napari_recist.trial.record.chain import Record
from napari_recist.trial.views.copying import empty_copy
from tests.trial.record.shared_server import OWNER, Server, ServerTrial
from tests.trial.record.views import event_sequences as told

Ask = Callable[[Sequence[Record], tuple[str, ...]], list[list[Any]]]
"""Put these records into a database and return the answers to these queries."""

QUERIES = (
    f"""SELECT {told.LESION_COLUMNS} FROM lesions
    WHERE subject = '{{subject}}' AND reader = '{{reader}}' ORDER BY place""",
    f"""SELECT {told.MEASUREMENT_COLUMNS} FROM measurements
    WHERE subject = '{{subject}}' AND reader = '{{reader}}'
    ORDER BY visit, lesion, viable, fragment""",
    """SELECT place, visit, date, signed FROM read_visits
    WHERE subject = '{subject}' AND reader = '{reader}' ORDER BY place""",
    f"""SELECT {told.RESPONSE_COLUMNS} FROM responses
    WHERE subject = '{{subject}}' AND reader = '{{reader}}' ORDER BY place""",
    """SELECT count(*) FROM signatures WHERE subject = '{subject}' AND reader = '{reader}'
    AND stands AND signed_what = 'global review'""",
)


def expected(read: Read) -> list[list[tuple[Any, ...]]]:
    """Return what the queries must answer, by replay."""
    return [
        told.lesion_rows(read),
        told.measurement_rows(read),
        told.visit_rows(read),
        told.response_rows(read),
        [(int(read.reviewed is not None),)],
    ]


def plain(value: Any) -> Any:
    """Return a value as either database could give it: days as text, numbers as doubles."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(value) if isinstance(value, bool | int | Decimal) else value


def check(stated: Sequence[Fact], ask: Ask, first: int) -> None:
    """Put two reads of a patient into a database and compare each view with replay of each.

    An undo names the same numbers in both: of another's read it takes back nothing.
    """
    subject = f"P{first}"
    events = told.recorded(stated, subject, "anna", first, first)
    others = told.recorded(stated[::-1], subject, "boris", first + len(events), first)
    queries = tuple(
        query.format(subject=subject, reader=reader)
        for reader in ("anna", "boris")
        for query in QUERIES
    )
    answers = ask([told.as_record(event) for event in (*events, *others)], queries)
    for place in (1, 1 + len(QUERIES)):
        answers[place] = [told.whole(row) for row in answers[place]]

    wanted = [*expected(replay(events)), *expected(replay(others))]
    assert [[tuple(map(plain, row)) for row in rows] for rows in answers] == [
        [tuple(map(plain, row)) for row in rows] for rows in wanted
    ]


AWKWARD: tuple[tuple[Fact, ...], ...] = (
    (VisitOpened("BL", dt.date(2025, 1, 1)), LesionMeasured("BL", "T1", 10, None, 3)),
    (LesionMeasured("BL", "T1", 10, None, 3), LesionMeasured("BL", "T1", 20, None, 1)),
    (
        *(LesionMeasured("BL", "T1", place, None, place) for place in (2, 3, 1, 2)),
        ObservationWithdrawn("BL", "T1", ""),
        LesionMeasured("BL", "T1", 40, None, 2),
    ),
    (LesionMeasured("BL", "T1", 10), LesionWithdrawn("T1", ""), Undone(2)),
    (Undone(2), LesionMeasured("BL", "T1", 10)),
    (LesionMeasured("BL", "T1", 10), Undone(1), Redone(1)),
    (LesionMeasured("BL", "T1", 10), Undone(1), Redone(1), Undone(1)),
)
"""Sequences in which a simpler query goes wrong."""


@pytest.fixture(scope="module")
def in_file() -> Iterator[Ask]:
    """Return a way to ask SQLite, each time in an emptied database."""
    with closing(empty_copy()) as connection:
        columns = ", ".join("?" * 10)

        def ask(records: Sequence[Record], queries: tuple[str, ...]) -> list[list[Any]]:
            rows = [astuple(record) for record in records]
            connection.executemany(f"INSERT INTO events VALUES ({columns})", rows)
            answers = [connection.execute(query).fetchall() for query in queries]
            connection.execute("DELETE FROM events")
            return answers

        yield ask


NUMBERS = count(1_001, 100)


@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(told.sequences)
def test_sqlite_says_what_replay_says(in_file: Ask, stated: list[Fact]) -> None:
    """On any sequence of facts, undone and redone at will, the views give exactly the read."""
    check(stated, in_file, next(NUMBERS))


@pytest.fixture(scope="module")
def on_server(server: Server, staffed: str) -> Iterator[Ask]:
    """Return a way to ask PostgreSQL; what was put in is taken back each time."""
    trial = ServerTrial(server, server.new_database(staffed))
    names = ", ".join(Record.__dataclass_fields__)
    values = ", ".join(f":{name}" for name in Record.__dataclass_fields__)

    def ask(records: Sequence[Record], queries: tuple[str, ...]) -> list[list[Any]]:
        with trial.engine(OWNER).connect() as connection, connection.begin() as transaction:
            # These records continue no chain: the guards would rightly refuse them.
            connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER USER")
            insert = sa.text(f"INSERT INTO events ({names}) VALUES ({values})")
            connection.execute(insert, [asdict(record) for record in records])
            answers = [
                [list(row) for row in connection.exec_driver_sql(query)] for query in queries
            ]
            transaction.rollback()
        return answers

    yield ask
    trial.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(told.sequences)
def test_postgresql_says_what_replay_says(on_server: Ask, stated: list[Fact]) -> None:
    """The same on PostgreSQL."""
    check(stated, on_server, next(NUMBERS))


@pytest.mark.parametrize("stated", AWKWARD)
@pytest.mark.parametrize("database", ["in_file", "on_server"])
def test_awkward_sequences(
    database: str, stated: tuple[Fact, ...], request: pytest.FixtureRequest
) -> None:
    """Fragments out of turn and undo before its fact are as replay has them on both databases."""
    check(stated, request.getfixturevalue(database), 1_000_000 + next(NUMBERS))
