"""Any signed read: each measured value is in TR exactly once, and nothing else is."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from hypothesis import given, settings

from napari_recist.criteria import from_raw
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.transfer.frozen import Transfer
from tests.exporting.gate.any_transfer import transfers

LENGTHS = {"LDIAM", "LPERP"}


def drawn(transfer: Transfer) -> Iterator[tuple[str, int, Decimal]]:
    """Yield evaluator, day and mm of every axis of every caliper, straight from the reads."""
    for patient in transfer.patients:
        for frozen in patient.reads:
            days = {visit.identifier: visit.date for visit in frozen.read.visits}
            for (visit, _), said in frozen.read.observations.items():
                for caliper in said.calipers:
                    if caliper is not None and caliper.short_axis is not None:
                        for axis in (caliper.long_axis, caliper.short_axis):
                            tenths = from_raw(axis.raw_mm)
                            yield frozen.evaluator, days[visit].toordinal(), Decimal(tenths) / 10


@settings(max_examples=60, deadline=None)
@given(transfers())
def test_each_measured_value_is_there_once(transfer: Transfer) -> None:
    """The lengths of TR that were measured are the axes that were drawn, as often as drawn."""
    results = [row for one in sdtm_datasets(transfer) if one.name == "TR" for row in one.rows]
    days = {
        visit.date.isoformat(): visit.date.toordinal()
        for patient in transfer.patients
        for visit in patient.visits
    }
    measured = Counter(
        (str(row["TREVALID"]), days[str(row["TRDTC"])], row["TRSTRESN"])
        for row in results
        if row["TRTESTCD"] in LENGTHS and row.get("TRREFID")
    )

    assert measured == Counter(drawn(transfer))
