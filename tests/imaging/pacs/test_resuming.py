"""Transfers that are broken off: the archive killed, the disk full, the person impatient."""

import errno
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer

import pytest

from napari_recist.errors import ArchiveError, TransferError, UnreachableArchiveError
from napari_recist.imaging.pacs import Progress, fetch, send, to_send
from napari_recist.imaging.pacs.archive import Archive, Outgoing
from napari_recist.imaging.pacs.journal import Arrived, Journal
from napari_recist.imaging.pacs.transfer import Watch
from tests.imaging.pacs.conftest import FORGOTTEN_SOCKET, archive_of
from tests.orthanc import Orthanc

pytestmark = FORGOTTEN_SOCKET


def killer(running: Orthanc, after: int) -> Watch:
    """Return what kills the archive once some instances are done."""
    killed: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.done >= after and not killed:
            killed.append(progress.done)
            running.kill()

    return watch


class Slow:
    """A live archive asked for one instance after the other, so that it can be killed between."""

    at_once = 1

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.sent: list[str] = []

    def __getattr__(self, name: str) -> object:
        """Do all else as the archive does."""
        return getattr(self._archive, name)

    def send(self, files: Sequence[Outgoing]) -> Mapping[str, str]:
        """Send, and note what was sent."""
        self.sent += [one.instance.instance_uid for one in files]
        return self._archive.send(files)


def files_there(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of each file that lies whole in its place."""
    return {
        file.stem: (file.stat().st_ino, file.stat().st_mtime_ns) for file in folder.rglob("*.dcm")
    }


def test_a_fetch_goes_on_after_the_archive_was_killed(
    own_orthanc: Orthanc, scan: Path, tmp_path: Path, way: str
) -> None:
    """What arrived before is not touched, only the rest is fetched, and all is as it was sent."""
    archive = Slow(archive_of(own_orthanc, way))
    files = to_send([scan]).files
    send(archive_of(own_orthanc, "web"), files)
    (series,) = archive.series(files[0].instance.study_uid)
    out = tmp_path / "out"

    with pytest.raises(TransferError, match="Run it again"):
        fetch(archive, [series], out, killer(own_orthanc, 5), connections=1)
    before = files_there(out)
    assert 5 <= len(before) < 32
    assert not list(out.rglob("*.part"))
    own_orthanc.start()
    done = fetch(archive, [series], out)

    after = files_there(out)
    assert len(after) == 32
    assert {uid: after[uid] for uid in before} == before
    assert {one.instance_uid for one in done.arrived} == set(after) - set(before)
    assert done.there == len(before)
    kept = own_orthanc.stored()
    if way == "web":
        assert {f.stem: f.read_bytes() for f in out.rglob("*.dcm")} == kept


def test_a_fetch_bridges_a_restart_by_itself(
    own_orthanc: Orthanc, scan: Path, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive that is killed and comes back within the pauses costs nobody a second run."""
    monkeypatch.setattr("napari_recist.imaging.pacs.transfer.PAUSES_S", (0.5,) * 30)
    archive = Slow(archive_of(own_orthanc, way))
    files = to_send([scan]).files
    send(archive, files)
    (series,) = archive.series(files[0].instance.study_uid)
    killed: list[Timer] = []

    def watch(progress: Progress) -> None:
        if progress.done >= 5 and not killed:
            own_orthanc.kill()
            killed.append(Timer(0.5, own_orthanc.start))
            killed[0].start()

    done = fetch(archive, [series], tmp_path / "out", watch, connections=2)
    killed[0].join()

    assert len(done.arrived) == 32
    assert len({one.instance_uid for one in done.arrived}) == 32


def test_a_sending_goes_on_after_the_archive_was_killed(
    own_orthanc: Orthanc, scan: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run sends only what the archive has not; then it has all, byte for byte."""
    monkeypatch.setattr("napari_recist.imaging.pacs.sending._FILES_AT_ONCE", 1)
    files = to_send([scan]).files
    archive = Slow(archive_of(own_orthanc, way))

    with pytest.raises(TransferError, match="only the rest is sent"):
        send(archive, files, killer(own_orthanc, 5), connections=1)
    own_orthanc.start()
    kept = set(own_orthanc.stored())
    assert 5 <= len(kept) < 32
    archive.sent.clear()
    done = send(archive, files)

    assert set(archive.sent) == {one.instance.instance_uid for one in files} - kept
    assert (len(done.accepted), done.there, done.refused) == (32 - len(kept), len(kept), ())
    stored = own_orthanc.stored()
    if way == "web":
        assert stored == {one.instance.instance_uid: one.file.read_bytes() for one in files}
    assert len(stored) == 32


def test_a_damaged_file_is_fetched_again(orthanc: Orthanc, scan: Path, tmp_path: Path) -> None:
    """A file whose bytes changed since it arrived, or that is gone, does not count as there."""
    archive = archive_of(orthanc, "web")
    send(archive, to_send([scan]).files)
    (series,) = archive.series(to_send([scan]).files[0].instance.study_uid)
    out = tmp_path / "out"
    fetch(archive, [series], out)
    one, other, *_ = sorted(out.rglob("*.dcm"))
    data = one.read_bytes()
    one.write_bytes(data[:-1] + b"\x01")
    other.unlink()

    done = fetch(archive, [series], out)

    assert {item.instance_uid for item in done.arrived} == {one.stem, other.stem}
    assert one.read_bytes() == data


def test_a_full_disk_is_told_and_leaves_no_half_file(
    orthanc: Orthanc, scan: Path, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the folder and what to do; afterwards the fetch goes on."""
    archive = archive_of(orthanc, way)
    send(archive, to_send([scan]).files)
    (series,) = archive.series(to_send([scan]).files[0].instance.study_uid)
    out = tmp_path / "out"

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("napari_recist.imaging.pacs.landing.os.fsync", full)
        with pytest.raises(ArchiveError, match="No space left on device") as refused:
            fetch(archive, [series], out)
    assert not isinstance(refused.value, UnreachableArchiveError)
    assert not [file for file in out.rglob("*") if file.is_file()]
    assert len(fetch(archive, [series], out).arrived) == 32


def test_ctrl_c_leaves_what_arrived(orthanc: Orthanc, scan: Path, tmp_path: Path, way: str) -> None:
    """A fetch that its watcher stops keeps whole files only, and goes on another time."""
    archive = Slow(archive_of(orthanc, way))
    send(archive, to_send([scan]).files)
    (series,) = archive.series(to_send([scan]).files[0].instance.study_uid)
    out = tmp_path / "out"

    def impatient(progress: Progress) -> None:
        if progress.done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(archive, [series], out, impatient, connections=1)
    before = len(files_there(out))
    assert 3 <= before < 32
    assert not list(out.rglob("*.part"))
    assert fetch(archive, [series], out).there == before


def test_a_journal_survives_a_cut_line(tmp_path: Path) -> None:
    """A line that a power failure cut is no line, and the next one stands on its own."""
    (tmp_path / "a.dcm").write_bytes(b"a")
    digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    journal = Journal(tmp_path)
    journal.note(Arrived("1.1", "a.dcm", 1, digest, "1.2"))
    with (tmp_path / "fetched.jsonl").open("ab") as stream:
        stream.write(b'{"instance_uid": "1.2", "pla')
    again = Journal(tmp_path)
    again.note(Arrived("1.3", "a.dcm", 1, digest, "1.2"))
    known = Journal(tmp_path)

    assert [bool(known.whole(uid)) for uid in ("1.1", "1.2", "1.3")] == [True, False, True]
