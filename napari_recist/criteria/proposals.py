"""Measurements proposed to a reader and not answered yet: beside the read, never part of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from napari_recist.criteria.calipers import Caliper
from napari_recist.criteria.facts import (
    Event,
    LesionMeasured,
    MeasurementProposed,
    ProposalDismissed,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A measurement proposed at a visit; ``number`` is the sequence number of its record."""

    number: int
    proposed: MeasurementProposed

    @property
    def visit(self) -> str:
        """The visit whose image it lies on."""
        return self.proposed.visit

    @property
    def lesion(self) -> str:
        """The name its source gave the lesion, "" for none."""
        return self.proposed.lesion

    @property
    def caliper(self) -> Caliper:
        """What is proposed."""
        return self.proposed.caliper


def open_proposals(counting: Iterable[Event]) -> tuple[Proposal, ...]:
    """Return the proposals that were neither accepted nor dismissed, in the order they came in.

    Parameters
    ----------
    counting : iterable of Event
        The events of one read that count (see :func:`napari_recist.criteria.effective`). So a
        proposal whose acceptance or dismissal was undone is open again; one whose measurement
        was taken back with a reason stays answered.
    """
    waiting: dict[int, Proposal] = {}
    for event in counting:
        match event.fact:
            case MeasurementProposed() as proposed:
                waiting[event.sequence] = Proposal(event.sequence, proposed)
            case LesionMeasured(proposal=number) | ProposalDismissed(proposal=number):
                waiting.pop(number, None)
    return tuple(waiting.values())
