"""The course of a read so far: what the visits already judged leave behind for the next.

The nadir is the smallest complete sum before a visit, baseline included (R-24); a progression does
not reset it (R-28), nor does a visit that is NE for other reasons leave it out (R-29).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from napari_recist.criteria.charter import Charter, PrPersistence
from napari_recist.criteria.confirmation import DatedResponse, first_confirmed
from napari_recist.criteria.read import Visit
from napari_recist.criteria.responses import RESPONDING, Response
from napari_recist.criteria.sums import TargetSum
from napari_recist.criteria.target import Limits, Past


@dataclass(slots=True)
class Course:
    """What the visits judged so far leave behind."""

    charter: Charter
    limits: Limits
    baseline: int | None = None
    nadir: int | None = None
    nadir_visit: str = ""
    overall_cr: str = ""
    target_cr: str = ""
    gone: frozenset[str] = frozenset()
    target_responses: list[DatedResponse] = field(default_factory=list)
    response_visits: dict[dt.date, str] = field(default_factory=dict)
    responded: bool = False
    progressed: bool = False

    def past(self) -> Past:
        """Return what the next visit finds."""
        return Past(
            baseline=self.baseline,
            nadir=self.nadir,
            nadir_visit=self.nadir_visit,
            overall_cr=self.overall_cr,
            target_cr=self.target_cr,
            lasting_pr=self._lasting_pr(),
            gone=self.gone,
        )

    def _lasting_pr(self) -> str:
        """Return the visit of the response that persists until progression (R-26)."""
        setting = self.charter.criteria.pr_persistence
        if setting is PrPersistence.OFF or self.progressed or not self.responded:
            return ""
        dates: Iterable[dt.date | None]
        if setting is PrPersistence.AFTER_PR or not self.charter.confirmation.required:
            dates = (date for date, response in self.target_responses if response in RESPONDING)
        else:
            dates = (
                first_confirmed(self.target_responses, response, self.charter.confirmation)
                for response in (Response.PR, Response.CR)
            )
        first = min((date for date in dates if date is not None), default=None)
        return self.response_visits[first] if first is not None else ""

    def sum_seen(self, visit: Visit, total: int | None) -> None:
        """Let a complete sum become the nadir; a partial one never does (R-22)."""
        if total is not None and (self.nadir is None or total < self.nadir):
            self.nadir, self.nadir_visit = total, visit.identifier

    def judged(self, visit: Visit, targets: TargetSum, target: Response, overall: Response) -> None:
        """Remember the responses of a visit."""
        self.sum_seen(visit, targets.total)
        self.progressed = self.progressed or overall is Response.PD
        if not self.progressed:
            self.target_responses.append((visit.date, target))
            self.response_visits[visit.date] = visit.identifier
            self.responded = self.responded or target in RESPONDING
        if overall is Response.CR:
            self.overall_cr = visit.identifier
        elif target is Response.CR:
            self.target_cr = visit.identifier
        self._remember_gone(targets)

    def _remember_gone(self, targets: TargetSum) -> None:
        """Remember which targets have disappeared; a lesion not judged now is as it was."""
        below = self.limits.node_normal_below
        gone = {value.lesion.identifier for value in targets.values if value.gone(below)}
        if self.gone:
            unjudged = {value.lesion.identifier for value in targets.values if value.missing}
            gone |= self.gone & unjudged
        self.gone = frozenset(gone)
