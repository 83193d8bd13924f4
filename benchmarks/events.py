"""How fast the record grows, opens and verifies: ``python benchmarks/events.py [COUNT LARGEST]``.

Appended events per second, each in a durable transaction of its own and hash-chained, against bare
inserts of the very same rows by the driver, in transactions of their own and as durable: on SQLite
and on PostgreSQL, the ways taking turns. Then a read of twelve visits is opened, and records of up
to LARGEST events are verified.
"""

import datetime as dt
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import psycopg
from trial_server import PASSWORD, name_of, shared_trial

from napari_recist.criteria import (
    Axis,
    Caliper,
    Fact,
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    VisitOpened,
    assess_read,
    replay,
)
from napari_recist.trial import (
    ScheduledVisit,
    Trial,
    TrialRole,
    assign,
    create_trial,
    open_trial,
    register,
)
from napari_recist.trial.record.chain import Record, chained
from napari_recist.trial.record.database import connect
from napari_recist.trial.record.server_store import open_store

ROUNDS = 5
VISITS, LESIONS = 12, 7
BASELINE = dt.date(2025, 1, 6)
COLUMNS = (
    "sequence INTEGER PRIMARY KEY, recorded_at TEXT, utc_offset INTEGER, subject TEXT,"
    " reader TEXT, kind TEXT, payload TEXT, previous_hash TEXT, hash TEXT, actor TEXT"
)

Row = tuple[object, ...]


@dataclass(frozen=True)
class Place:
    """A new trial: as its owner and as its reader have it, and bare inserts beside it."""

    owner: Trial
    reader: Trial
    url: str
    insert_bare: Callable[[list[Row]], float]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measurement(number: int) -> LesionMeasured:
    across = Axis((1.25, 2.5, -30.0), (21.125 + number / 7, 2.5, -30.0), 19.875 + number / 7)
    caliper = Caliper(across, None, "1.2.3.4", f"1.2.3.4.{number}", 1, "1.2.3", "green")
    return LesionMeasured("BL", f"T{number % LESIONS + 1}", 199, caliper)


def prepare(owner: Trial, reader: str) -> None:
    """Register all visits of P1 and assign it."""
    for number in range(VISITS):
        date = BASELINE + dt.timedelta(weeks=8 * number)
        register(owner, ScheduledVisit("P1", f"V{number}" if number else "BL", 8, date, ()))
    assign(owner, "P1", reader)


@contextmanager
def on_sqlite() -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder:
        charter, url = Path(folder) / "charter.toml", f"{folder}/trial.db"
        charter.write_text("[read]\nsequential = false\n", encoding="utf-8")

        def insert_bare(rows: list[Row]) -> float:
            bare = f"{folder}/bare-{time.monotonic_ns()}.db"
            with closing(sqlite3.connect(bare, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(f"CREATE TABLE bare ({COLUMNS})")

                def insert() -> None:
                    for row in rows:
                        connection.execute("BEGIN IMMEDIATE")
                        connection.execute(
                            f"INSERT INTO bare VALUES ({', '.join('?' * len(row))})", row
                        )
                        connection.execute("COMMIT")

                return seconds(insert)

        with create_trial(url, charter) as owner:
            owner.admit("reader", TrialRole.READER, PASSWORD)
            prepare(owner, "reader")
            yield Place(owner, owner.sign_in("reader", PASSWORD), url, insert_bare)


@contextmanager
def on_postgresql() -> Iterator[Place]:
    people = {"reader": TrialRole.READER}
    with shared_trial(people, "[read]\nsequential = false\n") as (place, owner):
        url = place.format("reader")
        prepare(owner, name_of(url))

        def insert_bare(rows: list[Row]) -> float:
            with psycopg.connect(owner.url, password=PASSWORD) as connection:
                connection.execute(f"DROP TABLE IF EXISTS bare; CREATE TABLE bare ({COLUMNS})")
                connection.commit()

                def insert() -> None:
                    for row in rows:
                        connection.execute(
                            f"INSERT INTO bare VALUES ({', '.join(['%s'] * len(row))})", row
                        )
                        connection.commit()

                return seconds(insert)

        with open_trial(url) as reader:
            yield Place(owner, reader, url, insert_bare)


def one_round(place: Place, count: int) -> tuple[float, float, float]:
    """Return the seconds of gestures in the trial, of appends to the store, of bare inserts."""
    name = place.reader.actor
    facts: list[Fact] = [measurement(number) for number in range(count)]
    store = open_store(connect(place.url))

    def through_the_trial() -> None:
        for fact in facts:
            place.reader.append("P1", fact)

    def to_the_store() -> None:
        for fact in facts:
            store.append("P1", name, name, fact)

    gestures, appends = seconds(through_the_trial), seconds(to_the_store)
    held = store.facts_of(LesionMeasured, subject="P1", reader=name)[-count:]
    store.close()
    return gestures, appends, place.insert_bare([astuple(record) for record, _ in held])


def opening(place: Place) -> float:
    """Return the seconds to read, replay and judge a read of twelve visits from the database."""
    reader = place.reader
    for number, scheduled in enumerate(reader.visits("P1")):
        reader.append("P1", VisitOpened(scheduled.visit, scheduled.date))
        for lesion in range(1, LESIONS + 1):
            if not number:
                reader.append(
                    "P1", LesionAdded(scheduled.visit, Lesion(f"T{lesion}", Role.TARGET, "liver"))
                )
            reader.append("P1", LesionMeasured(scheduled.visit, f"T{lesion}", 200 + number))
    return statistics.median(
        seconds(lambda: assess_read(replay(reader.events("P1", reader.actor)), reader.charter))
        for _ in range(ROUNDS)
    )


def more_records(last: Record, count: int) -> Iterator[Record]:
    """Yield copies of a record, chained on it, up to number ``count``."""
    for sequence in range(last.sequence + 1, count + 1):
        last = chained(replace(last, sequence=sequence, previous_hash=last.hash))
        yield last


def fill_file(place: Place, last: Record, count: int) -> None:
    with closing(sqlite3.connect(place.url)) as connection:
        connection.executemany(
            f"INSERT INTO events VALUES ({', '.join('?' * 10)})",
            map(astuple, more_records(last, count)),
        )
        connection.commit()


def fill_server(place: Place, last: Record, count: int) -> None:
    with psycopg.connect(place.owner.url, password=PASSWORD) as connection:
        connection.execute("ALTER TABLE events NO FORCE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE events DISABLE TRIGGER USER")
        connection.execute("ALTER TABLE chain_head DISABLE TRIGGER USER")
        with connection.cursor().copy("COPY events FROM STDIN") as copy:
            for record in more_records(last, count):
                copy.write_row(astuple(record))
        connection.execute(
            "UPDATE chain_head SET (sequence, hash) ="
            " (SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1)"
        )


def verifying(place: Place, count: int) -> float:
    """Return the microseconds per event to verify a record that is grown to so many events."""
    store = open_store(connect(place.url))
    name = place.reader.actor
    last = store.facts_of(LesionMeasured, subject="P1", reader=name)[-1][0]
    store.close()
    fill = fill_server if place.url.startswith("postgresql") else fill_file
    fill(place, last, count)
    return 1e6 * statistics.median(seconds(place.owner.verify) for _ in range(3)) / count


def compare(name: str, on: Callable[[], AbstractContextManager[Place]], count: int) -> None:
    """Print the rates of one kind of database, and what they cost beside bare inserts."""
    with on() as place:
        place.reader.append("P1", VisitOpened("BL", BASELINE))
        rounds = [one_round(place, count) for _ in range(ROUNDS)]
    for what, column in (("gestures through the trial", 0), ("appends to the record", 1)):
        rates = sorted(count / taken[column] for taken in rounds)
        ratio = statistics.median(taken[column] / taken[2] for taken in rounds)
        print(f"{name}: {what}: {rates[ROUNDS // 2]:.0f}/s, {ratio:.2f} times a bare insert")
    bare = statistics.median(count / taken[2] for taken in rounds)
    print(f"{name}: bare inserts: {bare:.0f}/s")
    with on() as place:
        taken = opening(place)
        print(f"{name}: a read of {VISITS} visits opens in {1000 * taken:.1f} ms")


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    count, largest = given or (500, 1_000_000)
    for name, on in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        compare(name, on, count)
        for events in (10_000, 100_000, 1_000_000):
            if events <= largest:
                with on() as place:
                    place.reader.append("P1", VisitOpened("BL", BASELINE))
                    place.reader.append("P1", measurement(0))
                    print(f"{name}: verify {events} events: {verifying(place, events):.1f} us each")


if __name__ == "__main__":
    main()
