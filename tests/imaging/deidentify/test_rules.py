"""The rules one by one: keys, dates, words, codes, refusals, and what the trial's module says."""

import datetime as dt
import json
import os
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import SecondaryCaptureImageStorage

from napari_recist.errors import DeidentificationError, TableError
from napari_recist.imaging.deidentify import (
    deidentify_folder,
    folder,
    key_from,
    load_subjects,
    moments,
)
from napari_recist.imaging.deidentify.file import FileDeidentifier
from napari_recist.imaging.deidentify.key import KEY_VARIABLE
from napari_recist.imaging.deidentify.texts import descriptor
from napari_recist.imaging.passport.image_findings import names_localizer
from napari_recist.imaging.passport.phase_words import phases_named
from tests.imaging.deidentify.conftest import CODE, KEY, OTHER_KEY, order
from tests.reading.tiny_ct import write_ct

BASELINE = dt.date(2025, 1, 6)


def first(top: Path) -> Dataset:
    """Return the first file below a folder."""
    return pydicom.dcmread(next(iter(sorted(top.rglob("*.dcm")))))


@given(st.dates(dt.date(1980, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 4000), st.text())
def test_intervals_hold(date: dt.date, days: int, code: str) -> None:
    """Two dates of a patient are as far apart after the shift as before, and lie in the past."""
    shift = KEY.shift_days(code)
    later = date + dt.timedelta(days=days)
    moved = [dt.date.fromisoformat(moments.date(f"{day:%Y%m%d}", shift)) for day in (date, later)]

    assert (moved[1] - moved[0]).days == days
    assert moved[0] <= date - dt.timedelta(days=366)


@pytest.mark.parametrize(
    ("text", "shifted"),
    [
        ("20250106", "20241227"),
        ("2025.01.06", "20241227"),
        ("20250230", ""),
        ("CANARY", ""),
        ("00010101", ""),
    ],
)
def test_dates_move_and_what_is_no_date_goes(text: str, shifted: str) -> None:
    """A DA value of either form moves; anything else does not stay."""
    assert moments.date(text, -10) == shifted


@pytest.mark.parametrize(
    ("text", "shifted"),
    [
        ("20250106101530.5+0100", "20241227101530.5"),
        ("20250106", "20241227"),
        ("202501", "202412"),
        ("2025", "2024"),
        ("20250106109999", ""),
        ("2025010610CANARY", ""),
    ],
)
def test_date_times_move_as_precise_as_they_were(text: str, shifted: str) -> None:
    """A DT value keeps its precision and its time; the zone, which may name a country, goes."""
    assert moments.date_time(text, -10) == shifted


@pytest.mark.parametrize(("text", "kept"), [("045Y", "045Y"), ("093Y", "090Y"), ("45", "")])
def test_the_oldest_are_told_as_ninety(text: str, kept: str) -> None:
    """Ages above 89 are one class; what is no age goes."""
    assert moments.age(text) == kept


@given(st.text(max_size=64) | st.sampled_from(["ART", "ven", "portal_venous late", "w/o", "LOC "]))
def test_phase_and_localizer_are_recognised_as_before(text: str) -> None:
    """Whatever a description says, cleaned it names the same phases, and cleaned twice the same."""
    cleaned = descriptor(text)

    assert phases_named(cleaned) == phases_named(text)
    assert names_localizer(cleaned) or not names_localizer(text)
    assert descriptor(cleaned) == cleaned
    assert len(cleaned) <= 64


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Abdomen portal venous 5.0 mm B30f", "Abdomen portal venous 5.0 mm B30f"),
        ("DOE JANE abdomen art. 19470317", "abdomen art."),
        ("t1_vibe_fs_tra_bh_dyn", "t1 vibe fs tra bh dyn"),
        ("Liver 12.03.1947 delayed 5 min Dr. Smith", "Liver delayed 5 min"),
        ("pat 47 11 axial", "axial"),
    ],
)
def test_descriptions_keep_known_words(text: str, kept: str) -> None:
    """Words of the vocabulary, numbers with a unit and kernels stay; names and dates do not."""
    assert descriptor(text).replace("arterial", "art.") == kept


def test_uids_follow_the_key(tmp_path: Path) -> None:
    """One key gives one UID for each, at every run; another key gives others."""
    write_ct(tmp_path / "in", "P1", BASELINE)
    for name, key in (("one", KEY), ("two", KEY), ("other", OTHER_KEY)):
        deidentify_folder(tmp_path / "in", tmp_path / name, order(key))
    one, two, other = (first(tmp_path / name) for name in ("one", "two", "other"))

    assert one.SOPInstanceUID == two.SOPInstanceUID == one.file_meta.MediaStorageSOPInstanceUID
    assert one.SOPInstanceUID != other.SOPInstanceUID
    assert one.StudyDate != other.StudyDate
    assert one.SOPInstanceUID.startswith("2.25.")
    assert one.SOPInstanceUID.is_valid


def test_references_resolve_at_every_depth(tmp_path: Path) -> None:
    """A reference to another file, however deep, points to where that file's UID went."""
    source = tmp_path / "in"
    write_ct(source, "P1", BASELINE)
    files = sorted(source.glob("*.dcm"))
    target = pydicom.dcmread(files[0])
    image = pydicom.dcmread(files[1])
    reference = Dataset()
    reference.ReferencedSOPClassUID = target.SOPClassUID
    reference.ReferencedSOPInstanceUID = target.SOPInstanceUID
    image.ReferencedImageSequence = Sequence([reference])
    derivation = Dataset()
    derivation.SourceImageSequence = Sequence([reference])
    shared = Dataset()
    shared.DerivationImageSequence = Sequence([derivation])
    image.SharedFunctionalGroupsSequence = Sequence([shared])
    image.save_as(files[1])
    deidentify_folder(source, tmp_path / "out", order())
    there = {pydicom.dcmread(file).SOPInstanceUID for file in (tmp_path / "out").rglob("*.dcm")}
    (done,) = (
        data
        for data in map(pydicom.dcmread, (tmp_path / "out").rglob("*.dcm"))
        if "ReferencedImageSequence" in data
    )
    deep = done.SharedFunctionalGroupsSequence[0].DerivationImageSequence[0].SourceImageSequence[0]

    assert done.ReferencedImageSequence[0].ReferencedSOPInstanceUID in there
    assert deep.ReferencedSOPInstanceUID in there
    assert deep.ReferencedSOPClassUID == target.SOPClassUID


def test_the_trial_stands_in_the_file(tmp_path: Path) -> None:
    """Patient and trial are those of the charter; the method names each option that was used."""
    write_ct(tmp_path / "in", "P1", BASELINE)
    deidentify_folder(tmp_path / "in", tmp_path / "out", order(site=True))
    data = first(tmp_path / "out")

    assert (data.PatientName, data.PatientID) == (f"{CODE}^", CODE)
    assert data.ClinicalTrialSubjectID == CODE
    assert data.ClinicalTrialSponsorName == "Example Oncology Cooperative"
    assert (data.ClinicalTrialProtocolID, data.ClinicalTrialSiteID) == ("NRC-HCC-201", "001")
    assert data.PatientIdentityRemoved == "YES"
    assert data.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = [item.CodeValue for item in data.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113105", "113107", "113108", "113111"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"SOPClassUID": SecondaryCaptureImageStorage}, "secondary capture"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"}, "ultrasound"),
        ({"SOPClassUID": "1.3.12.2.1107.5.9.1"}, "not one of the standard"),
        ({"BurnedInAnnotation": "YES"}, "burnt in"),
        ({"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]}, "burnt in"),
        ({"ConversionType": "WSD"}, "converted"),
        ({"OverlayRows": 64}, "overlay"),
    ],
)
def test_what_may_show_a_name_is_refused(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    """Pictures of screens, ultrasound, and text said or suspected to be burnt in are left out."""
    write_ct(tmp_path, "P1", BASELINE)
    file = tmp_path / "0.dcm"
    data = pydicom.dcmread(file)
    for name, value in change.items():
        if name == "OverlayRows":
            data.add_new(0x60000010, "US", value)
        else:
            setattr(data, name, value)
    data.save_as(file)

    assert reason in str(FileDeidentifier(order()).make(file))


def test_an_unknown_patient_is_left_out(tmp_path: Path) -> None:
    """A PatientID that is no code of the trial needs a line in the list of subjects."""
    write_ct(tmp_path / "in", "DOE-47", BASELINE)
    listed = tmp_path / "subjects.csv"
    listed.write_text("patient_id,subject,site\nDOE-47,NRC-001-0007,001\n", encoding="utf-8")
    pattern = r"NRC-\d{3}-\d{4}"
    by_order = order()
    without = FileDeidentifier(
        type(by_order)(KEY, by_order.facts, load_subjects(None, pattern))
    ).make(tmp_path / "in" / "0.dcm")
    with_list = FileDeidentifier(
        type(by_order)(KEY, by_order.facts, load_subjects(listed, pattern))
    ).make(tmp_path / "in" / "0.dcm")

    assert "no coded subject" in str(without)
    assert not isinstance(with_list, str)
    assert with_list.subject == "NRC-001-0007"


def test_a_bad_list_of_subjects_is_refused_without_names(tmp_path: Path) -> None:
    """A code that is none of the trial's, or a patient listed twice, is refused; no ID is told."""
    listed = tmp_path / "subjects.csv"
    listed.write_text("patient_id,subject,site\nDOE-47,Jane,001\n", encoding="utf-8")
    with pytest.raises(DeidentificationError, match="no coded subject") as refused:
        load_subjects(listed, r"NRC-\d{3}-\d{4}")
    assert "DOE-47" not in str(refused.value)
    listed.write_text("patient_id,subject,site\nDOE-47,A,1\nDOE-47,B,1\n", encoding="utf-8")
    with pytest.raises(TableError, match="listed before") as twice:
        load_subjects(listed, "")
    assert "DOE-47" not in str(twice.value)


def test_a_key_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key file is made once, readable by its owner; a key in the environment comes first."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    file = tmp_path / "trial.key"
    made = key_from(file)

    assert key_from(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert made.secret.hex() not in repr(made)
    monkeypatch.setenv(KEY_VARIABLE, OTHER_KEY.secret.hex())
    assert key_from(file) == OTHER_KEY
    monkeypatch.setenv(KEY_VARIABLE, "short")
    with pytest.raises(DeidentificationError, match="64 hexadecimal digits"):
        key_from(file)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_a_key_that_others_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key file open to others is no secret."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    file = tmp_path / "trial.key"
    key_from(file)
    file.chmod(0o644)
    with pytest.raises(DeidentificationError, match="others may read"):
        key_from(file)


def test_another_key_or_other_settings_do_not_mix(tmp_path: Path) -> None:
    """A folder made with one key and charter takes no file of another; overlap is refused."""
    source, out = tmp_path / "in", tmp_path / "out"
    write_ct(source, "P1", BASELINE)
    deidentify_folder(source, out, order())
    with pytest.raises(DeidentificationError, match="another key"):
        deidentify_folder(source, out, order(OTHER_KEY))
    with pytest.raises(DeidentificationError, match="other settings"):
        deidentify_folder(source, out, order(times=False))
    with pytest.raises(DeidentificationError, match="overlap"):
        deidentify_folder(source, source / "out", order())


def test_many_files_in_several_processes_come_out_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Split over processes, every byte of images and report is as one process makes it."""
    source = tmp_path / "in"
    for week in range(10):
        write_ct(source / str(week), "P1", BASELINE + dt.timedelta(weeks=8 * week))
    deidentify_folder(source, tmp_path / "one", order())
    monkeypatch.setattr(folder, "FILES_WORTH_PROCESSES", 1)
    deidentify_folder(source, tmp_path / "more", order())

    assert contents(tmp_path / "more") == contents(tmp_path / "one")
    assert len(contents(tmp_path / "one")) == 42


def contents(top: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its relative path."""
    return {
        str(file.relative_to(top)): file.read_bytes() for file in top.rglob("*") if file.is_file()
    }


def test_an_interrupted_run_is_finished(tmp_path: Path) -> None:
    """Stopped half-way, a run leaves whole files only; the next one writes the rest and no more."""
    source, out, whole = tmp_path / "in", tmp_path / "out", tmp_path / "whole"
    for week in range(8):
        write_ct(source / str(week), "P1", BASELINE + dt.timedelta(weeks=8 * week))

    def stop(done: int, _total: int) -> None:
        if done >= 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deidentify_folder(source, out, order(), stop)
    half = len(list(out.rglob("*.dcm")))
    (out / CODE / "half.dcm.1.part").write_bytes(b"half")
    done = deidentify_folder(source, out, order())
    deidentify_folder(source, whole, order())

    assert 0 < half < 32
    assert sum(outcome.written for outcome in done.kept) == 32 - half
    assert contents(out) == contents(whole)


def test_the_report_tells_what_was_done_and_never_what_stood_there(tmp_path: Path) -> None:
    """Per file the attributes removed, emptied, shifted and mapped; no value, no original name."""
    source = tmp_path / "in" / "Doe"
    write_ct(source, "P1", BASELINE)
    for file in source.glob("*.dcm"):
        data = pydicom.dcmread(file)
        data.OperatorsName, data.InstitutionName = "DOE^JANE", "General Hospital"
        data.PerformedProcedureStepDescription = "for Jane Doe"
        data.save_as(file)
    (source / "note.txt").write_text("Doe", encoding="utf-8")
    deidentify_folder(tmp_path / "in", tmp_path / "out", order())
    text = (tmp_path / "out" / "deidentification.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    (actions,) = (line for line in lines if "actions" in line)
    files = [line for line in lines if "file" in line]
    (left,) = (line for line in lines if "left_out" in line)

    assert {"OperatorsName", "InstitutionName"} <= set(actions["replaced"])
    assert "PerformedProcedureStepDescription" in actions["removed"]
    assert "StudyDate" in actions["shifted"]
    assert "SOPInstanceUID" in actions["mapped"]
    assert "PatientIdentityRemoved" in actions["added"]
    assert {line["did"] for line in files} == {actions["actions"]}
    assert all((tmp_path / "out" / line["file"]).is_file() for line in files)
    assert left["reason"] == "it is no DICOM file"
    assert not any(word in text for word in ("Doe", "DOE", "Hospital", "20250106"))
