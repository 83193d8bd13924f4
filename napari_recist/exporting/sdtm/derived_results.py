"""The sums and changes of a visit as records of TR, as the rules of the criteria have them."""

from collections.abc import Iterator

from napari_recist.criteria import Role, VisitAssessment
from napari_recist.criteria.sums import target_sum
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.reads import ROLES, OneRead
from napari_recist.exporting.sdtm.results import Result, length, percentage, tested


def derived_results(one: OneRead, label: str) -> Iterator[dict[str, Value]]:
    """Yield what follows from the targets of a visit: complete sums, and changes where they are."""
    common = {
        **one.common("TR", label, one.date(label)),
        "TRGRPID": ROLES[Role.TARGET],
        "TRLNKGRP": one.group(label),
    }
    assessed = one.frozen.assessment.visit(label)
    for test, result in (*_sums(one, label, assessed), *_changes(assessed)):
        yield {**common, **tested(test), **result}


def _sums(one: OneRead, label: str, assessed: VisitAssessment) -> Iterator[tuple[str, Result]]:
    """Yield the complete sums: a missing value is not 0 (N-9).

    SUMDIAM and SUMNLNLD are of whole lesions; where viable parts were measured the criteria judge
    SUMVDIAM (H-10).
    """
    read = one.frozen.read
    targets = [lesion for lesion in read.lesions if lesion.role is Role.TARGET]
    values = target_sum(read, read.visit(label), targets, one.frozen.charter.criteria).values
    outside = tuple(value for value in values if not value.lesion.node)
    for test, counted in (("SUMDIAM", values), ("SUMNLNLD", outside)):
        if counted and not any(value.missing for value in counted):
            yield test, length(sum(value.tenths or 0 for value in counted))
    if read.viable and assessed.sum is not None:
        yield "SUMVDIAM", length(assessed.sum)


def _changes(assessed: VisitAssessment) -> Iterator[tuple[str, Result]]:
    for test, shown in (
        ("PCBSD", assessed.change_from_baseline_pct),
        ("PCNSD", assessed.change_from_nadir_pct),
    ):
        if shown:
            yield test, percentage(shown)
    if assessed.change_from_nadir is not None:
        yield "ACNSD", length(assessed.change_from_nadir)
