"""A read as it would be had its reader said of one thing what the other reader said.

Nothing here is recorded: such a read exists only to be assessed, and to tell whether that one thing
makes the difference between two reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from napari_recist.criteria.lesions import Lesion
from napari_recist.criteria.read import Observation, Read


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one reader would take over from the other; read from either side.

    ``statements`` are (visit, lesion of the first read, lesion of the second): what is said of the
    lesion there. ``lesions`` are (first, second): the entry in the list with all that is said of
    it, "" where that read has no such lesion. ``visits`` are taken over with their date, or left
    out where the other has none; ``arguments`` are the visits of argued responses.
    """

    statements: tuple[tuple[str, str, str], ...] = ()
    lesions: tuple[tuple[str, str], ...] = ()
    visits: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    def swapped(self) -> "Exchange":
        """Return the exchange with the reads in the other order."""
        return replace(
            self,
            statements=tuple((visit, other, one) for visit, one, other in self.statements),
            lesions=tuple((other, one) for one, other in self.lesions),
        )

    def __len__(self) -> int:
        """Return how many things are exchanged."""
        return sum(map(len, (self.statements, self.lesions, self.visits, self.arguments)))


def taken_over(read: Read, other: Read, exchange: Exchange, names: Mapping[str, str]) -> Read:
    """Return ``read`` (the first of the exchange) with what ``other`` says of one thing.

    Parameters
    ----------
    read, other : Read
        Two reads of one patient, with one set of observations each: ``viable`` is not looked at.
    exchange : Exchange
        What is taken over.
    names : mapping
        The names in ``read`` of the lesions of ``other``, where they are the same lesions.
    """
    called = dict(names)
    for mine, theirs in exchange.lesions:
        if theirs:
            called[theirs] = mine or _free_name(theirs, read)
    changed = read
    for visit in exchange.visits:
        changed = _visit(changed, other, visit, called)
    for mine, theirs in exchange.lesions:
        changed = _lesion(changed, other, mine, theirs, called)
    said = dict(changed.observations)
    for visit, mine, theirs in exchange.statements:
        _say(said, (visit, mine), other.observation(visit, theirs), called)
    argued = {
        visit: one for visit, one in changed.argued.items() if visit not in exchange.arguments
    }
    argued |= {visit: other.argued[visit] for visit in exchange.arguments if visit in other.argued}
    return replace(changed, observations=said, argued=argued)


def _free_name(name: str, read: Read) -> str:
    taken = {lesion.identifier for lesion in read.lesions}
    while name in taken:
        name = f"{name}'"
    return name


def _say(
    said: dict[tuple[str, str], Observation],
    place: tuple[str, str],
    one: Observation | None,
    called: Mapping[str, str],
) -> None:
    if one is None:
        said.pop(place, None)
    else:
        said[place] = replace(one, into=called.get(one.into, one.into))


def _lesion(read: Read, other: Read, mine: str, theirs: str, called: Mapping[str, str]) -> Read:
    name = called[theirs] if theirs else mine
    said = {key: one for key, one in read.observations.items() if key[1] != mine}
    listed: list[Lesion] = []
    if theirs:
        listed = [replace(other.lesion(theirs), identifier=name)]
        for visit in read.visits:
            _say(
                said, (visit.identifier, name), other.observation(visit.identifier, theirs), called
            )
    lesions = list(read.lesions)
    place = next((at for at, one in enumerate(lesions) if one.identifier == mine), len(lesions))
    lesions[place : place + 1] = listed
    return replace(read, lesions=tuple(lesions), observations=said)


def _visit(read: Read, other: Read, visit: str, called: Mapping[str, str]) -> Read:
    """Take over a visit: its date, and what is said at it where the read does not have it."""
    kept = tuple(one for one in read.visits if one.identifier != visit)
    there = [one for one in other.visits if one.identifier == visit]
    said = dict(read.observations)
    if not there:
        said = {key: one for key, one in said.items() if key[0] != visit}
    elif len(kept) == len(read.visits):
        for (at, theirs), one in other.observations.items():
            if at == visit and theirs in called:
                _say(said, (visit, called[theirs]), one, called)
    visits = tuple(sorted((*kept, *there), key=lambda one: one.date))
    return replace(read, visits=visits, observations=said)
