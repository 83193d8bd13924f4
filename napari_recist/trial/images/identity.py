"""Whose images these are, and their true dates: for those who may see identity."""

import dataclasses
import datetime as dt
from typing import Any, TypeVar

from napari_recist.criteria import Event
from napari_recist.trial.record.trial_facts import IdentityRegistered
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial

FactT = TypeVar("FactT")


def register_identity(trial: Trial, subject: str, patient_id: str, shift_days: int) -> None:
    """Record who a coded subject is, and by how many days its dates are shifted, once.

    Images that came with the code as their PatientID tell nothing new of a subject known already.
    """
    fact = IdentityRegistered(patient_id, shift_days)
    known = [identity for code, identity in trial.stated(IdentityRegistered) if code == subject]
    if fact not in known and not (known and patient_id == subject):
        trial.state(Action.IMPORT_IMAGES, subject, fact)


def shifts_of(trial: Trial) -> dict[str, int]:
    """Return by how many days the dates of each subject are shifted; one not named has true dates.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not see identity.
    """
    trial.require(Action.SEE_IDENTITY)
    return {
        subject: fact.shift_days
        for subject, fact in trial.stated(IdentityRegistered)
        if isinstance(fact, IdentityRegistered)
    }


def with_true_dates(events: tuple[Event, ...], shift_days: int) -> tuple[Event, ...]:
    """Return what a reader stated with the dates as they are; the record keeps the shifted ones."""
    if not shift_days:
        return events
    back = dt.timedelta(days=-shift_days)
    return tuple(dataclasses.replace(event, fact=_moved(event.fact, back)) for event in events)


def _moved(fact: FactT, by: dt.timedelta) -> FactT:
    """Move the dates a fact states, at whatever depth; moments of recording are none of them."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(fact):  # type: ignore[arg-type] # every fact is a dataclass
        value = getattr(fact, field.name)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            changes[field.name] = value + by
        elif dataclasses.is_dataclass(value):
            changes[field.name] = _moved(value, by)
    return dataclasses.replace(fact, **changes) if changes else fact  # type: ignore[type-var]
