"""What a trend shows, as numbers: sums, each target, and the limits that decide, over the weeks.

Diameters are mm for a picture; nothing is ever decided on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from napari_recist.criteria import Assessment, Charter, Read, Role, VisitAssessment
from napari_recist.criteria.charter import CriteriaName
from napari_recist.criteria.mrecist import viable_part
from napari_recist.criteria.sums import target_sum
from napari_recist.criteria.target import Limits, limits_of

DAYS_PER_WEEK = 7
TENTHS = 10


@dataclass(frozen=True, slots=True)
class LesionLine:
    """A target over the visits: mm at each, ``None`` where it has no value of its own."""

    lesion: str
    mm: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class TrendLines:
    """The trend of one read; every tuple runs beside ``visits``.

    ``sums`` are complete sums only, ``None`` elsewhere (N-9). ``pr_limit`` is the largest sum that
    is PR, ``pd_limits`` the smallest that is PD at each visit.
    """

    visits: tuple[str, ...] = ()
    weeks: tuple[float, ...] = ()
    sums: tuple[float | None, ...] = ()
    responses: tuple[str, ...] = ()
    pr_limit: float | None = None
    pd_limits: tuple[float | None, ...] = ()
    lesions: tuple[LesionLine, ...] = ()


def weeks_of(visits: Sequence[VisitAssessment]) -> tuple[float, ...]:
    """Return the weeks of visits since the first."""
    return tuple((visit.date - visits[0].date).days / DAYS_PER_WEEK for visit in visits)


def trend_lines(read: Read, assessment: Assessment, charter: Charter) -> TrendLines:
    """Return what the trend of a read shows."""
    visits = assessment.visits
    if not visits:
        return TrendLines()
    limits, baseline = limits_of(charter), visits[0].sum
    return TrendLines(
        visits=tuple(visit.visit for visit in visits),
        weeks=weeks_of(visits),
        sums=tuple(_mm(visit.sum) for visit in visits),
        responses=tuple(visit.overall.value if visit.overall else "" for visit in visits),
        pr_limit=None if baseline is None else limits.pr_limit(baseline) / TENTHS,
        pd_limits=tuple(_pd_limit(visit, limits) for visit in visits),
        lesions=_lesions(read, assessment, charter),
    )


def _pd_limit(visit: VisitAssessment, limits: Limits) -> float | None:
    return None if visit.nadir_sum is None else limits.pd_limit(visit.nadir_sum) / TENTHS


def _lesions(read: Read, assessment: Assessment, charter: Charter) -> tuple[LesionLine, ...]:
    if charter.criteria.name is CriteriaName.MRECIST:
        read = viable_part(read)
    targets = [lesion for lesion in read.lesions if lesion.role is Role.TARGET]
    sums = [
        target_sum(read, read.visit(visit.visit), targets, charter.criteria)
        for visit in assessment.visits
    ]
    return tuple(
        LesionLine(lesion.identifier, tuple(_mm(at.values[number].tenths) for at in sums))
        for number, lesion in enumerate(targets)
    )


def _mm(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / TENTHS
