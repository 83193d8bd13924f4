"""Commands of the central read: a trial made, filled, staffed and watched."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app

trial_app = typer.Typer(help="The trial database: make it, fill it, see how far it is.")
app.add_typer(trial_app, name="trial")

PASSWORD_VARIABLE = "NAPARI_RECIST_PASSWORD"  # noqa: S105 - the name of a variable, no password

TrialUrl = Annotated[str, typer.Argument(metavar="URL", help="A path or sqlite:///path.")]


@trial_app.command(epilog="Example: napari-recist trial init trial.db --charter charter.toml")
def init(
    url: TrialUrl,
    charter: Annotated[Path, typer.Option(help="The charter, a TOML file.")],
) -> None:
    """Make a new trial database that is read by this charter."""
    from napari_recist.trial import create_trial

    with create_trial(url, charter) as trial:
        typer.echo(f"{url}: new trial, charter {trial.charter_hash[:12]}.")


@trial_app.command("import", epilog="Example: napari-recist trial import trial.db scans/")
def import_command(
    url: TrialUrl,
    folder: Annotated[Path, typer.Argument(help="Folder with DICOM files, at any depth.")],
) -> None:
    """Register a folder's scans: patients by their code, visits by date and schedule."""
    from napari_recist.cli.progress import progress_bar
    from napari_recist.reading import import_images
    from napari_recist.trial import open_trial

    with open_trial(url) as trial, progress_bar("Reading headers") as advance:
        found = import_images(trial, folder, advance)
    for left_out in found.left_out:
        typer.echo(f"left out: {left_out.what}: {left_out.reason}", err=True)
    for visit in found.visits:
        read = visit.series[0]
        typer.echo(f"{visit.subject} {visit.visit} {visit.date}: {read.description}")


@trial_app.command(epilog="Example: napari-recist trial users trial.db --add anna")
def users(
    url: TrialUrl,
    add: Annotated[
        str, typer.Option(help="Add this reader, or give a known one a new password.")
    ] = "",
) -> None:
    """List the readers, or add one; the password is asked for, or taken from the environment."""
    from napari_recist.trial import open_trial

    with open_trial(url) as trial:
        if add:
            trial.add_reader(add, _new_password(add))
        for name in trial.readers():
            typer.echo(name)


@trial_app.command(epilog="Example: napari-recist trial status trial.db --json")
def status(
    url: TrialUrl,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program.")] = False,
) -> None:
    """Tell how far each patient is read by each reader."""
    from napari_recist.trial import open_trial
    from napari_recist.trial.reads.progress import reading_progress

    with open_trial(url) as trial:
        rows = list(reading_progress(trial))
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
        return
    table = [
        (row.subject, row.reader, f"{row.signed} of {row.visits}", row.next_visit) for row in rows
    ]
    for line in _aligned([("subject", "reader", "signed", "next"), *table]):
        typer.echo(line)


def _aligned(table: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _new_password(name: str) -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    return str(typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True))
