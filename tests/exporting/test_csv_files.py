"""The export of a trial: signed data, checked before a file is touched."""

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from napari_recist.criteria import Assessment, Charter, Read, Response, Role, Status, assess_read
from napari_recist.errors import ExportError, RecordError
from napari_recist.exporting import reconciliation
from napari_recist.exporting.csv_files import export_csv
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, freeze
from tests.reading.conftest import LONG, PLACE, SHORT
from tests.trial.conftest import PASSWORD, seated

NAMES = ["LESIONS.csv", "differences.csv", "manifest.json", "subjects.csv", "timepoints.csv"]


def rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def finish_week_8(session: ReadingSession) -> None:
    """Say that the target vanished and sign."""
    session.state_status("T1", Status.ABSENT)
    session.draw_caliper("T2", LONG, SHORT)
    session.state_status("NT1", Status.PRESENT)
    session.sign_visit(PASSWORD, "I read this visit")


def test_signed_visits_are_exported(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """Baseline and week 8 stand in the tables with their sums and the response signed."""
    finish_week_8(at_week_8)
    out = tmp_path / "deep" / "out"
    freeze(trial)
    files = export_csv(trial, out)
    timepoints = rows(out / "timepoints.csv")

    assert sorted(file.name for file in files) == sorted(p.name for p in out.iterdir()) == NAMES
    assert [(row["visit"], row["sum_mm"], row["overall_response"]) for row in timepoints] == [
        ("BL", "46.0", ""),
        ("W8", "16.0", "PR"),
    ]
    assert len(rows(out / "LESIONS.csv")) == 6
    assert [row["best_response"] for row in rows(out / "subjects.csv")] == ["PR"]


def test_a_visit_not_signed_stays_inside(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """What is said at a visit that is not signed yet is in no table."""
    at_week_8.state_status("T1", Status.ABSENT)
    freeze(trial)
    export_csv(trial, tmp_path / "out")

    assert {row["visit"] for row in rows(tmp_path / "out" / "LESIONS.csv")} == {"BL"}
    assert {row["visit"] for row in rows(tmp_path / "out" / "timepoints.csv")} == {"BL"}


def test_nothing_frozen_is_nothing_to_export(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """A trial with signatures and no freeze is refused with what to do; no folder is made."""
    with pytest.raises(RecordError, match=r"No data of .* are frozen yet\. .*trial freeze"):
        export_csv(trial, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_broken_record_is_not_exported(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """With a changed record nothing is written, and an older export stays as it was."""
    out = tmp_path / "out"
    freeze(trial)
    export_csv(trial, out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    with closing(sqlite3.connect(tmp_path / "trial.db")) as connection:
        connection.execute("DROP TRIGGER events_never_updated")
        connection.execute("UPDATE events SET recorded_at = 'x' WHERE sequence = 9")
        connection.commit()
    with pytest.raises(ExportError, match="Record 9 was changed"):
        export_csv(trial, out)

    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_another_response_stops_the_export(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the table of lesions would give another response than the signed one, nothing leaves."""
    finish_week_8(at_week_8)

    def otherwise(read: Read, charter: Charter) -> Assessment:
        true = assess_read(read, charter)
        return replace(
            true, visits=tuple(replace(visit, overall=Response.SD) for visit in true.visits)
        )

    monkeypatch.setattr(reconciliation, "assess_read", otherwise)
    freeze(trial)
    with pytest.raises(ExportError, match=r"signed by anna as '(PR)?', and its rows .* 'SD'"):
        export_csv(trial, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_an_unsound_table_stops_the_export(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the parser of the rules would refuse a row, nothing leaves, and the row is named."""
    whole = reconciliation.lesion_rows

    def spoilt(read: Read) -> list[dict[str, str]]:
        return [{**row, "diameter_mm": "30,0"} for row in whole(read)]

    monkeypatch.setattr(reconciliation, "lesion_rows", spoilt)
    freeze(trial)
    with pytest.raises(ExportError, match=r"rows of P1 are not sound\.\n.*line 2, diameter_mm"):
        export_csv(trial, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_lesion_dated_back_does_not_contradict_a_signature(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """Called unequivocal later, a new lesion makes the earlier visit PD; its signature still held.

    Week 8 was signed as stable, which was right by what was known; the tables show PD since (W-2).
    """
    for target in ("T1", "T2"):
        at_week_8.draw_caliper(target, LONG, SHORT)
    at_week_8.state_status("NT1", Status.PRESENT)
    at_week_8.add_lesion(Role.NEW, "liver")
    at_week_8.state_status("N1", Status.EQUIVOCAL)
    at_week_8.locate_lesion("N1", PLACE)
    at_week_8.sign_visit(PASSWORD, "I read this visit")
    at_week_8.open_visit("W16")
    for target in ("T1", "T2"):
        at_week_8.draw_caliper(target, LONG, SHORT)
    at_week_8.state_status("NT1", Status.PRESENT)
    at_week_8.state_status("N1", Status.UNEQUIVOCAL)
    at_week_8.sign_visit(PASSWORD, "I read this visit")
    freeze(trial)
    export_csv(trial, tmp_path / "out")
    signed = at_week_8.read.visit("W8").signed
    assert signed is not None

    assert signed.response == "SD"
    assert [row["overall_response"] for row in rows(tmp_path / "out" / "timepoints.csv")] == [
        "",
        "PD",
        "PD",
    ]


def test_a_patient_without_disease_is_exported(
    new_trial: Callable[[str], Trial], scans: Path, tmp_path: Path
) -> None:
    """A read without any lesion has no row of lesions, and still its visits and responses."""
    trial = new_trial("")
    import_images(trial, scans)
    session = ReadingSession(seated(trial, "anna", "P1"), "P1")
    session.sign_visit(PASSWORD, "no disease")
    session.open_visit("W8")
    session.add_lesion(Role.NEW, "liver")
    session.state_status("N1", Status.UNEQUIVOCAL)
    session.locate_lesion("N1", PLACE)
    session.sign_visit(PASSWORD, "I read this visit")
    freeze(trial)
    export_csv(trial, tmp_path / "out")

    assert [row["overall_response"] for row in rows(tmp_path / "out" / "timepoints.csv")] == [
        "",
        "PD",
    ]


def test_a_place_that_cannot_be_written_is_refused(
    trial: Trial, at_week_8: ReadingSession, tmp_path: Path
) -> None:
    """A file where the folder should be is named."""
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    freeze(trial)
    with pytest.raises(ExportError, match="out"):
        export_csv(trial, tmp_path / "out")
