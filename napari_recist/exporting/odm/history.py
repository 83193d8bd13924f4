"""How the fields of the form came to hold what they hold: each change by the event that made it.

Undo, withdrawal and re-opening need no rule of their own: the read is replayed up to each event,
and what differs from before is what that event changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from napari_recist.criteria import Event, VisitSigned, assess_read, replay
from napari_recist.exporting.odm.entries import (
    Entries,
    Place,
    best_entries,
    lesion_entries,
    response_entries,
)
from napari_recist.exporting.transfer.frozen import FrozenRead


class Change(StrEnum):
    """What became of a value; the words are ODM's."""

    INSERT = "Insert"
    UPDATE = "Update"
    REMOVE = "Remove"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One value of a form changed; ``value`` is "" where it was removed."""

    place: Place
    item: str
    change: Change
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one event of a read did to the forms; ``signed`` where it signed a visit."""

    event: Event
    changes: tuple[ItemChange, ...]
    signed: VisitSigned | None = None

    @property
    def reason(self) -> str:
        """Why, in the words of whoever stated it; "" where none was asked for."""
        return str(getattr(self.event.fact, "reason", ""))


def history(frozen: FrozenRead) -> Iterator[Step]:
    """Yield what each event of a read changed in the forms of the visits signed by the freeze.

    Events that changed no value and signed nothing are left out. What the whole read comes to is
    filled in by the last signature.
    """
    visits = {visit.identifier for visit in frozen.read.visits}
    last_signature = max(
        (event.sequence for event in frozen.events if _signs(event, visits)), default=0
    )
    lesions: Entries = MappingProxyType({})
    responses: dict[Place, Mapping[str, str]] = {}
    for number, event in enumerate(frozen.events, start=1):
        read = replay(frozen.events[:number])
        after = lesion_entries(read, visits)
        changes = list(_changes(lesions, after))
        lesions = after
        signed = event.fact if isinstance(event.fact, VisitSigned) else None
        if signed is not None and signed.visit in visits:
            answered = response_entries(assess_read(read, frozen.charter), signed.visit)
            before = {place: responses[place] for place in answered if place in responses}
            changes += _changes(before, answered)
            responses.update(answered)
            if event.sequence == last_signature:
                changes += _changes({}, best_entries(frozen.assessment, frozen.charter))
        else:
            signed = None
        if changes or signed is not None:
            yield Step(event, tuple(changes), signed)


def _signs(event: Event, visits: set[str]) -> bool:
    return isinstance(event.fact, VisitSigned) and event.fact.visit in visits


def _changes(before: Entries, after: Entries) -> Iterator[ItemChange]:
    for place in [*before, *(place for place in after if place not in before)]:
        old, new = before.get(place, {}), after.get(place, {})
        for item in place.form.items:
            was, now = old.get(item.name, ""), new.get(item.name, "")
            if was != now:
                yield ItemChange(place, item.name, _kind(was, now), now)


def _kind(was: str, now: str) -> Change:
    if not was:
        return Change.INSERT
    return Change.UPDATE if now else Change.REMOVE
