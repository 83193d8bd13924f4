"""Nothing that leaves can change unnoticed: each variable of each dataset is altered once."""

from dataclasses import replace

import pytest

from napari_recist.exporting.gate import gate
from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.transfer.frozen import Transfer
from tests.exporting.frozen_trials import AGREEING, PIECES

WORDS = {
    ("SUPPTU", "QNAM"),
    ("SUPPTU", "QVAL"),
    ("SUPPTR", "QVAL"),
    ("SUPPRS", "QVAL"),
    ("SUPPRS", "QORIG"),
    ("TV", "TVSTRL"),
    ("TV", "ARMCD"),
    ("DM", "ARMNRS"),
}
"""Free words, and arms, which a blinded core laboratory does not know: no rule can know them."""


def altered(one: Dataset, variable: str) -> Dataset:
    """Return the dataset with another value of a variable in its middle record: a likely one."""
    place = len(one.rows) // 2
    before = one.rows[place][variable]
    known = {row[variable] for row in one.rows} - {before, "", None}
    kind = next(known.type for known in one.variables if known.name == variable)
    strange: Value = "ZZ" if kind is DataType.CHAR else 977
    value = min(known, key=str, default=strange)
    rows = [*one.rows[:place], {**one.rows[place], variable: value}, *one.rows[place + 1 :]]
    return replace(one, rows=tuple(rows))


@pytest.fixture
def small(transfer: Transfer) -> Transfer:
    """Return the transfer of two patients in whom most cases occur."""
    kept = tuple(one for one in transfer.patients if one.subject in {AGREEING, PIECES})
    return replace(transfer, patients=kept)


def test_no_value_changes_unnoticed(small: Transfer) -> None:
    """Any variable altered in one record, to a value that stands elsewhere, stops the export."""
    datasets = sdtm_datasets(small)
    unnoticed = {
        (one.name, variable.name)
        for one in datasets
        for variable in one.variables
        if not gate(
            [altered(each, variable.name) if each is one else each for each in datasets], small
        )
    }

    assert gate(datasets, small) == ()
    assert len(datasets) == 10
    assert unnoticed <= WORDS
