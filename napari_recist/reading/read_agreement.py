"""How well pairs of reads of the same patients agree: two readers, or one reader twice.

Sizes are mm; lesions are matched by where they were drawn, never by name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from napari_recist.criteria import Charter, Read, Response, Role, Status
from napari_recist.criteria.discordance import best_of
from napari_recist.criteria.tenths import TENTHS_PER_MM
from napari_recist.criteria.two_reads import TwoReads, side_by_side
from napari_recist.statistics.agreement import Kappa, agreement_table, bootstrap_kappa, kappa
from napari_recist.statistics.bland_altman import (
    BlandAltman,
    PairedSize,
    Repeatability,
    bland_altman,
    repeatability,
)
from napari_recist.statistics.proportions import Interval

SEED = 20190605
"""Of the bootstrap: fixed, so that the same reads give the same interval."""


@dataclass(frozen=True, slots=True)
class ResponseAgreement:
    """Agreement of responses: kappa, and its bootstrap interval with whole patients drawn."""

    kappa: Kappa
    bootstrap: Interval | None


@dataclass(frozen=True, slots=True)
class NewLesionsSeen:
    """New lesions that count: those of both reads, and of one only."""

    both: int = 0
    first_only: int = 0
    second_only: int = 0


@dataclass(frozen=True, slots=True)
class ReadAgreement:
    """Agreement of pairs of reads.

    ``sizes`` are the targets of both, measured by both at the same visit, ``diameters`` their
    limits of agreement; ``repeatability`` takes the two reads of each size as repeats, which is
    meant for one reader's own. ``None`` where there is too little to tell.
    """

    cases: int
    best_response: ResponseAgreement
    visit_responses: ResponseAgreement
    sizes: tuple[PairedSize, ...]
    diameters: BlandAltman | None
    repeatability: Repeatability | None
    new_lesions: NewLesionsSeen


def read_agreement(pairs: Sequence[tuple[Read, Read]], charter: Charter) -> ReadAgreement:
    """Return how pairs of reads, each of one patient, agree under a charter.

    The responses of visits are those that both readers read, baseline left out. One lesion counts
    at every visit at which both measured it.
    """
    both = [side_by_side(first, second, charter) for first, second in pairs]
    sizes = tuple(size for two in both for size in _sizes(two))
    return ReadAgreement(
        cases=len(both),
        best_response=_responses([[_best(two, charter)] for two in both]),
        visit_responses=_responses([list(_of_visits(two)) for two in both]),
        sizes=sizes,
        diameters=bland_altman(sizes),
        repeatability=repeatability([(size.first_mm, size.second_mm) for size in sizes]),
        new_lesions=_new_lesions(both),
    )


def _best(two: TwoReads, charter: Charter) -> tuple[Response, Response]:
    return best_of(two.first.assessment, charter), best_of(two.second.assessment, charter)


def _of_visits(two: TwoReads) -> Iterable[tuple[Response, Response]]:
    for visit in two.common:
        first = two.first.assessment.visit(visit).overall
        second = two.second.assessment.visit(visit).overall
        if first is not None and second is not None:
            yield first, second


def _responses(of_patients: Sequence[Sequence[tuple[Response, Response]]]) -> ResponseAgreement:
    seen = {response for patient in of_patients for pair in patient for response in pair}
    categories = [response for response in Response if response in seen]
    tables = [agreement_table(patient, categories) for patient in of_patients]
    every = agreement_table([pair for patient in of_patients for pair in patient], categories)
    return ResponseAgreement(kappa(every), bootstrap_kappa(tables, seed=SEED))


def _sizes(two: TwoReads) -> Iterable[PairedSize]:
    for pair in two.alike(Role.TARGET):
        for visit in two.common:
            one, other = two.said(visit, pair)
            if one is None or other is None or not one.status is other.status is Status.MEASURED:
                continue
            yield PairedSize(
                (two.first.read.subject, pair.names[0]),
                sum(one.diameters) / TENTHS_PER_MM,
                sum(other.diameters) / TENTHS_PER_MM,
            )


def _new_lesions(both: Sequence[TwoReads]) -> NewLesionsSeen:
    seen_by_both = first_only = second_only = 0
    for two in both:
        pairs = [pair.names for pair in two.alike(Role.NEW)]
        matched = [(a in two.first.onsets, b in two.second.onsets) for a, b in pairs]
        seen_by_both += matched.count((True, True))
        of_both = [{names[place] for names in pairs} for place in (0, 1)]
        first_only += matched.count((True, False)) + len(two.first.onsets.keys() - of_both[0])
        second_only += matched.count((False, True)) + len(two.second.onsets.keys() - of_both[1])
    return NewLesionsSeen(seen_by_both, first_only, second_only)
