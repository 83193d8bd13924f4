"""One patient's course: the responses of the read that counts, and what became of the patient."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from napari_recist.criteria import Assessment, BestResponse, Charter, CriteriaName, Response
from napari_recist.criteria.best_overall import best_response
from napari_recist.criteria.confirmation import DatedResponse
from napari_recist.criteria.responses import RESPONDING, STABLE

RESPONDED = RESPONDING | {Response.I_CR, Response.I_PR}
CONTROLLED = RESPONDED | STABLE | {Response.I_SD, Response.NON_I_CR_NON_I_UPD}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is known of a patient beside the images: dates, None where there is none.

    ``start`` is the day of the first dose, from which every time runs (E-1); ``last_alive`` the
    last day on which the patient was known to be alive, ``new_therapy`` the first day of another
    anticancer therapy.
    """

    start: dt.date
    death: dt.date | None = None
    last_alive: dt.date | None = None
    new_therapy: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A patient as the end points see them.

    ``baseline`` is the day of the baseline scan, None where there is none; ``responses`` are the
    overall responses after it, by date; ``best`` is what they come to, nothing seen once another
    therapy had begun being counted (B-7).
    """

    subject: str
    baseline: dt.date | None
    responses: tuple[DatedResponse, ...]
    best: BestResponse
    follow_up: FollowUp


def course_of(assessment: Assessment, follow_up: FollowUp | None, charter: Charter) -> Course:
    """Return the course of a patient from the assessment that counts.

    Without anything known beside the images, times run from the baseline scan.

    Raises
    ------
    ValueError
        If the read has no visit, so that no time could run.
    """
    if not assessment.visits:
        message = f"{assessment.subject} has no visit"
        raise ValueError(message)
    baseline = assessment.visits[0].date
    known = follow_up or FollowUp(baseline)
    responses = dated(assessment)
    best = assessment.best
    if charter.criteria.name is not CriteriaName.IRECIST and known != FollowUp(known.start):
        best = best_response(
            responses, baseline, charter, new_therapy=known.new_therapy, death=known.death
        )
    return Course(assessment.subject, baseline, responses, best, known)


def dated(assessment: Assessment) -> tuple[DatedResponse, ...]:
    """Return the overall responses after baseline, each with the date that counts (V-2)."""
    found = ((visit.response_date, visit.overall) for visit in assessment.visits)
    return tuple(sorted((date, overall) for date, overall in found if overall is not None))


def adequate(responses: Sequence[DatedResponse]) -> tuple[dt.date, ...]:
    """Return the dates of responses that could be judged (E-2)."""
    return tuple(date for date, response in responses if response is not Response.NE)
