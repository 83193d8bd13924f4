"""How far rates at the landmark could be off by measurement error alone.

In every draw each patient's responses follow from the diameters drawn; the rate of that draw is
counted as the rate is. What patients would differ in does not enter: it is no confidence interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from napari_recist.criteria import Charter, LandmarkRule
from napari_recist.criteria.best_overall import best_response
from napari_recist.statistics.call_uncertainty import DrawnRead
from napari_recist.statistics.courses import Course
from napari_recist.statistics.landmark import landmark_outcome
from napari_recist.statistics.proportions import CONFIDENCE, Interval, tail_of


@dataclass(frozen=True, slots=True)
class RatesByError:
    """In which interval the rates of response and of control lie, as ``level`` of the draws do."""

    rule: LandmarkRule
    response: Interval
    control: Interval


def rates_by_error(
    drawn: Sequence[tuple[Course, DrawnRead]],
    charter: Charter,
    rule: LandmarkRule,
    level: float = CONFIDENCE,
) -> RatesByError:
    """Return what measurement error alone makes of both rates.

    Parameters
    ----------
    drawn : sequence of (Course, DrawnRead)
        Each patient with the draws of the read that counts, all of as many draws.
    charter : Charter
        For the landmark and for what confirms a response.
    rule : LandmarkRule
        The reading of the landmark.
    level : float
        Of the interval.

    Raises
    ------
    ValueError
        If there is nobody.
    """
    if not drawn:
        message = "rates need patients"
        raise ValueError(message)
    responded = np.zeros(len(drawn[0][1].which), dtype=np.int32)
    controlled = np.zeros_like(responded)
    for course, reads in drawn:
        outcomes = [
            landmark_outcome(_as_drawn(course, reads, place, charter), charter, rule)
            for place in range(len(reads.sequences))
        ]
        responded += np.array([one.responded for one in outcomes])[reads.which]
        controlled += np.array([one.controlled for one in outcomes])[reads.which]
    return RatesByError(
        rule,
        _interval(responded / len(drawn), level),
        _interval(controlled / len(drawn), level),
    )


def _as_drawn(course: Course, reads: DrawnRead, place: int, charter: Charter) -> Course:
    """Return the course of a patient, had the responses been those of one sequence."""
    dates = (date for date, _ in course.responses)
    responses = tuple(zip(dates, reads.sequences[place], strict=True))
    known = course.follow_up
    best = best_response(
        responses, course.baseline, charter, new_therapy=known.new_therapy, death=known.death
    )
    return replace(course, responses=responses, best=best)


def _interval(rates: "np.ndarray[tuple[int], np.dtype[np.float64]]", level: float) -> Interval:
    tail = tail_of(level)
    low, high = np.quantile(rates, [tail, 1 - tail], method="inverted_cdf").tolist()
    return Interval(low, high, level)
