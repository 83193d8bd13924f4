"""Images stored in a live archive, found there and fetched again: the same, to the last bit."""

import datetime as dt
import hashlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from dicomweb_client import DICOMwebClient

from napari_recist.errors import ArchiveError, TransferError
from napari_recist.imaging.pacs import ArchivedSeries, Outgoing, Search, fetch, send, to_send
from napari_recist.imaging.pacs.archive import Archive, Instance
from napari_recist.imaging.pacs.landing import Landing
from napari_recist.imaging.pacs.multipart import first_part
from tests.imaging.pacs.conftest import archive_of
from tests.orthanc import Orthanc
from tests.reading.tiny_ct import write_ct

SETS = {
    "emr_siemens_t1w": "an enhanced multi-frame image",
    "mr_rgb_j2k": "JPEG 2000 in colour",
    "ct_legacy_vs_multiframe": "an enhanced CT beside its slices",
    "pet_varying_slope": "PET",
    "ct_liver_dcmqi_3slice": "a CT with its segmentation",
    "mr_localizer_3plane_abdomen": "three orientations in one series",
}
"""Real sets, none of which holds two files of one instance."""

CODEC_CT = "codec_ct_15_transfer_syntaxes"

SYNTAXES = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.5",
)


def all_series(archive: Archive, study: str) -> tuple[ArchivedSeries, ...]:
    """Return the series of a study, which must be there."""
    found = archive.series(study)
    assert found
    return found


def assert_same(came: Path, was: Path) -> None:
    """Hold that two files have the same transfer syntax, the same values and the same pixels."""
    one, other = pydicom.dcmread(came), pydicom.dcmread(was)
    assert one.file_meta.TransferSyntaxUID == other.file_meta.TransferSyntaxUID
    assert one.get("PixelData") == other.get("PixelData")
    assert one == other


@pytest.mark.shared
@pytest.mark.parametrize("back", ["web", "dimse"])
def test_real_images_come_back_as_they_were_sent(
    shared_data: Path, orthanc: Orthanc, tmp_path: Path, way: str, back: str
) -> None:
    """Sent by either way and fetched by either, each data set is the same; by DICOMweb each file.

    By C-GET this archive writes sequences anew with other lengths: values and pixels are the same.
    """
    place = to_send([shared_data / "dicom" / name for name in SETS])
    send(archive_of(orthanc, way), place.files)
    archive = archive_of(orthanc, back)
    studies = sorted({one.instance.study_uid for one in place.files})
    fetch(archive, [s for study in studies for s in all_series(archive, study)], tmp_path)

    for one in place.files:
        uid = one.instance
        came = tmp_path / uid.study_uid / uid.series_uid / f"{uid.instance_uid}.dcm"
        assert_same(came, one.file)
        if way == back == "web":
            assert came.read_bytes() == one.file.read_bytes()
    lines = (tmp_path / "fetched.jsonl").read_text(encoding="utf-8").splitlines()
    for told in map(json.loads, lines):
        data = (tmp_path / told["place"]).read_bytes()
        assert told["size"] == len(data)
        assert told["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.shared
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_each_transfer_syntax_is_kept(
    shared_data: Path, orthanc: Orthanc, tmp_path: Path, way: str, syntax: str
) -> None:
    """One image in eight transfer syntaxes: none is converted, by neither way."""
    (file,) = (shared_data / "dicom" / CODEC_CT / "dicom").glob(f"*_{syntax}.dcm")
    image = pydicom.dcmread(file)
    image.SOPInstanceUID = pydicom.uid.generate_uid()
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    image.StudyInstanceUID = pydicom.uid.generate_uid()
    sent_file = tmp_path / "sent.dcm"
    image.save_as(sent_file)
    archive = archive_of(orthanc, way)
    sent = send(archive, to_send([sent_file]).files)
    assert len(sent.accepted) == 1
    fetched = fetch(archive, all_series(archive, image.StudyInstanceUID), tmp_path / "out")

    (arrived,) = fetched.arrived
    assert arrived.transfer_syntax == syntax
    assert_same(tmp_path / "out" / arrived.place, sent_file)


def test_searches_find_what_they_say(orthanc: Orthanc, tmp_path: Path, way: str) -> None:
    """By id with wildcard, name, date and modality; what does not match is not found."""
    day, later = dt.date(2031, 5, 6), dt.date(2031, 6, 5)
    one, other, both = f"{way}-1", f"{way}-2", f"{way}-*"
    write_ct(tmp_path / "a", one, day)
    write_ct(tmp_path / "b", other, later)
    for file in tmp_path.rglob("*.dcm"):
        image = pydicom.dcmread(file)
        image.AccessionNumber, image.StudyDescription = f"A{image.PatientID}", "abdomen"
        image.save_as(file)
    archive = archive_of(orthanc, way)
    send(archive, to_send([tmp_path]).files)

    def ids(search: Search) -> list[str]:
        return sorted(study.patient_id for study in archive.studies(search))

    assert ids(Search(patient_id=both)) == [one, other]
    assert ids(Search(patient_id=other)) == [other]
    assert ids(Search(name=f"{way}-1*")) == [one]
    assert ids(Search(accession=f"A{other}")) == [other]
    assert ids(Search(patient_id=both, first_day=day + dt.timedelta(days=1))) == [other]
    assert ids(Search(patient_id=both, last_day=day)) == [one]
    assert ids(Search(patient_id=both, modality="CT")) == [one, other]
    assert ids(Search(patient_id=both, modality="MR")) == []
    (study,) = archive.studies(Search(patient_id=one))
    assert (study.date, study.modalities, study.description) == (day, ("CT",), "abdomen")
    assert (study.accession, study.instances) == (f"A{one}", 4)
    assert archive.studies(Search(study_uid=study.study_uid)) == (study,)
    (series,) = archive.series(study.study_uid)
    assert (series.number, series.modality, series.instances) == ("2", "CT", 4)
    assert len(archive.instances(series)) == 4
    assert f"{way}-" not in f"{study!r}{Search(patient_id=one, name=one)!r}"


def test_what_is_asked_for_is_not_logged(
    orthanc: Orthanc, tmp_path: Path, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger at its most talkative, no record holds a patient's name or id."""
    caplog.set_level(logging.DEBUG)
    write_ct(tmp_path / "scan", f"CANARYDOE-{way}", dt.date(2031, 1, 1))
    archive = archive_of(orthanc, way)
    send(archive, to_send([tmp_path]).files)
    (study,) = archive.studies(Search(patient_id=f"CANARYDOE-{way}", name="CANARYDOE*"))
    fetch(archive, archive.series(study.study_uid), tmp_path / "out")

    assert "CANARYDOE" not in caplog.text
    assert "CANARYDOE" not in (tmp_path / "out" / "fetched.jsonl").read_text(encoding="utf-8")


def test_another_client_gets_what_we_sent(orthanc: Orthanc, scan: Path, way: str) -> None:
    """dicomweb-client, which is not ours, retrieves each instance with the values it had."""
    files = to_send([scan]).files
    send(archive_of(orthanc, way), files)
    client = DICOMwebClient(orthanc.web)
    for one in files[::8]:
        uid = one.instance
        came = client.retrieve_instance(uid.study_uid, uid.series_uid, uid.instance_uid)
        assert came == pydicom.dcmread(one.file)


def test_what_the_archive_has_is_not_sent_again(orthanc: Orthanc, scan: Path, way: str) -> None:
    """A second sending sends nothing; one more file is sent alone."""
    archive = archive_of(orthanc, way)
    first = sorted(scan.glob("*.dcm"))
    assert len(send(archive, to_send(first[:-1]).files).accepted) == 31
    again = send(archive, to_send(first[:-1]).files)
    assert (len(again.accepted), again.there) == (0, 31)
    rest = send(archive, to_send([scan]).files)
    assert [one.file for one in rest.accepted] == first[-1:]


def test_refused_instances_are_named(
    orthanc: Orthanc, scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """What the archive does not accept is named and does not keep the others from going.

    A file is damaged after we looked at it; alone in its batch, so that no other comes to help.
    """
    monkeypatch.setattr("napari_recist.imaging.pacs.sending._FILES_AT_ONCE", 1)
    files = to_send([scan]).files
    broken = tmp_path / "broken.dcm"
    data = files[0].file.read_bytes()
    broken.write_bytes(data[:400] + b"\xff" * 200 if way == "web" else data.replace(b"UI", b"ZZ"))
    claimed = Outgoing(broken, files[0].instance, files[0].transfer_syntax, 600)
    if way == "dimse":
        claimed = replace(claimed, file=files[0].file, transfer_syntax="1.2.840.10008.1.2.4.94")
    sent = send(archive_of(orthanc, way), [claimed, *files[1:3]])

    assert len(sent.accepted) == 2
    assert [one.file for one in sent.refused] == [claimed.file]
    assert sent.refused[0].reason


def test_damaged_files_are_refused_before_they_are_sent(
    shared_data: Path, tmp_path: Path, scan: Path
) -> None:
    """A truncated file is named; a report beside the images is left aside."""
    whole = next(scan.glob("*.dcm"))
    (scan / "cut.dcm").write_bytes(whole.read_bytes()[:-100])
    (scan / "manifest.json").write_text("{}", encoding="utf-8")
    place = to_send([scan])

    assert len(place.files) == 32
    assert place.others == 1
    assert [one.file.name for one in place.refused] == ["cut.dcm"]


def test_an_instance_that_is_missing_is_told(
    orthanc: Orthanc, scan: Path, tmp_path: Path, way: str
) -> None:
    """Where the archive says it has more than it gives, the fetch fails and keeps the rest."""
    archive = archive_of(orthanc, way)
    sent = send(archive, to_send([scan]).files)
    uid = sent.accepted[0].instance
    (series,) = archive.series(uid.study_uid)
    more = ArchivedSeries(uid.study_uid, uid.series_uid, "2", "CT", "", 33)

    with pytest.raises(TransferError, match="32 of 33"):
        fetch(archive, [more], tmp_path / "out")
    assert fetch(archive, [series], tmp_path / "out").there == 32


def test_another_instance_than_asked_for_is_refused(
    orthanc: Orthanc, scan: Path, tmp_path: Path
) -> None:
    """An archive that mixes up instances is found out, and nothing gets the wrong name."""
    archive = archive_of(orthanc, "web")
    send(archive, to_send([scan]).files)
    study = to_send([scan]).files[0].instance.study_uid
    (series,) = archive.series(study)
    one, other = archive.instances(series)[:2]
    mixed = MixedUp(archive, one, other)

    with pytest.raises(ArchiveError, match="another instance"):
        fetch(mixed, [series], tmp_path / "out")
    assert not (tmp_path / "out" / study / series.series_uid / f"{one.instance_uid}.dcm").exists()


class MixedUp:
    """A live archive that gives one instance in place of another."""

    at_once = 1

    def __init__(self, archive: Archive, asked: Instance, given: Instance) -> None:
        self._archive, self._asked, self._given = archive, asked, given

    def __getattr__(self, name: str) -> object:
        """Do all else as the archive does."""
        return getattr(self._archive, name)

    def fetch(self, wanted: list[Instance], receive: object) -> None:
        """Ask for the other one."""
        asked = [self._given if one == self._asked else one for one in wanted]
        self._archive.fetch(asked, lambda _, pieces: receive(wanted[0], pieces))


def test_no_uid_leads_out_of_the_folder(tmp_path: Path) -> None:
    """An archive that tells a path for a UID writes nothing anywhere."""
    landing = Landing(tmp_path / "out")
    for uid in ("../../x", "/etc/x", "..", "", "1.2/3"):
        with pytest.raises(ArchiveError, match="UID that is none"):
            landing.take(Instance("1.2", "1.3", uid, "1.4"), [b"data"])
        with pytest.raises(ArchiveError, match="UID that is none"):
            landing.take(Instance(uid, "1.3", "1.5", "1.4"), [b"data"])
    assert list((tmp_path / "out").iterdir()) == []


def test_halves_of_living_runs_are_left(tmp_path: Path) -> None:
    """Half a file of a run that was killed is removed, that of another one under way is not."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for process in (dead.pid, os.getppid()):
        (tmp_path / f"1.2.dcm.{process}-1.part").write_bytes(b"half")
    Landing(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == [f"1.2.dcm.{os.getppid()}-1.part"]


@pytest.mark.parametrize("size", [1, 3, 7, 64, 10_000])
def test_a_part_is_found_however_it_arrives(size: int) -> None:
    """The content of a message is the same whatever the pieces it comes in, marks in it too."""
    content = b"\r\n--edg" * 40 + b"\r\n\r\n--" + bytes(range(256)) * 9 + b"\r\n"
    body = b"\r\n--edge\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n--edge--"
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    kind = 'multipart/related; type="application/dicom"; boundary="edge"'

    assert b"".join(first_part(kind, chunks, "pacs")) == content
    cut = [body[at : at + size] for at in range(0, len(body) - 12, size)]
    if b"".join(cut) != body:
        with pytest.raises(ArchiveError):
            b"".join(first_part(kind, cut[: -12 // size - 1], "pacs"))
    assert b"".join(first_part("application/dicom", chunks, "pacs")) == body
