"""Exports the views of a frozen transfer: what a statistician reads without a database."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from napari_recist.exporting.tables.files import csv_bytes, dictionary_bytes, parquet_bytes
from napari_recist.exporting.tables.table import READS, Table, tables
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.trial import Trial
from napari_recist.trial.views.making import VIEWS

DICTIONARY = "dictionary.csv"


class TableFormat(StrEnum):
    """A kind of file for tables, by its ending."""

    PARQUET = "parquet"
    CSV = "csv"


WRITTEN: Mapping[TableFormat, Callable[[Table], bytes]] = MappingProxyType(
    {TableFormat.PARQUET: parquet_bytes, TableFormat.CSV: csv_bytes}
)


def export_tables(
    trial: Trial,
    out: Path,
    number: int | None = None,
    formats: tuple[TableFormat, ...] = tuple(TableFormat),
) -> tuple[Path, ...]:
    """Write every view of a transfer in each format, with a dictionary of their columns.

    Parameters and errors as of
    :func:`napari_recist.exporting.transfer.writing.export_transfer`.
    """

    def build(transfer: Transfer) -> Mapping[str, bytes]:
        files = {
            f"{table.view.name}.{kind}": WRITTEN[kind](table)
            for table in tables(trial, transfer)
            for kind in formats
        }
        return files | {DICTIONARY: dictionary_bytes((*VIEWS, READS))}

    return export_transfer(trial, "tables", build, out, number)
