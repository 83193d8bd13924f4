"""A trial of made-up patients, read by two, frozen as transfer 1: for the tests of every export.

Nothing is drawn on images: calipers lie on slices that exist by their UIDs only. Tests in this
folder have the fixtures ``frozen_trial``, ``shifted_trial`` and ``transfer``; elsewhere import them
with ``built_trial``, ``built_shifted`` and ``quick_passwords``. What the patients show:

========  ===========================================================================
AGREEING  targets with a node, non-targets, too small, absent; two readers who agree
SETTLED   a new lesion that one reader saw; adjudicated to the read without it
PIECES    split, merged, not evaluable with a code, an argued response
MISSED    week 8 was missed; a non-target that progressed
OWN       adjudicated to the adjudicator's own read
WAITING   the readers differ and nobody has settled it yet
OPEN      still in follow-up; one visit signed by one reader, the next begun
UNREAD    images without a read: in no transfer
========  ===========================================================================
"""

import datetime as dt
import hashlib
import math
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pytest
from argon2 import PasswordHasher

from napari_recist.criteria import (
    Axis,
    Caliper,
    ImagePlace,
    Lesion,
    LesionAdded,
    LesionLocated,
    LesionMeasured,
    Nature,
    Response,
    Role,
    Status,
    StatusStated,
    TargetResponseArgued,
    VisitOpened,
    WhyNotEvaluable,
    assess_read,
    from_raw,
    replay,
)
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.phantom import sample_charter
from napari_recist.trial import (
    AdjudicationReason,
    Choice,
    ScheduledVisit,
    SeriesEntry,
    Trial,
    TrialRole,
    Verdict,
    adjudicate,
    assign,
    assign_adjudicator,
    create_trial,
    end_follow_up,
    freeze,
    open_trial,
    opening,
    register,
    register_identity,
)
from napari_recist.trial.reads.cases import order_on_table
from napari_recist.trial.reads.clinical import give_clinical_data
from napari_recist.trial.reads.clinical_items import TREATMENT_START
from napari_recist.trial.staff import passwords
from tests.trial.conftest import PASSWORD, quick_passwords

__all__ = [
    "built_shifted",
    "built_trial",
    "frozen_trial",
    "quick_passwords",
    "shifted_trial",
    "transfer",
]

FIRST, SECOND, ADJUDICATOR = "Carla Ferrier", "Odd Lindqvist", "Ines Navarro"
"""Readers 1 and 2 and who settles: names that stand in no export but CSV."""
ADMINISTRATOR, MONITOR = "Ada Keller", "Mona Weiss"

AGREEING, SETTLED, PIECES = "NRC-001-0001", "NRC-001-0002", "NRC-001-0003"
MISSED, OWN, WAITING = "NRC-002-0001", "NRC-002-0002", "NRC-003-0001"
OPEN, UNREAD = "NRC-003-0002", "NRC-003-0003"
SUBJECTS = (AGREEING, SETTLED, PIECES, MISSED, OWN, WAITING, OPEN)
"""The patients of the transfer, as it holds them."""

BASELINE = dt.date(2025, 1, 6)
"""Of the first patient; each next one came four days later."""

PATIENT_ID = "Hospital 4711"
"""What the site calls its patients, with the code after it: in no export."""

T1 = Lesion("T1", Role.TARGET, "liver", "S7")
T2 = Lesion("T2", Role.TARGET, "lymph node", "retroperitoneal", node=True)
T3 = Lesion("T3", Role.TARGET, "lung", "right lower lobe")
NT1 = Lesion("NT1", Role.NON_TARGET, "peritoneum", nature=Nature.ASCITES)
NT2 = Lesion("NT2", Role.NON_TARGET, "lymph node", "hepatic hilum", node=True)
N1 = Lesion("N1", Role.NEW, "bone", "L3")


@dataclass(frozen=True, slots=True)
class NotEvaluable:
    """Said of a lesion that cannot be judged."""

    code: WhyNotEvaluable
    words: str = ""


@dataclass(frozen=True, slots=True)
class MergedInto:
    """Said of a target that merged with another."""

    lesion: str


Said: TypeAlias = float | tuple[float, ...] | Status | NotEvaluable | MergedInto
"""A raw length in mm, one for each fragment, a status, or why there is none."""

VisitSaid: TypeAlias = Mapping[Lesion, Said]
Reading: TypeAlias = Mapping[str, VisitSaid]

PRESENT, ABSENT, TOO_SMALL = Status.PRESENT, Status.ABSENT, Status.TOO_SMALL

_AGREEING: Reading = {
    "BL": {T1: 31.24, T2: 18.05, T3: 12.96, NT1: PRESENT, NT2: PRESENT},
    "W8": {T1: 24.5, T2: 12.3, T3: TOO_SMALL, NT1: PRESENT, NT2: PRESENT},
    "W16": {T1: 17.75, T2: 9.4, T3: ABSENT, NT1: ABSENT, NT2: PRESENT},
    "W24": {T1: 17.2, T2: 9.1, T3: ABSENT, NT1: ABSENT, NT2: ABSENT},
}
_STABLE: Reading = {
    "BL": {T1: 40.0, NT1: PRESENT},
    "W8": {T1: 39.0, NT1: PRESENT},
    "W16": {T1: 38.5, NT1: PRESENT},
}
_WITH_NEW: Reading = {**_STABLE, "W16": {T1: 38.4, NT1: PRESENT, N1: Status.UNEQUIVOCAL}}
_EQUIVOCAL: Reading = {**_STABLE, "W16": {T1: 38.5, NT1: PRESENT, N1: Status.EQUIVOCAL}}
_PIECES: Reading = {
    "BL": {T1: 42.3, T2: 21.7, T3: 20.4},
    "W8": {T1: (18.2, 9.95), T2: 20.1, T3: 19.8},
    "W16": {T1: (17.9, 9.1), T2: NotEvaluable(WhyNotEvaluable.CONTRAST), T3: MergedInto("T1")},
    "W24": {
        T1: 17.0,
        T2: NotEvaluable(WhyNotEvaluable.OTHER, "stent over the node"),
        T3: MergedInto("T1"),
    },
}
_MISSED: Reading = {
    "BL": {T1: 25.5, NT1: PRESENT},
    "W16": {T1: 25.05, NT1: Status.PROGRESSED},
}
_GROWN: Reading = {**_STABLE, "W16": {T1: 52.6, NT1: PRESENT}}

READINGS: Mapping[str, tuple[Reading, ...]] = {
    AGREEING: (_AGREEING, {**_AGREEING, "W8": {**_AGREEING["W8"], T1: 24.1}}),
    SETTLED: (_STABLE, _WITH_NEW),
    PIECES: (_PIECES, _PIECES),
    MISSED: (_MISSED, _MISSED),
    OWN: (_STABLE, _WITH_NEW, _GROWN),
    WAITING: (_GROWN, _EQUIVOCAL),
    OPEN: ({"BL": _STABLE["BL"]},),
}
"""What reader 1, reader 2 and, where there is one, the adjudicator say of each patient."""

VISITS: Mapping[str, tuple[str, ...]] = {
    AGREEING: ("BL", "W8", "W16", "W24"),
    SETTLED: ("BL", "W8", "W16"),
    PIECES: ("BL", "W8", "W16", "W24"),
    MISSED: ("BL", "W16"),
    OWN: ("BL", "W8", "W16"),
    WAITING: ("BL", "W8", "W16"),
    OPEN: ("BL", "W8"),
    UNREAD: ("BL",),
}
ARGUED = TargetResponseArgued("W16", Response.SD, "the node is seen on the arterial series")


def week_of(visit: str) -> int:
    """Return the week that a visit's label names."""
    return 0 if visit == "BL" else int(visit.removeprefix("W"))


def true_date(subject: str, visit: str) -> dt.date:
    """Return the day on which a visit's images were taken."""
    days = 4 * tuple(VISITS).index(subject)
    return BASELINE + dt.timedelta(days=days, weeks=week_of(visit))


def uid(*of: object) -> str:
    """Return a DICOM UID that is always the same for the same thing."""
    digest = hashlib.sha256(" ".join(map(str, of)).encode()).hexdigest()
    return f"2.25.{int(digest[:24], 16)}"


def build(folder: Path, shift_days: int = 0) -> Trial:
    """Return the trial, read, settled and frozen once, as its owner; dates on record shifted.

    Each patient's shift is one day more than the one before, as shifts differ in life.
    """
    charter = folder / "charter.toml"
    text = sample_charter().replace("adjudicator_reads = false", "adjudicator_reads = true")
    charter.write_text(text, encoding="utf-8")
    trial = create_trial(str(folder / "trial.db"), charter)
    for number, subject in enumerate(VISITS):
        _register(trial, subject, shift_days + number if shift_days else 0)
    people = {FIRST: TrialRole.READER, SECOND: TrialRole.READER}
    people |= {ADJUDICATOR: TrialRole.ADJUDICATOR, MONITOR: TrialRole.MONITOR}
    people |= {ADMINISTRATOR: TrialRole.ADMINISTRATOR}
    for name, role in people.items():
        trial.admit(name, role, PASSWORD)
    for subject in SUBJECTS:
        for reader in (FIRST, SECOND):
            assign(trial, subject, reader)
        assign_adjudicator(trial, subject, ADJUDICATOR)
    _read(trial)
    _settle(trial)
    freeze(trial, "interim analysis")
    return trial


def _register(trial: Trial, subject: str, shift_days: int) -> None:
    register_identity(trial, subject, f"{PATIENT_ID} {subject}", shift_days)
    shift = dt.timedelta(days=shift_days)
    for visit in VISITS[subject]:
        series = SeriesEntry(
            series_uid=uid(subject, visit), description="abdomen portal venous", modality="CT",
            phase="portal venous", files=(),
        )  # fmt: skip
        date = true_date(subject, visit) + shift
        register(trial, ScheduledVisit(subject, visit, week_of(visit), date, (series,)))
    if subject != OPEN:
        start = true_date(subject, "BL") + dt.timedelta(days=3)
        items = ((TREATMENT_START, start.isoformat()), ("ECOG", "1"))
        give_clinical_data(trial, {subject: items})


def _read(trial: Trial) -> None:
    for place, reader in enumerate((FIRST, SECOND)):
        seat = trial.sign_in(reader, PASSWORD)
        for subject in SUBJECTS:
            if place < len(READINGS[subject]):
                read_patient(seat, subject, READINGS[subject][place])
    seat = trial.sign_in(FIRST, PASSWORD)
    open_visit(seat, OPEN, "W8")
    state(seat, OPEN, "W8", {T1: 38.9})
    for subject in SUBJECTS:
        if subject != OPEN:
            end_follow_up(trial, subject, "end of treatment")


def _settle(trial: Trial) -> None:
    seat = trial.sign_in(ADJUDICATOR, PASSWORD)
    first = order_on_table(trial.uid, SETTLED, (FIRST, SECOND))[0] == FIRST
    choice = Choice.READ_A if first else Choice.READ_B
    reason = AdjudicationReason.NEW_LESION
    adjudicate(seat, SETTLED, Verdict(choice, reason, "degenerative, not malignant"), PASSWORD)
    read_patient(seat, OWN, READINGS[OWN][2])
    verdict = Verdict(Choice.OWN, AdjudicationReason.OTHER, "neither read measured the dome")
    adjudicate(seat, OWN, verdict, PASSWORD)


def read_patient(seat: Trial, subject: str, reading: Reading) -> None:
    """Read and sign these visits of a patient."""
    for visit, said in reading.items():
        open_visit(seat, subject, visit)
        state(seat, subject, visit, said)
        if subject == PIECES and visit == ARGUED.visit:
            seat.append(subject, ARGUED)
        sign(seat, subject, visit)


def open_visit(seat: Trial, subject: str, visit: str) -> None:
    """Open a visit on its series."""
    (scheduled,) = (one for one in seat.visits(subject) if one.visit == visit)
    seat.append(subject, VisitOpened(visit, scheduled.date, scheduled.series[0].series_uid))


def state(seat: Trial, subject: str, visit: str, said: VisitSaid) -> None:
    """List what is not on the list yet, and say all of a visit."""
    listed = {one.identifier for one in replay(seat.events(subject, seat.actor)).lesions}
    for lesion, one in said.items():
        if lesion.identifier not in listed:
            seat.append(subject, LesionAdded(visit, lesion))
            if lesion.role is not Role.TARGET:
                place = _place(subject, visit, lesion)
                seat.append(subject, LesionLocated(visit, lesion.identifier, place))
            if one is PRESENT:
                continue
        for fact in _facts(subject, visit, lesion, one):
            seat.append(subject, fact)


def _facts(
    subject: str, visit: str, lesion: Lesion, said: Said
) -> Sequence[LesionMeasured | StatusStated]:
    name = lesion.identifier
    match said:
        case Status():
            return [StatusStated(visit, name, said)]
        case NotEvaluable(code, words):
            return [StatusStated(visit, name, Status.NOT_EVALUABLE, words, code=code)]
        case MergedInto(other):
            return [StatusStated(visit, name, Status.MERGED, into=other)]
        case tuple():
            return [_measured(subject, visit, lesion, mm, n) for n, mm in enumerate(said, start=1)]
    return [_measured(subject, visit, lesion, said, 0)]


def _measured(
    subject: str, visit: str, lesion: Lesion, raw_mm: float, fragment: int
) -> LesionMeasured:
    drawn = caliper(subject, visit, lesion, raw_mm, fragment)
    axis = drawn.short_axis if lesion.node and drawn.short_axis else drawn.long_axis
    reported = from_raw(Decimal(repr(axis.raw_mm)))
    return LesionMeasured(visit, lesion.identifier, reported, drawn, fragment)


def caliper(subject: str, visit: str, lesion: Lesion, raw_mm: float, fragment: int = 0) -> Caliper:
    """Return a caliper of this length: of a node this is the short axis, the long one is longer."""
    height = -400.0 + 2.5 * slice_of(lesion)
    start = (-30.0 + 15 * fragment, -120.0, height)
    length = raw_mm * 1.4 if lesion.node else raw_mm
    crossing = raw_mm if lesion.node else raw_mm * 0.7
    return Caliper(
        long_axis=_axis(start, (0.6, 0.8), length),
        short_axis=_axis(start, (-0.8, 0.6), crossing),
        series_uid=uid(subject, visit),
        sop_instance_uid=sop_instance_uid(subject, visit, lesion),
        frame=1,
        frame_of_reference_uid=uid(subject, visit, "space"),
        passport="green",
        pixels_per_mm=6.0,
    )


def _axis(start: tuple[float, float, float], way: tuple[float, float], length: float) -> Axis:
    end = (start[0] + way[0] * length, start[1] + way[1] * length, start[2])
    return Axis(start, end, round(math.dist(start, end), 6))


def slice_of(lesion: Lesion) -> int:
    """Return the slice on which a lesion is always drawn."""
    return 10 + 3 * (T1, T2, T3, NT1, NT2, N1).index(lesion)


def sop_instance_uid(subject: str, visit: str, lesion: Lesion) -> str:
    """Return the UID of the image on which a lesion is drawn at a visit."""
    return uid(subject, visit, slice_of(lesion))


def _place(subject: str, visit: str, lesion: Lesion) -> ImagePlace:
    point = (12.0, -80.0, -400.0 + 2.5 * slice_of(lesion))
    sop = sop_instance_uid(subject, visit, lesion)
    space = uid(subject, visit, "space")
    return ImagePlace(uid(subject, visit), sop, 1, 240.0, 256.0, point, space)


def sign(seat: Trial, subject: str, visit: str) -> None:
    """Sign a visit as it was stated."""
    events = seat.events(subject, seat.actor)
    read = replay(events)
    assessed = assess_read(read, seat.charter_of(events).charter).visit(visit)
    seat.sign(read, assessed, password=PASSWORD, meaning="I read this visit")


def with_clinical(transfer: Transfer, *items: tuple[str, str]) -> Transfer:
    """Return the transfer with more clinical data of every patient."""
    patients = (replace(one, clinical=(*one.clinical, *items)) for one in transfer.patients)
    return replace(transfer, patients=tuple(patients))


@pytest.fixture(scope="session")
def built_trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the trial once; return its database, which each test gets a copy of."""
    return _built(tmp_path_factory.mktemp("frozen"), 0)


@pytest.fixture(scope="session")
def built_shifted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the trial once more with dates on record shifted by 100 days and more."""
    return _built(tmp_path_factory.mktemp("shifted"), 100)


def _built(folder: Path, shift_days: int) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        # By this the order of reads on the table is one of chance: here always the same.
        patch.setattr(opening.uuid, "uuid4", lambda: uuid.UUID(int=7, version=4))
        build(folder, shift_days).close()
    return folder / "trial.db"


def copied(built: Path, place: Path) -> Trial:
    """Return a copy of a built trial, open as its owner."""
    return open_trial(str(shutil.copy(built, place)))


@pytest.fixture
def frozen_trial(built_trial: Path, tmp_path: Path, quick_passwords: None) -> Iterator[Trial]:
    """Return the trial as its owner, with transfer 1 frozen; a copy of its own in ``tmp_path``."""
    with copied(built_trial, tmp_path / "trial.db") as trial:
        yield trial


@pytest.fixture
def shifted_trial(built_shifted: Path, tmp_path: Path, quick_passwords: None) -> Iterator[Trial]:
    """Return the same trial where the record holds shifted dates."""
    with copied(built_shifted, tmp_path / "shifted.db") as trial:
        yield trial


@pytest.fixture
def transfer(frozen_trial: Trial) -> Transfer:
    """Return transfer 1 of the trial, with true dates."""
    return frozen_transfer(frozen_trial)
