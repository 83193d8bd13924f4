"""Who reads which patient, and who settles it: folded from the record, and stated."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

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
    met: dict[tuple[str, ...], int] = {}
    for before in assigned:
        _count(before.readers, load, met)
    made = []
    for subject in subjects:
        groups = combinations(readers, each)
        chosen = min(groups, key=lambda group: _burden(group, load, met))
        _count(chosen, load, met)
        made.append(Assignment(subject, chosen))
    return tuple(made)


def _burden(
    group: tuple[str, ...], load: dict[str, int], met: dict[tuple[str, ...], int]
) -> tuple[int, int, int, int]:
    """Return what speaks against a group.

    Its busiest reader, its work, how often it met, and how often those met who would be left to
    form the next one: without that the last two of a round would meet in every round.
    """
    loads = [load[reader] for reader in group]
    least = min(load.values())
    left = [reader for reader in load if load[reader] == least and reader not in group]
    return max(loads), sum(loads), _times_met(group, met), _times_met(left, met)


def _times_met(readers: Iterable[str], met: dict[tuple[str, ...], int]) -> int:
    return sum(met.get(pair, 0) for pair in combinations(sorted(readers), 2))


def _count(readers: tuple[str, ...], load: dict[str, int], met: dict[tuple[str, ...], int]) -> None:
    for reader in readers:
        load[reader] = load.get(reader, 0) + 1
    for pair in combinations(sorted(readers), 2):
        met[pair] = met.get(pair, 0) + 1
