"""A trial's charter and people: by what it is read, who works on it, and who signs in."""

import datetime as dt
from typing import Self

from napari_recist.criteria import Charter, Event, VisitOpened, VisitReopened
from napari_recist.errors import AccessRefusedError, RecordError
from napari_recist.trial.charters import Begun, CharterVersion, charter_versions, in_force
from napari_recist.trial.open_record import OpenRecord
from napari_recist.trial.reasons import reason_given
from napari_recist.trial.record.store import EventStore, Facts
from napari_recist.trial.record.trial_facts import (
    CharterAdopted,
    PersonAdmitted,
    PersonRetired,
    ReaderAdded,
)
from napari_recist.trial.staff.access import Action
from napari_recist.trial.staff.gate import Gate, PastGate
from napari_recist.trial.staff.passwords import refuse_unusable
from napari_recist.trial.staff.people import Staff, staff_of
from napari_recist.trial.staff.roles import Person, TrialRole


class StaffedTrial(OpenRecord):
    """A trial with its charter and people.

    Parameters
    ----------
    store : EventStore
        The record.
    gate : Gate
        What knows passwords.
    url : str
        Where it is, for messages.
    person : Person, optional
        Who acts; the owner of an embedded trial's file where it is not given.
    """

    def __init__(
        self, store: EventStore, gate: Gate, url: str, person: Person | None = None
    ) -> None:
        super().__init__(store, url, person)
        self._gate = gate
        self.charters: tuple[CharterVersion, ...] = charter_versions(
            record for record, _ in store.facts_of(CharterAdopted)
        )
        if not self.charters:
            raise RecordError(f"{url} holds no charter.", "Make the trial with trial init.")
        self.uid: str = self.charters[0].adopted.trial_uid

    def again(self) -> Self:
        """Return the trial with what was recorded of its charter meanwhile."""
        return type(self)(self._store, self._gate, self.url, self.person)

    def as_of(self, sequence: int) -> Self:
        """Return the trial as it stood with the record of this number, to be read only.

        Every question is answered from the records up to there, by the charter in force then.
        What it cannot do is grow, and there is no need to close it.

        Raises
        ------
        AccessRefusedError
            If whoever acts may not see what readers stated.
        RecordError
            If there was no trial yet.
        """
        self.require(Action.SEE_READS)
        past = self._store.as_of(sequence)
        return type(self)(past, PastGate(past), self.url, self.person)

    def sign_in(self, name: str, password: str) -> Self:
        """Return the trial as a person of it has it open; on a file, closing one closes both.

        Raises
        ------
        SignatureRefusedError
            If name or password is wrong (which of the two is not told), or too many were.
        """
        store = self._gate.seat(name, password, self.charter.access)
        person = _staff(store.facts_of(*_ABOUT_PEOPLE)).named(name)
        if person is None:
            raise AccessRefusedError(f"{name} no longer works on this trial.", "Ask for access.")
        return type(self)(store, self._gate, self.url, person)

    def check_password(self, password: str) -> None:
        """Return quietly when the password is that of whoever acts; raises as :meth:`sign_in`."""
        self._gate.prove(self.actor, password, self.charter.access)

    # --- the charter ----------------------------------------------------------------------------

    @property
    def charter_version(self) -> CharterVersion:
        """The version by which a read begun now is read."""
        last = self.charters[-1].number
        return in_force(self.charters, Begun(last, self._store.moment().date()))

    @property
    def charter(self) -> Charter:
        """The settings of :attr:`charter_version`."""
        return self.charter_version.charter

    def charter_of(self, events: tuple[Event, ...]) -> CharterVersion:
        """Return the version by which the read of these events is read."""
        opened = next((e for e in events if isinstance(e.fact, VisitOpened)), None)
        if opened is None or not isinstance(opened.fact, VisitOpened):
            return self.charter_version
        anew = [
            event
            for event in events
            if isinstance(event.fact, VisitReopened) and event.fact.visit == opened.fact.visit
        ]
        begun = (anew or [opened])[-1]
        return in_force(
            self.charters, Begun(begun.sequence, begun.recorded_at.astimezone(dt.UTC).date())
        )

    def admit(self, name: str, role: TrialRole, password: str) -> None:
        """Let a person work in a role; a known person gets a new password, or another role.

        Raises
        ------
        RecordError
            If the name or the password is unusable.
        """
        self.require(Action.ADMIT_PEOPLE)
        refuse_unusable(name, password)
        known = self.people().named(name)
        if known is None or known.role is not role:
            self._append("", "", PersonAdmitted(name, role))
        self._gate.set_password(self.actor, name, password)

    def retire(self, name: str, reason: str) -> None:
        """End a person's work on the trial; what was stated and signed stays."""
        self.require(Action.ADMIT_PEOPLE)
        if self.people().named(name) is None:
            raise RecordError(f"{name!r} does not work on this trial.")
        why = reason_given(reason, f"Retiring {name}")
        self._append("", "", PersonRetired(name, why))

    def people(self) -> Staff:
        """Return who works on the trial; who sees no status sees only themselves."""
        staff = self._fold(_staff, *_ABOUT_PEOPLE)
        if self.may(Action.SEE_STATUS):
            return staff
        return Staff(tuple(one for one in staff.present if one == self.person), ())

    def readers(self) -> tuple[str, ...]:
        """Return the names of the trial's readers, in the order in which they were admitted."""
        return self.people().of_role(TrialRole.READER)


def _staff(facts: Facts) -> Staff:
    return staff_of(fact for _, fact in facts)


_ABOUT_PEOPLE = (ReaderAdded, PersonAdmitted, PersonRetired)
