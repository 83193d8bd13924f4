"""The gate of a shared trial: the database server knows the passwords and each person's role."""

import datetime as dt

from napari_recist.criteria import AccessSettings
from napari_recist.trial.record.database import connect
from napari_recist.trial.record.postgres_database import new_login, password_is_right, server_url
from napari_recist.trial.record.server_store import ServerStore
from napari_recist.trial.record.store import EventStore
from napari_recist.trial.record.trial_facts import PasswordSet, SignedIn, SignInRefused
from napari_recist.trial.staff.gate import refuse_guessing, refused_at, wrong_password
from napari_recist.trial.staff.passwords import verifier_hash


class ServerGate:
    """The gate of a trial on PostgreSQL, for whoever is connected; see :class:`Gate`.

    Parameters
    ----------
    store : ServerStore
        The record as this person has it open.
    url : str
        The trial's URL, with any person's name.
    """

    def __init__(self, store: ServerStore, url: str) -> None:
        self._store, self._url = store, url

    def prove(self, name: str, password: str, access: AccessSettings) -> None:
        """See :class:`Gate`; a connection of its own with this password is the proof.

        A wrong password is recorded where the person it was given for is connected. Guessing from
        outside is the server's to slow down and to log (auth_delay, log_connections).
        """
        mine = self._store.connected_as == name
        before = refused_at(self._store, name)
        refuse_guessing(name, before, access, dt.datetime.now(dt.UTC))
        if not password_is_right(self._url, name, password):
            if mine:
                self._store.append("", "", name, SignInRefused(name))
            raise wrong_password()
        if before and mine:
            self._store.append("", "", name, SignedIn(name))

    def seat(self, name: str, password: str, access: AccessSettings) -> EventStore:
        """See :class:`Gate`; the store returned is connected as this person."""
        self.prove(name, password, access)
        url = server_url(self._url).set(username=name).render_as_string()
        seated = ServerStore(connect(url.replace("postgresql+psycopg", "postgresql", 1), password))
        try:
            seated.append("", "", name, SignedIn(name))
        except BaseException:
            seated.close()
            raise
        return seated

    def set_password(self, actor: str, name: str, password: str) -> None:
        """See :class:`Gate`; the person may log in from the moment the fact is recorded."""
        verifier, statement = new_login(self._store.engine, name, password)
        fact = PasswordSet(name, verifier_hash(verifier))
        self._store.append("", "", actor, fact, also=statement)

    def verifiers(self) -> None:
        """See :class:`Gate`: the server shows its verifiers to nobody."""
