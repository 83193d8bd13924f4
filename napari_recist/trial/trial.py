"""A trial: its charter, its people, its patients and the record of what was read."""

from types import TracebackType
from typing import Self

import sqlalchemy as sa

from napari_recist import __version__
from napari_recist.criteria import Charter, Event, Fact, Read, VisitAssessment, VisitSigned
from napari_recist.errors import RecordError, SignatureRefusedError
from napari_recist.trial.images.catalogue import ScheduledVisit, latest
from napari_recist.trial.reads.signing import content_hash
from napari_recist.trial.record.chain import VerifiedChain
from napari_recist.trial.record.fact_codec import decode
from napari_recist.trial.record.schema import passwords
from napari_recist.trial.record.store import EventStore, as_event
from napari_recist.trial.record.trial_facts import (
    CharterAdopted,
    PasswordSet,
    ReaderAdded,
    VisitRegistered,
)
from napari_recist.trial.record.verification import verify_record
from napari_recist.trial.staff.passwords import (
    matches,
    new_verifier,
    refuse_unusable_name,
    verifier_hash,
)

OWNER = "owner"
"""Who acts where nobody has signed in: whoever owns the database file."""


class Trial:
    """An open trial; use it as a context manager, or call :meth:`close`.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        The trial's database, with the present schema.
    url : str
        Where it is, for messages.
    """

    def __init__(self, engine: sa.Engine, url: str) -> None:
        self.url = url
        self._engine = engine
        self._store = EventStore(engine)
        adopted = [decode(r.kind, r.payload) for r in self._store.records_of(CharterAdopted)]
        if not adopted or not isinstance(adopted[-1], CharterAdopted):
            raise RecordError(f"{url} holds no charter.", "Make the trial with trial init.")
        self.uid: str = next(a.trial_uid for a in adopted if isinstance(a, CharterAdopted))
        self.charter: Charter = adopted[-1].charter
        self.charter_hash: str = adopted[-1].charter_hash
        self._known_readers: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Return the trial itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the database."""
        self.close()

    def close(self) -> None:
        """Close the database; nothing needs saving, for every fact already is."""
        self._engine.dispose()

    # --- the record -----------------------------------------------------------------------------

    def append(
        self, subject: str, reader: str, fact: Fact, *, last_known: int | None = None
    ) -> Event:
        """Record one fact a reader states; it is on disk when this returns.

        Parameters
        ----------
        subject, reader : str
            Patient code, and the name of a reader of this trial.
        fact : Fact
            What the reader states.
        last_known : int, optional
            Sequence of the last event of this read that the caller has seen (0 for none): the
            fact is refused when there is a later one.

        Raises
        ------
        RecordError
            If the reader is unknown, the read went on elsewhere, or the database refuses.
        """
        return self._state(subject, reader, fact, last_known)

    def sign(
        self,
        read: Read,
        assessment: VisitAssessment,
        *,
        password: str,
        meaning: str,
        last_known: int | None = None,
    ) -> Event:
        """Record the reader's signature under one visit, as judged by ``assessment``.

        Raises
        ------
        SignatureRefusedError
            If the password is not the reader's.
        RecordError
            As :meth:`append`.
        """
        self.check_password(read.reader, password)
        signature = VisitSigned(
            visit=assessment.visit,
            signer=read.reader,
            meaning=meaning,
            response=assessment.overall or "",
            content_hash=content_hash(read, assessment),
            charter_hash=self.charter_hash,
            chain_head="",
            software=__version__,
        )
        return self._state(read.subject, read.reader, signature, last_known)

    def events(self, subject: str, reader: str) -> tuple[Event, ...]:
        """Return what this reader stated of this patient, in order."""
        return self._store.events(subject, reader)

    def reads(self) -> tuple[tuple[str, str], ...]:
        """Return each (subject, reader) that has a read, begun or finished."""
        return self._store.reads()

    def verify(self) -> VerifiedChain:
        """Prove the whole record: every link, every signature, every password.

        Raises
        ------
        BrokenChainError
            Naming the first record that was changed, removed, re-ordered or added.
        """
        with self._engine.begin() as connection:
            verifiers = {row.reader: row.verifier for row in connection.execute(_ALL_PASSWORDS)}
        return verify_record(self._store, verifiers)

    def _state(
        self,
        subject: str,
        reader: str,
        fact: Fact,
        last_known: int | None,
    ) -> Event:
        if reader not in self._known_readers and reader not in self.readers():
            raise RecordError(f"{reader!r} is no reader of this trial.", "Use trial users.")
        record = self._store.append(subject, reader, reader, fact, last_known=last_known)
        return as_event(record)

    # --- the people -----------------------------------------------------------------------------

    def add_reader(self, name: str, password: str) -> None:
        """Let a person read and sign in this trial; a known reader gets a new password.

        Raises
        ------
        RecordError
            If the name or the password is unusable.
        """
        refuse_unusable_name(name)
        verifier = new_verifier(password)
        if name not in self.readers():
            self._store.append("", "", OWNER, ReaderAdded(name))
        self._store.append(
            "",
            "",
            OWNER,
            PasswordSet(name, verifier_hash(verifier)),
            also=sa.insert(passwords)
            .prefix_with("OR REPLACE")
            .values(reader=name, verifier=verifier),
        )

    def check_password(self, name: str, password: str) -> None:
        """Return quietly when the password is this reader's.

        Raises
        ------
        SignatureRefusedError
            If name or password is wrong; which of the two is not told.
        """
        query = sa.select(passwords.c.verifier).where(passwords.c.reader == name)
        with self._engine.begin() as connection:
            verifier = connection.scalar(query)
        if verifier is None or not matches(verifier, password):
            raise SignatureRefusedError("Name or password is wrong.", "Type the password again.")

    def readers(self) -> tuple[str, ...]:
        """Return the names of the trial's readers, in the order in which they were added."""
        records = self._store.records_of(ReaderAdded)
        added = (decode(record.kind, record.payload) for record in records)
        self._known_readers = tuple(fact.name for fact in added if isinstance(fact, ReaderAdded))
        return self._known_readers

    # --- the patients ---------------------------------------------------------------------------

    def register_visit(self, scheduled: ScheduledVisit) -> None:
        """Record that the images of a visit are here; the same again records nothing."""
        if scheduled not in self.visits(scheduled.subject):
            self._store.append(scheduled.subject, "", OWNER, VisitRegistered(scheduled))

    def subjects(self) -> tuple[str, ...]:
        """Return the patient codes of the trial, sorted."""
        return tuple(dict.fromkeys(visit.subject for visit in self._registered(None)))

    def visits(self, subject: str) -> tuple[ScheduledVisit, ...]:
        """Return the registered visits of a patient, by date."""
        return self._registered(subject)

    def _registered(self, subject: str | None) -> tuple[ScheduledVisit, ...]:
        records = self._store.records_of(VisitRegistered, subject)
        facts = (decode(record.kind, record.payload) for record in records)
        return latest(fact.scheduled for fact in facts if isinstance(fact, VisitRegistered))


_ALL_PASSWORDS = sa.select(passwords.c.reader, passwords.c.verifier)
