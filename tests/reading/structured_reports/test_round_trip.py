"""Our own reports, imported into a fresh reader's read: the same lesions, to the last decimal."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest

from napari_recist.criteria import Axis, Read, Role, assess_read
from napari_recist.exporting.dicom.export import export_sr
from napari_recist.reading import ReadingSession, import_images
from napari_recist.reading.caliper_facts import IndexAxis
from napari_recist.reading.proposals import named_by, waiting
from napari_recist.reading.structured_reports.parsing import read_report
from napari_recist.reading.structured_reports.proposing import ReportIntake
from napari_recist.trial import Trial, freeze
from tests.reading.conftest import BASELINE
from tests.reading.tiny_ct import COLUMNS, ROWS, SLICES, write_ct
from tests.trial.conftest import PASSWORD, seated

STORED_MM = 1e-4
SIGNED = "I read this visit"
TARGETS = 5
VISITS = ("BL", "W8")


def drawn(chance: np.random.Generator, spacing: tuple[float, float]) -> tuple[IndexAxis, IndexAxis]:
    """Return a long axis anywhere on a slice, and a short one across its middle."""
    place = float(chance.integers(SLICES))
    middle = np.array([ROWS, COLUMNS]) / 2 + chance.uniform(-8, 8, 2)
    angle, reach = chance.uniform(0, np.pi), chance.uniform(4, 11)
    along = np.array([np.sin(angle), np.cos(angle)]) * reach / spacing
    across = np.array([np.cos(angle), -np.sin(angle)]) * chance.uniform(0.3, 0.9) * reach / spacing

    def line(step: np.ndarray) -> IndexAxis:  # type: ignore[type-arg]
        (top, left), (bottom, right) = middle - step, middle + step
        return (place, float(top), float(left)), (place, float(bottom), float(right))

    return line(along), line(across)


def read_by_hand(trial: Trial, spacing: tuple[float, float]) -> Read:
    """Have anna draw five targets at both visits, the last of them a node, one of them split."""
    chance = np.random.default_rng(7)
    session = ReadingSession(seated(trial, "anna", "P1"), "P1")
    for number in range(TARGETS):
        node = number == TARGETS - 1
        session.add_lesion(Role.TARGET, "lymph node" if node else "liver", node=node)
    for visit in VISITS:
        session.open_visit(visit)
        for number in range(1, TARGETS + 1):
            pieces = (1, 2) if (visit, number) == ("W8", 2) else (0,)
            for piece in pieces:
                session.draw_caliper(f"T{number}", *drawn(chance, spacing), 4.0, piece)
        session.sign_visit(PASSWORD, SIGNED)
    return session.read


def accept_all(trial: Trial, folder: Path) -> ReadingSession:
    """Have boris list the same lesions, and accept what the reports propose, visit by visit."""
    seat = seated(trial, "boris", "P1")
    for visit in VISITS:
        taken = ReportIntake(seat).take(folder / f"P1_{visit}_RADIOLOGIST-1.dcm")
        assert [one.told for one in taken.proposed] == [()] * len(taken.proposed)
        assert taken.left_out == ()
        session = ReadingSession(seat, "P1")
        session.open_visit(visit)
        for proposal in waiting(session):
            lesion, _fragment = named_by(proposal)
            if session.at_baseline:
                organ = proposal.proposed.organ
                session.add_lesion(Role.TARGET, organ, node=organ == "lymph node")
            session.accept_proposal(proposal.number, lesion)
        session.sign_visit(PASSWORD, SIGNED)
    return session


def axes(read: Read) -> list[Axis]:
    """Return every axis of a read, in one order."""
    calipers = [one for key in sorted(read.observations) for one in read.observations[key].calipers]
    found = [(one.long_axis, one.short_axis) for one in calipers if one is not None]
    return [axis for pair in found for axis in pair if axis is not None]


@pytest.mark.parametrize("spacing", [(0.7, 0.7), (0.8, 0.6)], ids=["square", "not square"])
def test_a_signed_read_comes_back_as_it_was(
    new_trial: Callable[[str], Trial], tmp_path: Path, spacing: tuple[float, float]
) -> None:
    """Freeze, export sr, import sr, accept: equal diameters, sums and responses, end-points kept.

    On square pixels lines stand on images (SCOORD), on others in space (SCOORD3D).
    """
    for week in (0, 8):
        write_ct(tmp_path / f"week{week}", "P1", BASELINE + dt.timedelta(weeks=week))
        for file in (tmp_path / f"week{week}").iterdir():
            image = pydicom.dcmread(file)
            image.PixelSpacing = list(spacing)
            image.save_as(file)
    trial = new_trial('[trial]\nid = "HCC-1"\n')
    for week in (0, 8):
        import_images(trial, tmp_path / f"week{week}")
    before = read_by_hand(trial, spacing)
    freeze(trial)
    export_sr(trial, tmp_path / "out")

    session = accept_all(trial, tmp_path / "out")

    after = session.read
    assert read_report(tmp_path / "out" / "P1_BL_RADIOLOGIST-1.dcm").program == "napari-recist"
    assert {key: said.diameters for key, said in after.observations.items()} == {
        key: said.diameters for key, said in before.observations.items()
    }
    ends = [np.array([(one.start, one.end) for one in axes(read)]) for read in (before, after)]
    assert ends[0].shape == ends[1].shape == (2 * (2 * TARGETS + 1), 2, 3)
    assert np.abs(ends[0] - ends[1]).max() < STORED_MM
    judged = [(one.visit, one.sum, one.overall) for one in session.assessment.visits]
    assert judged == [
        (one.visit, one.sum, one.overall) for one in assess_read(before, session.charter).visits
    ]
    assert judged[1][2] is not None
    assert after.proposals == ()
