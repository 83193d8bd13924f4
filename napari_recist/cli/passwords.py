"""Passwords for the command line: from the environment or a prompt, never from an argument."""

import os

import typer

PASSWORD_VARIABLE = "NAPARI_RECIST_PASSWORD"  # noqa: S105 - the name of a variable, no password


def password_of(name: str) -> str:
    """Return the password with which a person signs in."""
    return given_password() or str(typer.prompt(f"Password of {name}", hide_input=True))


def new_password_of(name: str) -> str:
    """Return the password a person shall have from now on, asked for twice."""
    return given_password() or str(
        typer.prompt(f"New password of {name}", hide_input=True, confirmation_prompt=True)
    )


def given_password() -> str:
    """Return the password that the environment holds, "" where it holds none."""
    return os.environ.get(PASSWORD_VARIABLE, "")
