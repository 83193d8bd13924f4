"""Tampering as the owner of the database could do it, triggers dropped: verify names the record."""

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    VisitOpened,
    assess_read,
    replay,
)
from napari_recist.errors import BrokenChainError
from napari_recist.trial import Trial
from napari_recist.trial.record.chain import GENESIS, Record, chained
from tests.trial.conftest import PASSWORD

DROP_GUARDS = [
    "DROP TRIGGER events_never_updated",
    "DROP TRIGGER events_never_deleted",
    "DROP TRIGGER events_extend_the_chain",
    "DROP TRIGGER events_move_the_head",
    "DROP TRIGGER chain_head_only_advances",
    "DROP TRIGGER chain_head_never_deleted",
]
COPIED = "recorded_at, utc_offset_minutes, subject, reader, kind, payload"

FIRST_OF_READ = 11
"""Charter, reader, password, four visits, two assignments and signing in come before the read."""

SIGNATURE = FIRST_OF_READ + 3


@pytest.fixture
def signed(trial: Trial, anna: Trial) -> Trial:
    """Return the owner's view of a trial with a signed baseline, and a fact after it."""
    for fact in (
        VisitOpened("BL", dt.date(2025, 1, 6)),
        LesionAdded("BL", Lesion("T1", Role.TARGET, "liver")),
        LesionMeasured("BL", "T1", 250),
    ):
        assert anna.append("P1", fact)
    read = replay(anna.events("P1", "anna"))
    baseline = assess_read(read, anna.charter).visit("BL")
    anna.sign(read, baseline, password=PASSWORD, meaning="I read this")
    anna.append("P1", VisitOpened("W8", dt.date(2025, 3, 3)))
    return trial


def tamper(database: Path, change: Callable[[sqlite3.Connection], None]) -> None:
    """Drop the guards and change the database."""
    with closing(sqlite3.connect(database)) as connection:
        for statement in DROP_GUARDS:
            connection.execute(statement)
        change(connection)
        connection.commit()


def verdict(trial: Trial) -> str:
    """Return how verify names the break."""
    with pytest.raises(BrokenChainError) as caught:
        trial.verify()
    return caught.value.problem


def test_an_untouched_trial_verifies(signed: Trial, database: Path) -> None:
    """What nobody touched verifies, and tells how many records there are and the head."""
    with closing(sqlite3.connect(database)) as connection:
        head = connection.execute("SELECT sequence, hash FROM chain_head").fetchone()
    chain = signed.verify()

    assert (chain.count, chain.head) == head
    assert chain.count == SIGNATURE + 1


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["UPDATE events SET payload = replace(payload, '250', '150') WHERE sequence = 13"], 13),
        (["UPDATE events SET recorded_at = '2020' WHERE sequence = 12"], 12),
        (["UPDATE events SET reader = 'boris' WHERE sequence = 14"], 14),
        (["DELETE FROM events WHERE sequence = 1"], 1),
        (["DELETE FROM events WHERE sequence = 13"], 13),
        (["DELETE FROM events WHERE sequence >= 14"], 14),
        (
            [
                "UPDATE events SET sequence = -12 WHERE sequence = 12",
                "UPDATE events SET sequence = 12 WHERE sequence = 13",
                "UPDATE events SET sequence = 13 WHERE sequence = -12",
            ],
            12,
        ),
        (
            [
                f"INSERT INTO events SELECT 16, {COPIED}, hash, 'x', '' FROM events LIMIT 1",
            ],
            16,
        ),
    ],
    ids=["value", "time", "reader", "first", "middle", "tail", "swap", "insert"],
)
def test_tampering_is_named(
    signed: Trial, database: Path, statements: list[str], named: int
) -> None:
    """An edited, deleted, cut off, swapped or inserted row is named by its number."""
    tamper(database, lambda connection: [connection.execute(one) for one in statements])

    assert re.match(rf"Record {named} (was|does)", verdict(signed))


def rewrite(connection: sqlite3.Connection, sequence: int, old: str, new: str) -> None:
    """Change a payload and make every hash and the head fit again."""
    rows = [Record(*row) for row in connection.execute("SELECT * FROM events ORDER BY sequence")]
    previous = GENESIS
    for row in rows:
        payload = row.payload.replace(old, new) if row.sequence == sequence else row.payload
        made = chained(replace(row, payload=payload, previous_hash=previous))
        connection.execute(
            "UPDATE events SET payload = ?, previous_hash = ?, hash = ? WHERE sequence = ?",
            (made.payload, made.previous_hash, made.hash, made.sequence),
        )
        previous = made.hash
    connection.execute("UPDATE chain_head SET hash = ?", (previous,))


def test_a_rewritten_chain_is_caught_by_the_signature(signed: Trial, database: Path) -> None:
    """A chain rewritten throughout still breaks at the signature, which names the old head."""
    tamper(database, lambda connection: rewrite(connection, 13, "250", "150"))

    assert verdict(signed).startswith(f"Record {SIGNATURE}, the signature of visit BL of P1")


def test_a_signature_is_bound_to_its_content(signed: Trial, database: Path) -> None:
    """A signature made to name the new head still was given for another content."""

    def forge(connection: sqlite3.Connection) -> None:
        rewrite(connection, 13, "250", "150")
        query = "SELECT payload, previous_hash FROM events WHERE sequence = ?"
        payload, head = connection.execute(query, (SIGNATURE,)).fetchone()
        old = json.loads(payload)["chain_head"]
        rewrite(connection, SIGNATURE, old, head)

    tamper(database, forge)

    assert "signed something else for visit BL of P1" in verdict(signed)


def test_the_figures_beside_a_signature_follow_from_the_record(
    signed: Trial, database: Path
) -> None:
    """Figures that were changed alone, every hash made to fit again, are named: replay tells."""
    tamper(database, lambda connection: rewrite(connection, SIGNATURE, '"sum":250', '"sum":150'))

    assert "signed something else for visit BL of P1" in verdict(signed)


def test_a_signature_is_bound_to_the_charter(signed: Trial, database: Path) -> None:
    """A signature under a charter the trial never had is named."""
    charter = signed.charter_version.charter_hash
    tamper(database, lambda connection: rewrite(connection, SIGNATURE, charter, "0" * len(charter)))

    assert "names a charter that this trial never had" in verdict(signed)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passwords SET verifier = '$argon2id$forged'",
        "DELETE FROM passwords",
        "INSERT INTO passwords VALUES ('mallory', '$argon2id$forged')",
    ],
)
def test_a_swapped_password_is_named(signed: Trial, database: Path, statement: str) -> None:
    """A password set past the record is found, though it stands beside the chain."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()

    assert re.match(r"The password of (anna|mallory) is not the one on record", verdict(signed))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reads_on_table SET place = '0' WHERE reader = 'anna'",
        "DELETE FROM reads_on_table",
        "INSERT INTO reads_on_table VALUES ('P1', 'mallory', '0')",
    ],
)
def test_a_moved_read_is_named(signed: Trial, database: Path, statement: str) -> None:
    """Plain SQL tells by this table whose read was accepted: it must be what the record gives."""
    with closing(sqlite3.connect(database)) as connection:
        for change in ("update", "delete"):
            connection.execute(f"DROP TRIGGER reads_on_table_no_{change}")
        connection.execute(statement)
        connection.commit()

    assert re.match(r"Where the read of P1 by (anna|ben|mallory) lies is not", verdict(signed))


def test_a_lost_head_is_refused(signed: Trial, database: Path) -> None:
    """Without its head the record neither verifies nor grows."""
    tamper(database, lambda connection: connection.execute("DELETE FROM chain_head"))

    with pytest.raises(Exception, match="head of the record is gone"):
        signed.verify()
