"""How sure each call is, and what measurement error alone makes of the rates: two tables.

Of the accepted reads by RECIST 1.1. The official responses stay those that were signed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from napari_recist.criteria import CriteriaName, LandmarkRule, Response
from napari_recist.exporting.endpoints.analysis import Analysis
from napari_recist.exporting.endpoints.tables import number_text
from napari_recist.exporting.table_files import csv_text
from napari_recist.exporting.transfer.frozen import FrozenRead, Transfer
from napari_recist.statistics.call_uncertainty import (
    DIFFERENT_READERS,
    SAME_READER,
    DrawnRead,
    MeasurementError,
    drawn_read,
)
from napari_recist.statistics.courses import Course
from napari_recist.statistics.rates_by_error import rates_by_error

ERRORS = {"same reader": SAME_READER, "different readers": DIFFERENT_READERS}
"""Of which measurement error: the first is that of a central read, the other a worst case."""

RESPONSES = (
    *(Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD),
    *(Response.PD, Response.NE, Response.NED),
)
CALL_COLUMNS = (
    *("subject", "evaluator", "visit", "error", "response", "probability", "borderline"),
    *(response.value for response in RESPONSES),
)
ERROR_COLUMNS = ("rate", "reading", "main", "error", "cv", "floor_mm", "source", "low", "high")
DIGITS = 4
"""Of a probability: more than 20,000 draws tell."""


@dataclass(frozen=True, slots=True)
class DrawnPatient:
    """An accepted read with its draws."""

    course: Course
    frozen: FrozenRead
    drawn: DrawnRead


def call_tables(transfer: Transfer, accepted: Analysis) -> dict[str, str]:
    """Return calls.csv and rates_by_error.csv of the accepted reads, the same again each time."""
    drawn = {name: _drawn(transfer, accepted, error) for name, error in ERRORS.items()}
    calls = (row for name, patients in drawn.items() for row in _calls(name, patients))
    rates = (row for name, patients in drawn.items() for row in _rates(name, patients, accepted))
    return {
        "calls.csv": csv_text(CALL_COLUMNS, calls),
        "rates_by_error.csv": csv_text(ERROR_COLUMNS, rates),
    }


def _drawn(
    transfer: Transfer, accepted: Analysis, error: MeasurementError
) -> tuple[DrawnPatient, ...]:
    reads = {patient.subject: patient.accepted for patient in transfer.patients}
    found = []
    for number, course in enumerate(accepted.courses):
        read = reads[course.subject]
        if read is not None and read.charter.criteria.name is CriteriaName.RECIST_1_1:
            # Each patient has draws of its own: errors of two patients have nothing in common.
            drawn = drawn_read(read.read, read.assessment, read.charter, error, seed=number)
            found.append(DrawnPatient(course, read, drawn))
    return tuple(found)


def _calls(error: str, patients: Sequence[DrawnPatient]) -> Iterator[dict[str, str]]:
    for one in patients:
        for call in one.drawn.calls:
            yield {
                "subject": one.course.subject,
                "evaluator": one.frozen.evaluator,
                "visit": call.visit,
                "error": error,
                "response": call.official.value,
                "probability": number_text(call.probability, DIGITS),
                "borderline": "yes" if call.borderline else "no",
                **{
                    response.value: number_text(call.probabilities.get(response, 0.0), DIGITS)
                    for response in RESPONSES
                },
            }


def _rates(
    error: str, patients: Sequence[DrawnPatient], accepted: Analysis
) -> Iterator[dict[str, str]]:
    if not patients:
        return
    figures = ERRORS[error]
    for reading in LandmarkRule:
        pairs = [(one.course, one.drawn) for one in patients]
        found = rates_by_error(pairs, accepted.charter, reading)
        for rate, interval in (
            ("objective response", found.response),
            ("disease control", found.control),
        ):
            yield {
                "rate": rate,
                "reading": reading.value,
                "main": "yes" if reading is accepted.charter.landmark.rule else "no",
                "error": error,
                "cv": str(figures.cv),
                "floor_mm": str(figures.floor_mm),
                "source": figures.source,
                "low": number_text(interval.low, DIGITS),
                "high": number_text(interval.high, DIGITS),
            }
