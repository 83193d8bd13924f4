"""Who reads which patient, and who settles it: folded from the record, and stated."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from napari_recist.trial.record.trial_facts import (
    AdjudicatorAssigned,
    AnyFact,
    AssignmentWithdrawn,
    ReadAssigned,
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who reads a patient, in the order in which they were assigned, and who adjudicates."""

    subject: str
    readers: tuple[str, ...] = ()
    adjudicator: str = ""


def assignments_of(facts: Iterable[tuple[str, AnyFact]]) -> dict[str, Assignment]:
    """Fold facts, each with its patient, into the assignment of every patient that has one."""
    found: dict[str, Assignment] = {}
    for subject, fact in facts:
        before = found.get(subject, Assignment(subject))
        match fact:
            case ReadAssigned(reader) if reader not in before.readers:
                found[subject] = replace(before, readers=(*before.readers, reader))
            case AdjudicatorAssigned(adjudicator):
                found[subject] = replace(before, adjudicator=adjudicator)
            case AssignmentWithdrawn(name):
                found[subject] = Assignment(
                    subject,
                    tuple(reader for reader in before.readers if reader != name),
                    "" if before.adjudicator == name else before.adjudicator,
                )
    return found


def shuffled(subjects: Iterable[str], *key: str) -> tuple[str, ...]:
    """Return patients in an order of chance that stays the same for the same key.

    A reader who met the patients in the order of their inclusion could tell early from late ones.
    """

    def place(subject: str) -> str:
        return hashlib.sha256("\n".join((*key, subject)).encode()).hexdigest()

    return tuple(sorted(subjects, key=place))


def balanced(
    subjects: Iterable[str],
    readers: tuple[str, ...],
    each: int,
    assigned: Iterable[Assignment] = (),
) -> tuple[Assignment, ...]:
    """Return an assignment of every patient to ``each`` readers, spread as evenly as can be.

    Pairs are balanced as well as single readers, so that no two readers always meet; readers who
    have read least come first. Deterministic: the same input gives the same list.
    """
    load = dict.fromkeys(readers, 0)
    met: dict[frozenset[str], int] = {}
    for before in assigned:
        _count(before.readers, load, met)
    made = []
    for subject in subjects:
        chosen: tuple[str, ...] = ()
        while len(chosen) < each:
            free = [reader for reader in readers if reader not in chosen]
            chosen = (*chosen, min(free, key=lambda one: _burden(one, chosen, load, met)))
        _count(chosen, load, met)
        made.append(Assignment(subject, chosen))
    return tuple(made)


def _burden(
    reader: str, beside: tuple[str, ...], load: dict[str, int], met: dict[frozenset[str], int]
) -> tuple[int, int]:
    return load[reader], sum(met.get(frozenset({reader, other}), 0) for other in beside)


def _count(readers: tuple[str, ...], load: dict[str, int], met: dict[frozenset[str], int]) -> None:
    for place, reader in enumerate(readers):
        load[reader] = load.get(reader, 0) + 1
        for other in readers[place + 1 :]:
            pair = frozenset({reader, other})
            met[pair] = met.get(pair, 0) + 1
