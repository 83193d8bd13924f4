"""The shelf of volumes: loaded once, within memory, ahead of the reader, and never for another."""

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from threading import Event

import numpy as np
import pytest

from napari_recist.errors import ImageError, NoImagesError
from napari_recist.imaging import Series, Volume, VolumeCache, find_series
from napari_recist.reading.at_hand import memory_taken, share_of_memory
from napari_recist.reading.series_profile import entry_of
from napari_recist.reading.volumes import VolumeShelf
from napari_recist.trial import ScheduledVisit
from tests.reading.tiny_ct import COLUMNS, ROWS, SLICES, write_ct

SIZE = SLICES * ROWS * COLUMNS * 2
"""Bytes of one of the volumes."""

NOTHING_KEPT = 0
PLENTY = 10**9
PATIENCE_S = 30.0
BASELINE = dt.date(2025, 1, 6)


class SlowCache(VolumeCache):
    """A cache whose loading waits, slice by slice, until it is let go; it counts what it loads."""

    def __init__(self, folder: Path, limit_bytes: int = NOTHING_KEPT) -> None:
        super().__init__(folder, limit_bytes)
        self.loads: list[str] = []
        self.began, self.stopped, self.go_on = Queue[str](), Queue[str](), Event()

    def load(self, series: Series, progress: Callable[[int, int], None] | None = None) -> Volume:
        """Load when let go, telling the progress all the while."""
        self.loads.append(series.series_uid)
        self.began.put(series.series_uid)
        try:
            while not self.go_on.wait(0.005):
                if progress:
                    progress(1, SLICES)
        except BaseException:
            self.stopped.put(series.series_uid)
            raise
        return super().load(series, progress)


@pytest.fixture
def visits(tmp_path: Path) -> tuple[ScheduledVisit, ...]:
    """Return three registered visits of P1, one scan each."""
    made = []
    for number, label in enumerate(("BL", "W8", "W16")):
        date = BASELINE + dt.timedelta(weeks=8 * number)
        write_ct(tmp_path / label, "P1", date)
        (series,) = find_series(tmp_path / label)
        made.append(ScheduledVisit("P1", label, 8 * number, date, (entry_of(series),)))
    return tuple(made)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[SlowCache]:
    """Return a cache that loads when it is let go; let go in the end, so that no thread stays."""
    cache = SlowCache(tmp_path / "cache")
    yield cache
    cache.go_on.set()


def uid(visit: ScheduledVisit) -> str:
    """Return the series of a visit."""
    return visit.series[0].series_uid


def eventually(what: Callable[[], bool]) -> bool:
    """Wait until something is so; tell whether it came about."""
    until = time.monotonic() + PATIENCE_S
    while not what() and time.monotonic() < until:
        time.sleep(0.005)
    return what()


def at_hand(shelf: VolumeShelf, visits: tuple[ScheduledVisit, ...]) -> list[str]:
    """Return the visits whose volumes are loaded."""
    return [visit.visit for visit in visits if shelf.at_hand(visit, uid(visit)) is not None]


def plain(tmp_path: Path, limit_bytes: int = PLENTY) -> VolumeShelf:
    """Return a shelf whose cache keeps nothing."""
    return VolumeShelf(limit_bytes, VolumeCache(tmp_path / "none", NOTHING_KEPT))


class TestLoading:
    """Asked for by whom and as often as one likes, a volume is loaded once."""

    def test_going_back_costs_nothing(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """The second time the very same volume is given back."""
        shelf = plain(tmp_path)
        volume = shelf.volume(visits[0], uid(visits[0]))

        assert shelf.volume(visits[0], uid(visits[0])) is volume
        assert shelf.at_hand(visits[0], uid(visits[0])) is volume
        assert shelf.at_hand(visits[1], uid(visits[1])) is None

    def test_two_threads_load_it_once(
        self, visits: tuple[ScheduledVisit, ...], slow: SlowCache
    ) -> None:
        """Two threads that ask at the same moment get one volume, loaded once."""
        shelf = VolumeShelf(PLENTY, slow)
        told: list[tuple[int, int]] = []
        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(shelf.volume, visits[0], uid(visits[0]))
            slow.began.get(timeout=PATIENCE_S)
            second = threads.submit(
                shelf.volume, visits[0], uid(visits[0]), lambda *far: told.append(far)
            )
            assert eventually(lambda: (1, SLICES) in told)
            slow.go_on.set()

            assert second.result(PATIENCE_S) is first.result(PATIENCE_S)
        assert slow.loads == [uid(visits[0])]

    def test_who_waits_may_leave_and_who_loads_may_give_up(
        self, visits: tuple[ScheduledVisit, ...], slow: SlowCache
    ) -> None:
        """A cancel ends one's own asking: the other one still gets the volume."""

        class StoppedError(Exception):
            pass

        stop_loader, stop_waiter = Event(), Event()

        def stopped(by: Event) -> Callable[[int, int], None]:
            def check(_done: int, _total: int) -> None:
                if by.is_set():
                    raise StoppedError

            return check

        shelf = VolumeShelf(PLENTY, slow)
        ask = (visits[0], uid(visits[0]))
        with ThreadPoolExecutor(3) as threads:
            loader = threads.submit(shelf.volume, *ask, stopped(stop_loader))
            slow.began.get(timeout=PATIENCE_S)
            leaver = threads.submit(shelf.volume, *ask, stopped(stop_waiter))
            stayer = threads.submit(shelf.volume, *ask)
            stop_waiter.set()
            with pytest.raises(StoppedError):
                leaver.result(PATIENCE_S)
            stop_loader.set()
            with pytest.raises(StoppedError):
                loader.result(PATIENCE_S)
            slow.began.get(timeout=PATIENCE_S)
            slow.go_on.set()

            assert stayer.result(PATIENCE_S).voxels.shape == (SLICES, ROWS, COLUMNS)

    def test_a_failure_names_patient_and_visit_and_the_next_try_is_a_new_one(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """Files that are gone, or cut short, are told by visit; back again, they load."""
        shelf = plain(tmp_path)
        aside, place = tmp_path / "aside", tmp_path / "W8"
        shutil.move(place, aside)
        with pytest.raises(NoImagesError, match="4 images of W8 of P1 are gone"):
            shelf.volume(visits[1], uid(visits[1]))
        shutil.copytree(aside, place)
        (place / "2.dcm").write_bytes((place / "2.dcm").read_bytes()[:-3000])
        with pytest.raises(ImageError, match=r"W8 of P1.*2\.dcm"):
            shelf.volume(visits[1], uid(visits[1]))
        shutil.rmtree(place)
        shutil.move(aside, place)

        assert shelf.volume(visits[1], uid(visits[1])).voxels.shape == (SLICES, ROWS, COLUMNS)

    def test_a_slice_less_is_another_volume(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """A registered file that is no image any more stops the reading, with the file's name."""
        (tmp_path / "BL" / "0.dcm").write_text("no image")

        with pytest.raises(NoImagesError, match=r"BL of P1 changed since.*0\.dcm: not a DICOM"):
            plain(tmp_path).series(visits[0], uid(visits[0]))


class TestMemory:
    """The limit is kept, and mapped volumes take none of it."""

    def test_the_one_looked_at_longest_ago_goes(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """With room for two, the third pushes out the one not looked at since."""
        shelf = plain(tmp_path, 2 * SIZE)
        for visit in (visits[0], visits[1], visits[0], visits[2]):
            shelf.volume(visit, uid(visit))

        assert shelf.bytes_at_hand == 2 * SIZE
        assert at_hand(shelf, visits) == ["BL", "W16"]

    def test_the_one_looked_at_stays_however_large(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """A volume above the limit is shown alone, and a limit set lower acts at once."""
        shelf = plain(tmp_path)
        for visit in visits:
            shelf.volume(visit, uid(visit))
        shelf.limit_bytes = SIZE - 1

        assert at_hand(shelf, visits) == ["W16"]
        assert shelf.bytes_at_hand == SIZE

    def test_mapped_volumes_take_no_memory(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """What lies in the cache is mapped: it counts as nothing and all of it stays."""
        cache = VolumeCache(tmp_path / "cache", PLENTY)
        for visit in visits:
            VolumeShelf(PLENTY, cache).volume(visit, uid(visit))
        shelf = VolumeShelf(0, cache)
        volumes = [shelf.volume(visit, uid(visit)) for visit in visits]

        assert shelf.bytes_at_hand == 0
        assert at_hand(shelf, visits) == ["BL", "W8", "W16"]
        assert [memory_taken(volume) for volume in volumes] == [0, 0, 0]

    def test_a_share_of_the_machine_is_the_default(self) -> None:
        """Untold, the limit is a part of the memory this machine has."""
        assert VolumeShelf().limit_bytes == share_of_memory() > PLENTY / 10


class TestAhead:
    """Baseline, nadir and prior are there before they are looked at, and never in the way."""

    def test_wanted_visits_are_loaded_in_the_background(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """They come to hand by themselves, and do not push out the one looked at."""
        shelf = plain(tmp_path, 2 * SIZE)
        looked_at = shelf.volume(visits[2], uid(visits[2]))
        shelf.ahead([(visit, uid(visit)) for visit in visits])

        assert eventually(lambda: shelf.bytes_at_hand == 2 * SIZE)
        assert shelf.at_hand(visits[2], uid(visits[2])) is looked_at
        assert at_hand(shelf, visits) == ["BL", "W16"]

    def test_what_is_no_longer_wanted_is_stopped(
        self, visits: tuple[ScheduledVisit, ...], slow: SlowCache
    ) -> None:
        """``ahead(())`` stops the loading under way; what is wanted next begins at once."""
        shelf = VolumeShelf(PLENTY, slow)
        shelf.ahead([(visits[0], uid(visits[0]))])
        slow.began.get(timeout=PATIENCE_S)
        shelf.ahead(())
        shelf.ahead([(visits[1], uid(visits[1]))])

        assert slow.began.get(timeout=PATIENCE_S) == uid(visits[1])
        slow.go_on.set()
        assert eventually(lambda: at_hand(shelf, visits) == ["W8"])

    def test_it_stands_back_for_what_is_looked_at(
        self, visits: tuple[ScheduledVisit, ...], slow: SlowCache
    ) -> None:
        """A visit opened meanwhile is loaded alone; what gave way is loaded after it."""
        shelf = VolumeShelf(PLENTY, slow)
        shelf.ahead([(visits[0], uid(visits[0]))])
        slow.began.get(timeout=PATIENCE_S)
        with ThreadPoolExecutor(1) as threads:
            opened = threads.submit(shelf.volume, visits[1], uid(visits[1]))
            assert slow.began.get(timeout=PATIENCE_S) == uid(visits[1])
            assert slow.stopped.get(timeout=PATIENCE_S) == uid(visits[0])
            slow.go_on.set()
            opened.result(PATIENCE_S)

        assert slow.began.get(timeout=PATIENCE_S) == uid(visits[0])
        assert eventually(lambda: at_hand(shelf, visits) == ["BL", "W8"])
        assert slow.loads == [uid(visits[0]), uid(visits[1]), uid(visits[0])]

    def test_who_opens_what_is_being_loaded_ahead_waits_for_it(
        self, visits: tuple[ScheduledVisit, ...], slow: SlowCache
    ) -> None:
        """It is not begun anew, even when it is no longer wanted ahead."""
        shelf = VolumeShelf(PLENTY, slow)
        told = Event()
        shelf.ahead([(visits[0], uid(visits[0]))])
        slow.began.get(timeout=PATIENCE_S)
        with ThreadPoolExecutor(1) as threads:
            opened = threads.submit(
                shelf.volume, visits[0], uid(visits[0]), lambda *_far: told.set()
            )
            assert told.wait(PATIENCE_S)
            shelf.ahead(())
            slow.go_on.set()
            opened.result(PATIENCE_S)

        assert slow.loads == [uid(visits[0])]

    def test_a_failure_ahead_is_told_to_who_opens_the_visit(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """Gone files stop neither the others nor the thread, and are told when it matters."""
        shutil.rmtree(tmp_path / "BL")
        shelf = plain(tmp_path)
        shelf.ahead([(visit, uid(visit)) for visit in visits])

        assert eventually(lambda: at_hand(shelf, visits) == ["W8", "W16"])
        with pytest.raises(NoImagesError, match="BL of P1 are gone"):
            shelf.volume(visits[0], uid(visits[0]))


class TestStream:
    """A visit that is not at hand is looked at while it loads."""

    def test_a_stream_ends_on_the_shelf(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """The wanted slice comes first; complete, the volume is at hand as loaded at once."""
        shelf, arrived, ended = plain(tmp_path), Queue[tuple[int, ...]](), Queue[object]()
        shelf.stream(visits[0], uid(visits[0]), 2, arrived.put, ended.put)

        volume = ended.get(timeout=PATIENCE_S)
        assert isinstance(volume, Volume)
        # Threads may tell of later slices sooner, but the wanted one is read alone, before them.
        assert (2,) in arrived.queue
        assert shelf.at_hand(visits[0], uid(visits[0])) is volume
        loaded = plain(tmp_path).volume(visits[0], uid(visits[0]))
        assert np.array_equal(volume.voxels, loaded.voxels)

    def test_who_asks_meanwhile_waits_for_the_stream(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """The volume asked for is the stream's own, not a second one."""
        shelf, go_on = plain(tmp_path), Event()
        stream = shelf.stream(
            visits[0], uid(visits[0]), 0, lambda _indices: go_on.wait(PATIENCE_S) or None
        )
        with ThreadPoolExecutor(1) as threads:
            asked = threads.submit(shelf.volume, visits[0], uid(visits[0]))
            go_on.set()

            assert asked.result(PATIENCE_S) is stream.wait()

    def test_an_ended_stream_is_told_with_patient_and_visit(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """What stops a stream reaches whoever looks; afterwards loading ahead goes on."""
        shelf, ended = plain(tmp_path), Queue[object]()
        shelf.series(visits[0], uid(visits[0]))
        file = tmp_path / "BL" / "3.dcm"
        whole = file.read_bytes()
        file.write_bytes(whole[:-3000])
        shelf.stream(visits[0], uid(visits[0]), 0, None, ended.put)
        error = ended.get(timeout=PATIENCE_S)

        assert isinstance(error, ImageError)
        assert str(error).startswith("BL of P1: ")
        shelf.ahead([(visits[1], uid(visits[1]))])
        assert eventually(lambda: at_hand(shelf, visits) == ["W8"])

    def test_a_cancelled_stream_leaves_nothing_and_may_be_begun_again(
        self, visits: tuple[ScheduledVisit, ...], tmp_path: Path
    ) -> None:
        """Cancelled is not failed: asked again, the volume comes."""
        shelf, ended, go_on = plain(tmp_path), Queue[object](), Event()
        stream = shelf.stream(
            visits[0],
            uid(visits[0]),
            0,
            lambda _indices: go_on.wait(PATIENCE_S) or None,
            ended.put,
        )
        stream.cancel()
        go_on.set()
        outcome = ended.get(timeout=PATIENCE_S)
        volume = shelf.volume(visits[0], uid(visits[0]))

        assert isinstance(outcome, CancelledError | Volume)
        assert volume.voxels[-1, 0, 0] == SLICES - 1
