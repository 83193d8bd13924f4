"""The assessment of a whole read, visit by visit, under the charter's criteria.

Baseline is the first visit. mRECIST judges its own measurement set by the same tables (H-11 to
H-13); iRECIST re-reads what RECIST 1.1 answered (I-1 to I-5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from napari_recist.criteria.argued import with_argument
from napari_recist.criteria.assessment import Assessment, VisitAssessment
from napari_recist.criteria.best_overall import BestResponse, best_response
from napari_recist.criteria.charter import Charter, CriteriaName
from napari_recist.criteria.course import Course
from napari_recist.criteria.facts import Event
from napari_recist.criteria.hcc import hcc_findings
from napari_recist.criteria.irecist import iresponses
from napari_recist.criteria.irecist_best import best_iresponse
from napari_recist.criteria.lesion_list import list_findings
from napari_recist.criteria.lesions import Role
from napari_recist.criteria.mrecist import viable_part
from napari_recist.criteria.new_lesions import Onset, new_lesion_findings, onsets
from napari_recist.criteria.nontarget import nontarget_response
from napari_recist.criteria.one_visit import Seen, baseline_assessment, visit_assessment
from napari_recist.criteria.overall import overall_response
from napari_recist.criteria.read import Read, replay
from napari_recist.criteria.sums import target_sum
from napari_recist.criteria.target import limits_of, target_response
from napari_recist.criteria.target_findings import target_findings


def assess(events: Iterable[Event], charter: Charter | None = None) -> Assessment:
    """Assess what one reader stated of one patient: ``assess_read`` of the replayed events.

    Raises
    ------
    ValueError
        If the events are of more than one subject or reader.
    """
    return assess_read(replay(events), charter)


def assess_read(read: Read, charter: Charter | None = None) -> Assessment:
    """Assess a read by the charter's criteria (the suggested charter by default).

    A lesion of which nothing is said at a visit counts as not evaluable there, whether the visit
    is still being read or was left incomplete.
    """
    charter = charter or Charter()
    if charter.criteria.name is CriteriaName.MRECIST:
        read = viable_part(read)
    found = onsets(read, charter.criteria)
    visits = _visits(read, charter, found)
    superseded: tuple[VisitAssessment, ...] = ()
    if any(onset.redated for onset in found):
        undated = [replace(onset, first_seen=onset.called) for onset in found]
        before = _visits(read, charter, undated)
        superseded = tuple(
            then for then, now in zip(before, visits, strict=True) if then.overall != now.overall
        )
    findings = (
        *list_findings(read, charter),
        *target_findings(read, charter.criteria),
        *new_lesion_findings(read, charter.criteria),
        *(hcc_findings(read) if charter.criteria.name is CriteriaName.MRECIST else ()),
        *(finding for visit in visits for finding in visit.findings),
    )
    best = _best(read, visits, charter)
    return Assessment(read.subject, read.reader, visits, best, findings, superseded)


def assess_side_by_side(
    read: Read, charter: Charter | None, criteria: Iterable[CriteriaName]
) -> dict[CriteriaName, Assessment]:
    """Assess one read under several criteria; none of them is inferred from another (H-10)."""
    charter = charter or Charter()
    return {
        name: assess_read(read, replace(charter, criteria=replace(charter.criteria, name=name)))
        for name in criteria
    }


def _best(read: Read, visits: Sequence[VisitAssessment], charter: Charter) -> BestResponse:
    responses = [
        (visit.response_date, visit.overall) for visit in visits if visit.overall is not None
    ]
    reference = read.visits[0].date if read.visits else None
    if charter.criteria.name is CriteriaName.IRECIST:
        return best_iresponse(responses, reference, charter)
    return best_response(responses, reference, charter)


def _visits(read: Read, charter: Charter, found: Sequence[Onset]) -> tuple[VisitAssessment, ...]:
    targets = [lesion for lesion in read.lesions if lesion.role is Role.TARGET]
    nontargets = [lesion for lesion in read.lesions if lesion.role is Role.NON_TARGET]
    course = Course(charter, limits_of(charter))
    assessed = []
    for place, visit in enumerate(read.visits):
        sums = target_sum(read, visit, targets, charter.criteria)
        if place == 0:
            assessed.append(baseline_assessment(visit, sums))
            course.baseline = sums.total
            course.sum_seen(visit, sums.total)
            continue
        news = [onset for onset in found if onset.first_seen <= place]
        past = course.past()
        argued = read.argued.get(visit.identifier)
        target = with_argument(target_response(sums, past, course.limits), argued)
        nontarget = nontarget_response(read, visit, nontargets, past.overall_cr)
        overall = overall_response(target.response, nontarget.response, new_lesion=bool(news))
        seen = Seen(visit, place, sums, past, target, nontarget, news, overall, argued)
        assessed.append(visit_assessment(read, seen, course.limits))
        course.judged(visit, sums, target.response, overall)
    if charter.criteria.name is CriteriaName.IRECIST:
        return iresponses(read, assessed, found, charter)
    return tuple(assessed)
