"""A table as the bytes of a file: CSV for everybody, Parquet with exact types and meanings."""

import csv
import io
from collections.abc import Iterable

from napari_recist.exporting.extras import exports_extra
from napari_recist.exporting.tables.table import Table
from napari_recist.trial.views.column_types import ColumnType
from napari_recist.trial.views.copying import Value
from napari_recist.trial.views.dictionary import Column, View

DIGITS, DECIMALS = 9, 1
"""Of a decimal: as the type of :attr:`ColumnType.DECIMAL` says."""


def csv_bytes(table: Table) -> bytes:
    """Return a table as UTF-8 CSV: a header, ISO dates, true and false, nothing for null."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.view.columns])
    writer.writerows([_in_word(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def _in_word(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def parquet_bytes(table: Table) -> bytes:
    """Return a table as Parquet; the same again for the same rows and version of pyarrow.

    Each field tells its meaning, unit and allowed words in its metadata.

    Raises
    ------
    ExportError
        If pyarrow is not installed.
    """
    with exports_extra("Parquet"):
        import pyarrow as pa  # noqa: PLC0415 - optional: CSV needs none of it
        from pyarrow import parquet  # noqa: PLC0415
    types = {
        ColumnType.TEXT: pa.string(),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.DECIMAL: pa.decimal128(DIGITS, DECIMALS),
        ColumnType.NUMBER: pa.float64(),
        ColumnType.DATE: pa.date32(),
        ColumnType.MOMENT: pa.timestamp("us"),
        ColumnType.FLAG: pa.bool_(),
    }
    view = table.view
    fields = [
        pa.field(column.name, types[column.type], not column.required, meaning(column))
        for column in view.columns
    ]
    schema = pa.schema(fields, {"description": view.description, "keys": ", ".join(view.keys)})
    columns = zip(*table.rows, strict=True) if table.rows else [()] * len(fields)
    arrays = [pa.array(cells, field.type) for cells, field in zip(columns, fields, strict=True)]
    sink = io.BytesIO()
    parquet.write_table(pa.table(arrays, schema=schema), sink, compression="zstd")
    return sink.getvalue()


def meaning(column: Column) -> dict[str, str]:
    """Return what a column's metadata say: its description, and unit and words where it has any."""
    told = {
        "description": column.description,
        "unit": column.unit,
        "allowed": "; ".join(column.allowed),
    }
    return {name: said for name, said in told.items() if said}


DICTIONARY_COLUMNS = ("view", "column", "type", "unit", "required", "description", "allowed")


def dictionary_bytes(views: Iterable[View]) -> bytes:
    """Return what every column means, as CSV: a row for each."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(DICTIONARY_COLUMNS)
    for view in views:
        for column in view.columns:
            required = str(column.required).lower()
            allowed = "; ".join(column.allowed)
            told = column.unit, required, column.description, allowed
            writer.writerow([view.name, column.name, column.type, *told])
    return text.getvalue().encode()
