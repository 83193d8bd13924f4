"""What still has to be said at a visit before it can be signed: one sentence per gap."""

from collections.abc import Iterator

from napari_recist.criteria import Lesion, Observation, Read, Role, Status

SETTLED = frozenset({Status.UNEQUIVOCAL, Status.RESOLVED})
"""What, once said of a new lesion, needs no saying again (W-6)."""

MIN_FRAGMENTS = 2


def unfinished(read: Read, visit: str, *, at_baseline: bool) -> tuple[str, ...]:
    """Return what is missing at this visit, in the order of the lesion list."""
    gaps = (_gap(read, visit, lesion, at_baseline=at_baseline) for lesion in read.lesions)
    return tuple(gap for gap in gaps if gap)


def _gap(read: Read, visit: str, lesion: Lesion, *, at_baseline: bool) -> str:
    said = read.observation(visit, lesion.identifier)
    if said is not None:
        return _contradiction(read, visit, lesion, said)
    match lesion.role:
        case Role.TARGET:
            axis = "short axis" if lesion.node else "longest diameter"
            otherwise = "." if at_baseline else ", or say what became of it."
            return f"{named(lesion)}: draw its {axis}{otherwise}"
        case Role.NON_TARGET:
            # Listing a non-target at baseline says that it is there.
            return "" if at_baseline else f"{named(lesion)}: present, absent or progressed?"
        case Role.NEW:
            settled = any(status in SETTLED for status in _said_before(read, visit, lesion))
            return "" if settled else f"{named(lesion)}: unequivocal or equivocal?"


def _contradiction(read: Read, visit: str, lesion: Lesion, said: Observation) -> str:
    if said.status is Status.SPLIT and len(said.diameters) < MIN_FRAGMENTS:
        return f"{named(lesion)}: split, but only one fragment is drawn."
    if said.status is Status.MERGED:
        mass = read.observation(visit, said.into)
        if mass is None or mass.status is not Status.MEASURED:
            return f"{named(lesion)}: merged into {said.into}, which is not measured."
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
