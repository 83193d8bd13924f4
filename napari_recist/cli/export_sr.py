"""The command ``export sr``: signed measurements as DICOM structured reports."""

from napari_recist.cli.export import OutFolder, TransferNumber, TrialUrl, export_app, exported


@export_app.command("sr", epilog="Example: napari-recist export sr --trial trial.db --out reports")
def sr_command(trial: TrialUrl, out: OutFolder, transfer: TransferNumber = None) -> None:
    """Write a DICOM SR (TID 1500) for each patient, visit and reader of a frozen transfer."""
    from napari_recist.exporting.dicom.export import export_sr

    exported(trial, lambda opened: export_sr(opened, out, transfer))
