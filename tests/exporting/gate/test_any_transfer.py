"""Whatever a reading room lets be signed passes the gate, once it is written as it was signed."""

from hypothesis import given, settings

from napari_recist.exporting.gate import gate, reconciliation_rows
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.transfer.frozen import Transfer
from tests.exporting.gate.any_transfer import transfers
from tests.exporting.gate.plain_datasets import plain_datasets


@given(transfers())
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_signed_has_no_finding(transfer: Transfer) -> None:
    """Split, merged, too small, gone, not evaluable, new: nothing true is refused."""
    assert [str(finding) for finding in gate(plain_datasets(transfer), transfer)] == []


@given(transfers())
@settings(max_examples=60, deadline=None)
def test_the_program_writes_what_was_signed(transfer: Transfer) -> None:
    """Datasets of any read that the program builds have no finding, and every value is equal."""
    datasets = sdtm_datasets(transfer)

    assert [str(finding) for finding in gate(datasets, transfer)] == []
    assert all(row["equal"] == "Y" for row in reconciliation_rows(datasets, transfer))
