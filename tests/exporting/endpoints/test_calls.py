"""How sure the calls of a trial are: told for every visit of every accepted read."""

import pytest

from napari_recist.exporting.endpoints.calls import call_tables
from napari_recist.exporting.endpoints.of_transfer import analyses_of_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from tests.exporting.endpoints.test_endpoints import rows
from tests.exporting.frozen_trials import AGREEING, MISSED, PIECES


@pytest.fixture
def tables(transfer: Transfer) -> dict[str, str]:
    """Return both tables of transfer 1."""
    return call_tables(transfer, analyses_of_transfer(transfer)[0])


def test_every_call_of_an_accepted_read_is_told(transfer: Transfer, tables: dict[str, str]) -> None:
    """The response is the one that was signed; the probabilities of a visit add up to 1."""
    signed = {
        (patient.subject, visit.visit): visit.overall
        for patient in transfer.patients
        if patient.accepted
        for visit in patient.accepted.assessment.visits[1:]
    }
    told = [row for row in rows(tables["calls.csv"]) if row["error"] == "same reader"]

    assert {(row["subject"], row["visit"]): row["response"] for row in told} == signed
    for row in told:
        shares = [float(row[name]) for name in ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE")]
        assert sum(shares) == pytest.approx(1, abs=1e-3)
        assert float(row["probability"]) == float(row[row["response"]])
        assert (row["borderline"] == "yes") == (float(row["probability"]) < 0.9)


def test_what_is_sure_and_what_is_not(tables: dict[str, str]) -> None:
    """A partial response of 33 % is borderline, one of 56 % sure, a grown non-target certain."""
    told = {(row["subject"], row["visit"], row["error"]): row for row in rows(tables["calls.csv"])}

    assert told[AGREEING, "W8", "same reader"]["borderline"] == "yes"
    assert told[AGREEING, "W16", "same reader"]["borderline"] == "no"
    assert told[MISSED, "W16", "same reader"]["PD"] == "1"
    assert told[PIECES, "W24", "same reader"]["NE"] == "1"
    less, more = (
        float(told[AGREEING, "W8", error]["probability"])
        for error in ("different readers", "same reader")
    )
    assert less < more


def test_rates_by_error_hold_the_rate(tables: dict[str, str], transfer: Transfer) -> None:
    """One of five responds whatever the error; its source stands beside each interval."""
    told = rows(tables["rates_by_error.csv"])
    (row,) = [
        one
        for one in told
        if (one["rate"], one["main"], one["error"]) == ("objective response", "yes", "same reader")
    ]

    assert (row["low"], row["high"]) == ("0.2", "0.2")
    assert all("Yoon" in one["source"] for one in told)
    assert {one["reading"] for one in told} == {"status", "cumulative", "confirmed"}
