"""SAS transport files, version 5: what the authorities take, with the limits of 1989.

Layout: SAS technical note TS-140, "Record layout of a SAS version 5 or 6 data set in SAS transport
(XPORT) format". What does not fit is refused: nothing is cut, rounded or turned into "?".
"""

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from napari_recist.errors import ExportError
from napari_recist.exporting.extras import exports_extra
from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value, Variable
from napari_recist.exporting.sdtm.files.columns import record_of, text_of

VERSION = 5
NAME_LENGTH, LABEL_LENGTH, TEXT_BYTES = 8, 40, 200
"""The longest name and label in characters, the longest text value in bytes (TS-140)."""
SMALLEST, LARGEST = Decimal(16) ** -65, Decimal(16) ** 63
"""Between these lie the numbers of IBM's floating point (base 16, exponent of 7 bits)."""

_RECORD = 80
_MOMENTS = tuple(_RECORD * record + start for record, start in ((1, 64), (2, 0), (5, 64), (6, 0)))
"""Where the header tells when library and member were made and changed (16 bytes each)."""
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_PRINTABLE = re.compile(r"[ -~]*")
_REMEDY = "Write it as Dataset-JSON instead (--format json), or have the text changed."


def xpt_bytes(dataset: Dataset, created: dt.datetime) -> bytes:
    """Return a dataset as an XPT version 5 file; the same again for the same data.

    Parameters
    ----------
    dataset : Dataset
        Numbers are stored as the nearest IBM double, which reads back as the same decimal.
    created : datetime.datetime
        What the header tells as made and changed. No other moment is in the file.

    Raises
    ------
    ExportError
        Naming the first record and variable that the format cannot hold, or a library that is
        not installed.
    """
    refuse_misfits(dataset)
    with exports_extra("XPT"):
        import pandas as pd  # noqa: PLC0415 - of an extra
        import pyreadstat  # noqa: PLC0415 - of an extra
    frame = pd.DataFrame({one.name: _cells(dataset, one) for one in dataset.variables})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dataset.xpt"
        pyreadstat.write_xport(
            frame,
            file,
            file_label=dataset.label,
            column_labels={one.name: one.label for one in dataset.variables},
            table_name=dataset.name,
            file_format_version=VERSION,
        )
        written = bytearray(file.read_bytes())
    moment = f"{created.day:02}{_MONTHS[created.month - 1]}{created:%y:%H:%M:%S}".encode("ascii")
    for start in _MOMENTS:
        written[start : start + len(moment)] = moment
    return bytes(written)


def refuse_misfits(dataset: Dataset) -> None:
    """Raise for the first name, label or value that XPT version 5 cannot hold."""
    for name, label in [
        (dataset.name, dataset.label),
        *((v.name, v.label) for v in dataset.variables),
    ]:
        if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
            raise ExportError(f"{dataset.name}: XPT cannot name anything {name!r}.", _REMEDY)
        if len(label) > LABEL_LENGTH or not _PRINTABLE.fullmatch(label):
            raise ExportError(
                f"{dataset.name}, {name}: XPT cannot hold the label {label!r}.", _REMEDY
            )
    if not all(any(value != "" for value in row.values()) for row in dataset.rows):
        raise ExportError(f"{dataset.name}: XPT cannot hold an empty record.", _REMEDY)
    for row, variable, why in _misfits(dataset):
        place = f"{record_of(dataset, row)}: {variable.name}"
        raise ExportError(f"XPT cannot hold {place}, {row[variable.name]!r}: {why}.", _REMEDY)


def _misfits(dataset: Dataset) -> Iterator[tuple[Mapping[str, Value], Variable, str]]:
    for variable in dataset.variables:
        # Most values of a variable repeat: each is looked at once.
        values = {row[variable.name] for row in dataset.rows}
        reasons = {value: why for value in values if (why := _misfit(variable, value))}
        if reasons:
            row = next(row for row in dataset.rows if row[variable.name] in reasons)
            yield row, variable, reasons[row[variable.name]]


def _misfit(variable: Variable, value: Value) -> str:
    """Return why a value would not read back as itself; "" where it does."""
    if variable.type is DataType.CHAR:
        text = text_of(value)
        if not _PRINTABLE.fullmatch(text):
            return "it has characters other than printable ASCII"
        if len(text) > TEXT_BYTES:
            return f"it is {len(text)} bytes long, {TEXT_BYTES} are the limit"
        return "it ends in a blank, which the format drops" if text.endswith(" ") else ""
    if value is None:
        return ""
    number = Decimal(value)
    if Decimal(repr(float(number))) != number:
        return "it has more digits than a double holds"
    within = not number or SMALLEST <= abs(number) < LARGEST
    return "" if within else "it lies outside of what IBM's floating point holds"


def _cells(dataset: Dataset, variable: Variable) -> object:
    import numpy as np  # noqa: PLC0415 - heavy for who writes no XPT

    cells = [row[variable.name] for row in dataset.rows]
    if variable.type is DataType.CHAR:
        return np.array(cells, dtype=object)  # pandas' own texts are slow to walk one by one
    return np.fromiter((np.nan if cell is None else float(cell) for cell in cells), np.float64)
