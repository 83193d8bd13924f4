"""End points of a trial and of tables: worked out by hand, and the same by both ways."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from napari_recist.criteria import Charter, LandmarkRule, Response
from napari_recist.errors import ExportError, TableError
from napari_recist.exporting.csv_files import csv_tables
from napari_recist.exporting.endpoints.analysis import ACCEPTED
from napari_recist.exporting.endpoints.export import endpoint_files, export_endpoints
from napari_recist.exporting.endpoints.follow_ups import follow_up_of
from napari_recist.exporting.endpoints.of_tables import analyses_of_tables
from napari_recist.exporting.endpoints.of_transfer import analyses_of_transfer
from napari_recist.exporting.endpoints.tables import endpoint_tables
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.statistics.courses import FollowUp
from napari_recist.statistics.time_to_event import CensoringRule, Endpoint
from napari_recist.trial import Trial
from tests.exporting.frozen_trials import (
    AGREEING,
    FIRST,
    MISSED,
    OPEN,
    OWN,
    PIECES,
    SECOND,
    SETTLED,
    WAITING,
    true_date,
)


def rows(content: bytes | str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    text = content.decode() if isinstance(content, bytes) else content
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def files(transfer: Transfer) -> Mapping[str, bytes]:
    """Return the tables of transfer 1."""
    return endpoint_files(transfer)


def test_the_accepted_reads_at_month_4(transfer: Transfer) -> None:
    """Of five settled patients one responds, one grows and one progresses: worked out by hand."""
    accepted = analyses_of_transfer(transfer)[0]
    found = {one.subject: one for one in accepted.landmark(LandmarkRule.STATUS)}

    assert accepted.reads == ACCEPTED
    assert accepted.left_out == (WAITING, OPEN)
    assert {subject for subject, one in found.items() if one.responded} == {AGREEING}
    assert {subject for subject, one in found.items() if one.controlled} == {
        *(AGREEING, SETTLED, PIECES),
    }
    assert found[MISSED].why.startswith("progression on")


def test_rates_and_their_intervals(files: Mapping[str, bytes]) -> None:
    """Three of five controlled: 0.6, exact 0.147 to 0.947 and Wilson's 0.231 to 0.882 (R)."""
    (row,) = [
        row
        for row in rows(files["rates.csv"])
        if (row["reads"], row["rate"], row["main"]) == (ACCEPTED, "disease control", "yes")
    ]
    names = ("exact_low", "exact_high", "wilson_low", "wilson_high")

    assert (row["patients"], row["events"], row["share"]) == ("5", "3", "0.6")
    assert [row[name] for name in names] == ["0.146633", "0.947255", "0.230724", "0.882379"]


def test_when_progression_free_survival_ends(transfer: Transfer) -> None:
    """Each accepted read ends at its own visit, from the first dose on, with its reason."""
    (times,) = [
        one
        for one in analyses_of_transfer(transfer)[0].times()
        if (one.endpoint, one.rule) == (Endpoint.PFS, CensoringRule.CHARTER)
    ]
    starts = {patient.subject: patient.reference_date for patient in transfer.patients}
    found = {one.subject: (one.end, one.event) for one in times.outcomes}

    assert {one.subject: one.start for one in times.outcomes} == {
        subject: starts[subject] or true_date(subject, "BL") for subject in found
    }
    assert found == {
        AGREEING: (true_date(AGREEING, "W24"), False),
        SETTLED: (true_date(SETTLED, "W16"), False),
        PIECES: (true_date(PIECES, "W16"), False),
        MISSED: (true_date(MISSED, "W16"), True),
        OWN: (true_date(OWN, "W16"), True),
    }


def test_a_death_is_counted(transfer: Transfer) -> None:
    """Given among the clinical data it ends overall survival, and progression-free survival."""
    settled = next(one for one in transfer.patients if one.subject == SETTLED)
    died = true_date(SETTLED, "W24")
    start = true_date(SETTLED, "BL")
    clinical = (("treatment start", start.isoformat()), ("death", died.isoformat()))
    one = replace(transfer, patients=(replace(settled, clinical=clinical),))
    told = rows(endpoint_files(one)["times.csv"])
    ends = {(r["endpoint"], r["end"], r["reason"]) for r in told if r["reads"] == ACCEPTED}

    assert ("overall survival", died.isoformat(), "death") in ends
    assert ("progression-free survival", died.isoformat(), "death") in ends


def test_tables_give_what_the_trial_gives(transfer: Transfer, tmp_path: Path) -> None:
    """From subjects.csv and timepoints.csv with the clinical data: the rows of each reader."""
    for name, content in csv_tables(transfer).items():
        (tmp_path / name).write_bytes(content)
    clinical = {patient.subject: patient.clinical for patient in transfer.patients}
    analyses = analyses_of_tables(tmp_path / "subjects.csv", transfer.charter, clinical)
    by_reader = {analysis.reads: analysis for analysis in analyses}
    of_trial = {analysis.reads: analysis for analysis in analyses_of_transfer(transfer)}

    assert set(of_trial) == {ACCEPTED, "RADIOLOGIST 1", "RADIOLOGIST 2", "ADJUDICATOR 1"}
    for reader, evaluator in ((FIRST, "RADIOLOGIST 1"), (SECOND, "RADIOLOGIST 2")):
        ours = {course.subject: course for course in by_reader[reader].courses}
        theirs = {course.subject: course for course in of_trial[evaluator].courses}
        assert ours == theirs


def test_tables_of_another_charter_are_refused(transfer: Transfer, tmp_path: Path) -> None:
    """A best response that the time points do not give is named with its row."""
    for name, content in csv_tables(transfer).items():
        (tmp_path / name).write_bytes(content.replace(b",PR,", b",CR,", 1))
    with pytest.raises(TableError, match="best_response"):
        analyses_of_tables(tmp_path / "subjects.csv", transfer.charter)


def test_subjects_need_the_time_points_beside_them(transfer: Transfer, tmp_path: Path) -> None:
    """Without timepoints.csv the refusal names the file."""
    (tmp_path / "subjects.csv").write_bytes(csv_tables(transfer)["subjects.csv"])
    with pytest.raises(TableError, match=r"timepoints\.csv"):
        analyses_of_tables(tmp_path / "subjects.csv", Charter())


WRONG = [
    ((("treatment start", "2025-01"),), "whole date"),
    ((("treatment start", "2025-01-06"), ("death", "2024-12-31")), "before the first dose"),
    ((("death", "2025-03-01"),), "without treatment start"),
]


@pytest.mark.parametrize(("items", "why"), WRONG)
def test_clinical_dates_that_cannot_be_are_refused(
    items: tuple[tuple[str, str], ...], why: str
) -> None:
    """A partial date is never completed (E-6); nobody dies before the first dose."""
    with pytest.raises(ExportError, match=why):
        follow_up_of(SETTLED, items)


def test_what_is_not_dated_is_left_to_the_oncologist() -> None:
    """Other items of clinical data say nothing about times."""
    assert follow_up_of(SETTLED, [("performance status", "1")]) is None
    start = true_date(SETTLED, "BL")
    assert follow_up_of(SETTLED, [("treatment start", start.isoformat())]) == FollowUp(start)


def test_best_responses_add_up(files: Mapping[str, bytes]) -> None:
    """Of each set of reads every patient has one best response, as seen and as confirmed."""
    told = rows(files["rates.csv"])
    responses = set(Response)
    for reads in {row["reads"] for row in told}:
        for reading in ("best response as seen", "confirmed best response"):
            of = [r for r in told if (r["reads"], r["reading"]) == (reads, reading)]
            assert {row["rate"] for row in of} <= responses
            assert sum(int(row["events"]) for row in of) == int(of[0]["patients"])


def test_nobody_is_analysed_where_nobody_was_read() -> None:
    """Tables of no patient have a header alone."""
    assert all(len(text.splitlines()) == 1 for text in endpoint_tables(()).values())


def test_the_export_holds_the_tables_and_its_manifest(frozen_trial: Trial, tmp_path: Path) -> None:
    """Tables, figures in three formats, what every export has: the same again byte for byte."""
    written = export_endpoints(frozen_trial, tmp_path / "out")
    again = export_endpoints(frozen_trial, tmp_path / "again")

    figures = ("waterfall", "spider", "swimmer", "pfs", "ttp", "dor", "ttr", "os")
    assert {file.name for file in written} == {
        *("rates.csv", "landmark.csv", "times.csv", "survival.csv", "curves.csv"),
        *("calls.csv", "rates_by_error.csv", "growth_rates.csv", "growth_models.csv"),
        *("differences.csv", "manifest.json"),
        *(f"{name}.{form}" for name in figures for form in ("png", "svg", "pdf")),
    }
    for one, two in zip(sorted(written), sorted(again), strict=True):
        assert one.read_bytes() == two.read_bytes()
