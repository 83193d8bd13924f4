"""iRECIST: the disease a visit shows, and whether it has grown since another (I-1, I-4, T-7).

A non-target or new lesion has grown when the reader says so by the reason ``further increase``, or
when both its diameters are given and the later is larger. Lengths are tenths of a millimetre.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from napari_recist.criteria.assessment import VisitAssessment
from napari_recist.criteria.charter import Charter
from napari_recist.criteria.explain import names
from napari_recist.criteria.lesion_list import organ_of
from napari_recist.criteria.lesions import Lesion, Role, Status
from napari_recist.criteria.new_lesions import Onset
from napari_recist.criteria.read import Read
from napari_recist.criteria.responses import Response
from napari_recist.criteria.tenths import from_raw, show

FURTHER_INCREASE = "further increase"
"""The reason by which a reader says that a progressed lesion has grown since the last visit."""

_FURTHER_GROWTH = 50  # I-1: 5 mm confirm a progression of targets, old or new
_NEW_TARGET_LEAST = 100  # I-4 by M-1


@dataclass(frozen=True, slots=True)
class Burden:
    """The disease of one visit, as far as growth is judged by it.

    ``progressed`` names non-target lesions, ``new`` the new lesions that count by now.
    ``new_targets`` and ``others`` (non-target lesions and the other new ones) give diameters;
    ``further`` names lesions the reader said have grown since the last visit.
    """

    total: int | None
    target_pd: bool
    progressed: frozenset[str]
    new: frozenset[str]
    new_targets: dict[str, int]
    others: dict[str, int]
    further: frozenset[str]


NO_BURDEN = Burden(
    None,
    target_pd=False,
    progressed=frozenset(),
    new=frozenset(),
    new_targets={},
    others={},
    further=frozenset(),
)


def burden_of(
    read: Read, visit: VisitAssessment, known: Sequence[Onset], charter: Charter
) -> Burden:
    """Return the disease a visit shows; ``known`` are the new lesions that count by then."""
    new_names = frozenset(onset.lesion for onset in known)
    progressed, further = set(), set()
    sizes: dict[str, int] = {}
    for lesion in read.lesions:
        said = read.observation(visit.visit, lesion.identifier)
        if said is None or lesion.role is Role.TARGET:
            continue
        name = lesion.identifier
        if said.diameters:
            sizes[name] = sum(said.diameters)
        if said.status is Status.PROGRESSED:
            progressed.add(name)
        if said.reason.casefold() == FURTHER_INCREASE:
            further.add(name)
    new_targets = _new_targets(read, new_names, charter)
    return Burden(
        total=visit.sum,
        target_pd=visit.target is Response.PD,
        progressed=frozenset(progressed),
        new=new_names,
        new_targets={name: size for name, size in sizes.items() if name in new_targets},
        others={name: size for name, size in sizes.items() if name not in new_targets},
        further=frozenset(further),
    )


def _new_targets(read: Read, new_names: frozenset[str], charter: Charter) -> frozenset[str]:
    """Return the new lesions measured as targets, on a list of their own (I-4).

    A lesion belongs there by the first diameter given of it, in the order of the list.
    """
    criteria = charter.criteria
    chosen: list[Lesion] = []
    for lesion in read.lesions:
        least = from_raw(criteria.node_target_min_mm) if lesion.node else _NEW_TARGET_LEAST
        if lesion.identifier not in new_names or _first_size(read, lesion) < least:
            continue
        same_organ = sum(organ_of(lesion) == organ_of(other) for other in chosen)
        if len(chosen) < criteria.max_targets and same_organ < criteria.max_per_organ:
            chosen.append(lesion)
    return frozenset(lesion.identifier for lesion in chosen)


def _first_size(read: Read, lesion: Lesion) -> int:
    for visit in read.visits:
        said = read.observation(visit.identifier, lesion.identifier)
        if said is not None and said.diameters:
            return sum(said.diameters)
    return 0


def first_progression(now: Burden, then: Burden) -> Iterator[str]:
    """Yield what makes a visit iUPD where none is pending; ``then`` is where the bar was set."""
    if now.target_pd:
        yield "the target sum reaches progression"
    if now.progressed:
        yield f"unequivocal progression of {names(tuple(sorted(now.progressed)))}"
    yield from new_disease(now, then)


def confirmation(now: Burden, then: Burden) -> Iterator[str]:
    """Yield what confirms the progression of ``then`` (I-1)."""
    if now.target_pd and not then.target_pd:
        yield "the target sum reaches progression too"
    elif then.target_pd and now.total is not None and then.total is not None:
        growth = now.total - then.total
        if growth >= _FURTHER_GROWTH:
            yield f"the target sum grew a further {show(growth)} mm"
    if now.progressed and not then.progressed:
        yield f"unequivocal progression of {names(tuple(sorted(now.progressed)))} too"
    elif grown := _grown_nontargets(now, then):
        yield f"{names(grown)} grew further"
    yield from new_disease(now, then)


def _grown_nontargets(now: Burden, then: Burden) -> tuple[str, ...]:
    """Return old non-target lesions that grew further since a progression of non-targets."""
    if not then.progressed:
        return ()
    newly = now.progressed - then.progressed
    return tuple(
        sorted(
            newly
            | {name for name in {*now.others, *now.further} - now.new if _grew(name, now, then)}
        )
    )


def _grew(name: str, now: Burden, then: Burden) -> bool:
    size = now.others.get(name, 0)
    return name in now.further or size > then.others.get(name, size)


def new_disease(now: Burden, then: Burden) -> Iterator[str]:
    """Yield new lesions not known then, and growth of those that were (I-1, I-4)."""
    fresh = now.new - then.new
    if fresh:
        yield f"new lesion {names(tuple(sorted(fresh)))}"
    both = now.new_targets.keys() & then.new_targets.keys()
    growth = sum(now.new_targets[name] - then.new_targets[name] for name in both)
    if growth >= _FURTHER_GROWTH:
        yield f"the sum of new lesions grew {show(growth)} mm"
    others = (now.new & then.new) - now.new_targets.keys()
    if grown := tuple(sorted(name for name in others if _grew(name, now, then))):
        yield f"new lesion {names(grown)} grew"
