"""The hash chain: what binds each record to all before it, and how a break is named.

The hash of a record is the SHA-256 of the JSON list of its columns, the hash of the record before
among them (Schneier and Kelsey 1999). A person who changes the past must therefore change
everything after it too, and with it every chain head that stands in a signature.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from napari_recist.errors import BrokenChainError

GENESIS = "0" * 64
"""What the first record names as the one before it."""

WITHHELD = "withheld"
"""The kind under which a database gives a record whose content the person may not see."""

REMEDY = "Keep this file as evidence and go back to the last copy that verifies."


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the record, as the database holds it.

    ``recorded_at`` is UTC in ISO form; ``utc_offset_minutes`` tells the writer's local time.
    ``reader`` is whose read the record belongs to, ``actor`` who wrote it; records of schema 0001
    have no actor.
    """

    sequence: int
    recorded_at: str
    utc_offset_minutes: int
    subject: str
    reader: str
    kind: str
    payload: str
    previous_hash: str
    hash: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a chain ends: number and hash of its last record."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class VerifiedChain:
    """A chain that holds from its first record to its last."""

    count: int
    head: str


def record_hash(record: Record) -> str:
    """Return the hash that this record must carry (its own ``hash`` does not enter)."""
    columns: list[int | str] = [
        record.sequence,
        record.recorded_at,
        record.utc_offset_minutes,
        record.subject,
        record.reader,
        record.kind,
        record.payload,
        record.previous_hash,
    ]
    # The actor came with schema 0002: what was written before it keeps the hash it has.
    if record.actor:
        columns.append(record.actor)
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode()).hexdigest()


def chained(record: Record) -> Record:
    """Return the record with its hash filled in."""
    return replace(record, hash=record_hash(record))


def check_links(
    records: Iterable[Record], head: ChainHead, *, some_withheld: bool = False
) -> Iterable[Record]:
    """Pass the records on one by one, each only after it proved to continue the chain.

    Parameters
    ----------
    records : iterable of Record
        All records, by rising sequence.
    head : ChainHead
        Where the database says that the record ends.
    some_withheld : bool
        Whether the database keeps the content of some records (of kind ``WITHHELD``) from whoever
        asks: of these only the links are checked.

    Raises
    ------
    BrokenChainError
        At the first record that was changed, removed, re-ordered or added.
    """
    last = ChainHead(0, GENESIS)
    for record in records:
        hidden = some_withheld and record.kind == WITHHELD
        fault = _fault(record, last, head, hidden=hidden)
        if fault:
            raise BrokenChainError(fault, REMEDY)
        last = ChainHead(record.sequence, record.hash)
        yield record
    if last.sequence < head.sequence:
        message = f"Record {last.sequence + 1} was removed: the record ends before its head."
        raise BrokenChainError(message, REMEDY)
    if last != head:
        message = f"Record {last.sequence} was changed: the head of the record is another one."
        raise BrokenChainError(message, REMEDY)


def _fault(record: Record, last: ChainHead, head: ChainHead, *, hidden: bool) -> str:
    place = last.sequence + 1
    if record.sequence != place:
        return f"Record {place} was removed."
    if not hidden and record_hash(record) != record.hash:
        return _fault_inside(record, max(head.sequence, record.sequence))
    if record.previous_hash != last.hash:
        return (
            f"Record {place} does not continue record {last.sequence}: record {place} was added, "
            f"or record {last.sequence} was changed and its hash made to fit."
        )
    if record.sequence > head.sequence:
        return f"Record {place} was added: it stands behind the head of the record."
    return ""


def _fault_inside(record: Record, count: int) -> str:
    written_at = _written_at(record, count)
    if written_at is None:
        return f"Record {record.sequence} was changed."
    if written_at < record.sequence:
        return f"Record {written_at} was added: what stood there is record {record.sequence} now."
    return (
        f"Record {record.sequence} was removed or re-ordered: "
        f"what stands there was written as record {written_at}."
    )


def _written_at(record: Record, count: int) -> int | None:
    """Return the number under which the record's hash was made, if it was only moved."""
    for sequence in range(1, count + 1):
        if record_hash(replace(record, sequence=sequence)) == record.hash:
            return sequence
    return None
