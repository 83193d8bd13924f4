"""Writes LESIONS.csv, timepoints.csv and subjects.csv of a trial: signed data, all or nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from napari_recist.criteria import LESION_COLUMNS, Charter, Read, assess_read, replay
from napari_recist.errors import BrokenChainError, ExportError
from napari_recist.exporting.lesions_csv import lesion_rows, signed_part
from napari_recist.exporting.manifest import MANIFEST, manifest_text
from napari_recist.exporting.reconciliation import refuse_other_responses
from napari_recist.exporting.response_tables import (
    SUBJECT_COLUMNS,
    TIMEPOINT_COLUMNS,
    subject_rows,
    timepoint_rows,
)
from napari_recist.exporting.table_files import csv_text, write_texts
from napari_recist.trial import Action, Trial, shifts_of, with_true_dates


def export_csv(trial: Trial, out: Path) -> tuple[Path, ...]:
    """Write the three tables of all signed visits and a manifest, replacing older ones.

    Before anything is written the record is verified, and LESIONS.csv is read back and judged
    anew: each signed visit must come to the response that its reader signed. Dates are the true
    ones for a person who may see identity; for another they stay shifted, patient by patient.

    Parameters
    ----------
    trial : Trial
        The open trial.
    out : Path
        The folder; made where there is none.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    ExportError
        If nothing is signed or a check fails; nothing was written then.
    """
    trial.require(Action.EXPORT)
    try:
        verified = trial.verify()
    except BrokenChainError as error:
        raise ExportError(f"Nothing was exported. {error.problem}", error.remedy) from error
    reads = tuple(_signed_reads(trial))
    if not reads:
        raise ExportError(f"No visit in {trial.url} is signed yet.", "Sign one, then export.")
    for read, charter in reads:
        refuse_other_responses(read, charter)
    tables = _tables(reads)
    tables[MANIFEST] = manifest_text(trial, verified, tables)
    return write_texts({out / name: text for name, text in tables.items()})


def _signed_reads(trial: Trial) -> Iterator[tuple[Read, Charter]]:
    shifts = shifts_of(trial) if trial.may(Action.SEE_IDENTITY) else {}
    for subject, reader in trial.reads():
        events = trial.events(subject, reader)
        read = signed_part(replay(with_true_dates(events, shifts.get(subject, 0))))
        if read.visits:
            yield read, trial.charter_of(events).charter


def _tables(reads: Sequence[tuple[Read, Charter]]) -> dict[str, str]:
    assessments = [assess_read(read, charter) for read, charter in reads]
    lesions = [row for read, _ in reads for row in lesion_rows(read)]
    timepoints = [row for assessment in assessments for row in timepoint_rows(assessment)]
    subjects = [row for assessment in assessments for row in subject_rows(assessment)]
    return {
        "LESIONS.csv": csv_text(LESION_COLUMNS, lesions),
        "timepoints.csv": csv_text(TIMEPOINT_COLUMNS, timepoints),
        "subjects.csv": csv_text(SUBJECT_COLUMNS, subjects),
    }
