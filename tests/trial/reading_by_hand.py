"""Reads without images: a target's diameter stated and signed visit by visit."""

from collections.abc import Sequence

from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    Status,
    StatusStated,
    VisitOpened,
    assess_read,
    replay,
)
from napari_recist.trial import Trial
from tests.trial.conftest import PASSWORD


def read_visit(seat: Trial, subject: str, visit: str, millimetres: int, new: str = "") -> None:
    """Open a visit, state T1 (and a new lesion), and sign."""
    (scheduled,) = (one for one in seat.visits(subject) if one.visit == visit)
    seat.append(subject, VisitOpened(visit, scheduled.date))
    if visit == "BL":
        seat.append(subject, LesionAdded(visit, Lesion("T1", Role.TARGET, "liver")))
    seat.append(subject, LesionMeasured(visit, "T1", millimetres * 10))
    if new:
        seat.append(subject, LesionAdded(visit, Lesion(new, Role.NEW, "lung")))
        seat.append(subject, StatusStated(visit, new, Status.UNEQUIVOCAL))
    sign(seat, subject, visit)


def sign(seat: Trial, subject: str, visit: str) -> None:
    """Sign a visit as it was stated."""
    events = seat.events(subject, seat.actor)
    read = replay(events)
    assessed = assess_read(read, seat.charter_of(events).charter).visit(visit)
    seat.sign(read, assessed, password=PASSWORD, meaning="I read this visit")


def read_through(seat: Trial, subject: str, millimetres: Sequence[int], new_at: str = "") -> None:
    """Read and sign baseline, week 8, week 16 ... with these diameters."""
    for number, length in enumerate(millimetres):
        visit = f"W{8 * number}" if number else "BL"
        read_visit(seat, subject, visit, length, "N1" if visit == new_at else "")
