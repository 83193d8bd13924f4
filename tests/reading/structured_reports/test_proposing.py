"""Lines drawn elsewhere are laid before their reader: beside the read, until accepted by hand."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from napari_recist.criteria import (
    LesionMeasured,
    MeasurementProposed,
    Proposal,
    Provenance,
    Role,
    assess_read,
)
from napari_recist.errors import (
    AccessRefusedError,
    LockedError,
    ReadError,
    ReportError,
    UnmeasurableError,
)
from napari_recist.imaging import Series
from napari_recist.imaging.deidentify import key_from
from napari_recist.imaging.deidentify.key import KEY_VARIABLE
from napari_recist.reading import ReadingSession, import_images
from napari_recist.reading.proposals import meant_lesion, waiting
from napari_recist.reading.structured_reports.proposing import ReportIntake
from napari_recist.trial import Trial, TrialRole
from napari_recist.trial.reads.signing import closed_part, content_hash
from tests.reading.conftest import BASELINE, LONG, SHORT, read_baseline
from tests.reading.structured_reports.reports import (
    CANARY,
    LENGTH,
    Group,
    Line,
    corner,
    headers,
    write_as_ohif,
    write_report,
)
from tests.reading.structured_reports.reports import LONG as LONG_AXIS
from tests.reading.structured_reports.reports import SHORT as SHORT_AXIS
from tests.reading.tiny_ct import write_ct
from tests.trial.conftest import PASSWORD, seated

STORED_MM = 1e-4
SIGNED = "I read this visit"


def points(axis: tuple[tuple[float, float, float], ...]) -> list[tuple[float, float]]:
    """Return an axis of ours as (column, row) of a report."""
    return [corner((row, column)) for _slice, row, column in axis]


def bidirectional(image: Dataset, label: str = "T01") -> Group:
    """Return LONG and SHORT of the tiny scan as a report has them: 30 and 16 mm."""
    lines = (
        Line(LONG_AXIS, points(LONG), 30.0, image),
        Line(SHORT_AXIS, points(SHORT), 16.0, image),
    )
    return Group(lines, label)


def length(image: Dataset, label: str = "T01") -> Group:
    """Return LONG alone."""
    return Group((Line(LENGTH, points(LONG), 30.0, image),), label)


@pytest.fixture
def report(tmp_path: Path, baseline: list[Dataset]) -> Path:
    """Return a report of one lesion T01 at baseline."""
    return write_report(tmp_path / "sr.dcm", [bidirectional(baseline[1])], baseline)


@pytest.fixture
def proposed(session: ReadingSession, report: Path) -> ReadingSession:
    """Return anna's session at baseline, begun after a report was imported."""
    ReportIntake(session.trial).take(report)
    return ReadingSession(session.trial, "P1")


def only(session: ReadingSession) -> Proposal:
    """Return the one proposal that waits."""
    (proposal,) = waiting(session)
    return proposal


def test_a_line_waits_beside_the_read(proposed: ReadingSession, tmp_path: Path) -> None:
    """End-points, source, lesion and organ are there; nothing of the report's text or persons."""
    proposal = only(proposed)
    caliper = proposal.caliper
    geometry = proposed.volume("BL").geometry
    assert geometry is not None

    ends = (caliper.long_axis.start, caliper.long_axis.end)
    assert np.allclose(ends, geometry.to_patient(np.array(LONG)), atol=STORED_MM)
    assert (proposal.lesion, proposal.proposed.organ) == ("T1", "liver")
    assert proposal.proposed.source.startswith("SR 1.2.826.")
    assert proposal.proposed.source.endswith(" of highdicom")
    for file in tmp_path.glob("trial.db*"):
        assert CANARY.encode() not in file.read_bytes()
        assert b"Canary" not in file.read_bytes()


def test_a_proposal_counts_for_nothing(proposed: ReadingSession) -> None:
    """Assessment, work list, what is signed and what is closed are those of the read without it."""
    read = proposed.read
    without = replace(read, proposals=())

    assert read.proposals
    assert read.lesions == ()
    assert assess_read(read, proposed.charter) == assess_read(without, proposed.charter)
    assessment = proposed.assessment.visit("BL")
    assert content_hash(read, assessment) == content_hash(without, assessment)
    assert closed_part(read) == closed_part(without)
    assert proposed.unfinished() == ()


def test_a_visit_signs_and_verifies_with_a_proposal_left_open(
    proposed: ReadingSession, trial: Trial
) -> None:
    """What nobody answered is in no signature, and waits no longer at a signed visit."""
    read_baseline(proposed)

    assert proposed.locked
    assert waiting(proposed) == ()
    with pytest.raises(ReadError):
        proposed.dismiss_proposal(proposed.read.proposals[0].number)
    assert trial.verify().count > 0


def test_accepting_is_the_readers_own_measurement(proposed: ReadingSession) -> None:
    """The same caliper to the bit, said to be proposed, with the number of what was proposed."""
    proposal = only(proposed)
    proposed.add_lesion(Role.TARGET, "liver")

    proposed.accept_proposal(proposal.number, "T1")

    said = proposed.read.observation("BL", "T1")
    assert said is not None
    assert said.diameters == (300,)
    assert said.calipers == (proposal.caliper,)
    assert proposal.caliper.provenance is Provenance.PROPOSED
    fact = proposed.events[-1].fact
    assert isinstance(fact, LesionMeasured)
    assert fact.proposal == proposal.number
    assert waiting(proposed) == ()


def test_undo_brings_a_proposal_back(proposed: ReadingSession) -> None:
    """An acceptance or a dismissal that is undone leaves the proposal open; redo closes it."""
    proposal = only(proposed)
    proposed.add_lesion(Role.TARGET, "liver")
    proposed.accept_proposal(proposal.number, "T1")

    proposed.undo()
    assert only(proposed) == proposal
    assert proposed.read.observation("BL", "T1") is None
    proposed.redo()
    assert waiting(proposed) == ()
    proposed.undo()

    proposed.dismiss_proposal(proposal.number)
    assert waiting(proposed) == ()
    with pytest.raises(ReadError, match="answered already"):
        proposed.accept_proposal(proposal.number, "T1")
    proposed.undo()
    assert only(proposed) == proposal


def test_an_import_is_not_what_undo_takes_back(proposed: ReadingSession) -> None:
    """Undo takes back a gesture of the reader, never what was laid before them."""
    assert not proposed.can_undo
    proposed.add_lesion(Role.TARGET, "liver")

    assert proposed.undo()
    assert not proposed.undo()
    assert only(proposed)


def test_a_corrected_proposal_is_edited(proposed: ReadingSession) -> None:
    """The reader's end-points count, and the record says that they were proposed and changed."""
    proposal = only(proposed)
    proposed.add_lesion(Role.TARGET, "liver")
    longer = ((1.0, 20.0, 10.0), (1.0, 20.0, 62.0))

    proposed.correct_proposal(proposal.number, "T1", longer, SHORT, 4.0)

    said = proposed.read.observation("BL", "T1")
    assert said is not None
    assert said.diameters == (312,)
    assert said.calipers[0] is not None
    assert said.calipers[0].provenance is Provenance.EDITED
    assert waiting(proposed) == ()


def test_a_node_counts_by_its_short_axis(
    session: ReadingSession, tmp_path: Path, baseline: list[Dataset]
) -> None:
    """Of a node the proposed short axis counts; a proposal without one is not accepted as it is."""
    groups = [bidirectional(baseline[1], "T01"), length(baseline[2], "T02")]
    ReportIntake(session.trial).take(write_report(tmp_path / "sr.dcm", groups, baseline))
    session = ReadingSession(session.trial, "P1")
    first, second = waiting(session)
    for _ in range(2):
        session.add_lesion(Role.TARGET, "lymph node", node=True)

    session.accept_proposal(first.number, "T1")
    said = session.read.observation("BL", "T1")
    assert said is not None
    assert said.diameters == (160,)
    with pytest.raises(UnmeasurableError, match="short axis"):
        session.accept_proposal(second.number, "T2")
    assert waiting(session) == (second,)


def test_only_a_target_takes_a_proposal(proposed: ReadingSession) -> None:
    """A non-target is not measured, and a proposal for it is refused in words."""
    proposed.add_lesion(Role.NON_TARGET, "liver")

    with pytest.raises(ReadError, match="only targets are measured"):
        proposed.accept_proposal(only(proposed).number, "NT1")


def test_a_proposal_is_meant_for_what_it_names_else_for_what_is_chosen(
    proposed: ReadingSession,
) -> None:
    """T01 is for T1 once that is listed; without a name it is for the chosen unmeasured one."""
    proposal = only(proposed)
    nameless = replace(proposal, proposed=replace(proposal.proposed, lesion=""))
    assert meant_lesion(proposed.read, proposal, "") == ""
    proposed.add_lesion(Role.TARGET, "liver")
    proposed.add_lesion(Role.TARGET, "lung")

    assert meant_lesion(proposed.read, proposal, "T2") == "T1"
    assert meant_lesion(proposed.read, nameless, "T2") == "T2"
    proposed.draw_caliper("T2", LONG, SHORT)
    assert meant_lesion(proposed.read, nameless, "T2") == ""


def test_the_same_report_again_proposes_nothing(proposed: ReadingSession, report: Path) -> None:
    """Importing twice, also after the proposal was dismissed, changes nothing."""
    proposed.dismiss_proposal(only(proposed).number)

    again = ReportIntake(proposed.trial).take(report)

    assert again.proposed == ()
    assert [one.reason for one in again.left_out] == ["it was proposed before"]


def test_each_line_goes_to_the_visit_of_its_image(
    at_week_8: ReadingSession, tmp_path: Path, series: tuple[Series, ...]
) -> None:
    """One report of three visits: the signed one and the one not open yet get nothing."""
    images = [headers(one) for one in series]
    groups = [length(of_visit[1], "T01") for of_visit in images]
    file = write_report(tmp_path / "sr.dcm", groups, [one for some in images for one in some])

    taken = ReportIntake(at_week_8.trial).take(file)

    assert [(one.visit, one.lesion) for one in taken.proposed] == [("W8", "T1")]
    reasons = {one.what: one.reason for one in taken.left_out}
    assert "signed" in reasons["measurement 1 (T1)"]
    assert "no visit that is open" in reasons["measurement 3 (T1)"]


def test_a_report_of_other_images_or_another_patient_is_refused(
    session: ReadingSession, tmp_path: Path, baseline: list[Dataset]
) -> None:
    """A report on a stranger's images, and one whose name and images do not fit, by its file."""
    write_ct(tmp_path / "stranger", "P1", BASELINE)
    strangers = [pydicom.dcmread(file) for file in sorted((tmp_path / "stranger").glob("*"))]
    foreign = write_report(tmp_path / "foreign.dcm", [length(strangers[1])], strangers)
    mixed = write_report(tmp_path / "mixed.dcm", [length(baseline[1])], baseline)
    renamed = pydicom.dcmread(mixed)
    renamed.PatientID = "P2"
    renamed.save_as(mixed)
    elsewhere = write_report(tmp_path / "study.dcm", [length(baseline[1])], baseline)
    restudied = pydicom.dcmread(elsewhere)
    restudied.StudyInstanceUID = "1.2.3"
    del restudied.CurrentRequestedProcedureEvidenceSequence
    restudied.save_as(elsewhere)
    intake = ReportIntake(session.trial)
    before = len(session.trial.events("P1", "anna"))

    with pytest.raises(ReportError, match=r"foreign\.dcm: its images are not a patient"):
        intake.take(foreign)
    with pytest.raises(ReportError, match=r"mixed\.dcm: it names another patient") as refused:
        intake.take(mixed)
    assert "P2" not in str(refused.value)
    assert "another study" in intake.take(elsewhere).left_out[0].reason
    with pytest.raises(ReportError, match="P9's"):
        ReportIntake(session.trial, "P9").take(elsewhere)
    assert len(session.trial.events("P1", "anna")) == before


def test_a_charter_may_keep_proposals_from_readers(
    new_trial: Callable[[str], Trial], scans: Path, report: Path
) -> None:
    """[blinding] proposals = false: a central reader is independent of what a site measured."""
    trial = new_trial('[trial]\nid = "HCC-1"\n[blinding]\nproposals = false\n')
    import_images(trial, scans)

    with pytest.raises(ReadError, match="keeps measurements drawn elsewhere"):
        ReportIntake(seated(trial, "anna", "P1")).take(report)


def test_only_a_reader_imports_into_a_read(trial: Trial, report: Path) -> None:
    """Neither the owner of the file nor a reader without the patient can propose anything."""
    trial.admit("boris", TrialRole.READER, PASSWORD)

    with pytest.raises(AccessRefusedError):
        ReportIntake(trial)
    with pytest.raises(ReportError, match="not a patient of boris"):
        ReportIntake(trial.sign_in("boris", PASSWORD)).take(report)


def test_no_proposal_goes_behind_a_signature(at_week_8: ReadingSession) -> None:
    """The record itself refuses a proposal at a signed visit and at one that is not open."""
    caliper = at_week_8.read.observations["BL", "T1"].calipers[0]
    assert caliper is not None
    proposed = replace(caliper, provenance=Provenance.PROPOSED)

    for visit in ("BL", "W16"):
        with pytest.raises(LockedError):
            at_week_8.trial.append("P1", MeasurementProposed(visit, "T1", proposed, "SR 1.2 of x"))


def test_a_report_on_the_originals_is_found_by_the_key(
    new_trial: Callable[[str], Trial], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn before the images were coded, it is led to the coded ones; no original UID is kept."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    write_ct(tmp_path / "site", "HCC-7", dt.date(2025, 1, 6))
    originals = [pydicom.dcmread(file) for file in sorted((tmp_path / "site").glob("*"))]
    file = write_report(tmp_path / "sr.dcm", [bidirectional(originals[1])], originals)
    trial = new_trial('[trial]\nid = "HCC-1"\n[deidentification]\nsubject_code = "HCC-[0-9]+"\n')
    import_images(trial, tmp_path / "site")
    anna = seated(trial, "anna", "HCC-7")

    with pytest.raises(ReportError, match="name the key"):
        ReportIntake(anna).take(file)
    (one,) = ReportIntake(anna, key=key_from(tmp_path / "trial.key")).take(file).proposed

    session = ReadingSession(anna, "HCC-7")
    source = only(session).proposed.source
    assert str(pydicom.dcmread(file).SOPInstanceUID) not in source
    assert source.startswith("SR 2.25.")
    geometry = session.volume("BL").geometry
    assert geometry is not None
    ends = (one.caliper.long_axis.start, one.caliper.long_axis.end)
    assert np.allclose(ends, geometry.to_patient(np.array(LONG)), atol=STORED_MM)


@pytest.mark.parametrize("tool", ["Length", "Bidirectional"])
def test_what_ohif_drew_lies_where_it_was_drawn(
    ohif_judge: Path,
    new_trial: Callable[[str], Trial],
    tmp_path: Path,
    shared_data: Path,
    tool: str,
) -> None:
    """On a real CT: end-points given to OHIF's library come back within its stored precision."""
    folder = shared_data / "dicom" / "ct_abdomen_kits_arterial"
    trial = new_trial('[trial]\nid = "HCC-1"\n')
    import_images(trial, folder)
    anna = seated(trial, "anna", *trial.subjects())
    (subject,) = anna.subjects()
    session = ReadingSession(anna, subject)
    volume = session.volume(session.visit)
    assert volume.geometry is not None
    index = [(9, 211.3, 140.9), (9, 255.75, 187.25)]
    start, end = volume.geometry.to_patient(np.array(index))
    middle, along = (start + end) / 2, (end - start) / 2
    across = np.cross(volume.geometry.normal, along) * 0.6
    drawn = [start, end, middle - across, middle + across][: 4 if tool != "Length" else 2]
    image = volume.series.slices[9].file

    file = write_as_ohif(ohif_judge, image, tmp_path / "sr.dcm", tool, drawn)
    (one,) = ReportIntake(anna).take(file).proposed

    caliper = one.caliper
    axes = (caliper.long_axis, caliper.short_axis)[: len(drawn) // 2]
    found = [point for axis in axes if axis is not None for point in (axis.start, axis.end)]
    assert np.abs(np.array(found) - np.array(drawn)).max() < STORED_MM
    assert one.told == ()
    assert one.lesion == "T2"
    assert math.isclose(caliper.long_axis.raw_mm, float(np.linalg.norm(end - start)), abs_tol=1e-4)
