"""Any folder can be given: whatever lies there is read or named with a reason, nothing is fatal."""

import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.fileset import FileSet

from napari_recist.errors import NoImagesError
from napari_recist.imaging import scan
from napari_recist.imaging.files import header, walking
from tests.imaging.synthetic import write_axial
from tests.imaging.test_find import HEIGHTS, reasons

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes are made here")


def test_foreign_content_is_named(tmp_path: Path) -> None:
    """Empty files, texts, archives and pictures are left out by name; names say nothing."""
    files = write_axial(tmp_path, HEIGHTS)
    files[0].rename(tmp_path / "0")
    files[1].rename(tmp_path / "report.pdf")
    (tmp_path / "empty.dcm").touch()
    (tmp_path / "zeros.dcm").write_bytes(bytes(5000))
    (tmp_path / "picture.dcm").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (tmp_path / "only-preamble").write_bytes(bytes(128) + b"DICM")

    found = scan(tmp_path)

    assert [len(one.slices) for one in found.series] == [6]
    assert reasons(found) == {
        "empty.dcm": "not a DICOM file.",
        "zeros.dcm": "not a DICOM file.",
        "picture.dcm": "not a DICOM file.",
        "only-preamble": "damaged DICOM file (it ends inside the file meta information).",
    }


def test_pipes_devices_and_sockets_are_not_opened(tmp_path: Path) -> None:
    """What is no file is named; a pipe nobody writes to does not stop the finding."""
    write_axial(tmp_path, HEIGHTS)
    os.mkfifo(tmp_path / "pipe.dcm")
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.relpath(tmp_path / "socket"))
    (tmp_path / "null").symlink_to(os.devnull)

    found = scan(tmp_path)
    server.close()

    assert len(found.series) == 1
    assert reasons(found) == dict.fromkeys(
        ("pipe.dcm", "socket", "null"), "a pipe, a device or a socket, not a file."
    )
    assert reasons(scan(tmp_path / "pipe.dcm")) == {
        "pipe.dcm": "a pipe, a device or a socket, not a file."
    }


def test_a_pipe_that_takes_a_files_place_does_not_stop_the_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between listing and reading a file may become a pipe: it is left out."""
    files = write_axial(tmp_path, HEIGHTS)
    files_at = walking.files_at

    def then_replaced(paths: list[Path]) -> object:
        found = files_at(paths)
        files[2].unlink()
        os.mkfifo(files[2])
        return found

    monkeypatch.setattr("napari_recist.imaging.find.files_at", then_replaced)

    assert list(reasons(scan(tmp_path))) == ["IM0002.dcm"]


def test_links_are_told_where_they_lead_nowhere_or_in_circles(tmp_path: Path) -> None:
    """Links to files are read; broken ones, circles and links to folders are named."""
    files = write_axial(tmp_path / "real", HEIGHTS)
    folder = tmp_path / "links"
    folder.mkdir()
    for file in files:
        (folder / file.name).symlink_to(file)
    (folder / "broken").symlink_to(tmp_path / "gone")
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    (folder / "up").symlink_to(tmp_path)

    found = scan(folder)

    assert [len(one.slices) for one in found.series] == [6]
    told = reasons(found)
    assert told["broken"] == "a link that leads nowhere."
    assert told["up"].startswith("a link to a folder; links are not followed")
    assert set(told) == {"broken", "up", "a", "b"}
    with pytest.raises(NoImagesError, match="broken: a link that leads nowhere"):
        scan(folder / "broken")


def test_names_in_odd_encodings_are_read_and_shown(tmp_path: Path) -> None:
    """A name that is no UTF-8 is read like any other, and shown without a fault."""
    files = write_axial(tmp_path, HEIGHTS)
    files[3].rename(tmp_path / os.fsdecode(b"sch\xf6n\n.dcm"))
    (tmp_path / os.fsdecode(b"n\xf6tes")).write_text("x")

    found = scan(tmp_path)
    command = [sys.executable, "-c", "from napari_recist.cli import main; main()", "series"]
    shown = [
        subprocess.run([*command, tmp_path, *more], capture_output=True, check=False)
        for more in ([], ["--json"])
    ]

    assert [len(one.slices) for one in found.series] == [6]
    assert [result.returncode for result in shown] == [0, 0], shown
    assert all(b"not a DICOM file" in result.stdout for result in shown)


def test_a_file_that_vanishes_while_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file deleted after the listing, and one whose disk fails, are left out with the reason."""
    files = write_axial(tmp_path, HEIGHTS)
    really = os.read

    class Failing:
        """The module os; every read of one size fails once."""

        failed = False

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

        def read(self, descriptor: int, count: int) -> bytes:
            if os.fstat(descriptor).st_ino == inode:
                raise OSError(5, "Input/output error")
            return really(descriptor, count)

    inode = files[4].stat().st_ino
    monkeypatch.setattr(header, "os", Failing())

    def delete(done: int, _total: int) -> None:
        if done == 1:
            files[2].unlink()

    assert reasons(scan(tmp_path, delete)) == {
        "IM0002.dcm": "cannot be read (No such file or directory).",
        "IM0004.dcm": "cannot be read (Input/output error).",
    }


@pytest.fixture
def plain_user() -> Iterator[Path]:
    """Give up the rights of root, and return a folder of one's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
            try:
                yield folder
            finally:
                os.seteuid(0)
        else:
            yield folder


def test_what_may_not_be_read_is_named(plain_user: Path) -> None:
    """Files and folders without permission are left out by name; the rest is found."""
    files = write_axial(plain_user, HEIGHTS)
    files[5].chmod(0)
    secret = plain_user / "secret"
    write_axial(secret, HEIGHTS)
    secret.chmod(stat.S_IRUSR)
    (plain_user / "closed").mkdir(0)

    try:
        found = scan(plain_user)
        with pytest.raises(NoImagesError, match=r"IM0000\.dcm: cannot be reached"):
            scan(secret / "IM0000.dcm")
    finally:
        for folder in (secret, plain_user / "closed"):
            folder.chmod(stat.S_IRWXU)

    told = reasons(found)
    assert [len(one.slices) for one in found.series] == [5]
    assert told["IM0005.dcm"] == "cannot be read (Permission denied)."
    assert told["closed"] == "this folder cannot be opened (Permission denied)."
    assert told["IM0000.dcm"] == "cannot be read (Permission denied)."


def test_folders_nest_as_deep_as_the_system_lets_them(tmp_path: Path) -> None:
    """A scan 1200 folders down, deeper than Python nests calls, is found."""
    folders = [tmp_path.joinpath(*"d" * depth) for depth in range(1, 1200)]
    for folder in folders:
        folder.mkdir()
    files = write_axial(folders[-1], HEIGHTS)

    found = scan(tmp_path)
    for file in files:
        file.unlink()
    for folder in reversed(folders):
        folder.rmdir()

    assert [len(one.slices) for one in found.series] == [6]


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """Return a disc's folder: six slices and their DICOMDIR."""

    def complete(_index: int, dataset: Dataset) -> None:
        dataset.PatientName, dataset.StudyID, dataset.StudyTime = "A", "1", "120000"

    files = write_axial(tmp_path / "source", HEIGHTS, complete)
    fileset = FileSet()
    for file in files:
        fileset.add(file)
    fileset.write(tmp_path / "disc")
    fileset._stage["t"].cleanup()
    return tmp_path / "disc"


def named(disc: Path) -> list[Path]:
    """Return the files on a disc beside its DICOMDIR."""
    return sorted(file for file in disc.rglob("*") if file.is_file() and file.name != "DICOMDIR")


def test_a_dicomdir_names_its_files(disc: Path) -> None:
    """Given the DICOMDIR, exactly its files are read; what lies beside them is told of."""
    extra = named(disc)[0].with_name("EXTRA")
    extra.write_bytes(named(disc)[0].read_bytes())

    found = scan(disc / "DICOMDIR")

    assert [len(one.slices) for one in found.series] == [6]
    assert reasons(found) == {
        "EXTRA": "not named in the DICOMDIR; choose the folder to read it as well."
    }


@pytest.mark.parametrize(
    "respelled", [str.lower, "{};1".format, "{}.;1".format, "{}.".format, "{};12".format]
)
def test_a_disc_may_spell_names_otherwise(disc: Path, respelled: object) -> None:
    """Letter case, versions and closing dots that a disc's copy adds do not lose a file."""
    for path in sorted(disc.rglob("*"), reverse=True):
        if path.name != "DICOMDIR":
            path.rename(path.with_name(respelled(path.name)))  # type: ignore[operator]

    found = scan(disc / "DICOMDIR")

    assert [len(one.slices) for one in found.series] == [6]
    assert not found.skipped


def test_a_file_missing_from_the_disc_is_named(disc: Path) -> None:
    """A file the DICOMDIR names and the disc has not is told of; the others are read."""
    gone = named(disc)[3]
    gone.unlink()

    found = scan(disc / "DICOMDIR")

    assert reasons(found) == {gone.name: "named in the DICOMDIR, but not there."}
    assert sum(len(one.slices) for one in found.series) == 5


def test_a_dicomdir_reaches_nothing_outside_its_folder(disc: Path) -> None:
    """A DICOMDIR made to name files elsewhere does not get them read."""
    directory = disc / "DICOMDIR"
    part = named(disc)[0].relative_to(disc).parts[0].encode()
    directory.write_bytes(directory.read_bytes().replace(part, b"..".ljust(len(part), b" ")))

    found = scan(directory)

    assert not found.series
    assert set(reasons(found).values()) == {
        "named in the DICOMDIR, but outside it.",
        "a DICOMDIR index, not an image; the files themselves are searched.",
    }


def test_a_folder_with_a_dicomdir_is_searched_whole(disc: Path) -> None:
    """A folder's files are all read, whether its DICOMDIR names them or not."""
    files = named(disc)
    directory = disc / "DICOMDIR"
    directory.write_bytes(directory.read_bytes().replace(files[0].name.encode(), b"XXXXXXXX"))

    found = scan(disc)

    assert [len(one.slices) for one in found.series] == [6]
    assert reasons(found) == {
        "DICOMDIR": "a DICOMDIR index, not an image; the files themselves are searched."
    }


def test_a_damaged_dicomdir_is_told_of(tmp_path: Path) -> None:
    """A DICOMDIR that is none is named like any foreign file."""
    (tmp_path / "DICOMDIR").write_text("nothing")

    assert reasons(scan(tmp_path / "DICOMDIR")) == {"DICOMDIR": "not a DICOM file."}


def test_files_given_twice_are_read_once(tmp_path: Path) -> None:
    """A folder and one of its files, given together, make no copies."""
    files = write_axial(tmp_path, HEIGHTS)

    found = scan([tmp_path, files[2], tmp_path])

    assert [len(one.slices) for one in found.series] == [6]
    assert not found.skipped
