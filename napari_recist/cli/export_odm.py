"""The command that exports for electronic data capture systems: ``export odm``."""

from napari_recist.cli.export import (
    OutFolder,
    TransferNumber,
    TrialUrl,
    export_app,
    exported,
)


@export_app.command("odm", epilog="Example: napari-recist export odm --trial trial.db --out odm")
def odm_command(trial: TrialUrl, out: OutFolder, transfer: TransferNumber = None) -> None:
    """Write a frozen transfer as CDISC ODM 1.3.2, for REDCap and for Medidata Rave."""
    from napari_recist.exporting.odm.export import export_odm

    exported(trial, lambda opened: export_odm(opened, out, transfer))
