"""Dataset-JSON 1.1, and the same line by line (NDJSON): one dataset a file.

Numbers keep every digit they have: they are written as JSON numbers from their decimal text, never
by way of a binary float. Nulls are ``""`` of character variables and ``null`` of numeric ones.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring

from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value
from napari_recist.exporting.sdtm.files import oids
from napari_recist.exporting.sdtm.files.columns import (
    DATE,
    DATETIME,
    FLOAT,
    INTEGER,
    Column,
    columns_of,
    text_of,
)

VERSION = "1.1.0"

_DATA_TYPES = {DATE: "date", DATETIME: "datetime", INTEGER: "integer", FLOAT: "float"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says of its making.

    ``moment`` is that of the freeze, in UTC; ``originator`` the core laboratory, "" where the
    charter names none.
    """

    study: str
    moment: dt.datetime
    originator: str
    software: str


def dataset_json_text(dataset: Dataset, provenance: Provenance) -> str:
    """Return a dataset as a Dataset-JSON file; the same again for the same data."""
    head = _json(_metadata(dataset, provenance))
    rows = ",\n".join(_rows(dataset))
    return f'{head[:-1]}, "rows": [\n{rows}\n]}}\n' if rows else f'{head[:-1]}, "rows": []}}\n'


def ndjson_text(dataset: Dataset, provenance: Provenance) -> str:
    """Return a dataset as an NDJSON file: the metadata, then one line per record."""
    return "".join(f"{line}\n" for line in (_json(_metadata(dataset, provenance)), *_rows(dataset)))


def _metadata(dataset: Dataset, provenance: Provenance) -> dict[str, object]:
    moment = f"{provenance.moment:%Y-%m-%dT%H:%M:%S}Z"
    told = {
        "datasetJSONCreationDateTime": moment,
        "datasetJSONVersion": VERSION,
        "fileOID": f"{oids.study_oid(provenance.study)}.{dataset.name}",
        "dbLastModifiedDateTime": moment,
        "originator": provenance.originator,
        "sourceSystem": {"name": "napari-recist", "version": provenance.software},
        "studyOID": oids.study_oid(provenance.study),
        "metaDataVersionOID": oids.METADATA_VERSION,
        "metaDataRef": oids.DEFINE_FILE,
        "itemGroupOID": oids.item_group_oid(dataset.name),
        "records": len(dataset.rows),
        "name": dataset.name,
        "label": dataset.label,
        "columns": list(_columns(dataset)),
    }
    return {key: value for key, value in told.items() if value != ""}


def _columns(dataset: Dataset) -> Iterator[Mapping[str, object]]:
    shapes = columns_of(dataset)
    for variable in dataset.variables:
        shape: Column = shapes[variable.name]
        column: dict[str, object] = {
            "itemOID": oids.item_oid(dataset.name, variable.name),
            "name": variable.name,
            "label": variable.label,
            "dataType": _DATA_TYPES.get(shape.data_type, "string"),
        }
        if shape.length:
            column["length"] = shape.length
        if variable.name in dataset.keys:
            column["keySequence"] = dataset.keys.index(variable.name) + 1
        yield column


def _rows(dataset: Dataset) -> Iterator[str]:
    numeric = [(one.name, one.type is DataType.NUM) for one in dataset.variables]
    for row in dataset.rows:
        cells = [
            _number(row[name]) if number else encode_basestring(text_of(row[name]))
            for name, number in numeric
        ]
        yield f"[{', '.join(cells)}]"


def _number(value: Value) -> str:
    return "null" if value is None else text_of(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
