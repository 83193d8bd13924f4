"""Slow disks are read by many threads at once; the result, progress and cancelling are the same."""

import threading
import time
from pathlib import Path

import pytest

from napari_recist.errors import ImageError
from napari_recist.imaging import scan
from napari_recist.imaging.files.header import Header, HeaderReader
from napari_recist.imaging.files.index import HeaderIndex
from tests.imaging.synthetic import write_axial
from tests.imaging.test_index import facts

FILES = 60


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    """Return a folder with a CT series, a text and a file that ends too soon."""
    folder = tmp_path / "ct"
    files = write_axial(folder, [2.5 * index for index in range(FILES)])
    (folder / "A notes.txt").write_text("patient was late")
    files[20].write_bytes(files[20].read_bytes()[:700])
    return folder


class SlowDisk:
    """Makes every header take its time, and counts how many are read at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.together = self.most = 0
        self._lock = threading.Lock()
        really = HeaderReader.read

        def slowly(reader: HeaderReader, file: Path) -> Header:
            with self._lock:
                self.together += 1
                self.most = max(self.most, self.together)
            time.sleep(0.005)
            try:
                return really(reader, file)
            finally:
                with self._lock:
                    self.together -= 1

        monkeypatch.setattr(HeaderReader, "read", slowly)


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> SlowDisk:
    """Return a disk on which each header takes 5 ms."""
    return SlowDisk(monkeypatch)


def readers() -> list[threading.Thread]:
    """Return the threads that read headers now."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("headers")]


def test_a_slow_disk_is_read_by_many_threads(ct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found, what is left out and why, and the order are those of a quick disk."""
    quick = scan(ct)
    disk = SlowDisk(monkeypatch)
    seen: list[tuple[int, int]] = []

    slow = scan(ct, lambda done, total: seen.append((done, total)))

    assert disk.most > 4
    assert facts(slow) == facts(quick)
    assert seen == [(done, FILES + 1) for done in range(1, FILES + 2)]
    assert not readers()


def test_threads_share_the_index(ct: Path, tmp_path: Path, slow_disk: SlowDisk) -> None:
    """What many threads read is kept whole, and recalled as it was."""
    place = tmp_path / "headers.sqlite3"
    first = scan(ct, index=HeaderIndex(place))
    again = scan(ct, index=HeaderIndex(place))

    assert slow_disk.most > 4
    assert facts(first) == facts(again)


def test_cancelling_ends_all_threads(ct: Path, slow_disk: SlowDisk) -> None:
    """A progress that raises stops the finding; nothing goes on reading afterwards."""
    started = slow_disk

    def cancel(done: int, _total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(ct, cancel)

    assert started.most > 1
    assert started.together == 0
    assert not readers()


def test_a_fault_of_the_program_is_not_hidden_by_threads(
    ct: Path, slow_disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no ImageError goes through, from a thread as from the caller's own."""
    slowly = HeaderReader.read

    def faulty(reader: HeaderReader, file: Path) -> Header:
        if file.name == "IM0040.dcm":
            raise ZeroDivisionError
        return slowly(reader, file)

    monkeypatch.setattr(HeaderReader, "read", faulty)
    with pytest.raises(ZeroDivisionError):
        scan(ct)
    assert not readers()
    assert not issubclass(ZeroDivisionError, ImageError)
