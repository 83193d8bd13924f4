"""Transfers of any reads that a reading room lets be signed, for properties."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hypothesis import strategies as st

from napari_recist.criteria import (
    Axis,
    Caliper,
    Lesion,
    Observation,
    Read,
    Response,
    Role,
    Status,
    TargetResponseArgued,
    Visit,
    VisitSigned,
    WhyNotEvaluable,
    assess_read,
)
from napari_recist.exporting.lesions_csv import until
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer
from napari_recist.trial import ChainHead, ScheduledVisit
from tests.exporting.gate.ground import CHARTER

FIRST_VISIT = dt.date(2026, 1, 5)
INTERVAL = dt.timedelta(weeks=8)

PLACES = (
    ("liver", "S2", False),
    ("liver", "S6", False),
    ("lymph node", "hepatic", True),
    ("lymph node", "iliac", True),
    ("lung", "right upper lobe", False),
    ("adrenal", "left", False),
    ("bone", "rib", False),
)
"""Organ, site, and whether a lesion there is a node: two at most in one organ."""

TENTHS = st.integers(1, 1200)


def drawn_with(tenths: int, sop: str, *, node: bool) -> Caliper:
    """Return a caliper whose counted axis has exactly these tenths of a millimetre."""
    counted = tenths / 10
    other = counted * 1.25 if node else counted * 0.75
    long, short = (other, counted) if node else (counted, other)
    return Caliper(
        Axis((0.0, 0.0, -50.0), (long, 0.0, -50.0), long),
        Axis((0.0, 0.0, -50.0), (0.0, short, -50.0), short),
        "1.2.3",
        sop,
        1,
        "1.2",
        "green",
    )


def measured(tenths: tuple[int, ...], sop: str, *, node: bool) -> Observation:
    """Return a measurement, of several lengths that of fragments."""
    status = Status.MEASURED if len(tenths) == 1 else Status.SPLIT
    return Observation(status, tenths, tuple(drawn_with(one, sop, node=node) for one in tenths))


@st.composite
def target_said(draw: st.DrawFn, lesion: Lesion, visit: str) -> Observation:
    """Draw what is said of a target after baseline, merging left out."""
    status = draw(
        st.sampled_from(
            [
                Status.MEASURED,
                Status.MEASURED,
                Status.MEASURED,
                Status.TOO_SMALL,
                Status.ABSENT,
                Status.NOT_EVALUABLE,
                Status.SPLIT,
            ]
        )
    )
    sop = f"1.2.3.{visit.removeprefix('W')}"
    if status is Status.MEASURED:
        return measured((draw(TENTHS),), sop, node=lesion.node)
    if status is Status.SPLIT:
        return measured((draw(TENTHS), draw(TENTHS)), sop, node=lesion.node)
    if status is Status.NOT_EVALUABLE:
        code = draw(st.sampled_from(WhyNotEvaluable))
        return Observation(status, reason=f"{code}", code=code)
    return Observation(status)


NONTARGET = st.sampled_from(
    [Status.PRESENT, Status.PRESENT, Status.ABSENT, Status.PROGRESSED, Status.NOT_EVALUABLE]
)
NEW = st.sampled_from([Status.EQUIVOCAL, Status.UNEQUIVOCAL])
NEW_BEFORE = st.sampled_from([Status.EQUIVOCAL, Status.UNEQUIVOCAL, Status.RESOLVED])


@st.composite
def reads(draw: st.DrawFn, evaluator: str, visits: tuple[str, ...]) -> FrozenRead:
    """Draw one signed read: up to five targets, two non-targets and two new lesions."""
    places = draw(st.permutations(PLACES))
    targets = tuple(
        Lesion(f"T{n}", Role.TARGET, organ, site, node=node)
        for n, (organ, site, node) in enumerate(places[: draw(st.integers(0, 5))], start=1)
    )
    others = tuple(
        Lesion(f"NT{n}", Role.NON_TARGET, organ, site, node=node)
        for n, (organ, site, node) in enumerate(places[: draw(st.integers(0, 2))], start=1)
    )
    first_seen = draw(st.lists(st.sampled_from(visits[1:]), max_size=2)) if visits[1:] else []
    news = tuple(
        (Lesion(f"N{n}", Role.NEW, *PLACES[0][:2]), visit)
        for n, visit in enumerate(first_seen, start=1)
    )
    said: dict[tuple[str, str], Observation] = {}
    for place, visit in enumerate(visits):
        for lesion in targets:
            if place == 0:
                size = draw(st.integers(100, 1200))
                said[visit, lesion.identifier] = measured((size,), "1.2.3.0", node=lesion.node)
            else:
                said[visit, lesion.identifier] = draw(target_said(lesion, visit))
        for lesion in others:
            if place:
                status = draw(NONTARGET)
                reason = "not imaged" if status is Status.NOT_EVALUABLE else ""
                said[visit, lesion.identifier] = Observation(status, reason=reason)
        for lesion, seen in news:
            if place >= visits.index(seen):
                status = draw(NEW if visit == seen else NEW_BEFORE)
                said[visit, lesion.identifier] = Observation(status)
    _merge(draw, said, targets, visits)
    argued = tuple(
        TargetResponseArgued(visit, draw(st.sampled_from([Response.PR, Response.SD])), "as before")
        for visit in visits[1:]
        if draw(st.integers(0, 3)) == 0
    )
    lesions = (*targets, *others, *(lesion for lesion, _ in news))
    added = {lesion.identifier: visits[0] for lesion in (*targets, *others)}
    added |= {lesion.identifier: seen for lesion, seen in news}
    return _frozen(evaluator, visits, lesions, said, added, argued=argued)


def _merge(
    draw: st.DrawFn,
    said: dict[tuple[str, str], Observation],
    targets: tuple[Lesion, ...],
    visits: tuple[str, ...],
) -> None:
    """Let the second target merge into the first from some visit on, where that is measured."""
    if len(targets) < 2 or not draw(st.booleans()):
        return
    start = draw(st.integers(1, len(visits)))
    for visit in visits[start:]:
        carrier = said[visit, targets[0].identifier]
        if carrier.status is Status.MEASURED:
            merged = Observation(Status.MERGED, into=targets[0].identifier)
            said[visit, targets[1].identifier] = merged


def _frozen(
    evaluator: str,
    visits: tuple[str, ...],
    lesions: tuple[Lesion, ...],
    said: Mapping[tuple[str, str], Observation],
    added: Mapping[str, str],
    *,
    argued: tuple[TargetResponseArgued, ...],
) -> FrozenRead:
    reader = f"person {evaluator[-1]}"
    days = {visit: FIRST_VISIT + place * INTERVAL for place, visit in enumerate(visits)}
    bare = Read(
        "NRC-001-0001",
        reader,
        tuple(Visit(visit, day) for visit, day in days.items()),
        lesions,
        MappingProxyType(dict(said)),
        MappingProxyType(dict(added)),
        argued=MappingProxyType({one.visit: one for one in argued}),
    )
    signed = tuple(_signed(bare, visit, reader) for visit in bare.visits)
    read = replace(bare, visits=signed)
    return FrozenRead(
        reader=reader,
        evaluator=evaluator,
        accepted=False,
        events=(),
        read=read,
        assessment=assess_read(read, CHARTER),
        charter=CHARTER,
    )


def _signed(read: Read, visit: Visit, reader: str) -> Visit:
    """Sign a visit with the response that was shown then, later visits being unknown."""
    then = assess_read(until(read, visit.date), CHARTER).visit(visit.identifier)
    response = str(then.overall or "")
    signature = VisitSigned(visit.identifier, reader, "", response, "hash", "c", "h", "1")
    return Visit(visit.identifier, visit.date, signature)


@st.composite
def transfers(draw: st.DrawFn) -> Transfer:
    """Draw a transfer of one patient, read by one or two."""
    visits = tuple(f"W{8 * place}" if place else "BL" for place in range(draw(st.integers(1, 4))))
    found = [draw(reads("RADIOLOGIST 1", visits))]
    if draw(st.booleans()):
        found.append(draw(reads("RADIOLOGIST 2", visits)))
    accepted = draw(st.sampled_from([None, *range(len(found))]))
    reads_told = tuple(
        replace(read, accepted=place == accepted) for place, read in enumerate(found)
    )
    patient = FrozenPatient(
        subject="NRC-001-0001",
        site="001",
        visits=tuple(
            ScheduledVisit("NRC-001-0001", visit, 8 * place, FIRST_VISIT + place * INTERVAL, ())
            for place, visit in enumerate(visits)
        ),
        reads=reads_told,
        ended=accepted is not None,
        adjudication=None,
        reference_date=draw(st.sampled_from([None, dt.date(2026, 1, 12)])),
    )
    return Transfer(
        number=1,
        frozen_at=dt.datetime(2027, 1, 4, tzinfo=dt.UTC),
        frozen_by="keeper",
        comment="",
        anchor=ChainHead(9, "h"),
        trial_uid="2.25.1",
        charter=CHARTER,
        charter_hashes=("c",),
        software="1",
        true_dates=True,
        patients=(patient,),
    )
