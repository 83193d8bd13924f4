"""One reader's read of one patient, and how it follows from the recorded facts.

A :class:`Read` is what :func:`napari_recist.criteria.assess` judges. :func:`replay` makes it from
events; a LESIONS.csv makes it from rows. There is no third way.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from napari_recist.criteria.calipers import Caliper, ImagePlace
from napari_recist.criteria.facts import (
    AdviceOverridden,
    Event,
    Fact,
    GlobalReviewBegun,
    GlobalReviewSigned,
    LesionAdded,
    LesionCorrected,
    LesionLocated,
    LesionMeasured,
    LesionWithdrawn,
    MeasurementProposed,
    ObservationWithdrawn,
    ProposalDismissed,
    Redone,
    SeriesChosen,
    StatusStated,
    TargetResponseArgued,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
)
from napari_recist.criteria.lesions import Lesion, Status, WhyNotEvaluable
from napari_recist.criteria.proposals import Proposal, open_proposals


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
    that shows the lesion, where it is not the visit's (V-2). ``reason`` is the whole of why a
    lesion is not evaluable in words; ``code`` its coded part.
    """

    status: Status
    diameters: tuple[int, ...] = ()
    calipers: tuple[Caliper | None, ...] = ()
    reason: str = ""
    into: str = ""
    date: dt.date | None = None
    code: WhyNotEvaluable | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The state of a read: visits by date, the lesion list, and what was said at each visit.

    ``observations`` maps (visit identifier, lesion identifier) to what was said. ``added_at`` maps
    a lesion to the visit at which it came onto the list. The first visit is baseline. ``viable``
    is the second set of observations, of arterially enhancing parts, which mRECIST judges (H-10);
    neither set is ever inferred from the other. ``argued`` maps a visit to a response argued there,
    ``chosen`` a visit to the series it is measured on where the reader chose it knowingly.
    ``places`` maps (visit identifier, lesion identifier) to where the reader pointed,
    ``overridden`` holds the advice that was answered with a reason. ``reviewing`` tells that the
    reader looks at all visits together, ``reviewed`` holds the signature that closed that review.
    ``proposals`` lie beside the read: measurements drawn elsewhere and not answered by the reader,
    at which no assessment, signature or export looks.
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
    argued: Mapping[str, TargetResponseArgued] = field(default_factory=lambda: MappingProxyType({}))
    chosen: Mapping[str, SeriesChosen] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[tuple[str, str], ImagePlace] = field(
        default_factory=lambda: MappingProxyType({})
    )
    overridden: tuple[AdviceOverridden, ...] = ()
    reviewing: bool = False
    reviewed: GlobalReviewSigned | None = None
    proposals: tuple[Proposal, ...] = ()

    def visit(self, identifier: str) -> Visit:
        """Return the visit of this label; ``KeyError`` where the read has none."""
        return _named(self.visits, identifier)

    def lesion(self, identifier: str) -> Lesion:
        """Return the lesion of this name; ``KeyError`` where the list has none."""
        return _named(self.lesions, identifier)

    def observation(self, visit: str, lesion: str) -> Observation | None:
        """Return what was said of a lesion at a visit, ``None`` where nothing was."""
        return self.observations.get((visit, lesion))

    def proposals_at(self, visit: str) -> tuple[Proposal, ...]:
        """Return what is proposed at a visit and not answered yet."""
        return tuple(proposal for proposal in self.proposals if proposal.visit == visit)


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
    draft, counting = _Draft(*owners.pop()), tuple(effective(events))
    for event in counting:
        if not isinstance(event.fact, MeasurementProposed | ProposalDismissed):
            draft.apply(event.fact)
    return replace(draft.read(), proposals=open_proposals(counting))


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


def whole_reason(code: WhyNotEvaluable | None, words: str) -> str:
    """Return a coded reason and the reader's own words as one sentence."""
    coded = "" if code in {None, WhyNotEvaluable.OTHER} else str(code)
    return "; ".join(part for part in (coded, words) if part)


class _Draft:
    """A read while its facts are being folded: one pass, without a copy per fact."""

    def __init__(self, subject: str, reader: str) -> None:
        self.subject = subject
        self.reader = reader
        self.visits: dict[str, Visit] = {}
        self.lesions: dict[str, Lesion] = {}
        self.added_at: dict[str, str] = {}
        self.observations: dict[tuple[str, str], Observation] = {}
        self.viable: dict[tuple[str, str], Observation] = {}
        self.argued: dict[str, TargetResponseArgued] = {}
        self.chosen: dict[str, SeriesChosen] = {}
        self.places: dict[tuple[str, str], ImagePlace] = {}
        self.overridden: list[AdviceOverridden] = []
        self.reviewing = False
        self.reviewed: GlobalReviewSigned | None = None

    def read(self) -> Read:
        """Return what the facts add up to; visits of one date keep the order of their opening."""
        return Read(
            subject=self.subject,
            reader=self.reader,
            visits=tuple(sorted(self.visits.values(), key=lambda visit: visit.date)),
            lesions=tuple(self.lesions.values()),
            observations=MappingProxyType(self.observations),
            added_at=MappingProxyType(self.added_at),
            viable=MappingProxyType(self.viable),
            argued=MappingProxyType(self.argued),
            chosen=MappingProxyType(self.chosen),
            places=MappingProxyType(self.places),
            overridden=tuple(self.overridden),
            reviewing=self.reviewing,
            reviewed=self.reviewed,
        )

    def apply(self, fact: Fact) -> None:
        """Let a fact count."""
        match fact:
            case VisitOpened(visit, date):
                before = self.visits.pop(visit, None)
                self.visits[visit] = Visit(visit, date, before.signed if before else None)
            case SeriesChosen(visit):
                self.chosen[visit] = fact
            case TargetResponseArgued(visit):
                self.argued[visit] = fact
            case AdviceOverridden():
                self.overridden.append(fact)
            case VisitSigned(visit):
                self._sign(visit, fact)
            case VisitReopened(visit):
                self._sign(visit, None)
                self.reviewed = None
            case GlobalReviewBegun():
                self.reviewing, self.reviewed = True, None
                for visit in self.visits:
                    self._sign(visit, None)
            case GlobalReviewSigned():
                self.reviewing, self.reviewed = False, fact
            case _:
                self._apply_to_lesion(fact)

    def _apply_to_lesion(self, fact: Fact) -> None:
        match fact:
            case LesionAdded(visit, lesion):
                self.lesions.pop(lesion.identifier, None)
                self.lesions[lesion.identifier] = lesion
                self.added_at[lesion.identifier] = visit
            case LesionCorrected(_, lesion):
                if lesion.identifier in self.lesions:  # it keeps its place on the list
                    self.lesions[lesion.identifier] = lesion
            case LesionWithdrawn(lesion):
                self._withdraw(lesion)
            case LesionLocated(visit, lesion, place):
                self.places[visit, lesion] = place
            case LesionMeasured() as measured:
                self._measure(measured)
            case StatusStated(visit, lesion, status, reason, into, viable, code):
                words = whole_reason(code, reason)
                said = Observation(status, reason=words, into=into, code=code)
                self._said(viable=viable)[visit, lesion] = said
            case ObservationWithdrawn(visit, lesion, _, viable):
                self._said(viable=viable).pop((visit, lesion), None)
            case _:
                message = f"an unknown fact: {fact!r}"
                raise ValueError(message)

    def _said(self, *, viable: bool) -> dict[tuple[str, str], Observation]:
        return self.viable if viable else self.observations

    def _withdraw(self, lesion: str) -> None:
        self.lesions.pop(lesion, None)
        self.added_at.pop(lesion, None)
        said_of: tuple[dict[tuple[str, str], Any], ...] = (
            self.observations,
            self.viable,
            self.places,
        )
        for said in said_of:
            for key in [key for key in said if key[1] == lesion]:
                del said[key]
        self.overridden = [answer for answer in self.overridden if answer.lesion != lesion]

    def _measure(self, fact: LesionMeasured) -> None:
        said, place = self._said(viable=fact.viable), (fact.visit, fact.lesion)
        if not fact.fragment:
            said[place] = Observation(Status.MEASURED, (fact.diameter,), (fact.caliper,))
            return
        before = said.get(place)
        split = before if before and before.status is Status.SPLIT else Observation(Status.SPLIT)
        number = fact.fragment - 1
        diameters, calipers = list(split.diameters), list(split.calipers)
        diameters[number : number + 1] = [fact.diameter]
        calipers[number : number + 1] = [fact.caliper]
        said[place] = Observation(Status.SPLIT, tuple(diameters), tuple(calipers))

    def _sign(self, visit: str, signature: VisitSigned | None) -> None:
        if visit in self.visits:
            self.visits[visit] = replace(self.visits[visit], signed=signature)


class _Named(Protocol):
    @property
    def identifier(self) -> str: ...


NamedT = TypeVar("NamedT", bound=_Named)


def _named(things: Iterable[NamedT], identifier: str) -> NamedT:
    for thing in things:
        if thing.identifier == identifier:
            return thing
    raise KeyError(identifier)
