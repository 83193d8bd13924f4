"""The append-only event store: one transaction per fact, durable before it returns."""

import copy
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Self, TypeAlias

import sqlalchemy as sa

from napari_recist.criteria import Event
from napari_recist.errors import RecordError
from napari_recist.trial.record.chain import ChainHead, Record, chained
from napari_recist.trial.record.fact_codec import KIND_OF, decode, encode, name_chain_head
from napari_recist.trial.record.reads_on_table import note_place, noted_places
from napari_recist.trial.record.schema import chain_head, events, passwords
from napari_recist.trial.record.sqlite_database import WRITING
from napari_recist.trial.record.trial_facts import AnyFact, ReadAssigned, TransferFrozen

ROWS_AT_ONCE = 1_000
"""How many records a long walk holds in memory."""


Facts: TypeAlias = tuple[tuple[Record, AnyFact], ...]
"""Facts with the records that hold them, in order."""


class EventStore:
    """The record of one trial in its database.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        From :func:`napari_recist.trial.record.database.connect`, with the present schema.
    """

    rows: sa.FromClause = events
    """Where records are looked up."""

    def __init__(self, engine: sa.Engine) -> None:
        self._reading = engine
        self._writing = engine.execution_options(**WRITING)
        # Where this is the record as it stood once: the number of its last record, and when.
        self.ends_at: int | None = None
        self.ended: dt.datetime | None = None

    def as_of(self, sequence: int) -> Self:
        """Return the record as it stood with the record of this number; it cannot be extended.

        Raises
        ------
        RecordError
            If there is no record of this number.
        """
        with self._reading.begin() as connection:
            there = sa.select(self.rows.c.sequence).where(self.rows.c.sequence == sequence)
            if connection.scalar(there) is None:
                raise RecordError(f"There is no record {sequence}.")
        past = copy.copy(self)
        past.rows = sa.select(self.rows).where(self.rows.c.sequence <= sequence).subquery()
        past.ends_at = sequence
        past.ended = past.last_moment()
        return past

    def moment(self) -> dt.datetime:
        """Return up to when (UTC) the record reaches: to now, or, as of a number, to its last."""
        return self.ended or dt.datetime.now(dt.UTC)

    def last_moment(self) -> dt.datetime:
        """Return when (UTC) the last record was written; a withheld one does not tell."""
        told = (
            sa.select(self.rows.c.recorded_at)
            .where(self.rows.c.recorded_at != "")
            .order_by(self.rows.c.sequence.desc())
            .limit(1)
        )
        with self._reading.begin() as connection:
            return dt.datetime.fromisoformat(connection.execute(told).scalar_one())

    def append(  # noqa: PLR0913 - what makes up a row, each named
        self,
        subject: str,
        reader: str,
        actor: str,
        fact: AnyFact,
        *,
        last_known: int | None = None,
        also: sa.Executable | None = None,
    ) -> Record:
        """Add one record at the end of the chain and return it once the disk has it.

        Parameters
        ----------
        subject, reader : str
            Whom the fact is about and whose read it belongs to; empty for a fact of the trial.
        actor : str
            Who states it.
        fact : Fact or TrialFact
            What is stated. A field ``chain_head`` left "" is filled with the hash of the record
            before it.
        last_known : int, optional
            The number of the last record of this subject and reader that the caller has seen.
        also : sqlalchemy.Executable, optional
            A statement to be executed in the same transaction.

        Raises
        ------
        RecordError
            If another window has extended this read meanwhile, this is the record as it stood
            once, or the database refuses.
        """
        self.refuse_past()
        with self._writing.begin() as connection:
            if last_known is not None:
                _refuse_stale(connection, subject, reader, last_known)
            if isinstance(fact, TransferFrozen):
                _refuse_other_number(connection, fact.number)
            head = _head(connection)
            record = _next_record(head, subject, reader, actor, fact)
            connection.execute(sa.insert(events), asdict(record))
            if isinstance(fact, ReadAssigned):
                note_place(connection, subject, fact.reader)
            if also is not None:
                connection.execute(also)
        return record

    def refuse_past(self) -> None:
        """Raise :class:`RecordError` where this is the record as it stood once."""
        if self.ends_at is not None:
            raise RecordError(
                f"The record as it stood at number {self.ends_at} cannot be extended.",
                "Open the trial itself.",
            )

    @property
    def withholds(self) -> bool:
        """Whether records are given whose content the person may not see."""
        return False

    def events(self, subject: str, reader: str) -> tuple[Event, ...]:
        """Return what this reader stated of this subject, in order."""
        query = (
            sa.select(self.rows)
            .where(self.rows.c.subject == subject, self.rows.c.reader == reader)
            .order_by(self.rows.c.sequence)
        )
        return tuple(map(as_event, self._select(query)))

    def facts_of(
        self, *kinds: type[AnyFact], subject: str | None = None, reader: str | None = None
    ) -> Facts:
        """Return all facts of some kinds with their records, in order.

        Of one subject where given, and of one reader's read.
        """
        query = (
            sa.select(self.rows)
            .where(*self._among(kinds, subject, reader))
            .order_by(self.rows.c.sequence)
        )
        found = self._select(query)
        return tuple((record, decode(record.kind, record.payload)) for record in found)

    def extent_of(
        self, *kinds: type[AnyFact], subject: str | None = None, reader: str | None = None
    ) -> tuple[int, int]:
        """Return how many facts :meth:`facts_of` would give, and the number of the last."""
        columns = sa.func.count(), sa.func.coalesce(sa.func.max(self.rows.c.sequence), 0)
        query = sa.select(*columns).where(*self._among(kinds, subject, reader))
        with self._reading.begin() as connection:
            count, last = connection.execute(query).one()
        return count, last

    def anchor_of(self, sequence: int) -> ChainHead:
        """Return a record's number and hash."""
        query = sa.select(self.rows.c.hash).where(self.rows.c.sequence == sequence)
        with self._reading.begin() as connection:
            return ChainHead(sequence, connection.execute(query).scalar_one())

    def subjects_of(self, kind: type[AnyFact]) -> tuple[str, ...]:
        """Return the subjects of whom a kind of fact is recorded, sorted."""
        query = sa.select(self.rows.c.subject).where(self.rows.c.kind == KIND_OF[kind]).distinct()
        with self._reading.begin() as connection:
            return tuple(sorted(connection.scalars(query)))

    def verifiers(self) -> dict[str, str]:
        """Return the password verifiers that stand beside the record, by name."""
        with self._reading.begin() as connection:
            rows = connection.execute(sa.select(passwords.c.reader, passwords.c.verifier))
            return {row.reader: row.verifier for row in rows}

    def places_on_table(self) -> dict[tuple[str, str], str] | None:
        """Return where each read lies on an adjudicator's table, as noted for plain SQL.

        ``None`` where nothing is noted: on a server, which computes it, and of a record as it stood
        once, for what is noted is of today.
        """
        if self.ends_at is not None:
            return None
        with self._reading.begin() as connection:
            return noted_places(connection)

    def case_events(self, subject: str) -> dict[str, tuple[Event, ...]] | None:  # noqa: ARG002
        """Return a patient's reads by the names they are shown by, where a database names nobody.

        ``None`` from a file: whoever holds it can look, and the program takes the names out.
        """
        return None

    def close(self) -> None:
        """Close the database, unless this is only the past of a record that is open."""
        if self.ends_at is None:
            self._reading.dispose()

    def reads(self) -> tuple[tuple[str, str], ...]:
        """Return each (subject, reader) of whom something is recorded."""
        query = (
            sa.select(self.rows.c.subject, self.rows.c.reader)
            .where(self.rows.c.reader != "")
            .distinct()
            .order_by(self.rows.c.subject, self.rows.c.reader)
        )
        with self._reading.begin() as connection:
            return tuple((row.subject, row.reader) for row in connection.execute(query))

    @contextmanager
    def walk(self) -> Iterator[tuple[ChainHead, Iterator[Record]]]:
        """Give the head and all records by rising number, both as of one moment."""
        with self._reading.begin() as connection:
            query = sa.select(self.rows).order_by(self.rows.c.sequence)
            head = self._end(connection)
            with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query) as rows:
                yield head, (Record(*row) for row in rows)

    def _end(self, connection: sa.Connection) -> ChainHead:
        if self.ends_at is None:
            return _head(connection)
        last = sa.select(self.rows.c.hash).where(self.rows.c.sequence == self.ends_at)
        return ChainHead(self.ends_at, connection.execute(last).scalar_one())

    def _among(
        self, kinds: tuple[type[AnyFact], ...], subject: str | None, reader: str | None
    ) -> Iterator[sa.ColumnElement[bool]]:
        yield self.rows.c.kind.in_([KIND_OF[kind] for kind in kinds])
        if subject is not None:
            yield self.rows.c.subject == subject
        if reader is not None:
            yield self.rows.c.reader == reader

    def _select(self, query: sa.Select[Any]) -> Iterator[Record]:
        with self._reading.begin() as connection:
            for row in connection.execute(query):
                yield Record(*row)


def as_event(record: Record) -> Event:
    """Return a record as the event the rules replay: exactly what re-opening would give."""
    zone = dt.timezone(dt.timedelta(minutes=record.utc_offset_minutes))
    fact = decode(record.kind, record.payload)
    return Event(
        sequence=record.sequence,
        recorded_at=dt.datetime.fromisoformat(record.recorded_at).astimezone(zone),
        subject=record.subject,
        reader=record.reader,
        fact=fact,  # type: ignore[arg-type] # a record with a reader holds what a reader states
        actor=record.actor,
    )


def local_offset() -> int:
    """Return by how many minutes the writer's clock is ahead of UTC now."""
    offset = dt.datetime.now().astimezone().utcoffset() or dt.timedelta()
    return int(offset.total_seconds() // 60)


def _head(connection: sa.Connection) -> ChainHead:
    row = connection.execute(sa.select(chain_head.c.sequence, chain_head.c.hash)).one_or_none()
    if row is None:
        raise RecordError("The head of the record is gone.", "Run napari-recist verify.")
    return ChainHead(row.sequence, row.hash)


def _refuse_stale(connection: sa.Connection, subject: str, reader: str, last_known: int) -> None:
    last = connection.scalar(
        sa.select(sa.func.max(events.c.sequence)).where(
            events.c.subject == subject, events.c.reader == reader
        )
    )
    if (last or 0) != last_known:
        message = f"The read of {subject} by {reader} was continued in another window."
        raise RecordError(message, "Close this read and open it again to go on.")


def _refuse_other_number(connection: sa.Connection, number: int) -> None:
    kind = KIND_OF[TransferFrozen]
    query = sa.select(sa.func.count()).select_from(events).where(events.c.kind == kind)
    expected = connection.execute(query).scalar_one() + 1
    if number != expected:
        raise RecordError(f"The next transfer is number {expected}, not {number}.", "Freeze again.")


def _next_record(head: ChainHead, subject: str, reader: str, actor: str, fact: AnyFact) -> Record:
    kind, payload = encode(fact)
    return chained(
        Record(
            sequence=head.sequence + 1,
            recorded_at=dt.datetime.now(dt.UTC).isoformat(timespec="microseconds"),
            utc_offset_minutes=local_offset(),
            subject=subject,
            reader=reader,
            kind=kind,
            payload=name_chain_head(payload, head.hash),
            previous_hash=head.hash,
            hash="",
            actor=actor,
        )
    )
