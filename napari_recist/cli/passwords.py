"""Passwords for the command line: from the environment or a prompt, never from an argument."""

import os

import typer

PASSWORD_VARIABLE = "NAPARI_RECIST_PASSWORD"  # noqa: S105 - the name of a variable, no password


def password_of(name: str) -> str:
    """Return the password with which a person signs in."""
    return _given() or str(typer.prompt(f"Password of {name}", hide_input=True))


def new_password_of(name: str) -> str:
    """Return the password a person shall have from now on, asked for twice."""
    return _given() or str(
        typer.prompt(f"New password of {name}", hide_input=True, confirmation_prompt=True)
    )


def _given() -> str:
    return os.environ.get(PASSWORD_VARIABLE, "")
