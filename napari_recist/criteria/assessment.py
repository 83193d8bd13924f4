"""What the rules answer: the response of each visit with its reasons, and the patient's best."""

import datetime as dt
from dataclasses import dataclass

from napari_recist.criteria.best_overall import BestResponse
from napari_recist.criteria.responses import Response
from napari_recist.criteria.tenths import show


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should look at: the rule, what and where, and what can be done."""

    rule: str
    message: str
    lesion: str = ""
    visit: str = ""

    def __str__(self) -> str:
        """Return the finding as one line of text."""
        return f"{self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a complete sum is from the next categories; tenths of a millimetre.

    ``to_pr`` is what the sum must still lose to be PR: 0 or less once it is, and then
    ``1 - to_pr`` would take it back. ``to_pd`` is what it must still gain to be PD: 0 or less
    once it is. ``None`` where there is no such limit.
    """

    to_pr: int | None = None
    to_pd: int | None = None

    def __str__(self) -> str:
        """Return the distances as a reader would say them; empty where there are none."""
        words = []
        if self.to_pr is not None:
            words.append(_place(self.to_pr, "PR"))
        if self.to_pd is not None:
            words.append(_place(-self.to_pd, "PD"))
        return ", ".join(words)


def _place(over: int, limit: str) -> str:
    if over == 0:
        return f"on the {limit} limit"
    return f"{show(abs(over))} mm {'above' if over > 0 else 'below'} the {limit} limit"


@dataclass(frozen=True, slots=True)
class VisitAssessment:
    """The response of one visit and why; lengths in tenths of a millimetre.

    Responses are ``None`` at baseline, where there is none. ``sum`` is ``None`` when a target has
    no usable value (N-9); those are named in ``missing``. ``change_from_*_pct`` are for showing,
    never decided on (N-5). ``date`` is the visit's latest scan; ``response_date`` is the date
    that counts for the response (V-2). ``rules`` are the ids that fired, ``settings`` the charter
    settings that changed the answer.
    """

    visit: str
    date: dt.date
    response_date: dt.date
    sum: int | None
    missing: tuple[str, ...]
    baseline_sum: int | None
    nadir_sum: int | None
    nadir_visit: str
    change_from_baseline_pct: str
    change_from_nadir_pct: str
    change_from_nadir: int | None
    target: Response | None
    nontarget: Response | None
    new_lesion: bool
    overall: Response | None
    rules: tuple[str, ...]
    explanation: str
    distance: Distance
    settings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """One reader's assessment of one patient.

    ``superseded`` holds, for visits whose response changed because an equivocal new lesion was
    later called unequivocal (W-2), what they were before. ``findings`` are those of the whole
    read and of every visit.
    """

    subject: str
    reader: str
    visits: tuple[VisitAssessment, ...]
    best: BestResponse
    findings: tuple[Finding, ...] = ()
    superseded: tuple[VisitAssessment, ...] = ()

    def visit(self, identifier: str) -> VisitAssessment:
        """Return the assessment of a visit; ``KeyError`` where the read has no such visit."""
        for visit in self.visits:
            if visit.visit == identifier:
                return visit
        raise KeyError(identifier)
