"""Which visits a reader may see now, and which of them is the prior beside the current one."""

from enum import StrEnum

from napari_recist.criteria import Assessment, Read
from napari_recist.trial import ScheduledVisit


class PriorChoice(StrEnum):
    """Which earlier visit stands beside the current one."""

    PREVIOUS = "previous"
    BASELINE = "baseline"
    NADIR = "nadir"


def seen_visits(
    scheduled: tuple[ScheduledVisit, ...], read: Read, *, sequential: bool
) -> tuple[ScheduledVisit, ...]:
    """Return the visits up to and including the first that is not signed; all if not sequential.

    How many visits are still to come is not told (FDA 2018: it unblinds).
    """
    if not sequential:
        return scheduled
    signed = {visit.identifier for visit in read.visits if visit.signed}
    for place, visit in enumerate(scheduled):
        if visit.visit not in signed:
            return scheduled[: place + 1]
    return scheduled


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
