"""Whose reads are analysed, and what they come to: rates at the landmark and times to events."""

from collections.abc import Sequence
from dataclasses import dataclass

from napari_recist.criteria import Charter, LandmarkRule
from napari_recist.statistics.courses import Course
from napari_recist.statistics.landmark import LandmarkOutcome, landmark_outcome
from napari_recist.statistics.time_to_event import (
    CensoringRule,
    Endpoint,
    Outcome,
    duration_of_response,
    overall_survival,
    progression_free_survival,
    time_to_progression,
    time_to_response,
)
from napari_recist.statistics.trajectories import Trajectory

ACCEPTED = "accepted"
"""The analysis that counts: of each settled patient the read that was accepted."""


@dataclass(frozen=True, slots=True)
class Times:
    """All patients' times to one end point by one rule of censoring."""

    endpoint: Endpoint
    rule: CensoringRule
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The courses of one set of reads, and what they come to.

    ``reads`` says whose: :data:`ACCEPTED`, an evaluator, or a reader of a table. ``left_out`` are
    the patients without such a read, so far. ``trajectories`` run beside ``courses``, where the
    sums are at hand.
    """

    reads: str
    charter: Charter
    courses: tuple[Course, ...]
    left_out: tuple[str, ...] = ()
    trajectories: tuple[Trajectory, ...] = ()

    def landmark(self, rule: LandmarkRule) -> tuple[LandmarkOutcome, ...]:
        """Return what each patient counts as at the landmark under one reading."""
        return tuple(landmark_outcome(course, self.charter, rule) for course in self.courses)

    def times(self) -> tuple[Times, ...]:
        """Return the times to every end point: those to progression by both rules of censoring."""
        return tuple(_times(self.courses, self.charter))


def _times(courses: Sequence[Course], charter: Charter) -> "list[Times]":
    found = []
    for rule in CensoringRule:
        for endpoint, timed in (
            (Endpoint.PFS, progression_free_survival),
            (Endpoint.TTP, time_to_progression),
            (Endpoint.DOR, duration_of_response),
        ):
            outcomes = (timed(course, charter, rule) for course in courses)
            found.append(Times(endpoint, rule, tuple(one for one in outcomes if one is not None)))
    responses = (time_to_response(course) for course in courses)
    to_response = tuple(one for one in responses if one is not None)
    found.append(Times(Endpoint.TTR, CensoringRule.CHARTER, to_response))
    survived = tuple(overall_survival(course) for course in courses)
    found.append(Times(Endpoint.OS, CensoringRule.CHARTER, survived))
    return found
