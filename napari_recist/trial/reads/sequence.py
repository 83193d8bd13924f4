"""Which visits are open to a reader now: in order, each only once the former is signed."""

from collections.abc import Iterable
from dataclasses import dataclass

from napari_recist.criteria import GlobalReviewBegun, GlobalReviewSigned, VisitReopened, VisitSigned
from napari_recist.trial.images.catalogue import ScheduledVisit
from napari_recist.trial.record.trial_facts import AnyFact


@dataclass(frozen=True, slots=True)
class Signatures:
    """Which visits of a read are signed, and the number of the record that last signed each.

    ``reviewing`` tells that a global review is open.
    """

    at: tuple[tuple[str, int], ...] = ()
    reviewing: bool = False

    @property
    def visits(self) -> frozenset[str]:
        """Labels of the signed visits."""
        return frozenset(visit for visit, _ in self.at)

    def first_signature_of(self, labels: Iterable[str]) -> int:
        """Return the number of the first signature under any of these visits, 0 for none."""
        wanted = set(labels)
        return min((number for visit, number in self.at if visit in wanted), default=0)


def signatures(facts: Iterable[tuple[int, AnyFact]]) -> Signatures:
    """Fold numbered facts of one read into which visits are signed."""
    signed: dict[str, int] = {}
    reviewing = False
    for number, fact in facts:
        match fact:
            case VisitSigned(visit):
                signed[visit] = number
            case VisitReopened(visit):
                signed.pop(visit, None)
            case GlobalReviewBegun():
                signed.clear()
                reviewing = True
            case GlobalReviewSigned():
                reviewing = False
    return Signatures(tuple(signed.items()), reviewing)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit as registered, and the number of the record that first told of it."""

    scheduled: ScheduledVisit
    number: int


def in_time(arrivals: Iterable[Arrival], signed: Signatures) -> tuple[ScheduledVisit, ...]:
    """Return the visits without those that came after a later one had been signed.

    Such a visit stays out of this read (charter: ``late_images = "record"``); where the charter
    says ``reopen``, the later ones are no longer signed, and it is in.
    """
    arrivals = sorted(arrivals, key=lambda arrival: arrival.scheduled.date)
    labels = [arrival.scheduled.visit for arrival in arrivals]
    kept = []
    for place, arrival in enumerate(arrivals):
        passed = signed.first_signature_of(labels[place + 1 :])
        own = arrival.scheduled.visit in signed.visits
        if own or not passed or arrival.number < passed:
            kept.append(arrival.scheduled)
    return tuple(kept)


def open_visits(
    scheduled: tuple[ScheduledVisit, ...], signed: Signatures, *, sequential: bool
) -> tuple[ScheduledVisit, ...]:
    """Return the visits up to and including the first that is not signed.

    All of them where the charter does not read in sequence, or in a global review. How many
    visits are still to come is not told (FDA 2018: it unblinds).
    """
    if not sequential or signed.reviewing:
        return scheduled
    for place, visit in enumerate(scheduled):
        if visit.visit not in signed.visits:
            return scheduled[: place + 1]
    return scheduled
