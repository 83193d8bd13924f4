"""The sample trial read by script through the session: every response worked out by hand comes out.

The truth tables judge; voxels play no part, so the scans are stood in for by their geometry.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from napari_recist.criteria import Role, Status, parse_lesions
from napari_recist.exporting.csv_files import export_csv
from napari_recist.imaging import Geometry
from napari_recist.phantom import (
    ReadingTruth,
    Statement,
    SubjectTruth,
    VisitTruth,
    sample_charter,
    sample_trial,
)
from napari_recist.reading import ReadingSession
from napari_recist.reading.volumes import VolumeShelf
from napari_recist.trial import ScheduledVisit, SeriesEntry, Trial, TrialRole, freeze, register
from tests.trial.conftest import PASSWORD, seated

TRUTH = sample_trial()
READS = [(subject, reading) for subject in TRUTH.subjects for reading in subject.readings]

SPACING = 0.05
"""So fine that rounding a true end to a tenth of a pixel stays far below a tenth of a mm."""


def fine_geometry(visit: VisitTruth) -> Geometry:
    """Return a stack whose slices go through the lesions' centres."""
    depths = sorted({lesion.centre[2] for lesion in visit.lesions}) or [0.0]
    return Geometry(
        slice_origins=np.array([[-300.0, -300.0, depth] for depth in depths]),
        row_direction=np.array([1.0, 0.0, 0.0]),
        column_direction=np.array([0.0, 1.0, 0.0]),
        row_spacing=SPACING,
        column_spacing=SPACING,
        rows=12_000,
        columns=12_000,
        frame_of_reference_uid="1.2.3",
    )


@pytest.fixture
def sample(new_trial: Callable[[str], Trial], monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Return the sample trial without images: each volume is its geometry only."""
    trial = new_trial(sample_charter())
    truths = {}
    for subject in TRUTH.subjects:
        for visit in subject.visits:
            truths[subject.code, visit.label] = visit
            entry = SeriesEntry("1.2", "abdomen", "CT", "portal venous", ())
            register(
                trial, ScheduledVisit(subject.code, visit.label, visit.week, visit.date, (entry,))
            )
    for reader in {reading.reader for _, reading in READS}:
        trial.admit(reader, TrialRole.READER, PASSWORD)

    def volume(_shelf: object, visit: ScheduledVisit, *_asked: object) -> SimpleNamespace:
        geometry = fine_geometry(truths[visit.subject, visit.visit])
        slices = [SimpleNamespace(sop_instance_uid=f"1.2.{n}", frame=0) for n in range(999)]
        passport = SimpleNamespace(summary="green")
        series = SimpleNamespace(series_uid="1.2", slices=slices, passport=passport)
        return SimpleNamespace(geometry=geometry, series=series)

    monkeypatch.setattr(VolumeShelf, "volume", volume)
    return trial


def read_whole(trial: Trial, subject: SubjectTruth, reading: ReadingTruth) -> ReadingSession:
    """Read and sign every visit as the truth table says, checking each response on the way."""
    session = ReadingSession(seated(trial, reading.reader, subject.code), subject.code)
    for visit in reading.visits:
        session.open_visit(visit.label)
        for statement in visit.statements:
            state(session, subject.visit(visit.label), statement)
        got = session.assessment.visit(visit.label)
        expected = visit.expected
        assert got.sum == round(expected.sum_mm * 10), (subject.code, reading.reader, visit.label)
        assert (got.target or "", got.nontarget or "", got.overall or "") == (
            expected.target,
            expected.nontarget,
            expected.overall,
        )
        assert got.new_lesion is expected.new_lesion
        session.sign_visit(PASSWORD, "I read this visit")
    return session


def state(session: ReadingSession, truth: VisitTruth, said: Statement) -> None:
    """Say of one lesion what the script says."""
    if said.lesion not in {lesion.identifier for lesion in session.read.lesions}:
        added = session.add_lesion(said.role, said.organ, said.site, said.node, said.porta_hepatis)
        assert added.identifier == said.lesion
        if said.role is not Role.TARGET:
            session.locate_lesion(said.lesion, (0.0, 10.0, 10.0))
    if said.status is not Status.MEASURED:
        if session.visit != session.baseline or said.role is not Role.NON_TARGET:
            session.state_status(said.lesion, said.status, said.reason)
        return
    (name,) = said.truth
    lesion = truth.lesion(name)
    geometry = session.volume(session.visit).geometry
    assert geometry is not None
    long_axis, short_axis = (
        tuple(map(tuple, geometry.to_index(np.array(ends)).tolist()))
        for ends in (lesion.long_axis, lesion.short_axis)
    )
    session.draw_caliper(said.lesion, long_axis, short_axis)


@pytest.mark.parametrize(
    ("subject", "reading"), READS, ids=[f"{s.code}-{r.reader}" for s, r in READS]
)
def test_a_scripted_read_comes_to_the_expected_responses(
    sample: Trial, subject: SubjectTruth, reading: ReadingTruth
) -> None:
    """Every sum and response of the read, and its best response, are those worked out by hand."""
    best = read_whole(sample, subject, reading).assessment.best
    dates = {visit.label: visit.date for visit in subject.visits}

    assert best.best_response == reading.best_response
    assert best.best_response_date == dates.get(reading.best_visit)
    assert best.confirmed_best_response == reading.confirmed_best_response
    assert best.progression_date == dates.get(reading.progression_visit)


def test_the_whole_sample_trial_is_exported(sample: Trial, tmp_path: Path) -> None:
    """All reads signed, the record verifies and the tables hold every read and visit."""
    for subject, reading in READS:
        read_whole(sample, subject, reading)
    freeze(sample)
    files = {file.name: file for file in export_csv(sample, tmp_path / "out")}
    read_back = parse_lesions(files["LESIONS.csv"].read_bytes(), sample.charter)
    subjects = files["subjects.csv"].read_text(encoding="utf-8").splitlines()
    timepoints = files["timepoints.csv"].read_text(encoding="utf-8").splitlines()

    assert {(read.subject, read.reader) for read in read_back.reads} == {
        (subject.code, reading.reader) for subject, reading in READS
    }
    assert len(subjects) == 1 + len(READS)
    assert len(timepoints) == 1 + sum(len(reading.visits) for _, reading in READS)
