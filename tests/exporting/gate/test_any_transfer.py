"""Whatever a reading room lets be signed passes the gate, once it is written as it was signed."""

from hypothesis import given, settings

from napari_recist.exporting.gate import gate
from napari_recist.exporting.transfer.frozen import Transfer
from tests.exporting.gate.any_transfer import transfers
from tests.exporting.gate.plain_datasets import plain_datasets


@given(transfers())
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_signed_has_no_finding(transfer: Transfer) -> None:
    """Split, merged, too small, gone, not evaluable, new: nothing true is refused."""
    assert [str(finding) for finding in gate(plain_datasets(transfer), transfer)] == []
