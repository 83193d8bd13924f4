"""Frozen transfers of as many made-up patients as wanted, built as values without a record.

Each patient has two reads of eight visits: five targets (one a node) drawn on made-up images, two
non-targets, and in every third patient a new lesion. Lengths differ from patient to patient.
"""

import datetime as dt
import math
import random
from collections.abc import Iterator
from dataclasses import replace

from napari_recist.criteria import (
    Axis,
    Caliper,
    Charter,
    Event,
    Fact,
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    Status,
    StatusStated,
    VisitOpened,
    VisitSigned,
    assess_read,
    from_raw,
    replay,
)
from napari_recist.criteria.charter import TransferSettings, TrialSettings
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer
from napari_recist.trial import ChainHead, ScheduledVisit

VISITS = 8
FROZEN_AT = dt.datetime(2026, 3, 7, 4, 5, 6, tzinfo=dt.UTC)
BASELINE = dt.date(2024, 1, 8)
CHARTER = replace(
    Charter(),
    trial=TrialSettings(id="NRC-BENCH"),
    transfer=TransferSettings(vendor="Core Lab", countries=(("001", "DEU"),)),
)
ORGANS = ("liver", "liver", "lung", "adrenal")
TARGETS = (
    *(Lesion(f"T{n}", Role.TARGET, organ) for n, organ in enumerate(ORGANS, start=1)),
    Lesion("T5", Role.TARGET, "lymph node", "retroperitoneal", node=True),
)
NON_TARGETS = (Lesion("NT1", Role.NON_TARGET, "peritoneum"), Lesion("NT2", Role.NON_TARGET, "bone"))
NEW = Lesion("N1", Role.NEW, "brain")


def made_up_transfer(patients: int) -> Transfer:
    """Return a transfer of so many patients; the same again for the same number."""
    return Transfer(
        number=1,
        frozen_at=FROZEN_AT,
        frozen_by="Ada",
        comment="",
        anchor=ChainHead(patients * 1000, "00" * 32),
        trial_uid="2.25.1",
        charter=CHARTER,
        charter_hashes=("00" * 32,),
        software="0",
        true_dates=True,
        patients=tuple(map(_patient, range(1, patients + 1))),
    )


def visits_of(subject: str) -> tuple[ScheduledVisit, ...]:
    """Return baseline and a visit every eight weeks."""
    weeks = (8 * number for number in range(VISITS))
    return tuple(
        ScheduledVisit(
            subject, "BL" if not week else f"W{week}", week, BASELINE + dt.timedelta(weeks=week), ()
        )
        for week in weeks
    )


def facts_at(subject: str, visit: ScheduledVisit, chance: random.Random) -> Iterator[Fact]:
    """Yield what a reader says at a visit."""
    first = not visit.week
    yield VisitOpened(visit.visit, visit.date)
    for place, lesion in enumerate(TARGETS):
        if first:
            yield LesionAdded(visit.visit, lesion)
        drawn = _caliper(subject, visit, place, 16 + 10 * place + 4 * chance.random())
        axis = drawn.short_axis if lesion.node and drawn.short_axis else drawn.long_axis
        yield LesionMeasured(visit.visit, lesion.identifier, from_raw(axis.raw_mm), drawn)
    for lesion in NON_TARGETS:
        if first:
            yield LesionAdded(visit.visit, lesion)
        else:
            yield StatusStated(visit.visit, lesion.identifier, Status.PRESENT)
    if visit.week == 8 * (VISITS - 1) and int(subject[-4:]) % 3 == 0:
        yield LesionAdded(visit.visit, NEW)
        yield StatusStated(visit.visit, NEW.identifier, Status.UNEQUIVOCAL)


def subject_of(number: int) -> str:
    """Return the code of a patient."""
    return f"NRC-001-{number:04}"


def _patient(number: int) -> FrozenPatient:
    subject = subject_of(number)
    visits = visits_of(subject)
    return FrozenPatient(
        subject=subject,
        site="001",
        visits=visits,
        reads=tuple(_read(subject, visits, reader) for reader in (1, 2)),
        ended=True,
        adjudication=None,
        reference_date=BASELINE + dt.timedelta(days=3),
    )


def _read(subject: str, visits: tuple[ScheduledVisit, ...], reader: int) -> FrozenRead:
    chance = random.Random(f"{subject} {reader}")
    stated = {visit.visit: list(facts_at(subject, visit, chance)) for visit in visits}
    unsigned = _events(subject, reader, [fact for facts in stated.values() for fact in facts])
    for shown in assess_read(replay(unsigned), CHARTER).visits:
        stated[shown.visit].append(_signature(shown.visit, shown.overall or "", reader))
    events = _events(subject, reader, [fact for facts in stated.values() for fact in facts])
    read = replay(events)
    return FrozenRead(
        reader=f"Reader {reader}",
        evaluator=f"RADIOLOGIST {reader}",
        accepted=reader == 1,
        events=events,
        read=read,
        assessment=assess_read(read, CHARTER),
        charter=CHARTER,
    )


def _events(subject: str, reader: int, facts: list[Fact]) -> tuple[Event, ...]:
    name = f"Reader {reader}"
    return tuple(
        Event(number, FROZEN_AT, subject, name, fact, name)
        for number, fact in enumerate(facts, start=1)
    )


def _signature(visit: str, response: str, reader: int) -> VisitSigned:
    digest = "00" * 32
    return VisitSigned(visit, f"Reader {reader}", "", response, digest, digest, digest, "0")


def _caliper(subject: str, visit: ScheduledVisit, place: int, raw_mm: float) -> Caliper:
    start = (10.0 * place, -80.0, 2.5 * place)
    image = f"2.25.{int(subject[-4:])}{visit.week:03}{place}"
    return Caliper(
        long_axis=_axis(start, (0.6, 0.8), raw_mm * 1.4 if place == len(ORGANS) else raw_mm),
        short_axis=_axis(start, (-0.8, 0.6), raw_mm if place == len(ORGANS) else raw_mm * 0.7),
        series_uid=f"{image}.1",
        sop_instance_uid=f"{image}.2",
        frame=1,
        frame_of_reference_uid=f"{image}.3",
        passport="green",
    )


def _axis(start: tuple[float, float, float], way: tuple[float, float], length: float) -> Axis:
    end = (start[0] + way[0] * length, start[1] + way[1] * length, start[2])
    return Axis(start, end, round(math.dist(start, end), 6))
