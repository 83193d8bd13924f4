"""Exports the end points of a frozen transfer."""

from collections.abc import Mapping
from pathlib import Path

from napari_recist.exporting.endpoints.of_transfer import analyses_of_transfer
from napari_recist.exporting.endpoints.tables import endpoint_tables
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.trial import Trial


def export_endpoints(trial: Trial, out: Path, number: int | None = None) -> tuple[Path, ...]:
    """Write the tables of the end points; parameters and errors as of :func:`export_transfer`."""
    return export_transfer(trial, "endpoints", endpoint_files, out, number)


def endpoint_files(transfer: Transfer) -> Mapping[str, bytes]:
    """Return the tables of a transfer by file name."""
    tables = endpoint_tables(analyses_of_transfer(transfer))
    return {name: text.encode() for name, text in tables.items()}
