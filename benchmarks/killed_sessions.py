"""Is every acknowledged gesture there after a kill? ``python benchmarks/killed_sessions.py [N]``.

N times a client appends gestures to a read as fast as it can and is killed (``kill -9``) at a
random moment; after each, the next client goes on. At the end every gesture that any client was
told is on record must be there with the hash it was told, and the chain must verify. On SQLite,
then on PostgreSQL. Ends with an error where anything is missing.
"""

import datetime as dt
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from trial_server import PASSWORD, name_of, shared_trial

from napari_recist.criteria import LesionMeasured, VisitOpened
from napari_recist.trial import (
    ScheduledVisit,
    Trial,
    TrialRole,
    assign,
    create_trial,
    open_trial,
    register,
)
from napari_recist.trial.record.database import connect
from napari_recist.trial.record.server_store import open_store
from napari_recist.trial.record.store import EventStore

PEOPLE = {"anna": TrialRole.READER, "mona": TrialRole.MONITOR}
LONGEST = 0.3
"""Seconds after its first gesture within which a client is killed."""


def write_until_killed(store: EventStore, reader: str, pipe: int) -> None:
    """Append gestures without end, telling each through the pipe once it is acknowledged."""
    last = store.events("P1", reader)[-1].sequence
    for number in range(1_000_000):
        fact = LesionMeasured("BL", "T1", number)
        record = store.append("P1", reader, reader, fact, last_known=last)
        os.write(pipe, f"{record.sequence} {record.hash}\n".encode())
        last = record.sequence


def killed_session(url: str, reader: str, seconds: float) -> list[tuple[int, str]]:
    """Start a client, kill it after so many seconds, and return what it was told is on record."""
    ours, theirs = os.pipe()
    client = os.fork()
    if not client:
        try:
            write_until_killed(open_store(connect(url)), reader, theirs)
        finally:
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        first = pipe.readline()
        time.sleep(seconds)
        os.kill(client, signal.SIGKILL)
        _, status = os.waitpid(client, 0)
        assert os.WIFSIGNALED(status), "a client ended by itself"
        told = [line.split() for line in (first + pipe.read()).decode().splitlines()]
    return [(int(number), digest) for number, digest in told]


def sessions(url: str, reader: str, count: int, verify: Callable[[], int]) -> str:
    """Run so many killed sessions and return the figures; raises where a gesture is missing."""
    chance = random.Random(20250106)
    acknowledged: list[tuple[int, str]] = []
    store = open_store(connect(url))
    before = len(store.facts_of(LesionMeasured, subject="P1", reader=reader))
    for _ in range(count):
        acknowledged += killed_session(url, reader, chance.uniform(0.0, LONGEST))
    held = store.facts_of(LesionMeasured, subject="P1", reader=reader)
    there = {(record.sequence, record.hash) for record, _ in held}
    lost = [gesture for gesture in acknowledged if gesture not in there]
    assert not lost, f"lost: {lost}"
    unheard = len(there) - before - len(acknowledged)
    assert 0 <= unheard <= count, "more than one unheard gesture in a session"
    total = verify()
    store.close()
    return (
        f"{count} sessions killed: {len(acknowledged)} gestures acknowledged, {len(lost)} lost, "
        f"{unheard} on record whose client did not live to hear "
        f"of it; the chain of {total} records verifies"
    )


def prepare(trial: Trial, reader: str) -> None:
    """Give the reader a patient with a baseline."""
    register(trial, ScheduledVisit("P1", "BL", 0, dt.date(2025, 1, 6), ()))
    assign(trial, "P1", reader)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        charter, url = Path(folder) / "charter.toml", f"{folder}/trial.db"
        charter.write_text("", encoding="utf-8")
        with create_trial(url, charter) as trial:
            trial.admit("anna", TrialRole.READER, PASSWORD)
            prepare(trial, "anna")
            first = trial.sign_in("anna", PASSWORD)
            first.append("P1", VisitOpened("BL", first.visits("P1")[0].date))
            print("SQLite:    ", sessions(url, "anna", count, lambda: trial.verify().count))
    with shared_trial(PEOPLE) as (place, trial):
        url, reader = place.format("anna"), name_of(place.format("anna"))
        prepare(trial, reader)
        with open_trial(url) as first:
            first.append("P1", VisitOpened("BL", first.visits("P1")[0].date))
        with open_trial(place.format("mona")) as monitor:
            print("PostgreSQL:", sessions(url, reader, count, lambda: monitor.verify().count))


if __name__ == "__main__":
    main()
