"""LESIONS.csv, timepoints.csv and subjects.csv of a frozen transfer."""

from collections.abc import Mapping
from pathlib import Path

from napari_recist.criteria import LESION_COLUMNS
from napari_recist.exporting.lesions_csv import lesion_rows
from napari_recist.exporting.reconciliation import refuse_other_responses
from napari_recist.exporting.response_tables import (
    SUBJECT_COLUMNS,
    TIMEPOINT_COLUMNS,
    subject_rows,
    timepoint_rows,
)
from napari_recist.exporting.table_files import csv_text
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.trial import Trial


def export_csv(trial: Trial, out: Path, number: int | None = None) -> tuple[Path, ...]:
    """Write the three tables of a transfer with its differences and manifest, all or nothing.

    LESIONS.csv is read back and judged anew before anything is written: each signed visit must
    come to the response that its reader signed. Parameters and errors as of
    :func:`napari_recist.exporting.transfer.writing.export_transfer`.
    """
    return export_transfer(trial, "csv", csv_tables, out, number)


def csv_tables(transfer: Transfer) -> Mapping[str, bytes]:
    """Return the three tables of a transfer, by file name.

    Raises
    ------
    ExportError
        If the rows of a read give another response than was signed.
    """
    reads = [read for patient in transfer.patients for read in patient.reads]
    for frozen in reads:
        refuse_other_responses(frozen.read, frozen.charter)
    lesions = [row for frozen in reads for row in lesion_rows(frozen.read)]
    timepoints = [row for frozen in reads for row in timepoint_rows(frozen.assessment)]
    subjects = [row for frozen in reads for row in subject_rows(frozen.assessment)]
    tables = {
        "LESIONS.csv": csv_text(LESION_COLUMNS, lesions),
        "timepoints.csv": csv_text(TIMEPOINT_COLUMNS, timepoints),
        "subjects.csv": csv_text(SUBJECT_COLUMNS, subjects),
    }
    return {name: text.encode() for name, text in tables.items()}
