"""Rows of timepoints.csv, subjects.csv and the answer to SEQUENCES.csv: what the rules answered.

Column names are those of the contract; every cell is text, blank where there is nothing to say.
"""

import datetime as dt

from napari_recist.criteria import Assessment, BestResponse, VisitAssessment, show

TIMEPOINT_COLUMNS = (
    "subject",
    "reader",
    "visit",
    "date",
    "sum_mm",
    "baseline_sum_mm",
    "nadir_sum_mm",
    "change_from_baseline_pct",
    "change_from_nadir_pct",
    "change_from_nadir_mm",
    "target_response",
    "nontarget_response",
    "new_lesion",
    "overall_response",
    "rules",
    "explanation",
)
"""The columns of timepoints.csv."""

SUBJECT_COLUMNS = (
    "subject",
    "reader",
    "best_response",
    "best_response_date",
    "confirmed_best_response",
    "confirmed_best_response_date",
    "first_response_date",
    "progression_date",
    "last_evaluable_date",
    "not_evaluable_reason",
)
"""The columns of subjects.csv."""

SEQUENCE_COLUMNS = (
    "subject",
    "best_response",
    "best_response_date",
    "confirmed_best_response",
    "confirmed_best_response_date",
    "response",
    "response_date",
    "confirmed_response",
    "confirmed_response_date",
    "clinical_benefit",
    "clinical_benefit_date",
)
"""The columns of the answer to SEQUENCES.csv."""


def timepoint_rows(assessment: Assessment) -> list[dict[str, str]]:
    """Return one row per visit, by date; a baseline has no responses."""
    return [_timepoint_row(assessment, visit) for visit in assessment.visits]


def _timepoint_row(assessment: Assessment, visit: VisitAssessment) -> dict[str, str]:
    return {
        "subject": assessment.subject,
        "reader": assessment.reader,
        "visit": visit.visit,
        "date": visit.date.isoformat(),
        "sum_mm": _length(visit.sum),
        "baseline_sum_mm": _length(visit.baseline_sum),
        "nadir_sum_mm": _length(visit.nadir_sum),
        "change_from_baseline_pct": visit.change_from_baseline_pct,
        "change_from_nadir_pct": visit.change_from_nadir_pct,
        "change_from_nadir_mm": _length(visit.change_from_nadir),
        "target_response": visit.target or "",
        "nontarget_response": visit.nontarget or "",
        "new_lesion": _new_lesion(visit),
        "overall_response": visit.overall or "",
        "rules": ";".join(visit.rules),
        "explanation": visit.explanation,
    }


def subject_rows(assessment: Assessment) -> list[dict[str, str]]:
    """Return the row of the patient's best response by this reader."""
    best = assessment.best
    row = {
        "subject": assessment.subject,
        "reader": assessment.reader,
        **_best(best),
        "first_response_date": _date(best.first_response_date),
        "progression_date": _date(best.progression_date),
        "last_evaluable_date": _date(best.last_evaluable_date),
        "not_evaluable_reason": best.not_evaluable_reason or "",
    }
    return [row]


def sequence_row(subject: str, best: BestResponse) -> dict[str, str]:
    """Return the answer to one patient's sequence of overall responses."""
    return {
        "subject": subject,
        **_best(best),
        "response": _yes_or_no(best.response_date),
        "response_date": _date(best.response_date),
        "confirmed_response": _yes_or_no(best.confirmed_response_date),
        "confirmed_response_date": _date(best.confirmed_response_date),
        "clinical_benefit": _yes_or_no(best.clinical_benefit_date),
        "clinical_benefit_date": _date(best.clinical_benefit_date),
    }


def _best(best: BestResponse) -> dict[str, str]:
    return {
        "best_response": best.best_response,
        "best_response_date": _date(best.best_response_date),
        "confirmed_best_response": best.confirmed_best_response,
        "confirmed_best_response_date": _date(best.confirmed_best_response_date),
    }


def _new_lesion(visit: VisitAssessment) -> str:
    if visit.overall is None:
        return ""
    return "yes" if visit.new_lesion else "no"


def _length(tenths: int | None) -> str:
    return "" if tenths is None else show(tenths)


def _date(date: dt.date | None) -> str:
    return "" if date is None else date.isoformat()


def _yes_or_no(date: dt.date | None) -> str:
    return "N" if date is None else "Y"
