"""The command ``export tables``."""

from typing import Annotated

import typer

from napari_recist.cli.export import (
    OutFolder,
    TransferNumber,
    TrialUrl,
    chosen_formats,
    export_app,
    exported,
)


@export_app.command(
    "tables",
    epilog="Example: napari-recist export tables --trial trial.db --out tables --format parquet",
)
def tables_command(
    trial: TrialUrl,
    out: OutFolder,
    transfer: TransferNumber = None,
    formats: Annotated[
        str, typer.Option("--format", help="parquet, csv, or both with a comma between.")
    ] = "parquet,csv",
) -> None:
    """Write the database's views of a frozen transfer as Parquet and CSV, with their dictionary."""
    from napari_recist.exporting.tables.export import TableFormat, export_tables

    chosen = chosen_formats(formats, TableFormat)
    exported(trial, lambda opened: export_tables(opened, out, transfer, chosen))
