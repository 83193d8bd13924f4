"""Facts about Dataset-JSON files: valid by CDISC's schema, and every digit is kept."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Variable
from napari_recist.exporting.sdtm.files.dataset_json import (
    Provenance,
    dataset_json_text,
    ndjson_text,
)
from tests.conftest import JUDGES, unavailable
from tests.exporting.sdtm.files.some_datasets import datasets

MADE = Provenance("NRC", dt.datetime(2026, 3, 7, 4, 5, 6, 7, tzinfo=dt.UTC), "Core Lab", "1.0")


def schema(name: str) -> Any:
    """Return a schema of Dataset-JSON as CDISC's rules engine carries it."""
    found = sorted(JUDGES.glob(f"core/lib/python3*/site-packages/resources/schema/{name}"))
    if not found:
        unavailable("CDISC's rules are not installed: run scripts/setup judges")
    return json.loads(found[0].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def json_schema() -> Any:
    """Return the schema of a Dataset-JSON file."""
    return schema("dataset.schema.json")


@pytest.fixture(scope="module")
def ndjson_schema() -> Any:
    """Return the schema of the first line of an NDJSON file."""
    return schema("dataset-ndjson-schema.json")


@settings(deadline=None)
@given(dataset=datasets())
def test_both_forms_are_valid_and_keep_every_digit(
    dataset: Dataset, json_schema: Any, ndjson_schema: Any
) -> None:
    """CDISC's schemas accept both; texts, decimals and nulls come back exactly."""
    whole = json.loads(dataset_json_text(dataset, MADE), parse_float=Decimal)
    first, *lines = ndjson_text(dataset, MADE).removesuffix("\n").split("\n")
    metadata = json.loads(first)
    rows = [json.loads(line, parse_float=Decimal) for line in lines]

    jsonschema.validate(json.loads(dataset_json_text(dataset, MADE)), json_schema)
    jsonschema.validate(metadata, ndjson_schema)
    assert whole == {**metadata, "rows": rows}
    assert rows == [[row[one.name] for one in dataset.variables] for row in dataset.rows]
    assert whole["records"] == len(rows)


def test_numbers_are_written_as_they_were_stated() -> None:
    """32.40 stays 32.40 and a large whole number has no exponent: JSON numbers, not texts."""
    number = Variable("TRSTRESN", "Result", DataType.NUM, "Result Qualifier", "Exp")
    rows = tuple({"TRSTRESN": value} for value in (Decimal("32.40"), Decimal("1E+3"), 5, None))
    dataset = Dataset("TR", "Results", "One record", (), (number,), rows)

    assert ndjson_text(dataset, MADE).splitlines()[1:] == ["[32.40]", "[1000]", "[5]", "[null]"]
    assert '"dataType": "float", "length": 5' in dataset_json_text(dataset, MADE)


def test_dates_are_told_as_dates() -> None:
    """A moment is ISO 8601 text of type date or datetime; a part of a date is a string."""
    for texts, expected in (
        (("2026-03-07", ""), "date"),
        (("2026-03-07T04:05:06",), "datetime"),
        (("2026-03", "2026-03-07"), "string"),
        (("unknown",), "string"),
    ):
        moment = Variable("TRDTC", "Date", DataType.CHAR, "Timing", "Exp")
        rows = tuple({"TRDTC": text} for text in texts)
        dataset = Dataset("TR", "Results", "One record", (), (moment,), rows)
        told = json.loads(ndjson_text(dataset, MADE).splitlines()[0])

        assert told["columns"][0]["dataType"] == expected
