"""The gate on data that are not ours: three patients of pharmaverse's SDTM set."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from napari_recist.exporting.gate.rebuilding import rebuilt_reads
from napari_recist.exporting.gate.records import Records
from napari_recist.exporting.gate.responses import other_responses
from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value
from napari_recist.exporting.sdtm.variables import dataset, variables_of


def public_dataset(folder: Path, name: str) -> Dataset:
    """Return a dataset of the set; a partial date is the first day of its month."""
    types = {variable.name: variable.type for variable in variables_of(name)}

    def value(variable: str, cell: str) -> Value:
        if types[variable] is DataType.NUM:
            return Decimal(cell) if cell else None
        return f"{cell}-01" if variable.endswith("DTC") and len(cell) == len("2014-02") else cell

    place = folder / f"{name.lower()}_onco_recist.csv"
    with place.open(encoding="utf-8", newline="") as file:
        rows = [
            {key: value(key, cell) for key, cell in row.items()} for row in csv.DictReader(file)
        ]
    return dataset(name, rows)


@pytest.fixture(scope="module")
def public(shared_data: Path) -> Records:
    """TU, TR and RS of the set."""
    folder = shared_data / "recist" / "sdtm_8_subjects"
    return Records(public_dataset(folder, name) for name in ("TU", "TR", "RS"))


@pytest.mark.shared
def test_every_response_follows_from_the_results(public: Records) -> None:
    """All 24 overall responses, of 9 reads, are what TR comes to, record by record."""
    reads = tuple(rebuilt_reads(public))

    assert len(reads) == 9
    assert len(public.of("RS")) == 24
    assert list(other_responses(public, reads)) == []
