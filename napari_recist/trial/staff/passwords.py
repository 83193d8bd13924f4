"""Readers' passwords: made into verifiers that tell nothing, and checked against them."""

import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from napari_recist.errors import RecordError
from napari_recist.trial.staff.roles import OWNER

MIN_PASSWORD_LENGTH = 8
"""NIST SP 800-63B asks for at least eight characters of a password a person chooses."""

_hasher = PasswordHasher()


def new_verifier(password: str) -> str:
    """Return the argon2id verifier of a password."""
    return _hasher.hash(password)


def matches(verifier: str, password: str) -> bool:
    """Return whether the password is the one the verifier was made from."""
    try:
        return _hasher.verify(verifier, password)
    except (VerificationError, InvalidHashError):
        return False


def verifier_hash(verifier: str) -> str:
    """Return what the record says of a verifier: its SHA-256, so that a swapped one is noticed."""
    return hashlib.sha256(verifier.encode()).hexdigest()


def refuse_unusable(name: str, password: str) -> None:
    """Raise :class:`RecordError` for a name mistaken on a screen, or a password too short."""
    if not name or name != name.strip() or not name.isprintable() or name == OWNER:
        message = f"{name!r} cannot be a person's name."
        raise RecordError(message, "Use letters and digits, no blanks at the ends.")
    if len(password) < MIN_PASSWORD_LENGTH:
        message = f"A password has at least {MIN_PASSWORD_LENGTH} characters."
        raise RecordError(message, "Choose a longer one.")
