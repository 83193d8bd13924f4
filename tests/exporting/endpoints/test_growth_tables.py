"""How fast the sums of a trial went, told between visits and as a model."""

import pytest

from napari_recist.exporting.endpoints.growth_tables import growth_tables
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.statistics.growth import tumour_growth_rate
from tests.exporting.endpoints.test_endpoints import rows
from tests.exporting.frozen_trials import AGREEING, MISSED, PIECES


def test_rates_between_visits_with_a_sum(transfer: Transfer) -> None:
    """From 25.5 to 25.1 mm in 112 days; a visit without a complete sum is passed over."""
    told = rows(growth_tables(transfer)["growth_rates.csv"])
    (missed,) = [row for row in told if row["subject"] == MISSED]
    pieces = [(row["from_visit"], row["to_visit"]) for row in told if row["subject"] == PIECES]

    assert (missed["from_visit"], missed["to_visit"], missed["days"]) == ("BL", "W16", "112")
    rate = float(missed["tumour_growth_rate_pct_per_month"])
    assert rate == pytest.approx(tumour_growth_rate(25.5, 25.1, 112), abs=1e-6)
    assert pieces == [("BL", "W8")]


def test_a_model_where_there_are_sums_enough(transfer: Transfer) -> None:
    """Four sums that shrink have a decay; two sums have no model."""
    told = {row["subject"]: row for row in rows(growth_tables(transfer)["growth_models.csv"])}

    assert float(told[AGREEING]["decay_per_day"]) > 0.005
    assert told[AGREEING]["points"] == "4"
    assert not {MISSED, PIECES} & set(told)
