"""Writes an export of frozen data: checked, listed, on record, and all of it or nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path

from napari_recist.errors import BrokenChainError, ExportError
from napari_recist.exporting.table_files import write_files
from napari_recist.exporting.transfer.differences import DIFFERENCES, differences_csv
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.manifest import (
    MANIFEST,
    manifest_bytes,
    read_manifest,
    sha256,
)
from napari_recist.trial import Action, Trial
from napari_recist.trial.record.trial_facts import TransferExported


def export_transfer(
    trial: Trial,
    kind: str,
    build: Callable[[Transfer], Mapping[str, bytes]],
    out: Path,
    number: int | None = None,
) -> tuple[Path, ...]:
    """Write an export of a frozen transfer: the one door through which every export leaves.

    The record is verified, the files are built, ``differences.csv`` against the transfer before
    and ``manifest.json`` are added, the export is noted in the record, and the files are put in
    place. Whatever fails before that leaves the folder as it was.

    Parameters
    ----------
    trial : Trial
        The open trial.
    kind : str
        What is exported: ``csv``, ``sdtm``, ``sr`` ...
    build : callable
        Makes the files from the transfer, by their names in the folder; raises ExportError where
        a check fails.
    out : Path
        The folder; made where there is none. An older export of this kind in it is replaced.
    number : int, optional
        Which transfer; the latest where none is given.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not export.
    RecordError
        If there is no such transfer.
    ExportError
        If a check fails or a place cannot be written; nothing was written then.
    """
    trial.require(Action.EXPORT)
    _refuse_broken(trial)
    transfer = frozen_transfer(trial, number)
    before = frozen_transfer(trial, transfer.number - 1) if transfer.number > 1 else None
    files = {**build(transfer), DIFFERENCES: differences_csv(before, transfer)}

    def note(manifest: bytes) -> None:
        exported = TransferExported(transfer.number, kind, sha256(manifest))
        trial.state(Action.EXPORT, "", exported)

    return write_export(transfer, kind, files, out, note)


def write_export(
    transfer: Transfer,
    kind: str,
    files: Mapping[str, bytes],
    out: Path,
    note: Callable[[bytes], None] = lambda _manifest: None,
) -> tuple[Path, ...]:
    """Write files and their manifest into a folder, all or nothing; return what was written.

    Files that an older export of the same kind left there and this one does not have are removed.
    ``note`` is given the manifest once every file lies whole on the disk, before any is replaced.

    Raises
    ------
    ExportError
        If the folder holds an export of another kind, or a place cannot be written.
    """
    older = _older_files(out, kind)
    manifest = manifest_bytes(transfer, kind, files)
    places = {out / name: content for name, content in files.items()}
    written = write_files({**places, out / MANIFEST: manifest}, lambda: note(manifest))
    for left_over in older - set(written):
        left_over.unlink(missing_ok=True)
    return written


def _refuse_broken(trial: Trial) -> None:
    try:
        trial.verify()
    except BrokenChainError as error:
        raise ExportError(f"Nothing was exported. {error.problem}", error.remedy) from error


def _older_files(out: Path, kind: str) -> set[Path]:
    """Return the files of an older export in this folder."""
    try:
        older = read_manifest(out)
    except BrokenChainError as error:
        raise ExportError(
            f"Nothing was exported. {error.problem}", "Choose another folder."
        ) from error
    if older is None:
        return set()
    if older.kind != kind:
        raise ExportError(
            f"Nothing was exported: {out} holds an export of another kind ({older.kind}).",
            "Choose another folder.",
        )
    inside = (out / name for name in older.files)
    return {place for place in inside if place.resolve().is_relative_to(out.resolve())}
