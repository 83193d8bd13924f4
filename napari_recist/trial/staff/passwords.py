"""Readers' passwords: made into verifiers that tell nothing, and checked against them."""

import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from napari_recist.errors import RecordError

MIN_PASSWORD_LENGTH = 8
"""NIST SP 800-63B asks for at least eight characters of a password a person chooses."""

_hasher = PasswordHasher()


def new_verifier(password: str) -> str:
    """Return the argon2id verifier of a password.

    Raises
    ------
    RecordError
        If the password is too short.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        message = f"A password has at least {MIN_PASSWORD_LENGTH} characters."
        raise RecordError(message, "Choose a longer one.")
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


def refuse_unusable_name(name: str) -> None:
    """Raise :class:`RecordError` for a reader's name that would be mistaken on a screen."""
    if not name or name != name.strip() or not name.isprintable():
        message = f"{name!r} cannot be a reader's name."
        raise RecordError(message, "Use letters and digits, no blanks at the ends.")
