"""Checks of sums and changes: each is worked out again from the diameters of TR, exactly."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from napari_recist.criteria import CriteriaName, Lesion, Role
from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.rebuilding import VIABLE, Rebuilt, is_main, whole_link
from napari_recist.exporting.gate.records import Record, Records
from napari_recist.exporting.gate.terminology import CHANGES, SUMS, WITHOUT_SIZE

TOLERANCE = Fraction(1, 20)
"""How far a percentage may lie from the exact one: half of the first decimal, which is shown."""

Due: TypeAlias = dict[tuple[str, str], Fraction]
"""What a test comes to at a visit, by (VISITNUM, test); nothing where it comes to nothing."""


def other_sums(records: Records, reads: Iterable[Rebuilt]) -> Iterator[Finding]:
    """G-SUM-1: a sum is not that of its diameters. G-SUM-2: a change is not that of the sums.

    G-SUM-3: either is missing where others stand, or stands where a target has no value.
    """
    tests = {record.text("--TESTCD") for record in records.of("TR")}
    for again in reads:
        due = _sums(again)
        due.update(_changes(again, due))
        for record in again.records.results:
            test = record.text("--TESTCD")
            if test in SUMS or test in CHANGES:
                exact = due.pop((record.text("VISITNUM"), test), None)
                yield from _compared(record, test, exact)
        for (visit, test), exact in due.items():
            if test in tests:
                place = f"{again.records.subject}, {again.records.evaluator}, visit {visit}"
                message = f"{test} is missing; TR comes to {float(exact):.1f}"
                yield Finding("G-SUM-3", "TR", place, message)


def _compared(record: Record, test: str, exact: Fraction | None) -> Iterator[Finding]:
    told = record.amount("--STRESN")
    if told is None:
        return
    if exact is None:
        message = f"{test} is {told}; TR comes to none: a diameter is missing, or a sum before it"
        yield Finding("G-SUM-3", "TR", record.place, message)
    elif test in SUMS and Fraction(told) != exact:
        message = f"{test} is {told}; the diameters come to {float(exact):.1f}"
        yield Finding("G-SUM-1", "TR", record.place, message)
    elif test in CHANGES and abs(Fraction(told) - exact) > TOLERANCE:
        message = f"{test} is {told}; the sums come to {float(exact):.3f}"
        yield Finding("G-SUM-2", "TR", record.place, message)


def _sums(again: Rebuilt) -> Due:
    """Return the complete sums of each visit (N-9: a missing value is not 0)."""
    targets = [lesion for lesion in again.read.lesions if lesion.role is Role.TARGET]
    whole, viable = _diameters(again, targets)
    organs = {
        "SUMDIAM": (targets, whole),
        "SUMNLNLD": ([lesion for lesion in targets if not lesion.node], whole),
        "SUMVDIAM": (targets, {**whole, **viable}),
    }
    found: Due = {}
    for visit in again.read.visits:
        for test, (lesions, sizes) in organs.items():
            if test == "SUMVDIAM" and not viable:
                continue
            values = [sizes.get((visit.identifier, lesion.identifier)) for lesion in lesions]
            if lesions and None not in values:
                found[visit.identifier, test] = sum((v for v in values if v), Fraction(0))
    return found


def _diameters(again: Rebuilt, targets: Iterable[Lesion]) -> tuple[Due, Due]:
    """Return what each target counts as, whole and viable: fragments together, merged as 0."""
    known = {lesion.identifier: lesion for lesion in targets}
    counted: set[tuple[str, str, str]] = set()
    whole: Due = {}
    viable: Due = {}
    for record in again.records.results:
        lesion = known.get(whole_link(record))
        if lesion is None or not is_main(record, lesion):
            continue
        one = record.text("VISITNUM"), record.text("--LNKID"), record.text("--TESTCD")
        if one in counted:
            continue  # a record that stands twice is another rule's
        counted.add(one)
        sizes = viable if record.text("--TESTCD") == VIABLE else whole
        at = record.text("VISITNUM"), lesion.identifier
        length = record.amount("--STRESN")
        if length is None and record.text("--STRESC") == WITHOUT_SIZE:
            length = Decimal(0)
        if length is not None:
            sizes[at] = sizes.get(at, Fraction(0)) + Fraction(length)
    return whole, viable


def _changes(again: Rebuilt, sums: Mapping[tuple[str, str], Fraction]) -> Due:
    """Return the changes from baseline and from the smallest complete sum before (R-24)."""
    of_charter = again.charter.criteria.name is CriteriaName.MRECIST
    test = "SUMVDIAM" if of_charter and any(t == "SUMVDIAM" for _, t in sums) else "SUMDIAM"
    found: Due = {}
    nadir: Fraction | None = None
    visits = [visit.identifier for visit in again.read.visits]
    baseline = sums.get((visits[0], test)) if visits else None
    for visit in visits:
        now = sums.get((visit, test))
        if now is None:
            continue
        if visit != visits[0]:
            if baseline:
                found[visit, "PCBSD"] = (now - baseline) / baseline * 100
            if nadir is not None:
                found[visit, "ACNSD"] = now - nadir
            if nadir:
                found[visit, "PCNSD"] = (now - nadir) / nadir * 100
        nadir = now if nadir is None else min(nadir, now)
    return found
