"""The trial's secret key and all that is derived from it: UIDs, days of shift, stand-in words.

Everything is HMAC-SHA-256 of the original under the key: the same over visits, files and runs,
and not to be had back without the key.
"""

import hashlib
import hmac
import os
import secrets
import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from napari_recist.errors import DeidentificationError

KEY_VARIABLE = "NAPARI_RECIST_DEIDENTIFICATION_KEY"
"""Environment variable that holds the key as hexadecimal text."""

_KEY_BYTES = 32

LEAST_SHIFT_DAYS, SHIFT_RANGE_DAYS = 366, 3286
"""Dates move into the past by one to ten years: never into the future, never by less than a year,
so that a season does not name the scan."""


@dataclass(frozen=True, slots=True)
class TrialKey:
    """A trial's key; its text form tells nothing of it.

    Parameters
    ----------
    secret : bytes
        32 random bytes.
    """

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that tell two keys apart and give neither away."""
        return self._digest("fingerprint").hex()[:16]

    def uid(self, original: str) -> str:
        """Return the UID that stands for ``original``: 2.25 and a number (PS3.5, B.2)."""
        return _uid(self.secret, original)

    def shift_days(self, subject: str) -> int:
        """Return by how many days the dates of a coded subject move; always into the past."""
        number = int.from_bytes(self._digest(f"shift:{subject}")[:8])
        return -(LEAST_SHIFT_DAYS + number % SHIFT_RANGE_DAYS)

    def word(self, subject: str, original: str) -> str:
        """Return a word that stands for one this program does not know, the same for a subject."""
        return "X" + self._digest(f"word:{subject}:{original}").hex()[:8].upper()

    def mark(self, subject: str, instance_uid: str) -> str:
        """Return what proves that a file was de-identified under this key."""
        return self._digest(f"mark:{subject}:{instance_uid}").hex()[:16]

    def name(self, *parts: str) -> str:
        """Return twelve hexadecimal digits to name a file or folder by."""
        return self._digest("name:" + ":".join(parts)).hex()[:12]

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self.secret, text.encode("utf-8", "surrogateescape"), "sha256")


@lru_cache(maxsize=1 << 15)
def _uid(secret: bytes, original: str) -> str:
    digest = hmac.digest(secret, f"uid:{original}".encode("utf-8", "surrogateescape"), "sha256")
    return f"2.25.{uuid.UUID(bytes=digest[:16], version=5).int}"


def key_from(key_file: Path | None) -> TrialKey:
    """Return the key of the environment, else that of a file, made on first use for its owner.

    Raises
    ------
    DeidentificationError
        If there is neither, or what is there is no key, or others may read the file.
    """
    given = os.environ.get(KEY_VARIABLE)
    if given is not None:
        return TrialKey(_secret(given, f"The environment variable {KEY_VARIABLE}"))
    if key_file is None:
        raise DeidentificationError(
            "There is no key to de-identify with.",
            f"Name a key file, or set {KEY_VARIABLE} to 64 hexadecimal digits.",
        )
    try:
        if not key_file.exists():
            _write_new(key_file)
        _refuse_shared(key_file)
        return TrialKey(_secret(key_file.read_text(encoding="ascii"), str(key_file)))
    except (OSError, UnicodeDecodeError) as error:
        raise DeidentificationError(
            f"{key_file}: the key cannot be read or made ({error}).", "Choose another place."
        ) from error


def _secret(text: str, where: str) -> bytes:
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise DeidentificationError(
            f"{where} holds no key of {2 * _KEY_BYTES} hexadecimal digits.",
            "Put the trial's key back; with another one nothing would match what was made before.",
        )
    return secret


def _write_new(key_file: Path) -> None:
    """Write a new key so that it is whole or not there, and its owner's alone from the start."""
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _refuse_shared(key_file: Path) -> None:
    if os.name == "posix" and key_file.stat().st_mode & 0o077:
        raise DeidentificationError(
            f"{key_file}: others may read the key.", f"Run: chmod 600 {key_file}"
        )


def fingerprint_of(text: str) -> str:
    """Return the SHA-256 of settings as text, to see that they have not changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
