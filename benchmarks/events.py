"""How fast the record grows and verifies: ``python benchmarks/events.py [COUNT]``.

Appended events per second, each in a durable transaction of its own and hash-chained, against bare
inserts of the very same rows by the driver, in transactions of their own and as durable.
"""

import datetime as dt
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, replace
from pathlib import Path

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
from napari_recist.trial import Trial, TrialRole, create_trial
from napari_recist.trial.record.chain import Record, chained

ROUNDS = 5
VISITS, LESIONS = 12, 7


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measurement(number: int) -> LesionMeasured:
    across = Axis((1.25, 2.5, -30.0), (21.125 + number / 7, 2.5, -30.0), 19.875 + number / 7)
    caliper = Caliper(across, None, "1.2.3.4", f"1.2.3.4.{number}", 1, "1.2.3", "green")
    return LesionMeasured("BL", f"T{number % LESIONS + 1}", 199, caliper)


def append(trial: Trial, facts: list[Fact]) -> None:
    for fact in facts:
        trial.append("P1", "reader", fact)


def bare_inserts(database: Path, rows: list[tuple[object, ...]]) -> float:
    """Insert rows into a bare table, each durable on its own; return the seconds it took."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE TABLE events (sequence INTEGER PRIMARY KEY, recorded_at TEXT, utc_offset INT,"
            " subject TEXT, reader TEXT, kind TEXT, payload TEXT, previous_hash TEXT, hash TEXT)"
        )

        def insert() -> None:
            for row in rows:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
                connection.execute("COMMIT")

        return seconds(insert)


def one_round(folder: Path, count: int) -> tuple[float, float]:
    """Return the seconds of appending and of bare inserts."""
    charter = folder / "charter.toml"
    charter.write_text("", encoding="utf-8")
    facts: list[Fact] = [measurement(number) for number in range(count)]
    with create_trial(str(folder / "trial.db"), charter) as trial:
        trial.admit("reader", TrialRole.READER, "a long password")
        appended = seconds(lambda: append(trial, facts))
    with closing(sqlite3.connect(folder / "trial.db")) as connection:
        rows = connection.execute("SELECT * FROM events WHERE reader = 'reader'").fetchall()
    return appended, bare_inserts(folder / "bare.db", rows)


def opening(folder: Path) -> float:
    """Return the seconds to read, replay and judge a read of twelve visits from the database."""
    charter = folder / "other.toml"
    charter.write_text("", encoding="utf-8")
    with create_trial(str(folder / "read.db"), charter) as trial:
        trial.admit("reader", TrialRole.READER, "a long password")
        for number in range(VISITS):
            visit = f"W{8 * number}"
            date = dt.date(2025, 1, 6) + dt.timedelta(weeks=8 * number)
            trial.append("P1", "reader", VisitOpened(visit, date))
            for place in range(1, LESIONS + 1):
                if not number:
                    lesion = Lesion(f"T{place}", Role.TARGET, "liver")
                    trial.append("P1", "reader", LesionAdded(visit, lesion))
                trial.append("P1", "reader", LesionMeasured(visit, f"T{place}", 200 + number))
        return min(
            seconds(lambda: assess_read(replay(trial.events("P1", "reader")), trial.charter))
            for _ in range(ROUNDS)
        )


def verifying(folder: Path, count: int) -> float:
    """Return the microseconds per event to verify a record of so many events."""
    charter = folder / "charter.toml"
    charter.write_text("", encoding="utf-8")
    with create_trial(str(folder / f"{count}.db"), charter) as trial:
        trial.admit("reader", TrialRole.READER, "a long password")
        fact = trial.append("P1", "reader", measurement(0))
        with closing(sqlite3.connect(folder / f"{count}.db")) as connection:
            last = Record(*connection.execute("SELECT * FROM events").fetchall()[-1])
            for sequence in range(fact.sequence + 1, count + 1):
                last = chained(replace(last, sequence=sequence, previous_hash=last.hash))
                connection.execute(
                    f"INSERT INTO events VALUES ({', '.join('?' * 9)})", astuple(last)
                )
            connection.commit()
        return 1e6 * seconds(trial.verify) / count


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    ratios, rates = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            appended, bare = one_round(Path(folder), count)
        ratios.append(appended / bare)
        rates.append((count / appended, count / bare))
    print(f"{ROUNDS} rounds of {count} events")
    print("appended per second:     ", ", ".join(f"{ours:.0f}" for ours, _ in rates))
    print("bare inserts per second: ", ", ".join(f"{bare:.0f}" for _, bare in rates))
    print("time ratio, median:      ", f"{sorted(ratios)[ROUNDS // 2]:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        for events in (10_000, 100_000):
            print(f"verify {events} events:     {verifying(Path(folder), events):.0f} us per event")
    with tempfile.TemporaryDirectory() as folder:
        print(f"open a read of {VISITS} visits:  {1000 * opening(Path(folder)):.1f} ms")


if __name__ == "__main__":
    main()
