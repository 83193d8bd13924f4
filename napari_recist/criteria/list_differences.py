"""How two readers' visits, series, lesion lists and calls of new and non-target lesions differ."""

from collections.abc import Iterator, Sequence

from napari_recist.criteria.differences import Difference, WhyDiffer, counted
from napari_recist.criteria.explain import names
from napari_recist.criteria.lesions import Lesion, Role, Status
from napari_recist.criteria.read import Observation
from napari_recist.criteria.taken_over import Exchange
from napari_recist.criteria.two_reads import ReadSide, SameInBoth, TwoReads

_ROLE_WORDS = {Role.TARGET: "target", Role.NON_TARGET: "non-target", Role.NEW: "new lesion"}


def visit_differences(two: TwoReads) -> Iterator[Difference]:
    """Yield visits that one reader did not read, dated otherwise, measured elsewhere or argued.

    No date is told: an adjudicator may not know any.
    """
    for visit in two.visits:
        exchange = Exchange(visits=(visit,))
        if visit not in two.common:
            reader = (
                two.first
                if any(v.identifier == visit for v in two.first.read.visits)
                else two.second
            )
            words = f"{visit}: read by {reader.who} only"
            yield Difference(WhyDiffer.VISIT, visit, words, exchange=exchange)
            continue
        later = (two.second.read.visit(visit).date - two.first.read.visit(visit).date).days
        if later:
            side = two.second if later > 0 else two.first
            words = f"{visit}: dated {counted(abs(later), 'day')} later by {side.who}"
            yield Difference(WhyDiffer.VISIT, visit, words, exchange=exchange)
        yield from _series(two, visit)
        argued = [side.read.argued.get(visit) for side in two.sides]
        if argued[0] != argued[1]:
            responses = ["none" if one is None else str(one.response) for one in argued]
            words = (
                f"{visit}: target response argued by {two.first.who}: {responses[0]}; "
                f"by {two.second.who}: {responses[1]}"
            )
            yield Difference(WhyDiffer.ARGUED, visit, words, exchange=Exchange(arguments=(visit,)))


def _series(two: TwoReads, visit: str) -> Iterator[Difference]:
    """Yield the same lesions that were measured on two series at a visit."""
    apart = []
    for pair in two.pairs:
        said = two.said(visit, pair)
        ours = _series_of(two.first, visit, said[0])
        theirs = _series_of(two.second, visit, said[1])
        if ours and theirs and ours.isdisjoint(theirs):
            apart.append(pair.names)
    if apart:
        ours_named, theirs_named = zip(*apart, strict=True)
        words = f"{visit}: {names(ours_named)} of {two.first.who} measured on another series"
        exchange = Exchange(statements=tuple((visit, *pair) for pair in apart))
        yield Difference(
            WhyDiffer.SERIES, visit, words, ours_named, theirs_named, exchange=exchange
        )


def _series_of(side: ReadSide, visit: str, said: Observation | None) -> set[tuple[str, str]]:
    """Return the series, and volume of it, that an observation was drawn on."""
    if said is None or not said.diameters:
        return set()
    chosen = side.read.chosen.get(visit)
    drawn = {one.series_uid for one in said.calipers if one is not None and one.series_uid}
    if chosen is None:
        return {(uid, "") for uid in drawn}
    drawn = drawn or {chosen.series_uid}
    return {(uid, chosen.part if uid == chosen.series_uid else "") for uid in drawn}


def list_differences(two: TwoReads) -> Iterator[Difference]:
    """Yield how the lists differ: targets chosen, their number, roles, nodes, non-targets."""
    yield from _targets(two)
    for pair in two.pairs:
        yield from _kind(two, pair)
    for place, lesions in enumerate(two.alone(Role.NON_TARGET)):
        side = two.sides[place]
        for name in lesions:
            words = f"non-target {name} is on the list of {side.who} only"
            yield _of_one(WhyDiffer.NON_TARGET_LIST, place, name, "", words)


def _targets(two: TwoReads) -> Iterator[Difference]:
    """Yield the targets of one reader that are none of the other's: not listed, or in another role.

    A single lesion in another role is told as that.
    """
    first, second = two.alone(Role.TARGET)
    changed = [pair for pair in two.pairs if (_target(pair.first) is not _target(pair.second))]
    if not first and not second and len(changed) < 2:  # noqa: PLR2004 - more than one
        return
    exchange = Exchange(
        lesions=(
            *((name, "") for name in first),
            *(("", name) for name in second),
            *(pair.names for pair in changed),
        )
    )
    first += tuple(pair.names[0] for pair in changed if _target(pair.first))
    second += tuple(pair.names[1] for pair in changed if _target(pair.second))
    told = (
        f"{names(lesions)} of {side.who}"
        for side, lesions in zip(two.sides, (first, second), strict=True)
        if lesions
    )
    sums = [
        side.tenths(side.baseline, lesions)
        for side, lesions in zip(two.sides, (first, second), strict=True)
    ]
    yield Difference(
        WhyDiffer.TARGETS if first and second else WhyDiffer.NUMBER_OF_TARGETS,
        "",
        f"targets of one reader only: {'; '.join(told)}",
        first,
        second,
        sums[0],
        sums[1],
        exchange,
    )


def _target(lesion: Lesion) -> bool:
    return lesion.role is Role.TARGET


def _kind(two: TwoReads, pair: SameInBoth) -> Iterator[Difference]:
    """Yield a lesion that is of another role or kind for the other reader."""
    if pair.first.role is not pair.second.role:
        code, kinds = WhyDiffer.ROLE, [_ROLE_WORDS[one.role] for one in (pair.first, pair.second)]
    elif pair.first.node is not pair.second.node:
        code, kinds = WhyDiffer.NODE, [_axis(one) for one in (pair.first, pair.second)]
    else:
        return
    one, other = pair.names
    words = f"{one} of {two.first.who} is {other} of {two.second.who}: {' against '.join(kinds)}"
    sizes = (
        two.first.tenths(two.first.baseline, (one,)),
        two.second.tenths(two.second.baseline, (other,)),
    )
    yield Difference(code, "", words, (one,), (other,), *sizes, Exchange(lesions=(pair.names,)))


def _axis(lesion: Lesion) -> str:
    return "short axis of a node" if lesion.node else "longest diameter"


def call_differences(two: TwoReads) -> Iterator[Difference]:
    """Yield new lesions seen by one reader only, and new and non-target lesions called otherwise.

    A call is taken over at every visit at which it differs: one that lasts is one opinion.
    """
    for place, lesions in enumerate(two.alone(Role.NEW)):
        side = two.sides[place]
        for name in lesions:
            if visit := side.onsets.get(name):
                words = f"{visit}: new lesion {name} of {side.who} only"
                yield _of_one(WhyDiffer.NEW_LESION, place, name, visit, words)
    for pair in two.alike(Role.NEW):
        yield from _call(two, pair, two.common, WhyDiffer.NEW_LESION_CALL)
    for pair in two.alike(Role.NON_TARGET):
        unseen = [visit for visit in two.common if any(map(_unseen, two.said(visit, pair)))]
        yield from _call(two, pair, unseen, WhyDiffer.NOT_EVALUABLE)
        seen = [visit for visit in two.common if visit not in unseen]
        yield from _call(two, pair, seen, WhyDiffer.NON_TARGET_CALL)


def _unseen(said: Observation | None) -> bool:
    return said is None or said.status is Status.NOT_EVALUABLE


def _of_one(code: WhyDiffer, place: int, name: str, visit: str, words: str) -> Difference:
    mine, theirs = ((name,), ()) if place == 0 else ((), (name,))
    exchange = Exchange(lesions=(((name, "") if place == 0 else ("", name)),))
    return Difference(code, visit, words, mine, theirs, exchange=exchange)


def _call(
    two: TwoReads, pair: SameInBoth, visits: Sequence[str], code: WhyDiffer
) -> Iterator[Difference]:
    apart = [visit for visit in visits if len({_told(one) for one in two.said(visit, pair)}) > 1]
    if not apart:
        return
    one, other = pair.names
    calls = [_call_words(said) for said in two.said(apart[0], pair)]
    words = (
        f"{apart[0]}: {one} of {two.first.who} is {calls[0]}; "
        f"the same lesion, {other} of {two.second.who}, {calls[1]}"
    )
    exchange = Exchange(statements=tuple((visit, one, other) for visit in apart))
    yield Difference(code, apart[0], words, (one,), (other,), exchange=exchange)


def _told(said: Observation | None) -> object:
    return None if said is None else (said.status, said.diameters, said.date)


def _call_words(said: Observation | None) -> str:
    return "not mentioned" if said is None else said.status.replace("_", " ")
