"""Exports a frozen transfer as SDTM: datasets, then the gate, then files; all or nothing.

Each format has a folder of its own with a Define-XML that leads to its files, so that each can be
handed on alone.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from napari_recist.exporting.gate import (
    RECONCILIATION_COLUMNS,
    gate,
    reconciliation_rows,
    refuse_findings,
)
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.sdtm.files.columns import text_of
from napari_recist.exporting.sdtm.files.dataset_json import (
    Provenance,
    dataset_json_text,
    ndjson_text,
)
from napari_recist.exporting.sdtm.files.define_xml import RECONCILIATION, define_xml_text
from napari_recist.exporting.sdtm.files.oids import DEFINE_FILE
from napari_recist.exporting.sdtm.files.xpt import xpt_bytes
from napari_recist.exporting.table_files import csv_text
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.trial import Trial


class SdtmFormat(StrEnum):
    """What the datasets are written as; also the ending of the files."""

    XPT = "xpt"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


def export_sdtm(
    trial: Trial,
    out: Path,
    number: int | None = None,
    formats: Collection[SdtmFormat] = tuple(SdtmFormat),
) -> tuple[Path, ...]:
    """Write a frozen transfer as SDTM datasets, each format in a folder of its own.

    Beside the formats lie ``reconciliation.csv``, ``differences.csv`` and ``manifest.json``. The
    same transfer and formats are the same bytes again.

    Parameters
    ----------
    trial : Trial
        The open trial.
    out : Path
        The folder; made where there is none.
    number : int, optional
        Which transfer; the latest where none is given.
    formats : collection of SdtmFormat
        What to write; all where none is given.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    ExportError
        If the gate finds something, a value does not fit a format, or a place cannot be written;
        nothing was written then.
    """
    return export_transfer(
        trial, "sdtm", lambda transfer: sdtm_files(transfer, formats), out, number
    )


def sdtm_files(transfer: Transfer, formats: Collection[SdtmFormat]) -> Mapping[str, bytes]:
    """Return the files of an SDTM export by their names in its folder.

    Raises
    ------
    ExportError
        If the gate finds something, or a value does not fit a format.
    """
    datasets = tuple(dataset for dataset in sdtm_datasets(transfer) if dataset.rows)
    refuse_findings(gate(datasets, transfer))
    files: dict[str, bytes] = {}
    for kind in sorted(formats):
        files |= format_files(datasets, transfer, kind)
    rows = reconciliation_rows(datasets, transfer)
    files[RECONCILIATION] = csv_text(RECONCILIATION_COLUMNS, rows).encode()
    return files


def format_files(
    datasets: Sequence[Dataset], transfer: Transfer, kind: SdtmFormat
) -> Mapping[str, bytes]:
    """Return the datasets in one format with their Define-XML, by their names in the export."""
    write = _writer(kind, transfer)
    files = {f"{kind}/{one.name.lower()}.{kind}": write(one) for one in datasets}
    define = define_xml_text(datasets, transfer, kind)
    return {**files, f"{kind}/{DEFINE_FILE}": define.encode()}


def _writer(kind: SdtmFormat, transfer: Transfer) -> Callable[[Dataset], bytes]:
    provenance = Provenance(
        study=transfer.charter.trial.id,
        moment=transfer.frozen_at,
        originator=transfer.charter.transfer.vendor,
        software=transfer.software,
    )
    writers: Mapping[SdtmFormat, Callable[[Dataset], bytes]] = {
        SdtmFormat.XPT: lambda dataset: xpt_bytes(dataset, transfer.frozen_at),
        SdtmFormat.JSON: lambda dataset: dataset_json_text(dataset, provenance).encode(),
        SdtmFormat.NDJSON: lambda dataset: ndjson_text(dataset, provenance).encode(),
        SdtmFormat.CSV: lambda dataset: dataset_csv(dataset).encode(),
    }
    return writers[kind]


def dataset_csv(dataset: Dataset) -> str:
    """Return a dataset as CSV text: a header of variable names, nulls empty."""
    names = [variable.name for variable in dataset.variables]
    rows = ({name: text_of(row[name]) for name in names} for row in dataset.rows)
    return csv_text(names, rows)
