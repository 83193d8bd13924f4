"""The command ``export sr``: signed measurements as DICOM structured reports."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli.export import export_app
from napari_recist.cli.passwords import asked


@export_app.command("sr", epilog="Example: napari-recist export sr --trial trial.db --out reports")
def sr_command(
    trial: Annotated[
        str, typer.Option(metavar="URL", help="The trial's database.", callback=asked)
    ],
    out: Annotated[Path, typer.Option(help="Folder for the reports.")],
    transfer: Annotated[
        int | None, typer.Option(help="Number of the frozen transfer; the latest.")
    ] = None,
) -> None:
    """Write a DICOM SR (TID 1500) for each patient, visit and reader of a frozen transfer."""
    from napari_recist.exporting.dicom.export import export_sr
    from napari_recist.trial import open_trial

    with open_trial(trial) as opened:
        for file in export_sr(opened, out, transfer):
            typer.echo(str(file))
