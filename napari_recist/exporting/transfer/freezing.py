"""From a trial to its frozen transfer: the record up to the freeze, and nothing later."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from napari_recist import __version__
from napari_recist.criteria import Charter, StoredDates, assess_read, replay
from napari_recist.errors import ExportError
from napari_recist.exporting.lesions_csv import signed_part
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer
from napari_recist.trial import (
    Action,
    ReadKey,
    ScheduledVisit,
    Trial,
    accepted_reader,
    shifts_of,
    with_true_dates,
)
from napari_recist.trial.reads.adjudication import standing
from napari_recist.trial.reads.clinical import Items, clinical_data, whole_day
from napari_recist.trial.reads.clinical_items import TREATMENT_START
from napari_recist.trial.record.trial_facts import (
    AdjudicatorAssigned,
    CaseAdjudicated,
    ClinicalDataGiven,
    FollowUpEnded,
    ReadAssigned,
)
from napari_recist.trial.staff.access import may_see
from napari_recist.trial.transfers import transfer_numbered


def frozen_transfer(trial: Trial, number: int | None = None) -> Transfer:
    """Return a transfer of a trial as it was frozen, the latest where no number is given.

    Dates are the true ones for a person who may see identity; for another they stay shifted,
    patient by patient.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not export.
    RecordError
        If there is no such transfer.
    ExportError
        If a date among the clinical data is none.
    """
    trial.require(Action.EXPORT)
    frozen = transfer_numbered(trial, number)
    past = trial.as_of(frozen.anchor.sequence)
    told = _Told.of(past)
    begun: dict[str, list[str]] = {}
    for subject, reader in past.reads():
        begun.setdefault(subject, []).append(reader)
    patients = (_patient(past, subject, begun[subject], told) for subject in sorted(begun))
    return Transfer(
        number=frozen.number,
        frozen_at=frozen.frozen_at.astimezone(dt.UTC),
        frozen_by=frozen.frozen_by,
        comment=frozen.comment,
        anchor=frozen.anchor,
        trial_uid=past.uid,
        charter=past.charter,
        charter_hashes=tuple(version.charter_hash for version in past.charters),
        software=__version__,
        true_dates=told.true_dates,
        patients=tuple(patient for patient in patients if patient.reads),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What whoever exports may be told: shifts of dates, and when treatment began."""

    true_dates: bool
    shifts: Mapping[str, int]
    treatment_starts: Mapping[str, dt.date]
    clinical: Mapping[str, Items]

    @classmethod
    def of(cls, trial: Trial) -> "_Told":
        sees = trial.may(Action.SEE_IDENTITY)
        shifted = any(_shifts_dates(version.charter) for version in trial.charters)
        given = clinical_data(trial) if may_see(trial.person, ClinicalDataGiven) else {}
        starts = {
            subject: _date(subject, value)
            for subject, items in given.items()
            for item, value in items
            if item == TREATMENT_START
        }
        return cls(sees or not shifted, shifts_of(trial) if sees else {}, starts, given)


def _shifts_dates(charter: Charter) -> bool:
    settings = charter.deidentification
    return settings.on_import and settings.dates is StoredDates.SHIFTED


def _date(subject: str, value: str) -> dt.date:
    day = whole_day(value)
    if day is None:
        raise ExportError(
            f"Nothing was exported: {TREATMENT_START} of {subject} is {value!r}, which is no date.",
            "Give the clinical data again (YYYY-MM-DD), then freeze a new transfer.",
        )
    return day


def _patient(trial: Trial, subject: str, readers: list[str], told: _Told) -> FrozenPatient:
    shift = told.shifts.get(subject, 0)
    accepted = accepted_reader(trial, subject)
    found = (
        _read(trial, ReadKey(subject, reader), evaluator, shift, accepted=reader == accepted)
        for evaluator, reader in _evaluators(trial, subject, readers)
    )
    reads = tuple(read for read in found if read.read.visits)
    return FrozenPatient(
        subject=subject,
        site=site_of(subject, trial.charter),
        visits=tuple(_dated(visit, shift) for visit in trial.visits(subject)),
        reads=reads,
        ended=bool(trial.stated(FollowUpEnded, subject=subject)),
        adjudication=standing(trial, subject),
        reference_date=told.treatment_starts.get(subject),
        adjudicated_at=_adjudicated_at(trial, subject),
        clinical=told.clinical.get(subject, ()),
    )


def _adjudicated_at(trial: Trial, subject: str) -> dt.datetime | None:
    if standing(trial, subject) is None:
        return None
    moments = [at for of, _, at in trial.stated_when(CaseAdjudicated) if of == subject]
    return moments[-1].astimezone(dt.UTC)


def site_of(subject: str, charter: Charter) -> str:
    """Return the site in a coded subject, "" where the charter's ``subject_code`` names none."""
    found = re.fullmatch(charter.deidentification.subject_code, subject)
    return (found.groupdict().get("site") or "") if found else ""


def _dated(visit: ScheduledVisit, shift: int) -> ScheduledVisit:
    return replace(visit, date=visit.date - dt.timedelta(days=shift))


def _read(trial: Trial, key: ReadKey, evaluator: str, shift: int, *, accepted: bool) -> FrozenRead:
    stated = trial.events(*key)
    events = with_true_dates(stated, shift)
    charter = trial.charter_of(stated).charter
    read = signed_part(replay(events))
    return FrozenRead(
        reader=key.reader,
        evaluator=evaluator,
        accepted=accepted,
        events=events,
        read=read,
        assessment=assess_read(read, charter),
        charter=charter,
    )


def _evaluators(trial: Trial, subject: str, readers: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what each person who read a patient is called, and the person.

    Whoever was ever assigned keeps the number of then, also once withdrawn: a transfer never gives
    a read the name under which an earlier one gave another's.
    """
    read: dict[str, None] = {}
    adjudicated: dict[str, None] = {}
    for _, fact in trial.stated(ReadAssigned, AdjudicatorAssigned, subject=subject):
        match fact:
            case ReadAssigned(reader):
                read[reader] = None
            case AdjudicatorAssigned(adjudicator):
                adjudicated[adjudicator] = None
    read.update(dict.fromkeys(reader for reader in readers if reader not in adjudicated))
    for word, people in (("RADIOLOGIST", read), ("ADJUDICATOR", adjudicated)):
        for number, person in enumerate(people, start=1):
            if person in readers:
                yield f"{word} {number}", person
