"""The same transfer as ``export csv`` tells it: what every other shape of it must come to."""

import csv
import io
from collections.abc import Iterator, Mapping

from napari_recist.exporting.csv_files import csv_tables
from napari_recist.exporting.transfer.frozen import Transfer

KEYS = ("subject", "reader", "visit")

Field = tuple[str, str, str, str, str, str]
"""Patient, evaluator, visit, form, lesion, item."""

FORM_OF = {"LESIONS.csv": "lesion", "timepoints.csv": "response", "subjects.csv": "best"}


def fields_of(transfer: Transfer) -> dict[Field, str]:
    """Return every value that is not blank in the three tables, evaluators for readers."""
    evaluators = {
        (patient.subject, read.reader): read.evaluator
        for patient in transfer.patients
        for read in patient.reads
    }
    return {
        (row["subject"], evaluators[row["subject"], row["reader"]], *field): value
        for name, content in csv_tables(transfer).items()
        for row in csv.DictReader(io.StringIO(content.decode()))
        for field, value in _values(FORM_OF[name], row)
    }


def _values(form: str, row: Mapping[str, str]) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    lesion = row.get("lesion", "")
    for item, value in row.items():
        if item not in KEYS and value:
            yield (row.get("visit", ""), form, lesion, item), value
