"""Series fetched from a live archive into a trial: coded copies registered, no original left."""

import datetime as dt
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pydicom
import pytest

from napari_recist.errors import AccessRefusedError, RecordError, TransferError
from napari_recist.exporting.dicom.export import export_sr
from napari_recist.imaging.deidentify import SubjectList
from napari_recist.imaging.deidentify.key import KEY_VARIABLE
from napari_recist.imaging.deidentify.subjects import Subject
from napari_recist.imaging.pacs import (
    Access,
    Archive,
    Progress,
    Search,
    address_of,
    archive_at,
    private_folder,
    send,
    to_send,
)
from napari_recist.reading import Storage, import_images
from napari_recist.reading.archive_intake import Wanted, fetch_into_trial
from napari_recist.reading.leaving_trial import of_trial
from napari_recist.trial import Trial, freeze
from tests.imaging.deidentify.canaries import found_below, found_in
from tests.orthanc import Orthanc, orthanc_running
from tests.reading.conftest import AS_THEY_ARE, BASELINE
from tests.reading.tiny_ct import write_ct
from tests.trial.conftest import seated
from tests.two_reads import trial_of_two

NAME = "CANARYDOE"
CHARTER = '[trial]\nid = "HCC-1"\n[deidentification]\nsubject_code = "HCC-[0-9]+"\n'
SUBJECTS = SubjectList("HCC-[0-9]+", {f"{NAME}-47": Subject("HCC-7", "001")})
SOUGHT = (NAME, "20250106", "2025-01-06", "20250303", "2025-03-03")
KEY = "5e" * 32


@pytest.fixture(scope="module")
def orthanc() -> Iterator[Orthanc]:
    """Return an archive with a patient's two scans, and names in their headers."""
    with orthanc_running() as running, tempfile.TemporaryDirectory() as folder:
        scans = Path(folder)
        for week in (0, 8):
            write_ct(scans / f"w{week}", f"{NAME}-47", BASELINE + dt.timedelta(weeks=week))
        for file in scans.rglob("*.dcm"):
            image = pydicom.dcmread(file)
            image.PatientName = image.InstitutionName = NAME
            image.SeriesDescription = f"abdomen portal venous {NAME}"
            image.private_block(0x0009, NAME, create=True).add_new(1, "LO", NAME)
            image.save_as(file)
        send(archive_of(running), to_send([scans]).files)
        yield running


@pytest.fixture(params=["web", "dimse"])
def archive(orthanc: Orthanc, request: pytest.FixtureRequest) -> Archive:
    """Return an archive of ours on the running one, by each way in turn."""
    return archive_of(orthanc, request.param)


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have temporary folders in one of the test's own, a known key, and short pauses."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setattr("napari_recist.imaging.pacs.transfer.PAUSES_S", (0.05,))
    return folder


def archive_of(running: Orthanc, way: str = "web") -> Archive:
    """Return an archive of ours on a running one."""
    return archive_at(address_of(getattr(running, way)), Access())


def wanted_of(archive: Archive) -> list[Wanted]:
    """Return all that an archive has of the patient, the latest first."""
    studies = archive.studies(Search(patient_id=f"{NAME}*"))
    latest_first = sorted(studies, key=lambda study: str(study.date), reverse=True)
    return [Wanted(study, archive.series(study.study_uid)) for study in latest_first]


def rows(database: Path) -> list[tuple[str, str]]:
    """Return kind and whole row as text of every record, by plain SQL."""
    with closing(sqlite3.connect(database)) as connection:
        return [(row[5], repr(row)) for row in connection.execute("SELECT * FROM events")]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the images below a folder by their place in it."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*.dcm"))}


def test_what_is_fetched_is_what_import_makes(
    archive: Archive,
    orthanc: Orthanc,
    new_trial: Callable[[str], Trial],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Visits and coded files are those of ``trial import``; no name and no original is left."""
    caplog.set_level(logging.DEBUG)
    trial, own_places = new_trial(CHARTER), tmp_path / "temporary"
    web = str(archive) == orthanc.web
    modes: set[int] = set()

    def watch(_progress: Progress) -> None:
        (folder,) = own_places.iterdir()
        modes.add(folder.stat().st_mode & 0o777)

    done = fetch_into_trial(trial, archive, wanted_of(archive), Storage(subjects=SUBJECTS), watch)

    assert (done.instances, done.series_there) == (8, 0)
    assert done.size == sum(map(len, orthanc.stored().values())) or not web
    assert [visit.visit for visit in trial.visits("HCC-7")] == ["BL", "W8"]
    assert modes == {0o700}
    assert list(own_places.iterdir()) == []
    told = {kind for kind, row in rows(tmp_path / "trial.db") if found_in(row.encode(), SOUGHT)}
    assert told == {"identity_registered.1"}
    assert found_below(tmp_path / "trial.images", SOUGHT) == {}
    assert not found_in(caplog.text.encode(), SOUGHT)
    originals = tmp_path / "originals"
    originals.mkdir()
    for uid, data in orthanc.stored().items():
        (originals / f"{uid}.dcm").write_bytes(data)
    imported = Storage(images=tmp_path / "imported", subjects=SUBJECTS)
    import_images(trial, originals, storage=imported)
    if web:
        assert contents(tmp_path / "trial.images") == contents(tmp_path / "imported")
    assert len(contents(tmp_path / "trial.images")) == 8


def test_what_the_trial_has_is_not_fetched_again(
    orthanc: Orthanc, new_trial: Callable[[str], Trial]
) -> None:
    """A second run moves nothing and changes nothing."""
    trial = new_trial(CHARTER)
    archive = archive_of(orthanc)
    fetch_into_trial(trial, archive, wanted_of(archive), Storage(subjects=SUBJECTS))
    before = trial.visits("HCC-7")
    again = fetch_into_trial(trial, archive, wanted_of(archive), Storage(subjects=SUBJECTS))

    assert (again.instances, again.series_there) == (0, 2)
    assert trial.visits("HCC-7") == before


def test_an_archive_killed_half_way_leaves_no_original(
    new_trial: Callable[[str], Trial], tmp_path: Path, own_places: Path
) -> None:
    """The baseline that arrived stays, nothing else does; the next run fetches only week 8."""
    trial = new_trial(CHARTER)
    storage = Storage(subjects=SUBJECTS)
    with orthanc_running() as running:
        archive = archive_of(running)
        for week in (0, 8):
            write_ct(tmp_path / f"w{week}", f"{NAME}-47", BASELINE + dt.timedelta(weeks=week))
        send(archive, to_send([tmp_path / "w0", tmp_path / "w8"]).files)
        wanted = wanted_of(archive)
        killed: list[bool] = []

        def watch(_progress: Progress) -> None:
            if trial.subjects() and not killed:
                killed.append(True)
                running.kill()

        class AfterBaseline:
            """The archive, which dies when it is asked for the second day."""

            at_once = 1

            def __getattr__(self, name: str) -> object:
                if name == "instances" and trial.subjects():
                    watch(Progress(0, 0, 0))
                return getattr(archive, name)

        with pytest.raises(Exception, match="cannot be reached"):
            fetch_into_trial(trial, AfterBaseline(), wanted, storage)
        assert killed
        assert [visit.visit for visit in trial.visits("HCC-7")] == ["BL"]
        assert list(own_places.iterdir()) == []
        running.start()
        done = fetch_into_trial(trial, archive, wanted, storage)

    assert (done.instances, done.series_there) == (4, 1)
    assert [visit.visit for visit in trial.visits("HCC-7")] == ["BL", "W8"]


def test_a_missing_instance_imports_nothing_of_its_day(
    orthanc: Orthanc, new_trial: Callable[[str], Trial], own_places: Path
) -> None:
    """A visit is never registered with fewer images than the archive says it has."""
    trial = new_trial(CHARTER)
    archive = archive_of(orthanc)
    (late, _) = wanted_of(archive)
    (series,) = late.series
    more = type(series)(series.study_uid, series.series_uid, "2", "CT", "", 5)

    with pytest.raises(TransferError, match="4 of 5"):
        fetch_into_trial(trial, archive, [Wanted(late.study, (more,))], Storage(subjects=SUBJECTS))
    assert trial.subjects() == ()
    assert list(own_places.iterdir()) == []


def test_who_may_not_import_fetches_nothing(
    orthanc: Orthanc, new_trial: Callable[[str], Trial], own_places: Path
) -> None:
    """A reader is refused before anything is asked of the archive."""
    trial = new_trial(CHARTER)
    archive = archive_of(orthanc)
    fetch_into_trial(trial, archive, wanted_of(archive), Storage(subjects=SUBJECTS))
    reader = seated(trial, "anna", "HCC-7")

    with pytest.raises(AccessRefusedError):
        fetch_into_trial(reader, archive, wanted_of(archive), Storage(subjects=SUBJECTS))
    with pytest.raises(AccessRefusedError):
        of_trial(reader, ())


def test_a_trial_that_keeps_images_in_place_is_refused(
    orthanc: Orthanc, new_trial: Callable[[str], Trial]
) -> None:
    """Its images would be removed with the private folder; the remedy is --out and import."""
    trial = new_trial(f'[trial]\nid = "HCC-1"\n{AS_THEY_ARE}')
    archive = archive_of(orthanc)
    with pytest.raises(RecordError, match="--out"):
        fetch_into_trial(trial, archive, wanted_of(archive))


def test_unknown_patients_are_left_out(
    orthanc: Orthanc, new_trial: Callable[[str], Trial], own_places: Path
) -> None:
    """A PatientID that is no code and in no list: nothing is registered, and it is told."""
    trial = new_trial(CHARTER)
    archive = archive_of(orthanc)
    done = fetch_into_trial(trial, archive, wanted_of(archive), Storage())

    assert done.intake.visits == ()
    assert done.intake.left_out
    assert trial.subjects() == ()
    assert list(own_places.iterdir()) == []


def test_only_what_is_the_trials_leaves_as_such(
    orthanc: Orthanc, new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """Coded images may leave, and reports of them; originals and reports of others may not."""
    trial = new_trial(CHARTER)
    archive = archive_of(orthanc)
    fetch_into_trial(trial, archive, wanted_of(archive), Storage(subjects=SUBJECTS))
    for uid, data in orthanc.stored().items():
        (tmp_path / f"{uid}.dcm").write_bytes(data)
    originals = to_send(sorted(tmp_path.glob("*.dcm"))).files
    coded = to_send([tmp_path / "trial.images"]).files
    reports = []
    for one in (coded[0], originals[0]):
        report = pydicom.dcmread(one.file, stop_before_pixels=True)
        report.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.33"
        named = pydicom.Dataset()
        named.SeriesInstanceUID = report.SeriesInstanceUID
        study = pydicom.Dataset()
        study.ReferencedSeriesSequence = [named]
        report.CurrentRequestedProcedureEvidenceSequence = [study]
        report.SeriesInstanceUID = pydicom.uid.generate_uid()
        report.save_as(tmp_path / f"report{len(reports)}.dcm")
        reports += to_send([tmp_path / f"report{len(reports)}.dcm"]).files
    leaving, refused = of_trial(trial, [*coded, *originals, *reports])

    assert set(leaving) == {*coded, reports[0]}
    assert {one.file for one in refused} == {*(one.file for one in originals), reports[1].file}


def test_the_reports_of_a_transfer_reach_the_archive(
    archive: Archive, orthanc: Orthanc, new_trial: Callable[[str], Trial], tmp_path: Path
) -> None:
    """What ``export sr`` wrote of a trial leaves as its own, is accepted, and is no other's."""
    folder = tmp_path / "read"
    folder.mkdir()
    with trial_of_two(folder) as read:
        freeze(read)
        export_sr(read, tmp_path / "out")
        found = to_send([tmp_path / "out"])
        leaving, refused = of_trial(read, found.files)
    assert found.files
    assert found.others == 2
    assert (leaving, refused) == (found.files, ())
    sent = send(archive, leaving)
    assert len(sent.accepted) + sent.there == len(leaving)
    assert {one.instance.instance_uid for one in leaving} <= set(orthanc.stored())
    assert of_trial(new_trial(CHARTER), found.files)[0] == ()


def test_a_killed_process_leaves_its_folder_to_the_next(own_places: Path) -> None:
    """SIGKILL spares no cleaning up: the next private folder does it; a living one is left."""
    code = (
        "import os, signal, tempfile; from pathlib import Path\n"
        "from napari_recist.imaging.pacs.private_folder import private_folder\n"
        f"tempfile.tempdir = {str(own_places)!r}\n"
        "with private_folder() as folder:\n"
        "    (folder / 'original.dcm').write_text('name')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path.cwd())
    assert done.returncode == -signal.SIGKILL
    assert len(list(own_places.rglob("original.dcm"))) == 1
    with private_folder() as living, private_folder() as other:
        assert {living, other} == set(own_places.iterdir())
        assert living.stat().st_mode & 0o777 == 0o700
        assert f"-{os.getpid()}-" in living.name
    assert list(own_places.iterdir()) == []
