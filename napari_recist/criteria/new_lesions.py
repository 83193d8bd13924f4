"""New lesions: from which visit on each counts (RECIST.md section 6, W-1, W-2, W-4, W-6)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from napari_recist.criteria.assessment import Finding
from napari_recist.criteria.charter import CriteriaSettings
from napari_recist.criteria.lesions import Lesion, Role, Status
from napari_recist.criteria.read import Observation, Read
from napari_recist.criteria.tenths import show


@dataclass(frozen=True, slots=True)
class Onset:
    """A new lesion that was called unequivocal: when first seen, and when called so.

    Places count the visits of the read from 0. Progression is dated at ``first_seen`` (W-2);
    until the visit ``called`` nobody could know.
    """

    lesion: str
    first_seen: int
    called: int
    date: dt.date

    @property
    def redated(self) -> bool:
        """Whether the lesion was equivocal before it was called unequivocal."""
        return self.first_seen < self.called


def onsets(read: Read, settings: CriteriaSettings) -> tuple[Onset, ...]:
    """Return the new lesions that count, with the visit each counts from."""
    found = (_onset(read, lesion, settings) for lesion in read.lesions if lesion.role is Role.NEW)
    return tuple(onset for onset in found if onset is not None)


def _onset(read: Read, lesion: Lesion, settings: CriteriaSettings) -> Onset | None:
    first_seen: int | None = None
    for place, visit in enumerate(read.visits):
        said = read.observation(visit.identifier, lesion.identifier)
        if said is None:
            continue
        if said.status is Status.RESOLVED:
            first_seen = None  # what comes back after it resolved is seen for the first time again
            continue
        if first_seen is None:
            first_seen, date = place, said.date or visit.date
        if said.status is Status.UNEQUIVOCAL and not _too_small_node(lesion, said, settings):
            return Onset(lesion.identifier, first_seen, place, date)
    return None


def _too_small_node(lesion: Lesion, said: Observation, settings: CriteriaSettings) -> bool:
    below = settings.node_cr_below_tenths
    return lesion.node and bool(said.diameters) and sum(said.diameters) < below


def new_lesion_findings(read: Read, settings: CriteriaSettings) -> Iterator[Finding]:
    """Say which new lesions need another look."""
    for lesion in read.lesions:
        if lesion.role is not Role.NEW:
            continue
        onset = _onset(read, lesion, settings)
        for place, visit in enumerate(read.visits):
            said = read.observation(visit.identifier, lesion.identifier)
            if said is None:
                continue
            called = None if onset is None else ""
            if onset is not None and place > onset.called:
                called = read.visits[onset.called].identifier
            yield from _on_new_lesion(lesion, visit.identifier, said, called, settings)


def _on_new_lesion(
    lesion: Lesion, visit: str, said: Observation, called: str | None, settings: CriteriaSettings
) -> Iterator[Finding]:
    """Yield what is odd about a new lesion at a visit.

    ``called`` names the earlier visit at which it was called unequivocal, "" before that, ``None``
    where it never was.
    """
    name = lesion.identifier
    if said.status is Status.UNEQUIVOCAL and _too_small_node(lesion, said, settings):
        message = (
            f"new node {name} is {show(sum(said.diameters))} mm at {visit}: below "
            f"{settings.node_cr_below_mm} mm a node is normal and counts as equivocal"
        )
        yield Finding("W-4", message, name, visit)
    elif called is None and said.status is Status.EQUIVOCAL:
        message = (
            f"new lesion {name} is equivocal at {visit} and does not count; once called "
            "unequivocal, progression is dated where it was first seen"
        )
        yield Finding("W-2", message, name, visit)
    elif called and said.status is not Status.UNEQUIVOCAL:
        message = (
            f"new lesion {name} was unequivocal at {called} and is {said.status} at {visit}: it "
            f"stays progression; reopen {called} if it was called in error"
        )
        yield Finding("W-6", message, name, visit)
