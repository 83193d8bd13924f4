"""How fast the SQL views answer beside replay: ``python benchmarks/views.py [PATIENTS ...]``.

A trial of so many patients, each with two reads of twelve signed visits, five targets and three
non-targets, on SQLite and on PostgreSQL (asked as a monitor, row-level security in force). Each
query is run to its last row and takes turns with the same read by the program: every read's events
from the database, decoded and replayed. One correction, one undo and one withdrawal in each read.
"""

import datetime as dt
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa
from trial_server import PASSWORD, shared_trial

from napari_recist.criteria import (
    Axis,
    Caliper,
    Fact,
    Lesion,
    LesionAdded,
    LesionMeasured,
    LesionWithdrawn,
    Response,
    Role,
    SignedFigures,
    Status,
    StatusStated,
    Undone,
    VisitOpened,
    VisitSigned,
    replay,
)
from napari_recist.trial.record.chain import GENESIS, Record, chained
from napari_recist.trial.record.database import connect, create_schema
from napari_recist.trial.record.fact_codec import encode
from napari_recist.trial.record.schema import events
from napari_recist.trial.record.server_store import open_store
from napari_recist.trial.record.sqlite_database import WRITING
from napari_recist.trial.record.store import EventStore
from napari_recist.trial.staff.roles import TrialRole

ROUNDS = 3
READERS = ("anna", "boris")
VISITS, TARGETS, NON_TARGETS = 12, 5, 3
BASELINE = dt.date(2025, 1, 6)
NOW = "2025-06-01T09:30:00.000000+00:00"
QUERIES = {
    "responses, all": "SELECT * FROM responses",
    "measurements, all": "SELECT * FROM measurements",
    "measurements of one patient": "SELECT * FROM measurements WHERE subject = 'P00001'",
    "lesions, all": "SELECT * FROM lesions",
    "waterfall": "SELECT subject, reader, min(change_from_baseline_pct) FROM responses"
    " WHERE place > 1 GROUP BY subject, reader",
}


def read_of(number: int, first: int) -> list[Fact]:
    """Return what one reader states of one patient, numbered from ``first``."""
    stated: list[Fact] = []
    for place in range(VISITS):
        visit, date = f"W{8 * place}", BASELINE + dt.timedelta(weeks=8 * place)
        stated.append(VisitOpened(visit, date, "1.2.3"))
        for target in range(TARGETS):
            name = f"T{target + 1}"
            if not place:
                stated.append(LesionAdded(visit, Lesion(name, Role.TARGET, "liver", "S7")))
            length = 150 + (number * 7 + place * 13 + target * 29) % 200
            stated.append(LesionMeasured(visit, name, length, caliper(length / 10)))
        for other in range(NON_TARGETS):
            name = f"NT{other + 1}"
            if not place:
                stated.append(LesionAdded(visit, Lesion(name, Role.NON_TARGET, "lung")))
            stated.append(StatusStated(visit, name, Status.PRESENT))
        stated.append(LesionMeasured(visit, "T1", 200, caliper(20.0)))
        if place == 1:
            stated.append(Undone(first + len(stated) - 1))
            stated.append(LesionAdded(visit, Lesion("N1", Role.NEW, "bone")))
            stated.append(LesionWithdrawn("N1", "a vessel"))
        stated.append(signature(visit, date, place))
    return stated


def caliper(length: float) -> Caliper:
    """Return a caliper of this length."""
    axis = Axis((-30.125, -120.0625, -400.5), (-30.125 + length, -120.0625, -400.5), length)
    uid = "1.2.826.0.1.3680043.8.498.12345678901234567890123456789012345678"
    return Caliper(axis, axis, uid, uid, 1, uid, "green: even, square pixels, 1.0 mm")


def signature(visit: str, date: dt.date, place: int) -> VisitSigned:
    """Return a signature with its figures."""
    told = (None, None) if not place else (Response.SD, Response.NON_CR_NON_PD)
    figures = SignedFigures(date, 900, 1000, 850, "W0", "-10.0", "5.9", *told, new_lesion=False)
    return VisitSigned(
        visit, "reader", "I read this visit", "SD", "0" * 64, "1" * 64, "2" * 64, "0.1", figures
    )


def records(patients: int, head: tuple[int, str]) -> Iterator[Record]:
    """Yield the record of a trial from this head on."""
    number, previous = head
    for patient in range(patients):
        for reader in READERS:
            for fact in read_of(patient, number + 1):
                number += 1
                subject = f"P{patient:05}"
                told = (number, NOW, 60, subject, reader, *encode(fact), previous, "", reader)
                record = chained(Record(*told))
                previous = record.hash
                yield record


def fill(engine: sa.Engine, patients: int) -> int:
    """Put the trial into a database; return how many records that are."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        head = connection.execute(sa.text("SELECT sequence, hash FROM chain_head")).one()
        count, batch = 0, []
        for record in records(patients, (head.sequence, head.hash or GENESIS)):
            batch.append(asdict(record))
            if len(batch) == 5_000:  # noqa: PLR2004
                connection.execute(sa.insert(events), batch)
                count, batch = count + len(batch), []
        connection.execute(sa.insert(events), batch)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    return count + len(batch)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def replayed(store: EventStore) -> None:
    """Replay every read from its database, as the program would."""
    for subject, reader in store.reads():
        replay(store.events(subject, reader))


def compare(name: str, ask: Callable[[str], Sequence[object]], store: EventStore) -> None:
    """Print the medians of each query and of replay, taking turns."""
    took: dict[str, list[float]] = {}
    rows = {}
    for _ in range(ROUNDS):
        took.setdefault("replay", []).append(seconds(lambda: replayed(store)))
        for what, query in QUERIES.items():
            start = time.perf_counter()
            rows[what] = len(ask(query))
            took.setdefault(what, []).append(time.perf_counter() - start)
    base = statistics.median(took.pop("replay"))
    print(f"| {name} | every read replayed by the program | | {base:.2f} s | 1 |")
    for what, times in took.items():
        middle = statistics.median(times)
        print(f"| {name} | {what} | {rows[what]:,} | {middle:.3f} s | {middle / base:.3f} |")


def on_sqlite(patients: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trial.db"
        engine = connect(str(file), new=True)
        create_schema(engine, str(file))
        print(f"{patients:,} patients, {fill(engine, patients):,} records")
        store = open_store(engine)
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reading:
            compare("SQLite", lambda query: reading.execute(query).fetchall(), store)
        store.close()


def on_postgresql(patients: int) -> None:
    with shared_trial({"mona": TrialRole.MONITOR}) as (url, owner):
        engine = connect(owner.url)
        fill(engine, patients)
        engine.dispose()
        monitor = connect(url.format("mona"), PASSWORD)
        store = open_store(monitor)

        def ask(query: str) -> Sequence[object]:
            with monitor.begin() as connection:
                return connection.exec_driver_sql(query).all()

        compare("PostgreSQL", ask, store)
        store.close()


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ("40", "1000")):
        on_sqlite(count)
        on_postgresql(count)
