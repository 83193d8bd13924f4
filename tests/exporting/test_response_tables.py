"""Rows of timepoints.csv and subjects.csv: the contract's columns, blank where nothing is said."""

from napari_recist.criteria import Response, assess_read, best_response
from napari_recist.exporting.response_tables import (
    SEQUENCE_COLUMNS,
    SUBJECT_COLUMNS,
    TIMEPOINT_COLUMNS,
    sequence_row,
    subject_rows,
    timepoint_rows,
)
from tests.criteria.reads import BASELINE_DAY, a_read, day


def test_baseline_row_has_no_response() -> None:
    """A baseline has its sum and blank responses, changes and nadir."""
    baseline, _ = timepoint_rows(assess_read(a_read({"T1": [100, 70]})))

    assert tuple(baseline) == TIMEPOINT_COLUMNS
    assert {column: text for column, text in baseline.items() if text} == {
        "subject": "P-001",
        "reader": "R1",
        "visit": "BL",
        "date": "2024-01-01",
        "sum_mm": "100.0",
        "baseline_sum_mm": "100.0",
        "explanation": "Baseline: the sum is 100.0 mm.",
    }


def test_follow_up_row() -> None:
    """A follow-up row tells sums, changes, responses and rules as text."""
    read = a_read({"T1": [100, 69.6]}, {"NT1": ["present"] * 2}, {"N1": [None, "unequivocal"]})
    _, row = timepoint_rows(assess_read(read))

    assert row["sum_mm"] == "69.6"
    assert row["nadir_sum_mm"] == "100.0"
    assert row["change_from_baseline_pct"] == "-30.4"
    assert row["change_from_nadir_pct"] == "-30.4"
    assert row["change_from_nadir_mm"] == "-30.4"
    assert row["target_response"] == "PR"
    assert row["nontarget_response"] == "NON-CR/NON-PD"
    assert row["new_lesion"] == "yes"
    assert row["overall_response"] == "PD"
    assert row["rules"] == "R-25;T-2;W-1"


def test_incomplete_row() -> None:
    """A visit with a missing target has a blank sum and blank changes."""
    _, row = timepoint_rows(assess_read(a_read({"T1": [100, None]})))

    assert row["sum_mm"] == row["change_from_nadir_mm"] == row["change_from_nadir_pct"] == ""
    assert row["new_lesion"] == "no"
    assert row["overall_response"] == "NE"


def test_subject_row() -> None:
    """The patient's row holds best responses and the dates end points are made of."""
    (row,) = subject_rows(assess_read(a_read({"T1": [100, 70, 70, 90]})))

    assert tuple(row) == SUBJECT_COLUMNS
    assert list(row.values()) == [
        *("P-001", "R1", "PR", "2024-02-26", "PR", "2024-02-26"),
        *("2024-02-26", "2024-06-17", "2024-06-17", ""),
    ]


def test_subject_row_says_why_it_is_not_evaluable() -> None:
    """A patient without a visit after baseline is NE with a reason."""
    (row,) = subject_rows(assess_read(a_read({"T1": [100]})))

    assert row["best_response"] == "NE"
    assert row["not_evaluable_reason"] == "no_post_baseline"


def test_sequence_row() -> None:
    """The answer to a sequence tells yes or no beside each date."""
    row = sequence_row("P1", best_response([(day(8), Response.SD)], BASELINE_DAY))

    assert tuple(row) == SEQUENCE_COLUMNS
    assert row["response"] == row["confirmed_response"] == "N"
    assert (row["clinical_benefit"], row["clinical_benefit_date"]) == ("Y", "2024-02-26")
