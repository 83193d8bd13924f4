"""Images into a trial: visits from dates, series by the charter, and nothing left out silently."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_recist.criteria import ScheduleSettings
from napari_recist.errors import NoImagesError
from napari_recist.reading import ReadingSession, import_images
from napari_recist.reading.schedule import PlannedVisit, planned_visit
from napari_recist.trial import Trial
from tests.reading.conftest import BASELINE
from tests.reading.tiny_ct import write_ct
from tests.trial.conftest import seated


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, PlannedVisit("BL", 0)),
        (7, PlannedVisit("BL", 0)),
        (-7, PlannedVisit("BL", 0)),
        (8, PlannedVisit("U1", 1)),
        (48, PlannedVisit("U7", 7)),
        (49, PlannedVisit("W8", 8)),
        (56, PlannedVisit("W8", 8)),
        (63, PlannedVisit("W8", 8)),
        (64, PlannedVisit("U9", 9)),
        (77, PlannedVisit("U11", 11)),
        (112, PlannedVisit("W16", 16)),
        (672, PlannedVisit("W96", 96)),
        (-8, None),
    ],
)
def test_a_date_names_its_visit(days: int, expected: PlannedVisit | None) -> None:
    """Eight-weekly visits take scans within seven days; others are named by their week (V-3)."""
    date = BASELINE + dt.timedelta(days=days)

    assert planned_visit(date, BASELINE, ScheduleSettings()) == expected


@given(st.integers(0, 2000), st.integers(1, 26), st.integers(0, 60))
def test_every_date_after_baseline_has_a_visit_near_it(
    days: int, interval: int, window: int
) -> None:
    """Whatever the schedule, a scheduled scan is inside its window, another within half a week."""
    schedule = ScheduleSettings(interval_weeks=interval, window_days=window)
    planned = planned_visit(BASELINE + dt.timedelta(days=days), BASELINE, schedule)

    assert planned is not None
    off = abs(days - 7 * planned.week)
    assert off <= (3 if planned.label.startswith("U") else window)


def test_visits_come_from_dates(trial: Trial) -> None:
    """Three scans eight weeks apart are BL, W8 and W16 of their patient."""
    assert trial.subjects() == ("P1",)
    assert [(v.visit, v.week, v.date) for v in trial.visits("P1")] == [
        ("BL", 0, BASELINE),
        ("W8", 8, BASELINE + dt.timedelta(weeks=8)),
        ("W16", 16, BASELINE + dt.timedelta(weeks=16)),
    ]


def test_importing_again_changes_nothing(trial: Trial, scans: Path) -> None:
    """The same folder imported twice leaves the record as it was."""
    before = trial.verify()
    import_images(trial, scans)

    assert trial.verify() == before


def test_the_charters_phase_is_proposed(new_trial: Callable[[str], Trial], tmp_path: Path) -> None:
    """Of two phases the charter's is proposed, unless it cannot be measured on."""
    arterial = write_ct(tmp_path / "a", "P1", BASELINE, phase="arterial")
    portal = write_ct(tmp_path / "p", "P1", BASELINE, phase="portal venous")
    late = BASELINE + dt.timedelta(weeks=8)
    late_arterial = write_ct(tmp_path / "la", "P1", late, phase="arterial")
    write_ct(tmp_path / "lp", "P1", late, phase="portal venous", spacing=False)
    trial = new_trial('[series]\nphase = "portal venous"\n')
    import_images(trial, tmp_path)
    baseline, week_8 = trial.visits("P1")

    assert [entry.series_uid for entry in baseline.series] == [portal, arterial]
    assert week_8.series[0].series_uid == late_arterial


def test_thin_slices_are_preferred(new_trial: Callable[[str], Trial], tmp_path: Path) -> None:
    """Of two scans alike, the one within the charter's thickness is proposed."""
    write_ct(tmp_path / "thick", "P1", BASELINE, thickness=8)
    thin = write_ct(tmp_path / "thin", "P1", BASELINE, thickness=5)
    trial = new_trial("")
    import_images(trial, tmp_path)

    assert trial.visits("P1")[0].series[0].series_uid == thin


def test_late_images_do_not_change_what_was_proposed(
    new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """A better series that arrives later is added behind the one that readers may have used."""
    first = write_ct(tmp_path / "first", "P1", BASELINE, phase="arterial")
    trial = new_trial("")
    import_images(trial, tmp_path)
    session = ReadingSession(seated(trial, "anna", "P1"), "P1")
    late = write_ct(tmp_path / "late", "P1", BASELINE, phase="portal venous")
    import_images(trial, tmp_path / "late")

    assert [entry.series_uid for entry in trial.visits("P1")[0].series] == [first, late]
    assert session.volume("BL").series.series_uid == first


def test_a_scan_before_baseline_is_left_out(trial: Trial, tmp_path: Path) -> None:
    """A scan older than the registered baseline would rename all visits: it is left out, named."""
    write_ct(tmp_path / "scans" / "old", "P1", BASELINE - dt.timedelta(weeks=8))
    write_ct(tmp_path / "scans" / "other", "P2", BASELINE)
    found = import_images(trial, tmp_path / "scans")

    assert [visit.subject for visit in found.visits] == ["P2"]
    assert ["before the baseline of P1" in left.reason for left in found.left_out] == [True]
    assert len(trial.visits("P1")) == 3


def test_what_is_no_image_is_left_out_with_its_reason(
    new_trial: Callable[[str], Trial], tmp_path: Path, scans: Path
) -> None:
    """Text, a cut file, a scan without patient code or date are named; the rest is imported."""
    shutil.copytree(scans / "week0", tmp_path / "scans" / "good")
    write_ct(tmp_path / "scans" / "nobody", "", BASELINE)
    write_ct(tmp_path / "scans" / "undated", "P3", None)
    (tmp_path / "scans" / "note.txt").write_text("not an image", encoding="utf-8")
    whole = (scans / "week8" / "0.dcm").read_bytes()
    (tmp_path / "scans" / "cut.dcm").write_bytes(whole[: len(whole) // 2])
    found = import_images(new_trial(""), tmp_path / "scans")
    left_out = {Path(left.what).name: left.reason for left in found.left_out}

    assert [visit.visit for visit in found.visits] == ["BL"]
    assert {"note.txt", "cut.dcm"} <= set(left_out)
    reasons = [left.reason for left in found.left_out]
    assert any("PatientID is empty" in reason for reason in reasons)
    assert any("no date" in reason for reason in reasons)


def test_a_folder_without_images_is_refused(trial: Trial, tmp_path: Path) -> None:
    """An empty folder, or one of text files, is refused and registers nothing."""
    before = trial.verify()
    folder = tmp_path / "text"
    folder.mkdir()
    with pytest.raises(NoImagesError, match="no images for the trial"):
        import_images(trial, folder)
    (folder / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(NoImagesError, match="1 left out"):
        import_images(trial, folder)

    assert trial.verify() == before


def test_progress_is_told(new_trial: Callable[[str], Trial], scans: Path) -> None:
    """An import tells how many files are done, up to all of them."""
    told: list[tuple[int, int]] = []
    import_images(new_trial(""), scans, lambda done, total: told.append((done, total)))

    assert told[-1] == (12, 12)


def test_the_phases_of_one_series_are_kept_apart(
    new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """Two acquisitions in one DICOM series are two volumes, and the proposed one is loaded."""
    series_uid = write_ct(tmp_path / "scan", "P1", BASELINE, times=2)
    trial = new_trial("")
    import_images(trial, tmp_path / "scan")
    entries = trial.visits("P1")[0].series
    voxels = ReadingSession(seated(trial, "anna", "P1"), "P1").volume("BL").voxels

    assert [entry.series_uid for entry in entries] == [series_uid] * 2
    assert len({entry.part for entry in entries}) == 2
    assert voxels.shape[0] == len(entries[0].files) == 4


def test_replaced_images_are_not_read_as_the_old_ones(
    new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """When other images lie under the registered names, the session refuses to show them."""
    write_ct(tmp_path / "scan", "P1", BASELINE)
    trial = new_trial("")
    import_images(trial, tmp_path / "scan")
    write_ct(tmp_path / "scan", "P1", BASELINE)

    with pytest.raises(NoImagesError, match="changed since they were registered"):
        ReadingSession(seated(trial, "anna", "P1"), "P1").volume("BL")
