"""A read stated as the script of the sample trial says, without a window: what others build on."""

import numpy as np

from napari_recist.criteria import Lesion, Role, Status
from napari_recist.phantom import ReadingTruth, Statement, SubjectTruth, VisitTruth
from napari_recist.reading import ReadingSession

MEANING = "I have read the images myself, blinded, and this is my assessment."
Point = tuple[float, float, float]


def dictate(
    session: ReadingSession, subject: SubjectTruth, reading: ReadingTruth, password: str
) -> None:
    """State and sign a whole read: true diameters, and what the script says of the rest.

    Parameters
    ----------
    session : ReadingSession
        A session at baseline, of a patient nothing is said of yet.
    subject : SubjectTruth
        The patient, with the true place of every lesion.
    reading : ReadingTruth
        What this reader says.
    password : str
        The reader's password.
    """
    for visit in reading.visits:
        session.open_visit(visit.label)
        for said in visit.statements:
            _state(session, subject.visit(visit.label), said)
        session.sign_visit(password, MEANING)


def _state(session: ReadingSession, visit: VisitTruth, said: Statement) -> None:
    listed = {lesion.identifier for lesion in session.read.lesions}
    if said.lesion not in listed:
        session.list_lesion(
            Lesion("", said.role, said.organ, said.site, said.node, said.porta_hepatis)
        )
        if said.role is not Role.TARGET:
            session.locate_lesion(said.lesion, _place(session, visit, said))
    if said.status is Status.MEASURED:
        lesion = visit.lesion(said.truth[0])
        axes = (_index(session, line) for line in (lesion.long_axis, lesion.short_axis))
        long_axis, short_axis = axes
        session.draw_caliper(said.lesion, long_axis, short_axis, pixels_per_mm=6.0)
    elif said.role is not Role.NON_TARGET or not session.at_baseline:
        session.state_status(said.lesion, said.status, said.reason)


def _place(session: ReadingSession, visit: VisitTruth, said: Statement) -> Point:
    """Return where a lesion lies; one that has no one place is pointed at in the middle."""
    if said.truth:
        start, end = _index(session, visit.lesion(said.truth[0]).long_axis)
        middle = (np.array(start) + np.array(end)) / 2
        return _point(middle)
    shape = session.volume(session.visit).voxels.shape
    return _point(np.array([shape[0] // 2, shape[1] / 2, shape[2] / 2]))


def _index(session: ReadingSession, line: tuple[Point, Point]) -> tuple[Point, Point]:
    """Return a line of the patient (mm, LPS) as indices of the current visit's volume."""
    geometry = session.volume(session.visit).geometry
    if geometry is None:
        raise AssertionError("the sample trial has a trustworthy geometry throughout")
    start, end = geometry.to_index(np.array(line))
    return _point(start), _point(end)


def _point(index: np.ndarray) -> Point:
    place, row, column = index.tolist()
    return float(place), float(row), float(column)
