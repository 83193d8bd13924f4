"""The tables of the end points: rates, best responses, each patient's times, curves."""

from collections.abc import Iterable, Iterator

from napari_recist.criteria import LandmarkRule
from napari_recist.exporting.endpoints.analysis import Analysis, Times
from napari_recist.exporting.table_files import csv_text
from napari_recist.statistics.landmark import (
    LandmarkRates,
    Rate,
    best_response_counts,
    landmark_rates,
    rate,
)
from napari_recist.statistics.survival import SurvivalCurve, survival_curve

Row = dict[str, str]

RATE_COLUMNS = (
    *("reads", "rate", "reading", "main", "patients", "events", "share"),
    *("exact_low", "exact_high", "wilson_low", "wilson_high"),
)
LANDMARK_COLUMNS = ("reads", "subject", "reading", "responded", "controlled", "why")
TIME_COLUMNS = (
    *("reads", "subject", "endpoint", "censoring", "start", "end", "days", "event", "reason"),
)
SURVIVAL_COLUMNS = (
    *("reads", "endpoint", "censoring", "patients", "events"),
    *("median_days", "median_low", "median_high"),
)
CURVE_COLUMNS = (
    *("reads", "endpoint", "censoring", "days", "at_risk", "events", "censored"),
    *("survival", "low", "high"),
)
DIGITS = 6
"""Of shares and limits: more than any of them is known to."""


def endpoint_tables(analyses: Iterable[Analysis]) -> dict[str, str]:
    """Return the tables by file name; shares are 0 to 1, blank what is not reached or not known."""
    analyses = [analysis for analysis in analyses if analysis.courses]
    times = [(analysis, of_times) for analysis in analyses for of_times in analysis.times()]
    curves = [(a, t, survival_curve([o.time for o in t.outcomes])) for a, t in times if t.outcomes]
    return {
        "rates.csv": csv_text(RATE_COLUMNS, (row for a in analyses for row in _rates(a))),
        "landmark.csv": csv_text(LANDMARK_COLUMNS, (row for a in analyses for row in _landmark(a))),
        "times.csv": csv_text(TIME_COLUMNS, (row for a, t in times for row in _times(a, t))),
        "survival.csv": csv_text(SURVIVAL_COLUMNS, (_survival(*one) for one in curves)),
        "curves.csv": csv_text(CURVE_COLUMNS, (row for one in curves for row in _curve(*one))),
    }


def _rates(analysis: Analysis) -> Iterator[Row]:
    for reading in LandmarkRule:
        rates: LandmarkRates = landmark_rates(analysis.landmark(reading))
        main = "yes" if reading is analysis.charter.landmark.rule else "no"
        told = {"reads": analysis.reads, "reading": reading.value, "main": main}
        yield told | {"rate": "objective response"} | _rate(rates.response)
        yield told | {"rate": "disease control"} | _rate(rates.control)
    for confirmed in (False, True):
        counts = best_response_counts(analysis.courses, confirmed=confirmed)
        how = "confirmed best response" if confirmed else "best response as seen"
        for response, number in counts.items():
            told = {"reads": analysis.reads, "reading": how, "main": "", "rate": response.value}
            yield told | _rate(rate(number, len(analysis.courses)))


def _rate(found: Rate) -> Row:
    proportion = found.proportion
    return {
        "patients": str(proportion.total),
        "events": str(proportion.events),
        "share": number_text(proportion.events / proportion.total),
        "exact_low": number_text(found.exact.low),
        "exact_high": number_text(found.exact.high),
        "wilson_low": number_text(found.wilson.low),
        "wilson_high": number_text(found.wilson.high),
    }


def _landmark(analysis: Analysis) -> Iterator[Row]:
    for reading in LandmarkRule:
        for outcome in analysis.landmark(reading):
            yield {
                "reads": analysis.reads,
                "subject": outcome.subject,
                "reading": reading.value,
                "responded": "yes" if outcome.responded else "no",
                "controlled": "yes" if outcome.controlled else "no",
                "why": outcome.why,
            }


def _times(analysis: Analysis, times: Times) -> Iterator[Row]:
    for outcome in times.outcomes:
        yield _what(analysis, times) | {
            "subject": outcome.subject,
            "start": outcome.start.isoformat(),
            "end": outcome.end.isoformat(),
            "days": str(outcome.days),
            "event": "yes" if outcome.event else "no",
            "reason": outcome.reason.value,
        }


def _survival(analysis: Analysis, times: Times, curve: SurvivalCurve) -> Row:
    median = curve.quantile()
    return _what(analysis, times) | {
        "patients": str(curve.patients),
        "events": str(sum(curve.events)),
        "median_days": number_text(median.days),
        "median_low": number_text(median.low),
        "median_high": number_text(median.high),
    }


def _curve(analysis: Analysis, times: Times, curve: SurvivalCurve) -> Iterator[Row]:
    for place, days in enumerate(curve.days):
        yield _what(analysis, times) | {
            "days": str(days),
            "at_risk": str(curve.at_risk[place]),
            "events": str(curve.events[place]),
            "censored": str(curve.censored[place]),
            "survival": number_text(curve.survival[place]),
            "low": number_text(curve.low[place]),
            "high": number_text(curve.high[place]),
        }


def _what(analysis: Analysis, times: Times) -> Row:
    return {
        "reads": analysis.reads,
        "endpoint": times.endpoint.value,
        "censoring": times.rule.value,
    }


def number_text(value: float | None, digits: int = DIGITS) -> str:
    """Return a number without zeros at its end; "" for one that is not known."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return ""
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")
