"""Passwords for the command line: from the environment or a prompt, never from an argument."""

import os
import sys
from pathlib import Path

import typer

PASSWORD_VARIABLE = "NAPARI_RECIST_PASSWORD"  # noqa: S105 - the name of a variable, no password
NEW_PASSWORD_VARIABLE = "NAPARI_RECIST_NEW_PASSWORD"  # noqa: S105 - the name of a variable


def password_of(name: str) -> str:
    """Return the password with which a person signs in."""
    return given_password() or str(typer.prompt(f"Password of {name}", hide_input=True))


def new_password_of(name: str) -> str:
    """Return the password a person shall have from now on, asked for twice.

    It has a variable of its own: on a server the other one holds the password of whoever admits.
    """
    return os.environ.get(NEW_PASSWORD_VARIABLE, "") or str(
        typer.prompt(f"New password of {name}", hide_input=True, confirmation_prompt=True)
    )


def given_password() -> str:
    """Return the password that the environment holds, "" where it holds none."""
    return os.environ.get(PASSWORD_VARIABLE, "")


def asked(url: str) -> str:
    """Return a trial's URL, after asking for a server's password that nothing else gives."""
    sources = (PASSWORD_VARIABLE, "PGPASSWORD", "PGPASSFILE", "PGSERVICE")
    given = any(os.environ.get(name) for name in sources) or (Path.home() / ".pgpass").exists()
    if url.startswith("postgresql://") and not given and sys.stdin.isatty():
        person = url.removeprefix("postgresql://").partition("@")[0]
        os.environ[PASSWORD_VARIABLE] = password_of(person)
    return url
