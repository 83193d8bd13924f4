"""A trial's record as one person has it open: what the role does not allow is refused here."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from napari_recist.criteria import Event, Fact
from napari_recist.trial.record.chain import Record
from napari_recist.trial.record.store import EventStore, Facts, as_event
from napari_recist.trial.record.trial_facts import AnyFact, TrialFact
from napari_recist.trial.staff.access import Action, may, refuse_unless_allowed, refuse_unseen
from napari_recist.trial.staff.roles import OWNER, Person

FoldedT = TypeVar("FoldedT")


class ReadKey(NamedTuple):
    """Whose read of which patient."""

    subject: str
    reader: str


class OpenRecord:
    """The record, acting as one person; use it as a context manager, or call :meth:`close`.

    On PostgreSQL the database refuses the same, whoever asks.

    Parameters
    ----------
    store : EventStore
        The record.
    url : str
        Where it is, for messages.
    person : Person, optional
        Who acts; the owner of an embedded trial's file where it is not given.
    """

    def __init__(self, store: EventStore, url: str, person: Person | None) -> None:
        self.url = url
        self.person = person
        self._store = store
        self._folded: dict[object, tuple[tuple[int, int], Any]] = {}

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
        self._store.close()

    @property
    def actor(self) -> str:
        """How the record names who acts."""
        return self.person.name if self.person else OWNER

    def may(self, action: Action) -> bool:
        """Return whether whoever acts may do this."""
        return may(self.person, action)

    def require(self, action: Action) -> None:
        """Raise :class:`AccessRefusedError` unless whoever acts may do this."""
        refuse_unless_allowed(self.person, action)

    def state(self, action: Action, subject: str, fact: TrialFact) -> Event:
        """Record a fact of the trial itself, if whoever acts may do this."""
        self.require(action)
        return self._append(subject, "", fact)

    def state_in_read(self, action: Action, read: ReadKey, fact: Fact) -> Event:
        """Record a fact in another's read, if whoever acts may do this."""
        self.require(action)
        return self._append(read.subject, read.reader, fact)

    def stated(
        self, *kinds: type[TrialFact], subject: str | None = None
    ) -> tuple[tuple[str, TrialFact], ...]:
        """Return facts of the trial itself in order, each with its patient ("" for none).

        Of one patient where ``subject`` is given.

        Raises
        ------
        AccessRefusedError
            If whoever acts may not see one of these kinds.
        """
        recorded = self.recorded(*kinds, subject=subject)
        return tuple((record.subject, fact) for record, fact in recorded)

    def stated_when(
        self, *kinds: type[TrialFact]
    ) -> tuple[tuple[str, TrialFact, dt.datetime], ...]:
        """Return what :meth:`stated` does, each with the moment (UTC) at which it was recorded."""
        return tuple(
            (record.subject, fact, dt.datetime.fromisoformat(record.recorded_at))
            for record, fact in self.recorded(*kinds)
        )

    def recorded(
        self, *kinds: type[TrialFact], subject: str | None = None
    ) -> tuple[tuple[Record, TrialFact], ...]:
        """Return what :meth:`stated` does, each with its record."""
        refuse_unseen(self.person, kinds)
        return self._store.facts_of(*kinds, subject=subject)  # type: ignore[return-value] # these kinds are of the trial

    def records(self) -> Iterator[Record]:
        """Yield the whole record in its order.

        Raises
        ------
        AccessRefusedError
            If whoever acts may not see what readers stated.
        """
        self.require(Action.SEE_READS)
        with self._store.walk() as (_head, records):
            yield from records

    def _append(
        self, subject: str, reader: str, fact: AnyFact, last_known: int | None = None
    ) -> Event:
        return as_event(
            self._store.append(subject, reader, self.actor, fact, last_known=last_known)
        )

    def _fold(
        self,
        fold: Callable[[Facts], FoldedT],
        *kinds: type[AnyFact],
        subject: str | None = None,
        reader: str | None = None,
    ) -> FoldedT:
        """Return what facts of these kinds add up to, folded once for as long as none is added."""
        key, where = (kinds, subject, reader), {"subject": subject, "reader": reader}
        past = self._store.ends_at is not None  # nothing is added to that
        last = _FOREVER if past else self._store.extent_of(*kinds, **where)
        if key not in self._folded or self._folded[key][0] != last:
            self._folded[key] = last, fold(self._store.facts_of(*kinds, **where))
        folded: FoldedT = self._folded[key][1]
        return folded


_FOREVER = (0, 0)
