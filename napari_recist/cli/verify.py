"""The command ``verify``: prove that a trial's record, or an export of it, is whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_recist.cli import app
from napari_recist.cli.passwords import asked
from napari_recist.errors import BrokenChainError

if TYPE_CHECKING:
    from napari_recist.trial import Trial


@app.command(epilog="Example: napari-recist verify --trial trial.db --against tables/")
def verify(
    export: Annotated[
        Path | None, typer.Argument(help="Folder of an export, or a copy of the record (NDJSON).")
    ] = None,
    trial: Annotated[
        str,
        typer.Option(
            metavar="URL", help="A path, sqlite:///path or postgresql://…", callback=asked
        ),
    ] = "",
    against: Annotated[
        list[Path] | None,
        typer.Option(help="Exports whose record the database must still hold."),
    ] = None,
) -> None:
    """Check every record and signature; the first that does not fit is named, with exit code 1.

    A trial is checked against the receipts of signatures kept on this computer too.
    """
    if not export and not trial:
        raise typer.BadParameter("give the folder of an export, or --trial URL")
    if export is not None:
        _verify_export(export)
    if trial:
        _verify_trial(trial, against or [])


def _verify_export(export: Path) -> None:
    from napari_recist.exporting.transfer.manifest import check_manifest
    from napari_recist.trial.record.exported_record import RECORD_FILE, ExportedRecord
    from napari_recist.trial.record.verification import verify_record

    anchors = []
    copy = export
    if export.is_dir():
        manifest = check_manifest(export)
        typer.echo(
            f"{export}: {len(manifest.files)} files as exported, head {manifest.chain_head}."
        )
        anchors, copy = [manifest.anchor], export / RECORD_FILE
        if not copy.is_file():
            return
    chain = verify_record(ExportedRecord(copy), None, anchors)
    typer.echo(f"{copy}: {chain.count} records verified, head {chain.head}.")


def _verify_trial(url: str, exports: list[Path]) -> None:
    from napari_recist.exporting.transfer.manifest import check_manifest
    from napari_recist.reading.receipts import receipts_of
    from napari_recist.trial import open_trial

    with open_trial(url) as opened:
        anchors = receipts_of(opened.uid)
        anchors += tuple(check_manifest(export).anchor for export in exports)
        chain = opened.verify(anchors)
        noted = f", {len(anchors)} noted heads found in it" if anchors else ""
        typer.echo(f"{url}: {chain.count} records verified{noted}, head {chain.head}.")
        for export in exports:
            typer.echo(_who_exported(opened, export))


def _who_exported(trial: "Trial", folder: Path) -> str:
    from napari_recist.exporting.transfer.manifest import manifest_hash
    from napari_recist.trial.transfers import exports

    mine = manifest_hash(folder)
    written = next((one for one in exports(trial) if one.manifest_hash == mine), None)
    if written is None:
        raise BrokenChainError(
            f"The record tells of no export with the manifest of {folder}: it was changed, or made "
            "from another copy of the record.",
            "Export the transfer again and compare.",
        )
    moment = written.written_at.isoformat(sep=" ", timespec="seconds")
    return (
        f"{folder}: transfer {written.number} as {written.export}, "
        f"exported by {written.written_by} on {moment}."
    )
