"""One reader's read of one patient, and how it follows from the recorded facts.

A :class:`Read` is what :func:`napari_recist.criteria.assess` judges. :func:`replay` makes it from
events; a LESIONS.csv makes it from rows. There is no third way.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol, TypeVar

from napari_recist.criteria.calipers import Caliper
from napari_recist.criteria.facts import (
    Event,
    LesionAdded,
    LesionMeasured,
    LesionWithdrawn,
    ObservationWithdrawn,
    Redone,
    StatusStated,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
)
from napari_recist.criteria.lesions import Lesion, Status


@dataclass(frozen=True, slots=True)
class Visit:
    """A time point of a read: its label and scan date, and its signature once signed."""

    identifier: str
    date: dt.date
    signed: VisitSigned | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What the reader says of one lesion at one visit.

    ``diameters`` are reported values in tenths of a millimetre: none, one, or one per fragment of
    a split lesion; ``calipers`` run beside them where they were drawn. ``date`` is of the scan
    that shows the lesion, where it is not the visit's (V-2).
    """

    status: Status
    diameters: tuple[int, ...] = ()
    calipers: tuple[Caliper | None, ...] = ()
    reason: str = ""
    into: str = ""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The state of a read: visits by date, the lesion list, and what was said at each visit.

    ``observations`` maps (visit identifier, lesion identifier) to what was said. ``added_at`` maps
    a lesion to the visit at which it came onto the list. The first visit is baseline. ``viable``
    is the second set of observations, of arterially enhancing parts, which mRECIST judges (H-10);
    neither set is ever inferred from the other.
    """

    subject: str = ""
    reader: str = ""
    visits: tuple[Visit, ...] = ()
    lesions: tuple[Lesion, ...] = ()
    observations: Mapping[tuple[str, str], Observation] = field(
        default_factory=lambda: MappingProxyType({})
    )
    added_at: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    viable: Mapping[tuple[str, str], Observation] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def visit(self, identifier: str) -> Visit:
        """Return the visit of this label; ``KeyError`` where the read has none."""
        return _named(self.visits, identifier)

    def lesion(self, identifier: str) -> Lesion:
        """Return the lesion of this name; ``KeyError`` where the list has none."""
        return _named(self.lesions, identifier)

    def observation(self, visit: str, lesion: str) -> Observation | None:
        """Return what was said of a lesion at a visit, ``None`` where nothing was."""
        return self.observations.get((visit, lesion))


def replay(events: Iterable[Event]) -> Read:
    """Fold recorded events of one reader and one subject into the read they add up to.

    Facts that stand undone do not count. Any prefix of a record replays to the read of then.

    Raises
    ------
    ValueError
        If the events are of more than one subject or reader.
    """
    events = tuple(events)
    owners = {(event.subject, event.reader) for event in events}
    if len(owners) > 1:
        message = f"events of several reads cannot be replayed as one: {sorted(owners)}"
        raise ValueError(message)
    if not events:
        return Read()
    subject, reader = owners.pop()
    read = Read(subject=subject, reader=reader)
    for event in effective(events):
        read = _after(read, event)
    return read


def effective(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events that count: neither undone, nor themselves an undo or redo."""
    events = tuple(events)
    undone: set[int] = set()
    for event in events:
        match event.fact:
            case Undone(sequence):
                undone.add(sequence)
            case Redone(sequence):
                undone.discard(sequence)
    for event in events:
        if event.sequence not in undone and not isinstance(event.fact, Undone | Redone):
            yield event


def _after(read: Read, event: Event) -> Read:  # noqa: PLR0911 - one line per kind of fact
    match event.fact:
        case VisitOpened(visit, date):
            return _with_visit(read, visit, date)
        case LesionAdded(visit, lesion):
            return _with_lesion(read, visit, lesion)
        case LesionWithdrawn(lesion):
            return _without_lesion(read, lesion)
        case LesionMeasured() as measured:
            return _with_measurement(read, measured)
        case StatusStated(visit, lesion, status, reason, into, viable):
            said = Observation(status, reason=reason, into=into)
            return _observed(read, (visit, lesion), said, viable=viable)
        case ObservationWithdrawn(visit, lesion, _, viable):
            return _observed(read, (visit, lesion), None, viable=viable)
        case VisitSigned(visit) as signature:
            return _with_signature(read, visit, signature)
        case VisitReopened(visit):
            return _with_signature(read, visit, None)
    message = f"an unknown fact: {event.fact!r}"
    raise ValueError(message)


def _with_visit(read: Read, identifier: str, date: dt.date) -> Read:
    others = [visit for visit in read.visits if visit.identifier != identifier]
    signed = next((v.signed for v in read.visits if v.identifier == identifier), None)
    visits = sorted([*others, Visit(identifier, date, signed)], key=lambda visit: visit.date)
    return replace(read, visits=tuple(visits))


def _with_lesion(read: Read, visit: str, lesion: Lesion) -> Read:
    others = tuple(known for known in read.lesions if known.identifier != lesion.identifier)
    added_at = MappingProxyType({**read.added_at, lesion.identifier: visit})
    return replace(read, lesions=(*others, lesion), added_at=added_at)


def _without_lesion(read: Read, identifier: str) -> Read:
    return replace(
        read,
        lesions=tuple(lesion for lesion in read.lesions if lesion.identifier != identifier),
        observations=MappingProxyType(
            {key: said for key, said in read.observations.items() if key[1] != identifier}
        ),
        viable=MappingProxyType(
            {key: said for key, said in read.viable.items() if key[1] != identifier}
        ),
        added_at=MappingProxyType(
            {lesion: visit for lesion, visit in read.added_at.items() if lesion != identifier}
        ),
    )


def _with_measurement(read: Read, fact: LesionMeasured) -> Read:
    place = (fact.visit, fact.lesion)
    if not fact.fragment:
        whole = Observation(Status.MEASURED, (fact.diameter,), (fact.caliper,))
        return _observed(read, place, whole, viable=fact.viable)
    before = (read.viable if fact.viable else read.observations).get(place)
    split = before if before and before.status is Status.SPLIT else Observation(Status.SPLIT)
    number = fact.fragment - 1
    diameters, calipers = list(split.diameters), list(split.calipers)
    diameters[number : number + 1] = [fact.diameter]
    calipers[number : number + 1] = [fact.caliper]
    after = Observation(Status.SPLIT, tuple(diameters), tuple(calipers))
    return _observed(read, place, after, viable=fact.viable)


def _observed(
    read: Read, place: tuple[str, str], said: Observation | None, *, viable: bool
) -> Read:
    before = read.viable if viable else read.observations
    after = {key: value for key, value in before.items() if key != place}
    if said is not None:
        after[place] = said
    kept = MappingProxyType(after)
    return replace(read, viable=kept) if viable else replace(read, observations=kept)


def _with_signature(read: Read, identifier: str, signature: VisitSigned | None) -> Read:
    visits = tuple(
        replace(visit, signed=signature) if visit.identifier == identifier else visit
        for visit in read.visits
    )
    return replace(read, visits=visits)


class _Named(Protocol):
    @property
    def identifier(self) -> str: ...


NamedT = TypeVar("NamedT", bound=_Named)


def _named(things: Iterable[NamedT], identifier: str) -> NamedT:
    for thing in things:
        if thing.identifier == identifier:
            return thing
    raise KeyError(identifier)
