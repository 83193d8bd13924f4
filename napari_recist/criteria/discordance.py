"""Whether two reads of one patient call for adjudication: the answers in which they differ."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from napari_recist.criteria.assessment import Assessment, VisitAssessment
from napari_recist.criteria.charter import AdjudicationTrigger, Charter
from napari_recist.criteria.responses import RESPONDING, Response

_RESPONDING = RESPONDING | {Response.I_CR, Response.I_PR}
_PROGRESSING = frozenset({Response.PD, Response.I_UPD, Response.I_CPD})

NO_SUCH_VISIT = "none"
"""The answer of a read in which what is asked for never happened."""
NOT_READ = "not read"
"""The answer of a read at a visit it does not have."""
BASELINE = "baseline"
"""The answer at a visit that has no response because it is the first of the read."""


@dataclass(frozen=True, slots=True)
class Discordance:
    """One question of the charter to which two reads give different answers.

    ``first`` and ``second`` are the answers: a response, the label of a visit, "yes" or "no",
    ``NO_SUCH_VISIT`` or ``NOT_READ``. ``visit`` is where the reads part: the visit itself for an
    overall response, the earlier of two visits for a date, "" for what is asked of the whole read.
    """

    trigger: AdjudicationTrigger
    first: str
    second: str
    visit: str = ""

    def swapped(self) -> "Discordance":
        """Return the discordance as it is with the reads in the other order."""
        return Discordance(self.trigger, self.second, self.first, self.visit)


def discordances(
    first: Assessment,
    second: Assessment,
    charter: Charter,
    *,
    triggers: Sequence[AdjudicationTrigger] | None = None,
) -> tuple[Discordance, ...]:
    """Return in what two assessments of one patient differ, in the order of the triggers.

    There are no tolerances. Dates are compared by visit, not by day: both readers read the same
    scans, and a lesion dated by one of several scans of a visit is no other answer (V-2). The best
    response is the confirmed one where the charter asks for confirmation, and so is the first
    response (B-1, E-4). By iRECIST progression is the confirmed one, at the visit where it began.
    A visit that only one reader read differs, unless it lies behind the progression of the other:
    nothing after that counts (B-7).

    Parameters
    ----------
    first, second : Assessment
        Two reads of the same patient, judged by the same charter; swapping them swaps the answers.
    charter : Charter
        Says what calls for adjudication and whether responses are to be confirmed.
    triggers : sequence of AdjudicationTrigger, optional
        What to compare instead of the charter's own triggers.

    Raises
    ------
    ValueError
        If the assessments are of two patients.
    """
    if first.subject != second.subject:
        message = f"reads of two patients cannot differ: {first.subject!r}, {second.subject!r}"
        raise ValueError(message)
    asked = charter.read.adjudication if triggers is None else triggers
    return tuple(
        found
        for trigger in dict.fromkeys(asked)
        for found in _OF_TRIGGER[trigger](first, second, charter)
    )


def best_of(assessment: Assessment, charter: Charter) -> Response:
    """Return the best response that counts: the confirmed one where the charter asks for it."""
    best = assessment.best
    return best.confirmed_best_response if charter.confirmation.required else best.best_response


def progression_visit(assessment: Assessment) -> str:
    """Return the visit of the progression that counts, "" where there is none."""
    return _visit_of(assessment, assessment.best.progression_date, _PROGRESSING)


def first_response_visit(assessment: Assessment) -> str:
    """Return the visit of the first response that counts, "" where there is none."""
    return _visit_of(assessment, assessment.best.first_response_date, _RESPONDING)


def _visit_of(
    assessment: Assessment, date: dt.date | None, responses: Collection[Response | None]
) -> str:
    for visit in assessment.visits:
        if visit.response_date == date and visit.overall in responses:
            return visit.visit
    return ""


def _best_response(
    first: Assessment, second: Assessment, charter: Charter
) -> Iterator[Discordance]:
    answers = best_of(first, charter), best_of(second, charter)
    yield from _compared(AdjudicationTrigger.BEST_RESPONSE, answers)


def _progression(first: Assessment, second: Assessment, _: Charter) -> Iterator[Discordance]:
    answers = tuple("yes" if progression_visit(one) else "no" for one in (first, second))
    yield from _compared(AdjudicationTrigger.PROGRESSION, answers)


def _dated_by(
    trigger: AdjudicationTrigger, visit_of: Callable[[Assessment], str]
) -> Callable[[Assessment, Assessment, Charter], Iterator[Discordance]]:
    def compare(first: Assessment, second: Assessment, _: Charter) -> Iterator[Discordance]:
        answers = visit_of(first), visit_of(second)
        earlier = next((name for name in _visits_of_both(first, second) if name in answers), "")
        yield from _compared(trigger, [answer or NO_SUCH_VISIT for answer in answers], earlier)

    return compare


def _overall_response(first: Assessment, second: Assessment, _: Charter) -> Iterator[Discordance]:
    progressed = [progression_visit(assessment) for assessment in (first, second)]
    owed = [True, True]  # nothing is, once the progression of a read lies behind
    for visit in _visits_of_both(first, second):
        answers = [_answer_at(assessment, visit) for assessment in (first, second)]
        if all(due or answer != NOT_READ for due, answer in zip(owed, answers, strict=True)):
            yield from _compared(AdjudicationTrigger.OVERALL_RESPONSE, answers, visit)
        owed = [due and visit != last for due, last in zip(owed, progressed, strict=True)]


def _answer_at(assessment: Assessment, visit: str) -> str:
    for one in assessment.visits:
        if one.visit == visit:
            return BASELINE if one.overall is None else one.overall
    return NOT_READ


def _compared(
    trigger: AdjudicationTrigger, answers: Sequence[str], visit: str = ""
) -> Iterator[Discordance]:
    if answers[0] != answers[1]:
        yield Discordance(trigger, str(answers[0]), str(answers[1]), visit)


def _visits_of_both(first: Assessment, second: Assessment) -> tuple[str, ...]:
    """Return the visits of two reads by date, each once; of one date by label."""

    def place(visit: VisitAssessment) -> tuple[object, str]:
        return visit.date, visit.visit

    # A stable order whichever read comes first, also where both date a visit differently.
    earliest: dict[str, VisitAssessment] = {}
    for visit in sorted((*first.visits, *second.visits), key=place):
        earliest.setdefault(visit.visit, visit)
    return tuple(earliest)


_OF_TRIGGER: dict[
    AdjudicationTrigger, Callable[[Assessment, Assessment, Charter], Iterator[Discordance]]
] = {
    AdjudicationTrigger.BEST_RESPONSE: _best_response,
    AdjudicationTrigger.PROGRESSION_DATE: _dated_by(
        AdjudicationTrigger.PROGRESSION_DATE, progression_visit
    ),
    AdjudicationTrigger.FIRST_RESPONSE_DATE: _dated_by(
        AdjudicationTrigger.FIRST_RESPONSE_DATE, first_response_visit
    ),
    AdjudicationTrigger.PROGRESSION: _progression,
    AdjudicationTrigger.OVERALL_RESPONSE: _overall_response,
}
