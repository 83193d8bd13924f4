"""How fast the sums of the accepted reads grew or shrank: between visits, and as a model.

Exploratory: no response is decided on these figures.
"""

from collections.abc import Iterator
from itertools import pairwise

from napari_recist.criteria import Assessment, VisitAssessment
from napari_recist.criteria.tenths import TENTHS_PER_MM
from napari_recist.exporting.table_files import csv_text
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.statistics.growth import fit_growth, specific_growth_rate, tumour_growth_rate

RATE_COLUMNS = (
    *("subject", "from_visit", "to_visit", "days"),
    *("tumour_growth_rate_pct_per_month", "specific_growth_rate_per_day"),
)
MODEL_COLUMNS = (
    *("subject", "points", "model"),
    *("growth_per_day", "decay_per_day", "shrinking_part", "aicc"),
)
DIGITS = 6


def growth_tables(transfer: Transfer) -> dict[str, str]:
    """Return growth_rates.csv and growth_models.csv; who has too few sums is in neither."""
    assessments = [one.accepted.assessment for one in transfer.patients if one.accepted]
    rates = (row for one in assessments for row in _rates(one))
    models = (row for one in assessments for row in _models(one))
    return {
        "growth_rates.csv": csv_text(RATE_COLUMNS, rates),
        "growth_models.csv": csv_text(MODEL_COLUMNS, models),
    }


def _rates(assessment: Assessment) -> Iterator[dict[str, str]]:
    for (before, from_mm), (after, to_mm) in pairwise(_sums(assessment)):
        days = (after.date - before.date).days
        if from_mm <= 0 or to_mm <= 0 or days <= 0:
            continue  # what was nothing, or became it, has no rate
        yield {
            "subject": assessment.subject,
            "from_visit": before.visit,
            "to_visit": after.visit,
            "days": str(days),
            "tumour_growth_rate_pct_per_month": _number(tumour_growth_rate(from_mm, to_mm, days)),
            "specific_growth_rate_per_day": _number(specific_growth_rate(from_mm, to_mm, days)),
        }


def _models(assessment: Assessment) -> Iterator[dict[str, str]]:
    sums = list(_sums(assessment))
    if not sums or sums[0][0] is not assessment.visits[0] or sums[0][1] <= 0:
        return
    start = sums[0][0].date
    days = [float((visit.date - start).days) for visit, _ in sums]
    fit = fit_growth(days, [mm for _, mm in sums])
    if fit is not None:
        yield {
            "subject": assessment.subject,
            "points": str(fit.points),
            "model": fit.model.value,
            "growth_per_day": _number(fit.growth),
            "decay_per_day": _number(fit.decay),
            "shrinking_part": _number(fit.shrinking_part),
            "aicc": _number(fit.aicc),
        }


def _sums(assessment: Assessment) -> Iterator[tuple[VisitAssessment, float]]:
    """Yield the visits with a complete sum (N-9), in mm."""
    for visit in assessment.visits:
        if visit.sum is not None:
            yield visit, visit.sum / TENTHS_PER_MM


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.{DIGITS}f}"
