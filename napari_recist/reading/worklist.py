"""What still has to be said at a visit before it can be signed: one task per gap."""

from collections.abc import Iterator
from dataclasses import dataclass

from napari_recist.criteria import Lesion, Observation, Read, Role, Status
from napari_recist.translation import _

SETTLED = frozenset({Status.UNEQUIVOCAL, Status.RESOLVED})
"""What, once said of a new lesion, needs no saying again (W-6)."""

MIN_FRAGMENTS = 2


@dataclass(frozen=True, slots=True)
class Task:
    """Something that must still be said of a lesion, in a sentence that begins with its name."""

    lesion: str
    sentence: str


def tasks(read: Read, visit: str, *, at_baseline: bool) -> tuple[Task, ...]:
    """Return what is missing at this visit, in the order of the lesion list."""
    return tuple(
        Task(lesion.identifier, sentence)
        for lesion in read.lesions
        for sentence in (
            _gap(read, visit, lesion, at_baseline=at_baseline),
            _unplaced(read, visit, lesion),
        )
        if sentence
    )


def next_due(read: Read, due: tuple[Task, ...], lesion: str) -> str:
    """Return the next lesion after this one of the list that has a task, from its top again.

    It is the lesion itself where nothing else is due, and "" where nothing is.
    """
    names = [listed.identifier for listed in read.lesions]
    start = names.index(lesion) + 1 if lesion in names else 0
    waiting = {task.lesion for task in due}
    return next((name for name in (*names[start:], *names[:start]) if name in waiting), "")


def _unplaced(read: Read, visit: str, lesion: Lesion) -> str:
    """Ask where a lesion lies that no caliper will show, at the visit where it joins the list."""
    joins_here = read.added_at.get(lesion.identifier) == visit
    if lesion.role is Role.TARGET or not joins_here or (visit, lesion.identifier) in read.places:
        return ""
    return _("{lesion}: click on the picture where it lies.", lesion=named(lesion))


def _gap(read: Read, visit: str, lesion: Lesion, *, at_baseline: bool) -> str:
    said = read.observation(visit, lesion.identifier)
    if said is not None:
        return _contradiction(read, visit, lesion, said)
    match lesion.role:
        case Role.TARGET:
            axis = _("short axis") if lesion.node else _("longest diameter")
            otherwise = "." if at_baseline else _(", or say what became of it.")
            return _(
                "{lesion}: draw its {axis}{otherwise}",
                lesion=named(lesion),
                axis=axis,
                otherwise=otherwise,
            )
        case Role.NON_TARGET:
            # Listing a non-target at baseline says that it is there.
            return (
                ""
                if at_baseline
                else _("{lesion}: present, absent or progressed?", lesion=named(lesion))
            )
        case Role.NEW:
            settled = any(status in SETTLED for status in _said_before(read, visit, lesion))
            return "" if settled else _("{lesion}: unequivocal or equivocal?", lesion=named(lesion))


def _contradiction(read: Read, visit: str, lesion: Lesion, said: Observation) -> str:
    if said.status is Status.SPLIT and len(said.diameters) < MIN_FRAGMENTS:
        return _("{lesion}: split, but only one fragment is drawn.", lesion=named(lesion))
    if said.status is Status.MERGED:
        mass = read.observation(visit, said.into)
        if mass is None or mass.status is not Status.MEASURED:
            return _(
                "{lesion}: merged into {into}, which is not measured.",
                lesion=named(lesion),
                into=said.into,
            )
    return ""


def _said_before(read: Read, visit: str, lesion: Lesion) -> Iterator[Status]:
    today = read.visit(visit).date
    for earlier in read.visits:
        said = read.observation(earlier.identifier, lesion.identifier)
        if earlier.date < today and said is not None:
            yield said.status


def named(lesion: Lesion) -> str:
    """Return a lesion's name and place: "T1 (liver S7)"."""
    place = " ".join(word for word in (lesion.organ, lesion.site) if word)
    return f"{lesion.identifier} ({place})" if place else lesion.identifier
