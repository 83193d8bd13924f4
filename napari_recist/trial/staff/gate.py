"""Proves who a person is by a password, slows guessing down, and sets new passwords."""

import datetime as dt
from typing import Protocol

import sqlalchemy as sa

from napari_recist.criteria import AccessSettings
from napari_recist.errors import SignatureRefusedError, TooManyAttemptsError
from napari_recist.translation import _
from napari_recist.trial.record.schema import passwords
from napari_recist.trial.record.store import EventStore
from napari_recist.trial.record.trial_facts import PasswordSet, SignedIn, SignInRefused
from napari_recist.trial.staff.attempts import wait
from napari_recist.trial.staff.passwords import matches, new_verifier, verifier_hash

_NO_NAMES: dict[str, list[dt.datetime]] = {}
"""When names were tried that are none: guessing is slowed down alike, so that it tells no name.
They are not recorded, for a password may have been typed in the wrong field."""


class Gate(Protocol):
    """What knows passwords: the trial's file, or a database server."""

    def prove(self, name: str, password: str, access: AccessSettings) -> None:
        """Return quietly when the password is this person's.

        Raises
        ------
        SignatureRefusedError
            If name or password is wrong (which of the two is not told), or too many were.
        """

    def seat(self, name: str, password: str, access: AccessSettings) -> EventStore:
        """Return the record as this person may open it; raises as :meth:`prove`."""

    def set_password(self, actor: str, name: str, password: str) -> None:
        """Give a person a new password."""

    def verifiers(self) -> dict[str, str] | None:
        """Return the verifiers that stand beside the record, by name; ``None`` on a server."""


class FileGate:
    """The gate of an embedded trial: argon2 verifiers beside the record."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    def prove(self, name: str, password: str, access: AccessSettings) -> None:
        """See :class:`Gate`; attempts and their outcome are recorded."""
        verifier, now = self.verifiers().get(name), dt.datetime.now(dt.UTC)
        before = refused_at(self._store, name) if verifier else _NO_NAMES.setdefault(name, [])
        refuse_guessing(name, before, access, now)
        if verifier is None:
            new_verifier("an unknown name takes as long to refuse as a wrong password")
            before.append(now)
            raise wrong_password()
        if not matches(verifier, password):
            self._store.append("", "", name, SignInRefused(name))
            raise wrong_password()
        if before:
            self._store.append("", "", name, SignedIn(name))

    def seat(self, name: str, password: str, access: AccessSettings) -> EventStore:
        """See :class:`Gate`."""
        self.prove(name, password, access)
        self._store.append("", "", name, SignedIn(name))
        return self._store

    def set_password(self, actor: str, name: str, password: str) -> None:
        """See :class:`Gate`."""
        verifier = new_verifier(password)
        self._store.append(
            "",
            "",
            actor,
            PasswordSet(name, verifier_hash(verifier)),
            also=sa.insert(passwords)
            .prefix_with("OR REPLACE")
            .values(reader=name, verifier=verifier),
        )

    def verifiers(self) -> dict[str, str]:
        """See :class:`Gate`."""
        return self._store.verifiers()


class PastGate:
    """The gate of a record as it stood once: nobody signs in there, nobody gets a password."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    def prove(self, name: str, password: str, access: AccessSettings) -> None:  # noqa: ARG002
        """Refuse."""
        self._store.refuse_past()

    def seat(self, name: str, password: str, access: AccessSettings) -> EventStore:  # noqa: ARG002
        """Refuse."""
        self._store.refuse_past()
        return self._store

    def set_password(self, actor: str, name: str, password: str) -> None:  # noqa: ARG002
        """Refuse."""
        self._store.refuse_past()

    def verifiers(self) -> None:
        """Return ``None``: the passwords of then are not kept."""


def refused_at(store: EventStore, name: str) -> list[dt.datetime]:
    """Return when wrong passwords were given for a person since the last right one."""
    found: list[dt.datetime] = []
    for record, fact in store.facts_of(SignInRefused, SignedIn):
        match fact:
            case SignedIn(person) if person == name:
                found.clear()
            case SignInRefused(person) if person == name:
                found.append(dt.datetime.fromisoformat(record.recorded_at))
    return found


def refuse_guessing(
    name: str, before: list[dt.datetime], access: AccessSettings, now: dt.datetime
) -> None:
    """Raise :class:`TooManyAttemptsError` while the next password is not looked at yet."""
    left = wait(before, access.attempts, now)
    if left:
        seconds = int(left.total_seconds()) + 1
        raise TooManyAttemptsError(
            _("Too many wrong passwords for {name}.", name=name),
            _("Wait {seconds} seconds.", seconds=seconds),
        )


def wrong_password() -> SignatureRefusedError:
    """Return the refusal, which does not tell whether name or password is wrong."""
    return SignatureRefusedError(_("Name or password is wrong."), _("Type the password again."))
