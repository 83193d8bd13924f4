"""A read made again from the records of TU and TR alone, so that the rules can judge it anew."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from napari_recist.criteria import (
    Charter,
    Lesion,
    Observation,
    Read,
    Role,
    Status,
    TargetResponseArgued,
    Visit,
    from_raw,
)
from napari_recist.criteria.organs import NODE_ORGAN
from napari_recist.exporting.gate.dates import date_in
from napari_recist.exporting.gate.list_rules import organ_at
from napari_recist.exporting.gate.records import ReadRecords, Record, Records, WhoseRead
from napari_recist.exporting.gate.required_values import TOO_SMALL
from napari_recist.exporting.gate.terminology import LENGTHS, WITHOUT_SIZE

_ROLES = MappingProxyType({"TARGET": Role.TARGET, "NON-TARGET": Role.NON_TARGET, "NEW": Role.NEW})
_STATES = MappingProxyType(
    {
        (Role.NON_TARGET, "PRESENT"): Status.PRESENT,
        (Role.NON_TARGET, "PATHOLOGICAL"): Status.PRESENT,
        (Role.NON_TARGET, "ABSENT"): Status.ABSENT,
        (Role.NON_TARGET, "NON-PATHOLOGICAL"): Status.ABSENT,
        (Role.NON_TARGET, "ENLARGEMENT FROM NADIR"): Status.PROGRESSED,
        (Role.NEW, "EQUIVOCAL"): Status.EQUIVOCAL,
        (Role.NEW, "UNEQUIVOCAL"): Status.UNEQUIVOCAL,
        (Role.NEW, "ABSENT"): Status.RESOLVED,
    }
)
VIABLE = "VDIAM"
"""The test of the arterially enhancing part, which mRECIST judges (H-10)."""

Said = dict[tuple[str, str], Observation]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a read beside its records: by which charter, and what was argued.

    ``argued`` goes by VISITNUM; TR has no place for an argument against the measurements.
    """

    charter: Charter = field(default_factory=Charter)
    argued: Mapping[str, TargetResponseArgued] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The records of one evaluator and subject, and the read that they add up to."""

    records: ReadRecords
    read: Read
    charter: Charter


def rebuilt_reads(
    records: Records, known: Mapping[WhoseRead, Known] = MappingProxyType({})
) -> Iterator[Rebuilt]:
    """Yield every read made again from its records; the suggested charter where none is known."""
    days: dict[str, dict[str, dt.date]] = {}
    for record in records.of("SV"):
        when = date_in(record.text("SVSTDTC"))
        if when is not None and record.text("SVOCCUR") != "N":
            days.setdefault(record.subject, {})[record.text("VISITNUM")] = when
    for whose, of_read in records.reads.items():
        told = known.get(whose, Known())
        read = read_again(of_read, days.get(of_read.subject, {}), told.argued)
        yield Rebuilt(of_read, read, told.charter)


def read_again(
    records: ReadRecords,
    days: Mapping[str, dt.date] = MappingProxyType({}),
    argued: Mapping[str, TargetResponseArgued] = MappingProxyType({}),
) -> Read:
    """Return the read that the records of one evaluator and subject add up to.

    Parameters
    ----------
    records : ReadRecords
        What the evaluator stated. RS is only asked at which visits there was a response.
    days : mapping of str to date
        The subject's visits by VISITNUM, from SV: for visits without any result, and for the
        baseline of a subject without lesions.
    argued : mapping of str to TargetResponseArgued
        Target responses argued against the measurements, by VISITNUM: TR has no place for them.

    Returns
    -------
    Read
        Visits are called by VISITNUM, lesions by TULNKID.
    """
    visits = tuple(sorted(_visits(records, days), key=lambda visit: visit.date))
    lesions = tuple(_lesions(records))
    known = {lesion.identifier: lesion for lesion in lesions}
    whole, viable = _observations(records, known, visits)
    return Read(
        subject=records.subject,
        reader=records.evaluator,
        visits=visits,
        lesions=lesions,
        observations=MappingProxyType(whole),
        added_at=MappingProxyType(dict(_added(records))),
        viable=MappingProxyType(viable),
        argued=argued,
    )


def main_test(lesion: Lesion) -> str:
    """Return the test that measures what counts: of a node the short axis (R-11)."""
    return "LPERP" if lesion.node else "LDIAM"


def is_main(record: Record, lesion: Lesion) -> bool:
    """Whether a record holds the diameter of a target that counts, whole or viable part."""
    return record.text("--TESTCD") in {main_test(lesion), "DIAMETER", VIABLE}


def _visits(records: ReadRecords, days: Mapping[str, dt.date]) -> Iterator[Visit]:
    found: dict[str, dt.date] = {}
    for record in records.results:
        number, when = record.text("VISITNUM"), date_in(record.text("--DTC"))
        if number and when:
            found[number] = max(when, found.get(number, when))
    judged = {
        record.text("VISITNUM"): record
        for record in records.responses
        if record.text("--TESTCD") == "OVRLRESP"
    }
    for number, record in judged.items():
        when = days.get(number) or date_in(record.text("--DTC"))
        if number not in found and when:
            found[number] = when
    if days and found and min(found, key=lambda number: found[number]) in judged:
        first = min(days, key=lambda number: days[number])  # a baseline without any lesion
        found.setdefault(first, days[first])
    return (Visit(number, when) for number, when in found.items())


def _identified(records: ReadRecords) -> Iterator[Record]:
    for record in records.lesions:
        if record.text("--TESTCD") == "TUMIDENT" and record.text("--STRESC") in _ROLES:
            yield record


def _lesions(records: ReadRecords) -> Iterator[Lesion]:
    nodes = _measured_as_nodes(records.results)
    for record in {record.text("--LNKID"): record for record in _identified(records)}.values():
        link, organ = record.text("--LNKID"), organ_at(record.text("TULOC"))
        role = _ROLES[record.text("--STRESC")]
        yield Lesion(link, role, organ=organ, node=organ == NODE_ORGAN or link in nodes)


def _measured_as_nodes(results: Iterable[Record]) -> set[str]:
    """Return lesions with a short axis and no long one, and those with the state of a node."""
    tests: dict[str, set[str]] = {}
    for record in results:
        tests.setdefault(whole_link(record), set()).add(record.text("--TESTCD"))
    return {
        link
        for link, used in tests.items()
        if "LNSTATE" in used or ("LPERP" in used and "LDIAM" not in used)
    }


def _added(records: ReadRecords) -> Iterator[tuple[str, str]]:
    return ((r.text("--LNKID"), r.text("VISITNUM")) for r in _identified(records))


def whole_link(record: Record) -> str:
    """Return the link of the lesion a record is of: of fragment R1-T04.1 it is R1-T04."""
    return record.text("--LNKID").partition(".")[0]


def _observations(
    records: ReadRecords, known: Mapping[str, Lesion], visits: Iterable[Visit]
) -> tuple[Said, Said]:
    whole: Said = {}
    viable: Said = {}
    days = {visit.identifier: visit.date for visit in visits}
    for record in records.results:
        lesion = known.get(whole_link(record))
        if lesion is None:
            continue
        said = _said(record, lesion)
        if said is None:
            continue
        at = record.text("VISITNUM"), lesion.identifier
        into = viable if record.text("--TESTCD") == VIABLE else whole
        before = into.get(at)
        if "." in record.text("--LNKID"):
            pieces = before.diameters if before else ()
            into[at] = Observation(Status.SPLIT, (*pieces, *said.diameters))
        elif before is None:
            when = date_in(record.text("--DTC"))
            date = when if when != days.get(at[0]) else None
            into[at] = Observation(said.status, said.diameters, into=said.into, date=date)
    _carry_merged(whole)
    _carry_merged(viable)
    return whole, viable


def _carry_merged(said: Said) -> None:
    """Let each merged target be carried by one that has a diameter at the visit (R-16).

    By which one does not change a sum; where none has, the mass has no value.
    """
    merged = [at for at, one in said.items() if one.status is Status.MERGED]
    for visit, lesion in merged:
        into = next((name for (at, name), one in said.items() if at == visit and one.diameters), "")
        said[visit, lesion] = replace(said[visit, lesion], into=into)


def _said(record: Record, lesion: Lesion) -> Observation | None:
    """Return what a record says of a lesion, ``None`` where it only adds the other axis."""
    test, result = record.text("--TESTCD"), record.text("--STRESC")
    sized = test in LENGTHS
    if sized and lesion.role is Role.TARGET and not is_main(record, lesion):
        return None
    if record.text("--STAT"):
        return Observation(Status.NOT_EVALUABLE, reason=record.text("--REASND"))
    if lesion.role is not Role.TARGET:
        status = _STATES.get((lesion.role, result))
        return Observation(status) if status else None
    if record.text("--ORRES") == TOO_SMALL:
        return Observation(Status.TOO_SMALL)
    if result == WITHOUT_SIZE:
        return Observation(Status.MERGED)
    length = record.amount("--STRESN")
    return (
        Observation(Status.MEASURED, (tenths_of(length),)) if sized and length is not None else None
    )


def tenths_of(length: Decimal) -> int:
    """Return millimetres as whole tenths."""
    return from_raw(length) if length >= 0 else -from_raw(-length)
