"""The canary test from a site's images to every export: no name, no identifier, no true day leaves.

Images with canaries in their headers are taken in, read on by people with telling names, frozen and
exported in each format. Then every file, file name, log line and row is searched.
"""

import datetime as dt
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pydicom
import pytest

from napari_recist.criteria import Role, Status
from napari_recist.exporting.csv_files import export_csv
from napari_recist.exporting.dicom.export import export_sr
from napari_recist.exporting.odm.export import export_odm
from napari_recist.exporting.sdtm.export import export_sdtm
from napari_recist.exporting.tables.export import TableFormat, export_tables
from napari_recist.imaging.deidentify import SubjectList
from napari_recist.imaging.deidentify.key import KEY_VARIABLE
from napari_recist.imaging.deidentify.subjects import Subject
from napari_recist.reading import ReadingSession, Storage, import_images
from napari_recist.trial import Trial, TrialRole, end_follow_up, freeze
from tests.imaging.deidentify.canaries import found_below, found_in
from tests.reading.conftest import BASELINE, LONG, PLACE
from tests.reading.test_coded_images import NAME, site
from tests.trial.conftest import PASSWORD, seated

__all__ = ["site"]

CODE = "HCC-(?P<site>7)[0-9]*"
CHARTER = f"""
[trial]
id = "HCC-1"
[deidentification]
subject_code = '{CODE}'
[transfer]
countries = {{ "7" = "DEU" }}
"""
READERS = ("Quxley Vrandt", "Zyrva Ombrecht")
MONITOR, ADMINISTRATOR = "Mona Weissbrodt", "Ada Kellerhals"
PEOPLE = (*READERS, MONITOR, ADMINISTRATOR)

EXPORTS: dict[str, Callable[[Trial, Path], object]] = {
    "csv": export_csv,
    "odm": export_odm,
    "sdtm": export_sdtm,
    "sr": export_sr,
    "tables": partial(export_tables, formats=(TableFormat.CSV,)),
}
NAMES_READERS = {"csv/LESIONS.csv", "csv/timepoints.csv", "csv/subjects.csv"}
"""The trial's own tables, which tell who read; so do the views of the database, in ``tables``."""


@pytest.fixture
def read_trial(
    new_trial: Callable[[str], Trial], site: Path, monkeypatch: pytest.MonkeyPatch
) -> Trial:
    """Return a trial with the site's images, read by two to the end, and frozen."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    trial = new_trial(CHARTER)
    listed = SubjectList(CODE, {f"{NAME}-47": Subject("HCC-7", "7")})
    import_images(trial, site, storage=Storage(subjects=listed))
    trial.admit(MONITOR, TrialRole.MONITOR, PASSWORD)
    trial.admit(ADMINISTRATOR, TrialRole.ADMINISTRATOR, PASSWORD)
    for reader in READERS:
        read(ReadingSession(seated(trial, reader, "HCC-7"), "HCC-7"))
    end_follow_up(trial, "HCC-7", "end of treatment")
    freeze(trial, "interim")
    return trial


def read(session: ReadingSession) -> None:
    """Read and sign baseline and week 8."""
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LONG)
    session.add_lesion(Role.NON_TARGET, "liver")
    session.locate_lesion("NT1", PLACE)
    session.sign_visit(PASSWORD, "I read this visit")
    session.open_visit("W8")
    session.draw_caliper("T1", LONG)
    session.state_status("NT1", Status.PRESENT)
    session.sign_visit(PASSWORD, "I read this visit")


def original_uids(folder: Path) -> tuple[str, ...]:
    """Return every UID by which the site knows its images."""
    found = set()
    for file in folder.rglob("*.dcm"):
        data = pydicom.dcmread(file, stop_before_pixels=True)
        found |= {data.SOPInstanceUID, data.SeriesInstanceUID, data.StudyInstanceUID}
        found.add(data.FrameOfReferenceUID)
    return tuple(map(str, sorted(found)))


def true_days() -> tuple[str, ...]:
    """Return the days of both scans, as DICOM and as ISO write them."""
    days = (BASELINE, BASELINE + dt.timedelta(weeks=8))
    return tuple(day.strftime(form) for day in days for form in ("%Y%m%d", "%Y-%m-%d"))


@pytest.mark.parametrize("person", [ADMINISTRATOR, MONITOR])
def test_no_export_names_anybody(  # noqa: PLR0917 - two fixtures look where output could go
    read_trial: Trial,
    site: Path,
    tmp_path: Path,
    person: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """No patient, site or original UID in any file; readers in the trial's own tables alone.

    An administrator's exports do not tell on which days the images were taken either.
    """
    caplog.set_level(logging.DEBUG)
    seat, out = read_trial.sign_in(person, PASSWORD), tmp_path / "out"
    for kind, export in EXPORTS.items():
        export(seat, out / kind)
    sought = (NAME, *original_uids(site), str(tmp_path))
    told = caplog.text + "".join(capfd.readouterr())

    assert len(original_uids(site)) == 2 * (4 + 3)
    assert found_below(out, sought + (true_days() if person == ADMINISTRATOR else ())) == {}
    named = {file for file in found_below(out, PEOPLE) if not file.startswith("tables/")}
    assert named == NAMES_READERS
    assert not found_in(told.encode(), (*sought, *PEOPLE))


def test_the_database_tells_only_where_identity_is_kept(
    read_trial: Trial, site: Path, tmp_path: Path
) -> None:
    """After all exports a patient's name stands in the row that registers it and nowhere else."""
    for kind, export in EXPORTS.items():
        export(read_trial, tmp_path / "out" / kind)
    sought = (NAME, *original_uids(site))
    with closing(sqlite3.connect(tmp_path / "trial.db")) as connection:
        rows = connection.execute("SELECT kind, * FROM events").fetchall()
    found = {row[0] for row in rows if found_in(repr(row).encode(), sought)}

    assert found == {"identity_registered.1"}
    assert len([row for row in rows if row[0] == "transfer_exported.1"]) == len(EXPORTS)


def test_what_is_sought_would_be_found(read_trial: Trial, tmp_path: Path) -> None:
    """A canary put into an export is caught: in a file's text and in a file's name."""
    export_csv(read_trial, tmp_path / "out")
    (tmp_path / "out" / "note.txt").write_text(f"of {NAME.lower()}", encoding="utf-16-le")
    (tmp_path / "out" / f"{NAME}.txt").write_text("", encoding="utf-8")

    assert set(found_below(tmp_path / "out", (NAME,))) == {"note.txt", f"{NAME}.txt"}
