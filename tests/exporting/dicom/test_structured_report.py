"""A signed visit as a structured report: what it says, and that others read the same from it."""

from pathlib import Path
from typing import Any

import pytest

from napari_recist.criteria import Role, Status, WhyNotEvaluable
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom.export import export_sr
from napari_recist.reading import ReadingSession
from napari_recist.trial import Trial, freeze
from tests.exporting.dicom.judges import dciodvfy, dcmqi, dumped, hydrated, pixelmed
from tests.exporting.dicom.reports import groups, measured, report, said
from tests.reading.conftest import LONG, SHORT
from tests.trial.conftest import PASSWORD

BASELINE, WEEK_8 = "P1_BL_RADIOLOGIST-1.dcm", "P1_W8_RADIOLOGIST-1.dcm"


@pytest.fixture
def reports(trial: Trial, at_week_8: ReadingSession, tmp_path: Path) -> Path:
    """Return the folder of the reports of baseline and week 8: T1 gone, T2 measured, NT1 there."""
    at_week_8.state_status("T1", Status.ABSENT)
    at_week_8.draw_caliper("T2", LONG, SHORT)
    at_week_8.state_status("NT1", Status.PRESENT)
    at_week_8.sign_visit(PASSWORD, "I read this visit")
    freeze(trial)
    export_sr(trial, tmp_path / "out")
    return tmp_path / "out"


def test_each_visit_is_a_report(reports: Path) -> None:
    """File names tell subject, visit and evaluator; the folder has a manifest and differences."""
    assert sorted(file.name for file in reports.iterdir()) == [
        BASELINE,
        WEEK_8,
        "differences.csv",
        "manifest.json",
    ]


def test_nobody_is_named(reports: Path) -> None:
    """The reader's name, anna, is in no file: the observer is RADIOLOGIST 1."""
    assert not [file.name for file in reports.iterdir() if b"anna" in file.read_bytes()]
    document = report((reports / BASELINE).read_bytes())

    assert document.VerifyingObserverSequence[0].VerifyingObserverName == "RADIOLOGIST 1^"
    assert (document.PatientName, document.PatientID) == ("P1^", "P1")


def test_a_lesion_keeps_its_tracking_uid_over_visits(reports: Path) -> None:
    """T1, T2 and NT1 have three UIDs, the same at both visits."""
    uids = [
        {
            label: said(group, "Tracking Unique Identifier")
            for label, group in groups(report((reports / name).read_bytes())).items()
        }
        for name in (BASELINE, WEEK_8)
    ]

    assert uids[0] == uids[1]
    assert len(set(uids[0].values())) == 3


def test_what_a_group_says(reports: Path) -> None:
    """A target at baseline: its category, criteria, site with segment, both axes in signed mm."""
    group = groups(report((reports / BASELINE).read_bytes()))["T1"]

    assert said(group, "Tracking Identifier") == "Cornerstone3DTools@^0.1.0:Bidirectional:T1"
    assert said(group, "Finding category") == "Target Lesion at Baseline"
    assert said(group, "Measurement Method") == "RECIST 1.1"
    assert said(group, "Finding Site") == "Couinaud hepatic segment VII"
    assert said(group, "Time Point") == "BL"
    assert [(one.name, one.value) for one in measured(group)] == [
        ("Long Axis", "30.0"),
        ("Short Axis", "16.0"),
    ]


def test_a_lesion_that_is_not_measured_has_its_status(reports: Path) -> None:
    """At week 8, T1 is absent and NT1 present; neither has a measurement."""
    week_8 = groups(report((reports / WEEK_8).read_bytes()))

    assert {label: said(group, "Lesion status") for label, group in week_8.items()} == {
        "T1": "Absent",
        "T2": "",
        "NT1": "Present",
    }
    assert not measured(week_8["T1"])
    assert not measured(week_8["NT1"])


def test_the_same_transfer_gives_the_same_bytes(
    trial: Trial, reports: Path, tmp_path: Path
) -> None:
    """Exported again, each report is the same byte for byte; a second freeze changes none either.

    A visit that nobody signed anew is the same instance in every transfer.
    """
    before = {file.name: file.read_bytes() for file in reports.glob("*.dcm")}
    export_sr(trial, tmp_path / "again")
    freeze(trial, "the second")
    export_sr(trial, tmp_path / "second")

    for folder in ("again", "second"):
        written = {file.name: file.read_bytes() for file in (tmp_path / folder).glob("*.dcm")}
        assert written == before


def test_a_missing_image_stops_the_export(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """When an image is gone its file is named, and nothing is written."""
    freeze(trial)
    (visit,) = [one for one in trial.visits("P1") if one.visit == "BL"]
    place = visit.series[0].paths[1]
    kept = place.read_bytes()
    place.unlink()
    try:
        with pytest.raises(ExportError, match=f"{place.name}: No such file"):
            export_sr(trial, tmp_path / "out")
    finally:
        place.write_bytes(kept)

    assert not (tmp_path / "out").exists()


def test_every_status_is_told(trial: Trial, at_week_8: ReadingSession, tmp_path: Path) -> None:
    """Too small, split into fragments, not evaluable with its reason, new: each has its word."""
    at_week_8.draw_caliper("T1", LONG, SHORT, fragment=1)
    at_week_8.draw_caliper("T1", LONG, SHORT, fragment=2)
    at_week_8.state_status("T2", Status.TOO_SMALL)
    at_week_8.state_status("NT1", Status.NOT_EVALUABLE, code=WhyNotEvaluable.NOT_IMAGED)
    at_week_8.add_lesion(Role.NEW, "lung", "left lower lobe")
    at_week_8.state_status("N1", Status.UNEQUIVOCAL)
    at_week_8.locate_lesion("N1", (2.0, 12.0, 34.0))
    at_week_8.sign_visit(PASSWORD, "I read this visit")
    freeze(trial)
    export_sr(trial, tmp_path / "out")
    found = groups(report((tmp_path / "out" / WEEK_8).read_bytes()))

    assert {label: said(group, "Lesion status") for label, group in found.items()} == {
        "T1.1": "Tumor Split",
        "T1.2": "Tumor Split",
        "T2": "Too small to measure",
        "NT1": "Not Evaluable",
        "N1": "Unequivocal",
    }
    assert said(found["NT1"], "Reason") == "not imaged"
    assert said(found["N1"], "Finding category") == "Non-Lesion at Baseline"
    assert said(found["N1"], "Finding Site") == "Lower lobe of lung"
    assert said(found["T1.1"], "Tracking Identifier").endswith(":Bidirectional:T1.1")
    assert not dciodvfy(tmp_path / "out" / WEEK_8)


@pytest.mark.parametrize("name", [BASELINE, WEEK_8])
def test_dicom3tools_and_dcmtk_find_nothing_wrong(reports: Path, name: str) -> None:
    """By the definition of the object there is no error, and DCMTK prints the whole tree."""
    tree = dumped(reports / name)

    assert dciodvfy(reports / name) == []
    assert tree.count('"Measurement Group"') == 3
    assert '(103340004,SCT,"Short Axis")="16.0" (mm,UCUM,"millimeter")' in tree


def test_pixelmed_finds_the_templates_followed(reports: Path) -> None:
    """By the templates there is no error but one that is older than the standard.

    Its context group 7453 is of 2008, before DICOM had readers and adjudicators in it.
    """
    (outdated,) = pixelmed(reports / WEEK_8)

    assert 'Code (C28747,NCIt,"Reader") not found in context group 7453' in outdated


def test_dcmqi_reads_the_same(reports: Path, tmp_path: Path) -> None:
    """The reader of dcmqi finds the same millimetres, tracking UID and site."""
    document = dcmqi(reports / BASELINE, tmp_path / "read.json")
    ours = groups(report((reports / BASELINE).read_bytes()))

    assert document["observerContext"]["PersonObserverName"] == "RADIOLOGIST 1^"
    assert [_as_dcmqi_tells(group) for group in document["Measurements"]] == [
        (
            said(group, "Tracking Unique Identifier"),
            said(group, "Finding Site"),
            [(one.name, one.value) for one in measured(group)],
        )
        for group in ours.values()
    ]


def _as_dcmqi_tells(group: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    values = [(one["quantity"]["CodeMeaning"], one["value"]) for one in group["measurementItems"]]
    return group["TrackingUniqueIdentifier"], group["FindingSite"]["CodeMeaning"], values


def test_ohif_draws_the_lines_again(
    reports: Path, trial: Trial, ohif_judge: Path, tmp_path: Path
) -> None:
    """OHIF's adapters draw T1 and T2 with their labels, at the very points of the calipers."""
    visit = next(one for one in trial.visits("P1") if one.visit == "BL")
    drawn = hydrated(ohif_judge, reports / BASELINE, visit.series[0].paths[0].parent)

    assert [(one["tool"], one["label"]) for one in drawn] == [
        ("Bidirectional", "T1"),
        ("Bidirectional", "T2"),
    ]
    assert drawn[0]["pts"] == [[-14, -14, 105], [16, -14, 105], [-2, -22, 105], [-2, -6, 105]]
