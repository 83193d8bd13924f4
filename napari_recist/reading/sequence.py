"""Which visit is the prior beside the current one."""

from enum import StrEnum

from napari_recist.criteria import Assessment
from napari_recist.trial import ScheduledVisit


class PriorChoice(StrEnum):
    """Which earlier visit stands beside the current one."""

    PREVIOUS = "previous"
    BASELINE = "baseline"
    NADIR = "nadir"


def prior_visit(
    seen: tuple[ScheduledVisit, ...], current: str, choice: PriorChoice, assessment: Assessment
) -> str:
    """Return the label of the prior of the current visit, "" at baseline."""
    labels = [visit.visit for visit in seen]
    earlier = labels[: labels.index(current)]
    if not earlier:
        return ""
    match choice:
        case PriorChoice.PREVIOUS:
            return earlier[-1]
        case PriorChoice.BASELINE:
            return earlier[0]
        case PriorChoice.NADIR:
            return assessment.visit(current).nadir_visit or earlier[0]
