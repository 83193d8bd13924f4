"""Tampering by the owner of a shared database, guards off: verify names the record it touches."""

import re
from dataclasses import replace

import pytest

from napari_recist import __version__
from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    VisitOpened,
    VisitSigned,
    assess_read,
    replay,
)
from napari_recist.errors import BrokenChainError, RecordError
from napari_recist.trial.reads.signing import content_hash
from napari_recist.trial.record.chain import GENESIS, ChainHead, Record, VerifiedChain, chained
from napari_recist.trial.record.verification import verify_record
from tests.trial.record.shared_server import CHARTER, CHARTER_HASH, OWNER, ServerTrial
from tests.trial.record.shared_trial import UNDER_WAY, assign, scheduled

COPIED = "recorded_at, utc_offset_minutes, subject, reader, kind, payload, hash, '', ''"


@pytest.fixture
def signed(shared: ServerTrial) -> ServerTrial:
    """Return a trial in which anna signed a baseline of one target and opened the next visit."""
    assign(shared, UNDER_WAY, "BL", "W8")
    anna = shared.store("anna")
    for fact in (
        VisitOpened("BL", scheduled(UNDER_WAY, "BL").date),
        LesionAdded("BL", Lesion("T1", Role.TARGET, "liver")),
        LesionMeasured("BL", "T1", 250),
    ):
        anna.append(UNDER_WAY, "anna", "anna", fact)
    read = replay(anna.events(UNDER_WAY, "anna"))
    judged = assess_read(read, CHARTER).visit("BL")
    digest = content_hash(read, judged)
    signature = VisitSigned(
        "BL", "anna", "I read this", judged.overall or "", digest, CHARTER_HASH, "", __version__
    )
    anna.append(UNDER_WAY, "anna", "anna", signature)
    opened = VisitOpened("W8", scheduled(UNDER_WAY, "W8").date)
    anna.append(UNDER_WAY, "anna", "anna", opened)
    return shared


def verify(trial: ServerTrial, *anchors: ChainHead, name: str = "mona") -> VerifiedChain:
    """Prove the record as the monitor, or whoever is named, can."""
    return verify_record(trial.store(name), None, anchors)


def verdict(trial: ServerTrial, *anchors: ChainHead, name: str = "mona") -> str:
    """Return how the proof of the monitor, or of whoever is named, names the break."""
    with pytest.raises(BrokenChainError) as caught:
        verify(trial, *anchors, name=name)
    return caught.value.problem


def tamper(trial: ServerTrial, *statements: str) -> None:
    """Change tables as their owner, with every trigger and policy switched off."""
    for table in ("events", "chain_head"):
        trial.sql(OWNER, f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        trial.sql(OWNER, statement)


def records(trial: ServerTrial) -> list[Record]:
    """Return the whole record as the owner finds it."""
    return [Record(*row) for row in trial.sql(OWNER, "SELECT * FROM events ORDER BY sequence")]


def rewrite(trial: ServerTrial, sequence: int, old: str, new: str) -> None:
    """Change a payload and make every hash after it, and the head, fit again."""
    previous = GENESIS
    there = records(trial)
    tamper(trial)
    for record in there:
        payload = (
            record.payload.replace(old, new) if record.sequence == sequence else record.payload
        )
        made = chained(replace(record, payload=payload, previous_hash=previous))
        trial.sql(
            OWNER,
            "UPDATE events SET payload = :payload, previous_hash = :previous_hash, hash = :hash"
            " WHERE sequence = :sequence",
            payload=made.payload,
            previous_hash=made.previous_hash,
            hash=made.hash,
            sequence=made.sequence,
        )
        previous = made.hash
    trial.sql(OWNER, "UPDATE chain_head SET hash = :hash", hash=previous)


@pytest.mark.parametrize("name", ["mona", "ada", OWNER])
def test_an_untouched_record_verifies(signed: ServerTrial, name: str) -> None:
    """Monitor, administrator and owner prove the record, the administrator without identities."""
    signed.sql("ida", "SELECT append_event('P1', '', 'identity_registered.1', '{}', 0)")
    proved = verify(signed, name=name)
    ((sequence, digest),) = signed.sql(OWNER, "SELECT sequence, hash FROM chain_head")

    assert (proved.count, proved.head) == (sequence, digest)


@pytest.mark.parametrize("name", ["anna", "ida", "zoe", "oli"])
def test_who_does_not_see_all_proves_nothing(signed: ServerTrial, name: str) -> None:
    """Whoever is shown a part of the record finds no head, and gets no verdict that looks good."""
    with pytest.raises(RecordError, match="head of the record is gone"):
        verify(signed, name=name)


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (
            ["UPDATE events SET payload = replace(payload, '50', '0') WHERE sequence = {LESION}"],
            0,
        ),
        (["UPDATE events SET recorded_at = '2020' WHERE sequence = {LESION}"], 0),
        (["UPDATE events SET actor = 'boris' WHERE sequence = {LESION}"], 0),
        (["UPDATE events SET kind = 'withheld', payload = '' WHERE sequence = {LESION}"], 0),
        (["DELETE FROM events WHERE sequence = {LESION}"], 0),
        (["DELETE FROM events WHERE sequence >= {LESION}"], 0),
        (
            [
                "UPDATE events SET sequence = -5 WHERE sequence = {LESION}",
                "UPDATE events SET sequence = {LESION} WHERE sequence = {LESION} + 1",
                "UPDATE events SET sequence = {LESION} + 1 WHERE sequence = -5",
            ],
            0,
        ),
        (
            [f"INSERT INTO events SELECT {{LESION}} + 3, {COPIED} FROM events LIMIT 1"],
            3,
        ),
        (["UPDATE chain_head SET sequence = sequence + 1"], 3),
        (["DELETE FROM chain_head"], None),
    ],
    ids=["value", "time", "actor", "hidden", "middle", "tail", "swap", "insert", "head", "no head"],
)
def test_tampering_is_named(signed: ServerTrial, statements: list[str], named: int | None) -> None:
    """An edited, hidden, deleted, cut off, swapped or inserted row is named by its number."""
    lesion = next(r.sequence for r in records(signed) if r.kind == "lesion_measured.1")
    tamper(signed, *(one.replace("{LESION}", str(lesion)) for one in statements))
    if named is None:
        with pytest.raises(RecordError, match="head of the record is gone"):
            verify(signed)
        return

    assert re.match(rf"Record {lesion + named} (was|does)", verdict(signed))


def test_a_row_truncated_away_is_missed(signed: ServerTrial) -> None:
    """An emptied record does not pass for a new one, nor are its people still anybody."""
    tamper(signed, "TRUNCATE events")

    assert verdict(signed, name=OWNER).startswith("Record 1 was removed")
    with pytest.raises(RecordError, match="head of the record is gone"):
        verify(signed)


def test_a_rewritten_chain_is_caught_by_a_signature(signed: ServerTrial) -> None:
    """A chain rewritten throughout breaks at the first signature after the change."""
    lesion = next(r.sequence for r in records(signed) if r.kind == "lesion_measured.1")
    rewrite(signed, lesion, "250", "150")

    assert verdict(signed).startswith(f"Record {lesion + 1}, the signature of visit BL of P1")


def test_a_rewritten_chain_is_caught_by_an_anchor(signed: ServerTrial) -> None:
    """Where no signature follows, a head noted outside of the database tells."""
    there = records(signed)
    head = ChainHead(there[-1].sequence, there[-1].hash)
    assert verify(signed, head).head == head.hash
    rewrite(signed, head.sequence, "W8", "W9")

    assert verify(signed).count == head.sequence
    assert verdict(signed, head) == (
        f"Record {head.sequence} is not the one noted outside of this database: the record was "
        "written anew up to there."
    )


def test_a_cut_tail_is_caught_by_an_anchor(signed: ServerTrial) -> None:
    """A record cut back together with its head is caught by a head noted before."""
    *_, before, last = records(signed)
    tamper(
        signed,
        f"DELETE FROM events WHERE sequence = {last.sequence}",
        f"UPDATE chain_head SET sequence = {before.sequence}, hash = '{before.hash}'",
    )

    assert verify(signed).head == before.hash
    noted = ChainHead(last.sequence, last.hash)
    assert verdict(signed, noted).startswith(f"Record {last.sequence} was removed")
