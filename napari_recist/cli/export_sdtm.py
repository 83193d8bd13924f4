"""The command ``export sdtm``: datasets of the transfer for the sponsor and the authorities."""

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

FORMATS = "xpt,json,ndjson,csv"


@export_app.command("sdtm", epilog="Example: napari-recist export sdtm --trial trial.db --out sdtm")
def sdtm_command(
    trial: TrialUrl,
    out: OutFolder,
    transfer: TransferNumber = None,
    formats: Annotated[
        str, typer.Option("--format", help="Which formats, with commas between.")
    ] = FORMATS,
) -> None:
    """Write TU, TR, RS and what belongs to them as XPT, Dataset-JSON or CSV, with Define-XML."""
    from napari_recist.exporting.sdtm.export import SdtmFormat, export_sdtm

    chosen = chosen_formats(formats, SdtmFormat)
    exported(trial, lambda opened: export_sdtm(opened, out, transfer, chosen))
