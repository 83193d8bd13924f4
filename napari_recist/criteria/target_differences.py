"""How two readers' values of the same targets differ, visit by visit, and the nadirs that follow.

Lengths are tenths of a millimetre.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from napari_recist.criteria.differences import Difference, WhyDiffer, counted
from napari_recist.criteria.explain import names
from napari_recist.criteria.lesions import Role, Status
from napari_recist.criteria.responses import Response
from napari_recist.criteria.sums import TargetValue
from napari_recist.criteria.taken_over import Exchange
from napari_recist.criteria.tenths import show
from napari_recist.criteria.two_reads import ReadSide, SameInBoth, TwoReads

_PROGRESSING = frozenset({Response.PD, Response.I_UPD, Response.I_CPD})
_WITH_DIAMETERS = frozenset({Status.MEASURED, Status.SPLIT})


@dataclass(frozen=True, slots=True)
class _Apart:
    """One target to which two readers gave another value at one visit."""

    visit: str
    pair: SameInBoth
    code: WhyDiffer
    first: TargetValue
    second: TargetValue

    @property
    def statement(self) -> tuple[str, str, str]:
        return self.visit, *self.pair.names

    @property
    def millimetres(self) -> int:
        """Return by how much the values differ, in tenths."""
        return abs((self.first.tenths or 0) - (self.second.tenths or 0))


def target_differences(two: TwoReads) -> Iterator[Difference]:
    """Yield how the values of the same targets differ.

    A lesion without a value, gone, too small, split or merged for one reader is told by itself.
    Diameters are told by visit, with the lesion that contributes most; each caliper, each lesion
    over all visits, and all diameters together are told aside.
    """
    apart = [one for pair in two.alike(Role.TARGET) for one in _apart(two, pair)]
    for one in apart:
        if one.code is not WhyDiffer.MEASUREMENT:
            yield _of_state(two, one)
    diameters = [one for one in apart if one.code is WhyDiffer.MEASUREMENT]
    for visit in two.common:
        at = [one for one in diameters if one.visit == visit]
        if at:
            yield _of_visit(two, at)
        if len(at) > 1:
            yield from (_of_caliper(two, one) for one in at)
    yield from _over_visits(two, apart)
    yield from _nadirs(two)


def _apart(two: TwoReads, pair: SameInBoth) -> Iterator[_Apart]:
    one, other = pair.names
    for visit in two.common:
        values = two.first.values[visit, one], two.second.values[visit, other]
        said = two.said(visit, pair)
        statuses = [None if each is None else each.status for each in said]
        missing = [value.missing for value in values]
        if all(missing):
            continue
        if any(missing):
            yield _Apart(visit, pair, WhyDiffer.NOT_EVALUABLE, *values)
        elif statuses[0] is not statuses[1]:
            yield _Apart(visit, pair, WhyDiffer.STATE, *values)
        elif _key(values[0]) != _key(values[1]):
            diameters = statuses[0] in _WITH_DIAMETERS
            code = WhyDiffer.MEASUREMENT if diameters else WhyDiffer.STATE
            yield _Apart(visit, pair, code, *values)


def _key(value: TargetValue) -> object:
    return value.tenths, value.date


def _of_state(two: TwoReads, one: _Apart) -> Difference:
    mine, theirs = one.pair.names
    states = [
        "without a word" if said is None else said.status.replace("_", " ")
        for said in two.said(one.visit, one.pair)
    ]
    words = (
        f"{one.visit}: {mine} of {two.first.who} is {_value(states[0], one.first)}; "
        f"the same lesion, {theirs} of {two.second.who}, {_value(states[1], one.second)}"
    )
    return _told(one.code, one.visit, words, (one,))


def _value(state: str, value: TargetValue) -> str:
    return state if value.tenths is None else f"{state}, {show(value.tenths)} mm"


def _of_caliper(two: TwoReads, one: _Apart) -> Difference:
    return _told(one.code, one.visit, f"{one.visit}: {_diameters(two, one)}", (one,), aside=True)


def _diameters(two: TwoReads, one: _Apart) -> str:
    mine, theirs = one.pair.names
    return (
        f"{mine} of {two.first.who} is {show(one.first.tenths or 0)} mm; the same lesion, "
        f"{theirs} of {two.second.who}, {show(one.second.tenths or 0)} mm"
    )


def _of_visit(two: TwoReads, at: Sequence[_Apart]) -> Difference:
    most = max(at, key=lambda one: one.millimetres)
    words = f"{most.visit}: {_diameters(two, most)}"
    if len(at) > 1:
        others = sum(one.millimetres for one in at) - most.millimetres
        words += f"; {show(others)} mm more in {counted(len(at) - 1, 'other target')}"
    limits = [_limits(side, most.visit) for side in two.sides]
    if limits[0] != limits[1] and all(limits):
        words += f". Sum of {two.first.who}: {limits[0]}; of {two.second.who}: {limits[1]}"
    first_to_last = [most, *(one for one in at if one is not most)]
    return _told(WhyDiffer.MEASUREMENT, most.visit, words, first_to_last)


def _limits(side: ReadSide, visit: str) -> str:
    """Return where the sum of a visit stands against the limits for PR and PD."""
    return str(side.assessment.visit(visit).distance)


def _over_visits(two: TwoReads, apart: Sequence[_Apart]) -> Iterator[Difference]:
    """Yield each target over all visits, and all diameters together."""
    for pair in two.alike(Role.TARGET):
        of_pair = [one for one in apart if one.pair is pair]
        for code in dict.fromkeys(one.code for one in of_pair):
            of_code = [one for one in of_pair if one.code is code]
            if len(of_code) > 1:
                mine, theirs = pair.names
                visits = names(tuple(one.visit for one in of_code))
                words = f"{code}: {mine} of {two.first.who}, {theirs} of {two.second.who}: {visits}"
                yield _told(code, of_code[0].visit, words, of_code, aside=True)
    diameters = [one for one in apart if one.code is WhyDiffer.MEASUREMENT]
    if len({one.pair for one in diameters}) > 1 and len({one.visit for one in diameters}) > 1:
        total = show(sum(one.millimetres for one in diameters))
        words = f"diameters at several visits together: {total} mm in {len(diameters)} measurements"
        yield _told(WhyDiffer.MEASUREMENT, "", words, diameters, aside=True)


def _told(
    code: WhyDiffer, visit: str, words: str, apart: Sequence[_Apart], *, aside: bool = False
) -> Difference:
    """Return a difference; its numbers are the sums of one visit, or none over several."""
    one_visit = len({one.visit for one in apart}) == 1
    ours = _sum([one.first.tenths for one in apart]) if one_visit else None
    theirs = _sum([one.second.tenths for one in apart]) if one_visit else None
    pairs = list(dict.fromkeys(one.pair.names for one in apart))
    first, second = zip(*pairs, strict=True)
    exchange = Exchange(statements=tuple(one.statement for one in apart))
    return Difference(code, visit, words, first, second, ours, theirs, exchange, aside)


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _nadirs(two: TwoReads) -> Iterator[Difference]:
    """Yield the nadirs of the first visit at which the targets progress for one reader only."""
    for visit in two.common:
        assessed = [side.assessment.visit(visit) for side in two.sides]
        if sum(one.target in _PROGRESSING for one in assessed) != 1:
            continue
        first, second = ((one.nadir_visit, one.nadir_sum) for one in assessed)
        if first == second:
            return
        exchange = Exchange(
            statements=tuple(
                (at, *pair.names)
                for at in dict.fromkeys((first[0], second[0]))
                for pair in two.alike(Role.TARGET)
            )
        )
        words = (
            f"{visit}: nadir of {two.first.who} {_nadir(*first)}, "
            f"of {two.second.who} {_nadir(*second)}"
        )
        yield Difference(WhyDiffer.NADIR, visit, words, (), (), first[1], second[1], exchange)
        return


def _nadir(visit: str, total: int | None) -> str:
    return "none" if total is None else f"{show(total)} mm at {visit}"
