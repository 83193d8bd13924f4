"""Images are imported as coded copies: nothing that readers see names anybody."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pydicom
import pytest

from napari_recist.criteria import Role
from napari_recist.errors import AccessRefusedError, DeidentificationError, NoImagesError
from napari_recist.exporting.csv_files import export_csv
from napari_recist.imaging.deidentify import SubjectList
from napari_recist.imaging.deidentify.key import KEY_VARIABLE
from napari_recist.imaging.deidentify.subjects import Subject
from napari_recist.reading import ReadingSession, Storage, import_images
from napari_recist.reading.preparing import Means, State, WorkerProcesses, prepare_trial
from napari_recist.trial import Trial, TrialRole, freeze, shifts_of
from napari_recist.trial.images.queries import open_queries
from napari_recist.trial.images.query_codes import QueryCode
from tests.imaging.deidentify.canaries import (
    DATE,
    SYNTAXES,
    TEXT,
    UID,
    found_below,
    found_in,
    whole,
)
from tests.reading.conftest import BASELINE, LONG
from tests.reading.tiny_ct import write_ct
from tests.trial.conftest import PASSWORD, seated

CHARTER = '[trial]\nid = "HCC-1"\n[deidentification]\nsubject_code = "HCC-[0-9]+"\n'
NAME = "CANARYDOE"
LISTED = Storage(subjects=SubjectList("HCC-[0-9]+", {f"{NAME}-47": Subject("HCC-7", "001")}))
SOUGHT = (NAME, "20250106", "2025-01-06", "20250303", "2025-03-03")


@pytest.fixture(autouse=True)
def no_key_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each trial have its own key."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return what a site sent: two scans under a telling name, with names in the headers."""
    folder = tmp_path / "from the site" / f"{NAME}^Jane 20250106"
    for week in (0, 8):
        write_ct(folder / f"week{week}", f"{NAME}-47", BASELINE + dt.timedelta(weeks=week))
    for file in folder.rglob("*.dcm"):
        data = pydicom.dcmread(file)
        data.InstitutionName = data.StationName = data.ReferringPhysicianName = NAME
        data.SeriesDescription = f"abdomen portal venous {NAME}"
        data.StudyDescription = f"{NAME} 20250106"
        data.ConvolutionKernel = NAME
        data.private_block(0x0009, NAME, create=True).add_new(1, "LO", NAME)
        data.save_as(file)
    return tmp_path / "from the site"


@pytest.fixture
def coded(new_trial: Callable[[str], Trial], site: Path) -> Iterator[Trial]:
    """Return a trial with the site's images imported."""
    trial = new_trial(CHARTER)
    import_images(trial, site, storage=LISTED)
    return trial


def rows(tmp_path: Path) -> list[tuple[str, str]]:
    """Return kind and whole row as text of every record, by plain SQL."""
    with closing(sqlite3.connect(tmp_path / "trial.db")) as connection:
        return [(row[5], repr(row)) for row in connection.execute("SELECT * FROM events")]


def test_no_row_or_file_that_a_reader_may_see_names_anybody(coded: Trial, tmp_path: Path) -> None:
    """Only the fact about identity holds the name; images, paths and other rows hold no canary."""
    told = {kind for kind, row in rows(tmp_path) if found_in(row.encode(), SOUGHT)}
    kinds = {kind for kind, _ in rows(tmp_path)}

    assert {"identity_registered.1", "visit_registered.1"} <= kinds
    assert told == {"identity_registered.1"}
    assert found_below(tmp_path / "trial.images", SOUGHT) == {}
    assert (tmp_path / "trial.key").stat().st_mode & 0o777 == 0o600
    paths = [file for visit in coded.visits("HCC-7") for s in visit.series for file in s.files]
    assert paths
    assert all("/trial.images/HCC-7/" in Path(path).as_posix() for path in paths)
    assert not any(found_in(path.split("trial.images")[1].encode(), SOUGHT) for path in paths)


def test_no_canary_of_any_attribute_reaches_a_row(
    new_trial: Callable[[str], Trial], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file with a canary in every attribute is registered; only the identity's row has one."""
    folder = tmp_path / NAME
    folder.mkdir()
    for number, syntax in enumerate(SYNTAXES):
        (folder / f"{NAME}{number}.dcm").write_bytes(whole(syntax))
    storage = Storage(subjects=SubjectList("", {TEXT: Subject("HCC-7")}))
    trial = new_trial(CHARTER)
    import_images(trial, folder, storage=storage)
    sought = (TEXT, UID, DATE, "1947-03-17")

    assert trial.visits("HCC-7")[0].series
    told = {kind for kind, row in rows(tmp_path) if found_in(row.encode(), sought)}
    assert told == {"identity_registered.1"}
    assert found_below(tmp_path / "trial.images", sought) == {}
    assert not found_in(caplog.text.encode(), sought)


def test_visits_are_as_far_apart_as_they_were(coded: Trial) -> None:
    """Labels and intervals are those of the true dates; phase and description are still told."""
    baseline, week_8 = coded.visits("HCC-7")

    assert [baseline.visit, week_8.visit] == ["BL", "W8"]
    assert (week_8.date - baseline.date).days == 56
    assert baseline.date == BASELINE + dt.timedelta(days=shifts_of(coded)["HCC-7"])
    assert baseline.series[0].phase == "portal venous"
    assert baseline.series[0].description == "abdomen portal venous"
    file = pydicom.dcmread(baseline.series[0].files[0])
    assert (file.ClinicalTrialTimePointID, file.PatientID) == ("BL", "HCC-7")


def test_importing_again_registers_nothing_new(coded: Trial, site: Path) -> None:
    """The same folder again, and the trial's own image folder, leave the record as it was."""
    before = coded.verify()
    import_images(coded, site, storage=LISTED)
    assert coded.verify() == before
    images = Path(coded.visits("HCC-7")[0].series[0].files[0]).parents[3]
    import_images(coded, images)

    assert coded.verify() == before


def test_only_who_may_sees_identity(coded: Trial) -> None:
    """A reader is refused the shift and the PatientID by the trial itself."""
    with pytest.raises(AccessRefusedError, match="see whose images"):
        shifts_of(seated(coded, "anna", "HCC-7"))


def test_exports_give_true_dates_to_who_may_see_identity(coded: Trial, tmp_path: Path) -> None:
    """A monitor's tables hold the dates of the scans; an administrator's stay shifted."""
    session = ReadingSession(seated(coded, "anna", "HCC-7"), "HCC-7")
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LONG)
    session.sign_visit(PASSWORD, "I read this visit")
    freeze(coded)
    for name, role in (("mona", TrialRole.MONITOR), ("ada", TrialRole.ADMINISTRATOR)):
        coded.admit(name, role, PASSWORD)
        export_csv(coded.sign_in(name, PASSWORD), tmp_path / name)
    true, shifted = (
        (tmp_path / name / "timepoints.csv").read_text(encoding="utf-8") for name in ("mona", "ada")
    )

    assert "2025-01-06" in true
    assert "2025-01-06" not in shifted
    assert coded.visits("HCC-7")[0].date.isoformat() in shifted


def test_coded_images_are_read_and_prepared(coded: Trial, tmp_path: Path) -> None:
    """A session shows the coded volume in true millimetres, and prepare finds every series."""
    volume = ReadingSession(seated(coded, "anna", "HCC-7"), "HCC-7").volume("BL")
    assert volume.voxels.shape == (4, 64, 80)
    assert volume.geometry is not None
    assert volume.geometry.row_spacing == pytest.approx(0.8)
    means = Means(tmp_path / "cache", 1 << 30)
    done = list(prepare_trial(coded, WorkerProcesses(1), means))

    assert [outcome.state for outcome in done] == [State.PREPARED] * 2


def test_what_may_show_a_name_is_asked_about_once(
    new_trial: Callable[[str], Trial], site: Path
) -> None:
    """A series refused for its pixels is left out with its reason, and the site is asked."""
    write_ct(site / "capture", f"{NAME}-47", BASELINE)
    for file in (site / "capture").glob("*.dcm"):
        data = pydicom.dcmread(file)
        data.BurnedInAnnotation = "YES"
        data.save_as(file)
    trial = new_trial(CHARTER)
    found = import_images(trial, site, storage=LISTED)
    import_images(trial, site, storage=LISTED)
    queries = open_queries(trial, "HCC-7")

    assert sum("names may stand" in left.reason for left in found.left_out) == 4
    assert [(query.visit, query.code) for query in queries] == [("BL", QueryCode.BURNED_IN_TEXT)]
    assert NAME not in queries[0].text


def test_later_visits_join_the_baseline(new_trial: Callable[[str], Trial], site: Path) -> None:
    """Images that arrive in two imports get the labels of one: the shift is the patient's."""
    trial = new_trial(CHARTER)
    for week in ("week0", "week8"):
        (folder,) = site.rglob(week)
        import_images(trial, folder, storage=LISTED)

    assert [visit.visit for visit in trial.visits("HCC-7")] == ["BL", "W8"]


def test_a_patient_without_a_code_is_left_out(
    new_trial: Callable[[str], Trial], site: Path, tmp_path: Path
) -> None:
    """Without the list a PatientID that is no code is refused, and nothing is written of it."""
    trial = new_trial(CHARTER)
    with pytest.raises(NoImagesError, match="no coded subject"):
        import_images(trial, site)

    assert not list(tmp_path.glob("trial.images/**/*.dcm"))


def test_another_key_is_refused(coded: Trial, site: Path, tmp_path: Path) -> None:
    """A key other than the first would give other UIDs and dates: it is refused."""
    (tmp_path / "trial.key").unlink()
    with pytest.raises(DeidentificationError, match="another key"):
        import_images(coded, site, storage=LISTED)
