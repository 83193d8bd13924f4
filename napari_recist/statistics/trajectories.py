"""How a patient's sum of diameters went: per cent of change from baseline, for pictures."""

from dataclasses import dataclass

from napari_recist.criteria import Assessment, Charter, Response
from napari_recist.statistics.courses import Course

PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The sums of one patient over time; the tuples run beside each other.

    ``days`` count from the first dose, ``changes`` are per cent from baseline, ``None`` where the
    sum is not complete (N-9). ``best_change`` is the smallest after baseline, up to progression
    and before another therapy, ``None`` where there is none; ``best`` the best response, confirmed
    where the charter asks for it. For pictures: nothing is decided on these figures.
    """

    subject: str
    days: tuple[int, ...]
    changes: tuple[float | None, ...]
    best_change: float | None
    best: Response


def trajectory_of(assessment: Assessment, course: Course, charter: Charter) -> Trajectory:
    """Return how the sums of a patient went."""
    visits, start = assessment.visits, course.follow_up.start
    baseline = visits[0].sum
    changes = tuple(
        None if visit.sum is None or not baseline else PER_CENT * (visit.sum - baseline) / baseline
        for visit in visits
    )
    progressed, treated = course.best.progression_date, course.follow_up.new_therapy
    counted = [
        change
        for visit, change in zip(visits[1:], changes[1:], strict=True)
        if change is not None
        and (progressed is None or visit.response_date <= progressed)
        and (treated is None or visit.date < treated)
    ]
    confirmed = charter.confirmation.required
    best = course.best
    return Trajectory(
        assessment.subject,
        tuple((visit.date - start).days for visit in visits),
        changes,
        min(counted, default=None),
        best.confirmed_best_response if confirmed else best.best_response,
    )
