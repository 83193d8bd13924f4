"""The sample patient, read by two on coded images: all that was signed is in the reports, once."""

import datetime as dt
import math
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from napari_recist.criteria import Caliper, from_raw, show
from napari_recist.exporting.dicom.export import export_sr
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.reading.structured_reports.images import TrialImages
from napari_recist.reading.structured_reports.parsing import read_report
from napari_recist.reading.structured_reports.placing import placed
from napari_recist.trial import SeriesEntry, Trial, freeze, shifts_of
from tests.exporting.dicom.judges import dciodvfy, hydrated, hydrated_by_older
from tests.exporting.dicom.reports import groups, measured, report, said
from tests.two_reads import ADJUDICATOR, FIRST, SECOND, SUBJECT, trial_of_two

ROUNDED_MM = 0.05 + 0.015
"""A signed value is rounded to a tenth; the judge prints its points with two decimals."""

POINTS_MM = 1e-3
"""Coordinates are stored in single precision."""


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """Return the trial of one patient and two readers, frozen."""
    with trial_of_two(tmp_path) as trial:
        freeze(trial)
        yield trial


@pytest.fixture
def reports(trial: Trial, tmp_path: Path) -> dict[tuple[str, str], Path]:
    """Return the reports by visit and evaluator."""
    export_sr(trial, tmp_path / "out")
    found = {}
    for file in (tmp_path / "out").glob("*.dcm"):
        _subject, visit, evaluator = file.stem.split("_")
        found[visit, evaluator.replace("-", " ")] = file
    return found


def signed(transfer: Transfer) -> Counter[tuple[str, str, str, str]]:
    """Return every signed diameter: visit, evaluator, lesion, mm."""
    return Counter(
        (visit, read.evaluator, lesion, show(diameter))
        for patient in transfer.patients
        for read in patient.reads
        for (visit, lesion), told in read.read.observations.items()
        for diameter in told.diameters
    )


def test_every_signed_diameter_is_there_once(
    trial: Trial, reports: dict[tuple[str, str], Path]
) -> None:
    """The values that count in the reports are those that were signed, each once, and no other.

    A node's counts by its short axis, any other lesion's by its long one.
    """
    transfer = frozen_transfer(trial)
    nodes = {
        lesion.identifier for lesion in transfer.patients[0].reads[0].read.lesions if lesion.node
    }
    found: Counter[tuple[str, str, str, str]] = Counter()
    for (visit, evaluator), file in reports.items():
        for label, group in groups(report(file.read_bytes())).items():
            counting = "Short Axis" if label in nodes else "Long Axis"
            found.update(
                (visit, evaluator, label, one.value)
                for one in measured(group)
                if one.name == counting
            )

    assert found == signed(transfer)
    assert len(found) == 16
    assert len(reports) == 8


def test_readers_and_lesions_have_tracking_uids_of_their_own(
    reports: dict[tuple[str, str], Path],
) -> None:
    """A lesion has one UID over all visits; no two lesions or readers share one."""
    uids: dict[tuple[str, str], set[str]] = {}
    for (_visit, evaluator), file in reports.items():
        for label, group in groups(report(file.read_bytes())).items():
            uids.setdefault((evaluator, label), set()).add(
                said(group, "Tracking Unique Identifier")
            )

    assert {len(of_lesion) for of_lesion in uids.values()} == {1}
    assert len(set.union(*uids.values())) == len(uids) == 5


def test_reports_live_with_the_coded_images(
    trial: Trial, reports: dict[tuple[str, str], Path]
) -> None:
    """Study, patient and shifted date are those of the coded images; the true dates are nowhere."""
    shift = dt.timedelta(days=shifts_of(trial)[SUBJECT])
    for visit in trial.visits(SUBJECT):
        image = report(visit.series[0].paths[0].read_bytes())
        true_date = f"{visit.date - shift:%Y%m%d}".encode()
        for evaluator in ("RADIOLOGIST 1", "RADIOLOGIST 2"):
            content = reports[visit.visit, evaluator].read_bytes()
            document = report(content)
            for name in ("StudyInstanceUID", "StudyDate", "PatientID", "PatientIdentityRemoved"):
                assert document[name].value == image[name].value
            assert true_date not in content
            assert document.ClinicalTrialProtocolID == "NRC-HCC-201"


def test_no_report_names_a_reader(reports: dict[tuple[str, str], Path]) -> None:
    """No part of any reader's or adjudicator's name is in a report."""
    words = f"{FIRST} {SECOND} {ADJUDICATOR}".split()

    for file in reports.values():
        assert not [word for word in words if word.encode() in file.read_bytes()]
        assert dciodvfy(file) == []


def test_ohif_old_and_new_draw_what_was_signed(
    trial: Trial, reports: dict[tuple[str, str], Path], ohif_judge: Path, tmp_path: Path
) -> None:
    """A visit with two targets and a new lesion: both libraries draw the targets, pass the other.

    Lengths measured again by OHIF from its own points are the signed ones but for their rounding.
    """
    (week_24,) = (visit for visit in trial.visits(SUBJECT) if visit.visit == "W24")
    (tmp_path / "images").mkdir()
    for file in week_24.series[0].paths:
        shutil.copy(file, tmp_path / "images")
    file = reports["W24", "RADIOLOGIST 2"]
    drawn = hydrated(ohif_judge, file, tmp_path / "images")
    values = {
        label: [float(one.value) for one in measured(group)]
        for label, group in groups(report(file.read_bytes())).items()
    }

    assert set(values) == {"T1", "T2", "N1"}
    assert hydrated_by_older(ohif_judge, file, tmp_path / "images") == {"Bidirectional": 2}
    assert [one["label"] for one in drawn] == ["T1", "T2"]
    for one in drawn:
        points = one["pts"]
        lengths = [math.dist(*points[:2]), math.dist(*points[2:])]
        assert lengths == pytest.approx(values[one["label"]], abs=ROUNDED_MM)


def test_read_back_each_caliper_gives_the_same_event(
    trial: Trial, reports: dict[tuple[str, str], Path]
) -> None:
    """Imported again, each line lies on its image at its points and rounds to the signed value.

    So the event that would be recorded is the one that was: same lesion, image, frame and tenths.
    """
    images = TrialImages(trial.visits(SUBJECT), None)
    series: dict[str, SeriesEntry] = {one.visit: one.series[0] for one in trial.visits(SUBJECT)}
    reads = {read.evaluator: read.read for read in frozen_transfer(trial).patients[0].reads}
    tried = 0
    for (visit, evaluator), file in reports.items():
        for measurement in read_report(file).measurements:
            image, caliper, told = placed(measurement, images, series.__getitem__)
            original = reads[evaluator].observation(visit, measurement.lesion)
            assert original is not None
            (drawn,) = original.calipers
            assert drawn is not None
            assert (image.visit.visit, told) == (visit, ())
            _refuse_other(caliper, drawn)
            node = reads[evaluator].lesion(measurement.lesion).node
            counting = caliper.short_axis if node else caliper.long_axis
            assert counting is not None
            assert (from_raw(counting.raw_mm),) == original.diameters
            tried += 1

    assert tried == 16


def _refuse_other(found: Caliper, drawn: Caliper) -> None:
    assert (found.sop_instance_uid, found.frame) == (drawn.sop_instance_uid, drawn.frame)
    for one, other in ((found.long_axis, drawn.long_axis), (found.short_axis, drawn.short_axis)):
        assert one is not None
        assert other is not None
        assert one.start == pytest.approx(other.start, abs=POINTS_MM)
        assert one.end == pytest.approx(other.end, abs=POINTS_MM)
        assert from_raw(one.raw_mm) == from_raw(other.raw_mm)
