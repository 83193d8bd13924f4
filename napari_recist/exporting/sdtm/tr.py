"""TR: what was measured and said of each lesion at each visit; sums and changes are beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from napari_recist.criteria import (
    Axis,
    DiameterTests,
    Lesion,
    Observation,
    Role,
    Status,
    from_raw,
)
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.derived_results import derived_results
from napari_recist.exporting.sdtm.reads import ROLES, OneRead
from napari_recist.exporting.sdtm.results import Result, length, not_done, tested, word

LONG, SHORT, GENERIC, VIABLE = "LDIAM", "LPERP", "DIAMETER", "VDIAM"
TUMOR_STATE, NODE_STATE = "TUMSTATE", "LNSTATE"
TOO_SMALL, TUMOR_MERGED = "TOO SMALL TO MEASURE", "TUMOR MERGED"

_STATES: Mapping[Status, str] = MappingProxyType(
    {
        Status.PRESENT: "PRESENT",
        Status.ABSENT: "ABSENT",
        Status.PROGRESSED: "ENLARGEMENT FROM NADIR",
        Status.EQUIVOCAL: "EQUIVOCAL",
        Status.UNEQUIVOCAL: "UNEQUIVOCAL",
        Status.RESOLVED: "ABSENT",
    }
)
_STATES_OF_NODE: Mapping[Status, str] = MappingProxyType(
    {Status.PRESENT: "PATHOLOGICAL", Status.ABSENT: "NON-PATHOLOGICAL"}
)
"""A node that is there is pathological; its other states have words of tumours only."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A record of TR, not numbered yet, and what was said; ``None`` for a sum or a change."""

    record: dict[str, Value]
    said: Observation | None = None


def tr_records(one: OneRead) -> Iterator[Stated]:
    """Yield the records of TR of one read, by visit and list; then the visit's sums and changes."""
    for visit in one.frozen.read.visits:
        label = visit.identifier
        for lesion in one.frozen.read.lesions:
            said = one.said(label, lesion)
            if said is not None:
                yield from _of_lesion(one, label, lesion, said, viable=False)
            viable = one.frozen.read.viable.get((label, lesion.identifier))
            if viable is not None:
                yield from _of_lesion(one, label, lesion, viable, viable=True)
        if one.transfer.charter.transfer.derived_results:
            yield from map(Stated, derived_results(one, label))


def _of_lesion(
    one: OneRead, label: str, lesion: Lesion, said: Observation, *, viable: bool
) -> Iterator[Stated]:
    common = {
        **one.common("TR", label, one.date(label, said)),
        "TRGRPID": ROLES[lesion.role],
        "TRLNKGRP": one.group(label),
        "TRMETHOD": one.method(label, lesion, said),
    }
    if not said.diameters:
        test, result = _in_words(one, lesion, said, viable=viable)
        of_image = _of_image(one, label, lesion, said, 0)
        if said.status is Status.MERGED:
            of_image["TRMETHOD"] = ""  # nothing is measured of it, so that mm is the one unit
        yield Stated({**common, **of_image, **tested(test), **result}, said)
        return
    for number, diameter in enumerate(said.diameters, start=1):
        fragment = number if said.status is Status.SPLIT else 0
        of_image = _of_image(one, label, lesion, said, fragment)
        main = VIABLE if viable else _main_test(one, lesion)
        yield Stated({**common, **of_image, **tested(main), **length(diameter)}, said)
        other = _other_axis(lesion, said, number)
        if main in {LONG, SHORT} and other is not None:
            tenths = from_raw(other.raw_mm, one.frozen.charter.criteria.precision_tenths)
            test = LONG if lesion.node else SHORT
            yield Stated({**common, **of_image, **tested(test), **length(tenths)}, said)


def _of_image(
    one: OneRead, label: str, lesion: Lesion, said: Observation, fragment: int
) -> dict[str, Value]:
    return {
        "TRREFID": one.image(label, lesion, said, fragment),
        "TRLNKID": one.link(lesion, fragment),
    }


def _in_words(
    one: OneRead, lesion: Lesion, said: Observation, *, viable: bool
) -> tuple[str, Result]:
    """Return test and result of a statement without a diameter."""
    if lesion.role is not Role.TARGET:
        return _state(lesion, said)
    main = VIABLE if viable else _main_test(one, lesion)
    match said.status:
        case Status.TOO_SMALL:
            default = one.frozen.charter.criteria.too_small_tenths
            return main, {**length(default), "TRORRES": TOO_SMALL, "TRORRESU": ""}
        case Status.ABSENT:
            return main, length(0)
        case Status.MERGED:
            return main, word(TUMOR_MERGED)
    return main, not_done()


def _state(lesion: Lesion, said: Observation) -> tuple[str, Result]:
    """Return test and result of a lesion that is not measured."""
    if lesion.node and said.status in _STATES_OF_NODE:
        return NODE_STATE, word(_STATES_OF_NODE[said.status])
    if said.status in _STATES:
        return TUMOR_STATE, word(_STATES[said.status])
    return NODE_STATE if lesion.node else TUMOR_STATE, not_done()


def _main_test(one: OneRead, lesion: Lesion) -> str:
    """Return the test of the diameter that counts: of a node the short axis (R-11)."""
    if one.transfer.charter.transfer.diameter_tests is DiameterTests.GENERIC:
        return GENERIC
    return SHORT if lesion.node else LONG


def _other_axis(lesion: Lesion, said: Observation, number: int) -> Axis | None:
    """Return the axis that was drawn and does not count, ``None`` where there is none."""
    drawn = said.calipers[number - 1] if number <= len(said.calipers) else None
    if drawn is None:
        return None
    return drawn.long_axis if lesion.node else drawn.short_axis
