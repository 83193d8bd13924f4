"""The record in its database: what it refuses, and that an acknowledged fact is on the disk."""

import datetime as dt
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from napari_recist.criteria import LesionWithdrawn, VisitOpened
from napari_recist.errors import AccessRefusedError, RecordError, SignatureRefusedError
from napari_recist.trial import Trial, open_trial
from napari_recist.trial.record.database import connect
from tests.trial.conftest import PASSWORD, execute, seated

OPENED = VisitOpened("BL", dt.date(2025, 1, 6), "1.2.3")

COPIED = (
    "recorded_at, utc_offset_minutes, subject, reader, kind, payload, previous_hash, hash || 'x', "
    "actor"
)

WRITER = """
import sys
from napari_recist.criteria import LesionWithdrawn
from napari_recist.trial import open_trial
database, name, count = sys.argv[1:]
with open_trial(database) as trial:
    seat = trial.sign_in(name, "a long password")
    for number in range(int(count)):
        seat.append("P1", LesionWithdrawn(f"T{number}", name))
"""


def test_an_event_comes_back_from_another_opening(anna: Trial, database: Path) -> None:
    """What append returned is what anybody reads who opens the trial."""
    event = anna.append("P1", OPENED)

    with open_trial(f"sqlite:///{database}") as other:
        assert other.events("P1", "anna") == (event,)
    assert event.fact == OPENED


def test_time_is_utc_with_the_local_offset(anna: Trial, database: Path) -> None:
    """The record holds UTC and the writer's offset; the event shows the writer's local time."""
    before = dt.datetime.now(dt.UTC)
    event = anna.append("P1", OPENED)
    after = dt.datetime.now(dt.UTC)
    local = dt.datetime.now().astimezone().utcoffset()
    with closing(sqlite3.connect(database)) as connection:
        (text,) = connection.execute("SELECT max(recorded_at) FROM events").fetchone()

    assert before <= event.recorded_at <= after
    assert event.recorded_at.utcoffset() == local
    assert dt.datetime.fromisoformat(text).utcoffset() == dt.timedelta()


def test_reads_are_kept_apart(trial: Trial, anna: Trial) -> None:
    """Events of another reader or another patient never come along."""
    boris = seated(trial, "boris", "P1")
    mine = anna.append("P1", OPENED)
    boris.append("P1", OPENED)
    anna.append("P2", OPENED)

    assert anna.events("P1", "anna") == (mine,)
    assert anna.reads() == (("P1", "anna"), ("P2", "anna"))
    assert trial.reads() == (("P1", "anna"), ("P1", "boris"), ("P2", "anna"))


def test_only_who_signed_in_states_something(trial: Trial, anna: Trial) -> None:
    """Every fact of a read is stated by its reader; the owner of the file cannot speak for one."""
    with pytest.raises(AccessRefusedError, match="owner of the file may not read a patient"):
        trial.append("P1", OPENED)
    with pytest.raises(SignatureRefusedError):
        trial.sign_in("nobody", PASSWORD)

    assert anna.append("P1", OPENED).actor == "anna"


def test_two_windows_cannot_write_one_read(anna: Trial, database: Path) -> None:
    """A window that has not seen the last event is refused, and the other one goes on."""
    first = anna.append("P1", OPENED, last_known=0)
    with open_trial(str(database)) as opened:
        other = opened.sign_in("anna", PASSWORD)
        second = other.append("P1", LesionWithdrawn("T1", "x"), last_known=first.sequence)
        with pytest.raises(RecordError, match="another window"):
            anna.append("P1", LesionWithdrawn("T2", "y"), last_known=first.sequence)
        anna.append("P2", OPENED, last_known=0)
        other.append("P1", LesionWithdrawn("T3", "z"), last_known=second.sequence)

    assert len(anna.events("P1", "anna")) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET reader = 'mallory'",
        "UPDATE events SET payload = payload",
        "DELETE FROM events",
        f"INSERT INTO events SELECT sequence + 1000, {COPIED} FROM events LIMIT 1",
        f"INSERT INTO events SELECT (SELECT max(sequence) + 1 FROM events), {COPIED} FROM events",
        "UPDATE chain_head SET sequence = 1",
        "DELETE FROM chain_head",
    ],
)
def test_the_database_refuses_to_rewrite(
    trial: Trial, anna: Trial, database: Path, statement: str
) -> None:
    """Plain SQL can neither change, remove nor push in a record, nor move the head."""
    last = anna.append("P1", OPENED).sequence
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|chain|head"):
        execute(database, statement)

    assert trial.verify().count == last


def test_commits_wait_for_the_disk(database: Path, trial: Trial) -> None:
    """The database runs with a write-ahead log and full synchronisation."""
    engine = connect(str(database))
    with engine.connect() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    engine.dispose()

    assert journal == "wal"
    assert synchronous == 2


def test_programs_write_side_by_side(trial: Trial, anna: Trial, database: Path) -> None:
    """Several programs extend one chain: no event is lost or doubled, and the chain holds."""
    names = ["boris", "carla", "diego"]
    for name in names:
        seated(trial, name, "P1")
    before = trial.verify().count
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(database), name, "20"])
        for name in names
    ]
    for number in range(20):
        anna.append("P1", LesionWithdrawn(f"T{number}", "anna"))

    assert [writer.wait() for writer in writers] == [0, 0, 0]
    for name in ["anna", *names]:
        facts = [event.fact for event in trial.events("P1", name)]
        assert facts == [LesionWithdrawn(f"T{number}", name) for number in range(20)]
    assert trial.verify().count == before + len(names) + 4 * 20  # each signs in once more
