"""What is unusual about a reader's lesion list and baseline (RECIST.md L-1, L-2, L-5, M-1, M-9)."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from napari_recist.criteria.assessment import Finding
from napari_recist.criteria.charter import Charter
from napari_recist.criteria.explain import names
from napari_recist.criteria.lesions import Lesion, Role
from napari_recist.criteria.measurability import target_flaws
from napari_recist.criteria.read import Read

_SIDES = re.compile(r"\b(left|right|bilateral|both|l|r)\b")
_LYMPH_NODES = "lymph nodes"


def organ_of(lesion: Lesion) -> str:
    """Return the organ a lesion counts under: all nodes are one, and so are both lungs (L-2)."""
    if lesion.node:
        return _LYMPH_NODES
    return _without_side(lesion.organ)


@cache  # a trial names few organs and asks for them at every assessment
def _without_side(organ: str) -> str:
    words = _SIDES.sub(" ", organ.casefold()).replace(",", " ").split()
    return " ".join(words).removesuffix("s")


def list_findings(
    read: Read, charter: Charter | None = None, treatment_start: dt.date | None = None
) -> Iterator[Finding]:
    """Yield what a reader should look at in the list of lesions.

    Parameters
    ----------
    read : Read
        The read; its first visit is baseline.
    charter : Charter, optional
        Limits of the list; the suggested charter by default.
    treatment_start : date, optional
        Start of treatment, where known: baseline lies at most four weeks before it (M-9).
    """
    if not read.visits:
        return
    charter = charter or Charter()
    targets = [lesion for lesion in read.lesions if lesion.role is Role.TARGET]
    yield from _too_many(targets, charter)
    yield from _listed_late(read)
    yield from _flawed(read, targets, charter)
    baseline = read.visits[0]
    if not targets:
        yield Finding("M-10", "no target lesion at baseline: no measurable disease")
    if treatment_start is None:
        return
    before = (treatment_start - baseline.date).days
    if before > charter.schedule.baseline_max_days_before:
        message = (
            f"{baseline.identifier} is {before} days before treatment; at most "
            f"{charter.schedule.baseline_max_days_before} are allowed"
        )
        yield Finding("M-9", message, "", baseline.identifier)


def _too_many(targets: list[Lesion], charter: Charter) -> Iterator[Finding]:
    criteria = charter.criteria
    if len(targets) > criteria.max_targets:
        message = f"{len(targets)} targets; at most {criteria.max_targets} are allowed"
        yield Finding("L-1", message)
    by_organ: dict[str, list[str]] = {}
    for lesion in targets:
        by_organ.setdefault(organ_of(lesion), []).append(lesion.identifier)
    for organ, found in by_organ.items():
        if organ and len(found) > criteria.max_per_organ:
            rule = "L-2" if organ == _LYMPH_NODES else "L-1"
            message = (
                f"{len(found)} targets in one organ ({organ}): {names(tuple(found))}; at most "
                f"{criteria.max_per_organ} are allowed"
            )
            yield Finding(rule, message)


def _listed_late(read: Read) -> Iterator[Finding]:
    baseline = read.visits[0].identifier
    for lesion in read.lesions:
        listed = read.added_at.get(lesion.identifier, baseline)
        if lesion.role is not Role.NEW and listed != baseline:
            message = (
                f"{lesion.role} lesion {lesion.identifier} was listed at {listed}: the list is "
                "fixed at baseline; what was not there then is a new lesion"
            )
            yield Finding("L-5", message, lesion.identifier, listed)
        if lesion.role is Role.NEW and listed == baseline and lesion.identifier in read.added_at:
            message = f"{lesion.identifier} is called new at {baseline}, before which nothing is"
            yield Finding("W-1", message, lesion.identifier, baseline)


def _flawed(read: Read, targets: list[Lesion], charter: Charter) -> Iterator[Finding]:
    baseline = read.visits[0].identifier
    for lesion in targets:
        said = read.observation(baseline, lesion.identifier)
        if said is not None and said.diameters:
            yield from target_flaws(lesion, sum(said.diameters), charter)
