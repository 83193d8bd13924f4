"""Commands that export a trial: ``export csv``."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from napari_recist.cli import app
from napari_recist.cli.passwords import asked

if TYPE_CHECKING:
    from napari_recist.trial import Trial

FormatT = TypeVar("FormatT", bound=StrEnum)

export_app = typer.Typer(help="Export a trial's frozen data.")
app.add_typer(export_app, name="export")

TrialUrl = Annotated[
    str, typer.Option("--trial", metavar="URL", help="The trial's database.", callback=asked)
]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for the files.")]
TransferNumber = Annotated[
    int | None,
    typer.Option("--transfer", metavar="N", help="Which frozen transfer; by default the latest."),
]


@export_app.callback()
def export() -> None:
    """Export a trial's frozen data; nothing is written when a check fails."""


@export_app.command("csv", epilog="Example: napari-recist export csv --trial trial.db --out tables")
def csv_command(trial: TrialUrl, out: OutFolder, transfer: TransferNumber = None) -> None:
    """Write LESIONS.csv, timepoints.csv and subjects.csv of a frozen transfer."""
    from napari_recist.exporting.csv_files import export_csv

    exported(trial, lambda opened: export_csv(opened, out, transfer))


def exported(url: str, export: Callable[["Trial"], Iterable[Path]]) -> None:
    """Export a trial and name each file; tell on the error stream where dates left shifted."""
    from napari_recist.trial import Action, open_trial

    with open_trial(url) as trial:
        for file in export(trial):
            typer.echo(str(file))
        if trial.charter.deidentification.on_import and not trial.may(Action.SEE_IDENTITY):
            typer.echo("Dates are shifted: your role does not see identity.", err=True)


def chosen_formats(words: str, formats: type[FormatT]) -> tuple[FormatT, ...]:
    """Return the formats named with commas between, each once."""
    known = ", ".join(formats)
    try:
        return tuple(dict.fromkeys(formats(word.strip().lower()) for word in words.split(",")))
    except ValueError as error:
        message = f"{words!r}: choose from {known}, with commas between."
        raise typer.BadParameter(message, param_hint="--format") from error
