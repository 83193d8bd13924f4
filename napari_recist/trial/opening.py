"""Makes a new trial database, or opens one that is there."""

import uuid
from pathlib import Path

import sqlalchemy as sa

from napari_recist.errors import AccessRefusedError
from napari_recist.trial.charter_file import charter_hash, load_charter
from napari_recist.trial.record.database import SERVER, connect, create_schema, migrate
from napari_recist.trial.record.postgres_database import password_is_right, url_of_person
from napari_recist.trial.record.server_store import ServerStore, open_store
from napari_recist.trial.record.trial_facts import CharterAdopted
from napari_recist.trial.staff.gate import FileGate, wrong_password
from napari_recist.trial.staff.roles import OWNER, Person, TrialRole
from napari_recist.trial.staff.server_gate import ServerGate
from napari_recist.trial.trial import Trial


def create_trial(url: str, charter_file: Path) -> Trial:
    """Make a new trial database at ``url``, to be read by this charter, and open it.

    Parameters
    ----------
    url : str
        A path, ``sqlite:///path`` or ``postgresql://name@host/database``; nothing may be there yet.
    charter_file : Path
        The charter, TOML.

    Raises
    ------
    CharterError
        Naming all that is wrong with the charter.
    RecordError
        If the place is taken or cannot be written.
    """
    charter = load_charter(charter_file)
    engine = connect(url, new=True)
    try:
        create_schema(engine, url)
        adopted = CharterAdopted(
            trial_uid=uuid.uuid4().hex,
            charter=charter,
            charter_hash=charter_hash(charter),
            source=charter_file.read_text(encoding="utf-8"),
        )
        open_store(engine).append("", "", OWNER, adopted)
        return _opened(engine, url)
    except BaseException:
        engine.dispose()
        raise


def open_trial(url: str) -> Trial:
    """Open the trial database at ``url``, bringing an older schema up to date.

    Raises
    ------
    RecordError
        If there is none, or it was written by a later version.
    """
    engine = connect(url)
    try:
        migrate(engine, url)
        return _opened(engine, url)
    except BaseException:
        engine.dispose()
        raise


def open_seat(url: str, name: str, password: str) -> Trial:
    """Open the trial at ``url`` as a person of it, who proves by a password to be that person.

    Raises
    ------
    SignatureRefusedError
        If name or password is wrong (which of the two is not told), or too many were.
    AccessRefusedError
        If the person no longer works on the trial.
    RecordError
        As :func:`open_trial`.
    """
    if url.startswith(SERVER):
        return _server_seat(url_of_person(url, name), name, password)
    trial = open_trial(url)
    try:
        return trial.sign_in(name, password)
    except BaseException:
        trial.close()
        raise


def _server_seat(url: str, name: str, password: str) -> Trial:
    if not name or not password_is_right(url, name, password):
        raise wrong_password()
    with _opened(connect(url, password), url) as trial:
        return trial.sign_in(name, password)


def _opened(engine: sa.Engine, url: str) -> Trial:
    store = open_store(engine)
    if not isinstance(store, ServerStore):
        return Trial(store, FileGate(store), url)
    if not store.role:
        raise AccessRefusedError(
            f"{store.connected_as} does not work on this trial.", "Ask its administrator."
        )
    # Who connects as the owner of the database acts as the owner of a file does.
    owner = store.role == OWNER
    person = None if owner else Person(store.connected_as, TrialRole(store.role))
    return Trial(store, ServerGate(store, url), url, person)
