"""The command ``export sdtm``: datasets of the transfer for the sponsor and the authorities."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli.export import export_app, say_whether_shifted
from napari_recist.cli.passwords import asked

FORMATS = "xpt,json,ndjson,csv"


@export_app.command("sdtm", epilog="Example: napari-recist export sdtm --trial trial.db --out sdtm")
def sdtm_command(
    trial: Annotated[
        str, typer.Option(metavar="URL", help="The trial's database.", callback=asked)
    ],
    out: Annotated[Path, typer.Option(help="Folder for the datasets.")],
    transfer: Annotated[
        int | None, typer.Option(help="Number of the frozen transfer; the latest.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Which formats, with commas between.")
    ] = FORMATS,
) -> None:
    """Write TU, TR, RS and what belongs to them as XPT, Dataset-JSON or CSV, with Define-XML."""
    from napari_recist.exporting.sdtm.export import SdtmFormat, export_sdtm
    from napari_recist.trial import open_trial

    try:
        chosen = {SdtmFormat(one.strip().lower()) for one in formats.split(",")}
    except ValueError as error:
        raise typer.BadParameter(f"Choose from {FORMATS}.", param_hint="--format") from error
    with open_trial(trial) as opened:
        for file in export_sdtm(opened, out, transfer, chosen):
            typer.echo(str(file))
        say_whether_shifted(opened)
