"""The event store on a server: the database extends the chain itself and shows each their rows."""

from functools import cached_property

import sqlalchemy as sa

from napari_recist.criteria import Event
from napari_recist.trial.record.chain import Record
from napari_recist.trial.record.fact_codec import encode
from napari_recist.trial.record.schema import events
from napari_recist.trial.record.store import EventStore, as_event, local_offset
from napari_recist.trial.record.trial_facts import AnyFact
from napari_recist.trial.staff.roles import TrialRole

_COLUMNS = [sa.column(column.name, column.type) for column in events.columns]

VISIBLE_EVENTS = sa.Table(
    "visible_events",
    sa.MetaData(),
    *(sa.Column(column.name, column.type) for column in events.columns),
)
"""What a person may see of the record: their rows, and for some roles rows with parts left out."""


class ServerStore(EventStore):
    """The record of one trial on PostgreSQL, as the person who is connected may see and extend it.

    Whatever a role may not state or see is refused by the database; see ``migrations/postgresql``.
    """

    rows = VISIBLE_EVENTS

    def append(  # noqa: PLR0913 - what makes up a row, each named
        self,
        subject: str,
        reader: str,
        actor: str,  # noqa: ARG002 - the server knows who is connected
        fact: AnyFact,
        *,
        last_known: int | None = None,
        also: sa.Executable | None = None,
    ) -> Record:
        """See :meth:`EventStore.append`; the actor is the role that is connected.

        Raises
        ------
        AccessRefusedError
            If the role may not state this of this patient.
        LockedError
            If the visit is not open to the reader, or is signed.
        RecordError
            As :meth:`EventStore.append`.
        """
        self.refuse_past()
        kind, payload = encode(fact)
        appended = sa.func.append_event(
            subject,
            reader,
            kind,
            payload,
            sa.cast(local_offset(), sa.Integer),
            sa.cast(last_known, sa.Integer),
        ).table_valued(*_COLUMNS)
        with self._writing.begin() as connection:
            record = Record(*connection.execute(sa.select(appended)).one())
            if also is not None:
                connection.execute(also)
        return record

    @property
    def engine(self) -> sa.Engine:
        """The connections of the person who has this store open."""
        return self._reading

    @property
    def connected_as(self) -> str:
        """The name of the role that is connected."""
        return self.engine.url.username or ""

    @cached_property
    def role(self) -> str:
        """What that role is in the trial: "owner", a word of TrialRole, or "" for nothing."""
        with self.engine.begin() as connection:
            return connection.scalar(sa.select(sa.func.my_role())) or ""

    @property
    def withholds(self) -> bool:
        """The administrator proves the chain without seeing identities and clinical data."""
        return self.role == TrialRole.ADMINISTRATOR

    def places_on_table(self) -> None:
        """Return nothing: the server computes where a read lies."""

    def case_events(self, subject: str) -> dict[str, tuple[Event, ...]] | None:
        """Return the finished reads of a patient by the name each is shown by, to who sees no more.

        Raises
        ------
        AccessRefusedError
            If the person does not adjudicate the patient, or a read is not finished.
        """
        if self.role not in {TrialRole.ADJUDICATOR, TrialRole.ONCOLOGIST}:
            return None
        rows = sa.func.case_events(subject).table_valued(*_COLUMNS)
        reads: dict[str, list[Event]] = {}
        for record in self._select(sa.select(rows)):
            reads.setdefault(record.reader, []).append(as_event(record))
        return {name: tuple(reads[name]) for name in sorted(reads)}


def open_store(engine: sa.Engine) -> EventStore:
    """Return the store of a database, whichever kind it is."""
    return ServerStore(engine) if engine.dialect.name == "postgresql" else EventStore(engine)
