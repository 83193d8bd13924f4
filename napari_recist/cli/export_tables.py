"""The command ``export tables``."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli.export import export_app
from napari_recist.cli.passwords import asked


@export_app.command(
    "tables",
    epilog="Example: napari-recist export tables --trial trial.db --out tables --format parquet",
)
def tables_command(
    trial: Annotated[
        str, typer.Option(metavar="URL", help="The trial's database.", callback=asked)
    ],
    out: Annotated[Path, typer.Option(help="Folder for the tables.")],
    transfer: Annotated[
        int | None, typer.Option(help="Number of the frozen transfer; the latest.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="parquet, csv, or both with a comma between.")
    ] = "parquet,csv",
) -> None:
    """Write the database's views of a frozen transfer as Parquet and CSV, with their dictionary."""
    from napari_recist.exporting.tables.export import TableFormat, export_tables
    from napari_recist.trial import open_trial

    try:
        chosen = tuple(TableFormat(name.strip()) for name in formats.split(","))
    except ValueError as error:
        message = f"{formats!r} is not parquet, csv or both."
        raise typer.BadParameter(message, param_hint="--format") from error
    with open_trial(trial) as opened:
        for file in export_tables(opened, out, transfer, chosen):
            typer.echo(str(file))
