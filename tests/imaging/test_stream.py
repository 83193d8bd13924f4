"""A streamed volume shows the wanted slice first, never half a slice, and ends up equal."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from napari_recist.errors import ImageError
from napari_recist.imaging import Series, VolumeCache, VolumeStream, find_series, load_volume
from napari_recist.imaging.stream import UNREAD
from tests.imaging.synthetic import write_axial

COUNT = 40


@pytest.fixture
def series(tmp_path: Path) -> Series:
    """Return a series of forty slices."""
    write_axial(tmp_path / "scan", [2.5 * index for index in range(COUNT)])
    (found,) = find_series(tmp_path / "scan")
    return found


@pytest.fixture
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one thread do all the reading, so that the order told is the order read."""
    monkeypatch.setattr("napari_recist.imaging.stream.THREADS", 1)


def test_slices_arrive_from_the_wanted_one_outwards(series: Series, one_thread: None) -> None:
    """The first call names the wanted slice alone; every slice is told once, near before far."""
    told: list[tuple[int, ...]] = []

    VolumeStream(series, 25, told.append).wait()

    distances = [abs(index - 25) for indices in told for index in indices]
    assert told[0] == (25,)
    assert distances == sorted(distances)
    assert len(distances) == COUNT


def test_a_complete_stream_is_what_loading_gives(series: Series) -> None:
    """Every slice is told once; array, type and geometry are those of load_volume."""
    told: list[int] = []

    stream = VolumeStream(series, 25, told.extend)
    volume = stream.wait()

    assert sorted(told) == list(range(COUNT))
    assert stream.done
    assert stream.loaded.all()
    assert stream.error is None
    assert volume is stream.volume
    assert volume.geometry is series.geometry
    right = load_volume(series).voxels
    assert volume.voxels.dtype == right.dtype
    np.testing.assert_array_equal(volume.voxels, right)


def test_what_is_told_is_there_and_the_rest_is_no_tissue(series: Series) -> None:
    """In each call the slices named hold their values; one not read is blank, never half there."""
    right = load_volume(series).voxels
    faults: list[str] = []

    def look(indices: tuple[int, ...]) -> None:
        voxels, loaded = stream.volume.voxels, stream.loaded
        faults.extend("wrong" for index in indices if not (voxels[index] == right[index]).all())
        faults.extend("unloaded" for index in indices if not loaded[index])
        for index in range(COUNT):
            now = voxels[index].copy()
            blank = any((now == nothing).all() for nothing in (0, UNREAD))
            if not (blank or (now == right[index]).all()):
                faults.append(f"slice {index} is half there")

    ready = threading.Event()
    stream = VolumeStream(series, 0, lambda indices: (ready.wait(), look(indices))[1])
    ready.set()
    stream.wait()

    assert faults == []


def test_the_first_slice_does_not_wait_for_the_others_memory(
    series: Series, one_thread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the wanted slice is told, no other has been written: not even to say it is unread."""
    untouched: list[bool] = []
    blank, looked = VolumeStream._blank, threading.Event()
    monkeypatch.setattr(VolumeStream, "_blank", lambda *given: (looked.wait(30), blank(*given))[1])

    def look(_indices: tuple[int, ...]) -> None:
        made.wait()
        untouched.append(not np.delete(stream.volume.voxels, 25, axis=0).any())
        looked.set()

    made = threading.Event()
    stream = VolumeStream(series, 25, look)
    made.set()
    volume = stream.wait()

    assert untouched[0]
    np.testing.assert_array_equal(volume.voxels, load_volume(series).voxels)


def test_what_is_not_read_is_marked_once_the_first_slice_is_there(
    series: Series, one_thread: None
) -> None:
    """While the reading waits after its first slice, every other one becomes unread."""
    go_on = threading.Event()
    stream = VolumeStream(series, 25, lambda _indices: go_on.wait(30) or None)
    others = [index for index in range(COUNT) if index != 25]
    for _ in range(3000):
        if (stream.volume.voxels[others] == UNREAD).all():
            break
        threading.Event().wait(0.01)
    else:
        pytest.fail("the other slices were never marked as unread")
    go_on.set()

    np.testing.assert_array_equal(stream.wait().voxels, load_volume(series).voxels)


def test_the_order_follows_the_reader(series: Series, one_thread: None) -> None:
    """After a look elsewhere the slices there come next."""
    told: list[int] = []

    def note(indices: tuple[int, ...]) -> None:
        if not told:
            stream_made.wait()
            stream.look_at(35)
        told.extend(indices)

    stream_made = threading.Event()
    stream = VolumeStream(series, 0, note)
    stream_made.set()
    stream.wait()

    distances = [abs(index - 35) for index in told[1:]]
    assert told[0] == 0
    assert distances == sorted(distances)
    assert len(told) == COUNT


@pytest.mark.parametrize(
    ("slope", "intercept", "bits"), [(0.5, 0, 12), (1, 0.25, 12), (300, 0, 12), (1, 32000, 16)]
)
def test_values_that_do_not_fit_give_float(
    tmp_path: Path, slope: float, intercept: float, bits: int
) -> None:
    """Fractions are float32 from the start; what proves too large restarts in float32."""

    def rescale(index: int, dataset: Dataset) -> None:
        dataset.RescaleSlope, dataset.RescaleIntercept = slope, intercept if index > 20 else 0
        dataset.BitsStored, dataset.HighBit = bits, bits - 1

    write_axial(tmp_path, [2.5 * index for index in range(COUNT)], rescale)
    (series,) = find_series(tmp_path)
    told: list[int] = []

    volume = VolumeStream(series, 0, told.extend).wait()

    assert volume.voxels.dtype == np.float32
    assert set(told) == set(range(COUNT))
    right = load_volume(series).voxels
    assert right.dtype == np.float32
    np.testing.assert_array_equal(volume.voxels, right)


def test_fractions_that_leave_whole_numbers_give_int16(tmp_path: Path) -> None:
    """Half of even numbers is whole: loaded at once or streamed, the voxels are int16."""

    def rescale(_index: int, dataset: Dataset) -> None:
        dataset.RescaleSlope = 0.5
        pixels = np.frombuffer(dataset.PixelData, "<u2")
        dataset.PixelData = (pixels // 2 * 2).tobytes()

    write_axial(tmp_path, [2.5 * index for index in range(COUNT)], rescale)
    (series,) = find_series(tmp_path)

    loaded, streamed = load_volume(series).voxels, VolumeStream(series).wait().voxels

    assert (loaded.dtype, streamed.dtype) == (np.int16, np.int16)
    np.testing.assert_array_equal(loaded, streamed)
    assert loaded[3].ravel()[:4].tolist() == [(300 + low) // 2 - 1024 for low in (0, 0, 2, 2)]


def test_a_bad_file_stops_the_stream_and_is_named(series: Series) -> None:
    """The error of a slice is kept and raised where the volume is waited for."""
    series.slices[30].file.unlink()

    stream = VolumeStream(series, 0, None)

    with pytest.raises(ImageError, match=r"IM0030\.dcm"):
        stream.wait()
    assert isinstance(stream.error, ImageError)
    assert not stream.done
    assert not stream.loaded[30]
    assert (stream.volume.voxels[30] == UNREAD).all()


def test_a_cancelled_stream_is_not_complete(series: Series, tmp_path: Path) -> None:
    """After cancel nothing more is read, nothing is kept, and waiting says so."""
    kept = VolumeCache(tmp_path / "kept", 1 << 30)
    made = threading.Event()

    def cancel(_indices: tuple[int, ...]) -> None:
        made.wait()
        stream.cancel()

    stream = VolumeStream(series, 0, cancel, kept)
    made.set()

    with pytest.raises(CancelledError):
        stream.wait()
    assert not stream.done
    assert not kept.holds(series)


def test_a_stream_fills_the_cache_and_the_next_is_whole_at_once(
    series: Series, tmp_path: Path
) -> None:
    """The second stream is complete when made, and tells all its slices in one call."""
    kept = VolumeCache(tmp_path / "kept", 1 << 30)
    first = VolumeStream(series, 5, None, kept).wait()
    told: list[tuple[int, ...]] = []

    second = VolumeStream(series, 5, told.append, kept)

    assert second.loaded.all()
    np.testing.assert_array_equal(second.volume.voxels, first.voxels)
    assert second.wait() is second.volume
    assert told == [tuple(range(COUNT))]
    assert second.done


def test_an_error_in_the_listener_is_not_lost(series: Series) -> None:
    """What the listener raises stops the stream and comes out of wait."""

    def fail(_indices: tuple[int, ...]) -> None:
        raise KeyError("listener")

    with pytest.raises(KeyError, match="listener"):
        VolumeStream(series, 0, fail).wait()


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["pet_varying_slope", "mr_rgb_j2k", "emr_philips_fieldmap_mixed", "ct_missing_slice_ge"]
)
def test_real_series_stream_to_what_loading_gives(shared_data: Path, name: str) -> None:
    """Fractional rescale, colour, many frames of one file and a stack end up equal."""
    streams: Callable[[Series], VolumeStream] = lambda one: VolumeStream(one, one.shape[0] // 2)  # noqa: E731
    for series in find_series(shared_data / "dicom" / name / "dicom"):
        voxels, right = streams(series).wait().voxels, load_volume(series).voxels
        assert voxels.dtype == right.dtype
        np.testing.assert_array_equal(voxels, right)
