"""Headers kept from an earlier visit: nothing is opened again, and nothing old is believed."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from napari_recist.imaging import Scan, Series, scan
from napari_recist.imaging.files import header, index
from napari_recist.imaging.files.index import HeaderIndex
from tests.imaging.synthetic import write_axial

HEIGHTS = [0.0, 2.5, 5.0, 7.5, 10.0, 12.5]


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files written a moment ago count as settled."""
    monkeypatch.setattr(index, "SETTLED_NS", -(10**12))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return where the index of a test lies."""
    return tmp_path / "cache" / "headers.sqlite3"


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    """Return a folder with a CT series and a text."""
    write_axial(tmp_path / "ct", HEIGHTS)
    (tmp_path / "ct" / "notes.txt").write_text("patient was late")
    return tmp_path / "ct"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files whose headers are opened from now on."""
    names: list[str] = []
    really = os.open

    def noted(file: Path, flags: int, *mode: int) -> int:
        names.append(Path(file).name)
        return really(file, flags, *mode)

    class Noted:
        """The module os with its open noted."""

        open = staticmethod(noted)

        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

    monkeypatch.setattr(header, "os", Noted())
    return names


def facts(found: Scan) -> list[Any]:
    """Return everything a scan says, comparable."""
    return [*map(series_facts, found.series), found.skipped]


def series_facts(series: Series) -> tuple[Any, ...]:
    """Return everything a series says, its geometry as plain numbers."""
    geometry = series.geometry
    numbers = None if geometry is None else geometry.slice_origins.tolist()
    directions = None if geometry is None else geometry.affine_lps().tolist()
    others = [getattr(series, name) for name in Series.__dataclass_fields__ if name != "geometry"]
    return numbers, directions, *others


def test_a_second_finding_opens_no_file(ct: Path, place: Path, opened: list[str]) -> None:
    """Known files are not opened, foreign ones neither; everything found is the same."""
    first = scan(ct, index=HeaderIndex(place))
    assert sorted(opened) == sorted(file.name for file in ct.iterdir())
    opened.clear()

    second = scan(ct, index=HeaderIndex(place))
    assert opened == []
    assert facts(second) == facts(first) == facts(scan(ct))


@pytest.mark.shared
def test_an_index_changes_nothing_on_real_series(shared_data: Path, place: Path) -> None:
    """Of every real set, a finding from the index says what a finding without it says."""
    sets = sorted(folder for folder in (shared_data / "dicom").iterdir() if folder.is_dir())
    for folder in sets:
        scan(folder, index=HeaderIndex(place))
        assert facts(scan(folder, index=HeaderIndex(place))) == facts(scan(folder)), folder
    assert len(sets) >= 20


def test_a_changed_file_is_read_again(ct: Path, place: Path, opened: list[str]) -> None:
    """A new content of the same size and the same time of change is not taken for the old one."""
    scan(ct, index=HeaderIndex(place))
    changed = ct / "IM0003.dcm"
    before = changed.stat()
    changed.write_bytes(changed.read_bytes().replace(b"\\7.5", b"\\7.6"))
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    opened.clear()

    (series,) = scan(ct, index=HeaderIndex(place)).series

    assert opened == ["IM0003.dcm"]
    assert series.geometry is not None
    assert series.geometry.slice_origins[3, 2] == 7.6


def test_a_file_that_may_still_change_is_not_kept(
    ct: Path, place: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file written within the clock's resolution is read again at the next visit."""
    monkeypatch.setattr(index, "SETTLED_NS", 3_600_000_000_000)
    scan(ct, index=HeaderIndex(place))
    opened.clear()
    scan(ct, index=HeaderIndex(place))

    assert len(opened) == 7


def test_files_come_and_go(ct: Path, place: Path, opened: list[str]) -> None:
    """A removed file is forgotten, a new one read; the others stay known."""
    scan(ct, index=HeaderIndex(place))
    (ct / "IM0005.dcm").rename(ct / "IM0009.dcm")
    opened.clear()

    assert len(scan(ct, index=HeaderIndex(place)).series[0].slices) == 6
    assert opened == ["IM0009.dcm"]
    (content,) = rows(place)
    assert b"IM0009.dcm" in content
    assert b"IM0005.dcm" not in content


def rows(place: Path) -> list[bytes]:
    """Return the stored content of every folder."""
    connection = sqlite3.connect(place)
    found = [row[0] for row in connection.execute("SELECT content FROM folders ORDER BY rowid")]
    connection.close()
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_index_is_made_anew(ct: Path, place: Path, seed: int) -> None:
    """Flipped, cut or foreign bytes change nothing that is found; the next index is whole again."""
    expected = facts(scan(ct, index=HeaderIndex(place)))
    data, random = bytearray(place.read_bytes()), Random(seed)
    for _ in range(1 + seed % 20):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    if seed % 5 == 0:
        del data[random.randrange(len(data)) :]
    place.write_bytes(b"this is no database, but a letter" if seed == 1 else bytes(data))

    for _ in range(3):
        assert facts(scan(ct, index=HeaderIndex(place))) == expected


def test_a_changed_digit_is_noticed(ct: Path, place: Path) -> None:
    """A position altered inside the index is not believed."""
    expected = facts(scan(ct, index=HeaderIndex(place)))
    before = rows(place)
    connection = sqlite3.connect(place)
    altered = "CAST(replace(CAST(content AS TEXT), '7.5', '7.6') AS BLOB)"
    connection.execute(f"UPDATE folders SET content = {altered}")
    connection.commit()
    connection.close()

    assert rows(place) != before
    assert facts(scan(ct, index=HeaderIndex(place))) == expected
    assert rows(place) == before


def test_rows_of_other_code_are_not_used(
    ct: Path, place: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version of the reading code wrote is read from the files again."""
    scan(ct, index=HeaderIndex(place))
    opened.clear()
    monkeypatch.setattr(index, "_reading_code", lambda: b"another version")
    scan(ct, index=HeaderIndex(place))

    assert len(opened) == 7


def test_the_index_stays_within_its_limit(tmp_path: Path, place: Path) -> None:
    """The folders asked for longest ago go first."""
    for number in range(6):
        write_axial(tmp_path / str(number), HEIGHTS)
        scan(tmp_path / str(number), index=HeaderIndex(place, limit_bytes=5000))
    kept = rows(place)

    assert 1 <= len(kept) < 6
    assert sum(map(len, kept)) <= 5000


def test_an_index_in_use_by_another_stops_nobody(
    ct: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process holds the index, files are read as if there were none."""
    scan(ct, index=HeaderIndex(place))
    monkeypatch.setattr(index, "_PATIENCE_S", 0.01)
    holder = sqlite3.connect(place, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    assert len(scan(ct, index=HeaderIndex(place)).series[0].slices) == 6

    holder.close()
    assert place.exists()


def test_an_index_that_cannot_be_written_stops_nobody(ct: Path, tmp_path: Path) -> None:
    """A folder in the index's place, or a file in its folder's, costs speed alone."""
    (tmp_path / "file").write_text("")
    for hopeless in (tmp_path, tmp_path / "file" / "headers.sqlite3"):
        assert len(scan(ct, index=HeaderIndex(hopeless)).series[0].slices) == 6


_VISIT = """
import sys
from pathlib import Path
from napari_recist.imaging import scan
from napari_recist.imaging.files import index
index.SETTLED_NS = -(10**12)
for _ in range(8):
    found = scan(Path(sys.argv[1]), index=index.HeaderIndex(Path(sys.argv[2])))
    assert [len(one.slices) for one in found.series] == [6], found
"""


def test_processes_share_one_index(ct: Path, place: Path) -> None:
    """Four processes that find the same files at once all find all of them."""
    command = [sys.executable, "-c", _VISIT, str(ct), str(place)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    told = [process.communicate()[1] for process in running]

    assert [process.returncode for process in running] == [0] * 4, told
    assert len(rows(place)) == 1


def test_a_cancelled_finding_keeps_what_it_read(ct: Path, place: Path, opened: list[str]) -> None:
    """The next visit goes on where the first was cancelled."""

    def cancel(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(ct, cancel, HeaderIndex(place))
    before = list(opened)
    opened.clear()
    scan(ct, index=HeaderIndex(place))

    assert len(before) == 4
    assert not set(before) & set(opened)


@pytest.mark.skipif(os.name != "posix", reason="permissions are the system's own elsewhere")
def test_only_its_owner_reads_the_index(ct: Path, place: Path) -> None:
    """Patient codes and dates of the headers are nobody else's business."""
    scan(ct, index=HeaderIndex(place))

    assert place.stat().st_mode & 0o077 == 0


def test_names_in_any_encoding_are_kept(tmp_path: Path, place: Path, opened: list[str]) -> None:
    """A folder and a file whose names are no UTF-8 are recalled like any other."""
    folder = tmp_path / os.fsdecode(b"Universit\xe4t")
    (file, *_) = write_axial(folder, HEIGHTS)
    file.rename(folder / os.fsdecode(b"sch\xf6n.dcm"))
    scan(folder, index=HeaderIndex(place))
    opened.clear()

    assert len(scan(folder, index=HeaderIndex(place)).series[0].slices) == 6
    assert opened == []


def test_a_relative_and_an_absolute_path_are_one_folder(
    ct: Path, place: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files found by their names from inside the folder are known from outside."""
    monkeypatch.chdir(ct)
    scan(sorted(Path(file.name) for file in ct.iterdir()), index=HeaderIndex(place))
    opened.clear()
    scan(ct, index=HeaderIndex(place))

    assert opened == []
