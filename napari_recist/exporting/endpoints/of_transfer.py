"""The analyses of a frozen transfer: of the accepted reads, and of each evaluator's."""

from collections.abc import Iterator

from napari_recist.exporting.endpoints.analysis import ACCEPTED, Analysis
from napari_recist.exporting.endpoints.follow_ups import follow_up_of
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer
from napari_recist.statistics.courses import Course, course_of
from napari_recist.statistics.trajectories import Trajectory, trajectory_of


def analyses_of_transfer(transfer: Transfer) -> tuple[Analysis, ...]:
    """Return the analysis that counts first, then one for each evaluator.

    Raises
    ------
    ExportError
        If clinical dates are wrong.
    """
    evaluators = sorted(
        {read.evaluator for patient in transfer.patients for read in patient.reads},
        key=lambda name: (not name.startswith("RADIOLOGIST"), name),
    )
    return tuple(_analysis(transfer, whose) for whose in (ACCEPTED, *evaluators))


def _analysis(transfer: Transfer, whose: str) -> Analysis:
    found = tuple(_courses(transfer, whose))
    analysed = {course.subject for course, _ in found}
    left_out = tuple(p.subject for p in transfer.patients if p.subject not in analysed)
    courses = tuple(course for course, _ in found)
    trajectories = tuple(trajectory for _, trajectory in found)
    return Analysis(whose, transfer.charter, courses, left_out, trajectories)


def _courses(transfer: Transfer, whose: str) -> Iterator[tuple[Course, Trajectory]]:
    for patient in transfer.patients:
        read = _read(patient, whose)
        if read is not None:
            known = follow_up_of(patient.subject, patient.clinical)
            course = course_of(read.assessment, known, read.charter)
            yield course, trajectory_of(read.assessment, course, read.charter)


def _read(patient: FrozenPatient, whose: str) -> FrozenRead | None:
    if whose == ACCEPTED:
        return patient.accepted
    return next((read for read in patient.reads if read.evaluator == whose), None)
