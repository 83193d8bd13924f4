"""A volume that does not fit is refused before any memory is taken."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from napari_recist.errors import ImageError, RecistError
from napari_recist.imaging import VolumeStream, find_series, load_volume
from napari_recist.imaging.memory import largest_volume
from tests.imaging.synthetic import COLUMNS, ROWS, write_axial


def test_a_volume_above_the_limit_is_refused(tmp_path: Path) -> None:
    """The sentence says what it takes and what is allowed; exactly the limit is allowed."""
    write_axial(tmp_path, [0.0, 2.5, 5.0])
    (series,) = find_series(tmp_path)
    needed = 3 * ROWS * COLUMNS * 2

    with pytest.raises(ImageError, match=r"A volume of 3 x 6 x 5 takes .* more than"):
        load_volume(series, memory_limit=needed - 1)
    assert load_volume(series, memory_limit=needed).voxels.nbytes == needed


def test_the_limit_may_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NAPARI_RECIST_MEMORY_GB limits loading and streaming; a limit of words is refused."""
    write_axial(tmp_path, [0.0, 2.5, 5.0])
    (series,) = find_series(tmp_path)
    monkeypatch.setenv("NAPARI_RECIST_MEMORY_GB", "1e-8")

    for load in (load_volume, VolumeStream):
        with pytest.raises(ImageError, match="NAPARI_RECIST_MEMORY_GB"):
            load(series)

    monkeypatch.setenv("NAPARI_RECIST_MEMORY_GB", "much")
    with pytest.raises(RecistError, match="'much', which is no number"):
        largest_volume()


def test_hostile_sizes_take_no_memory(tmp_path: Path) -> None:
    """A series that claims a terabyte is refused without a megabyte being allocated."""
    write_axial(tmp_path, [0.0, 2.5, 5.0])
    (series,) = find_series(tmp_path)
    hostile = replace(series, shape=(1 << 16, 1 << 14, 1 << 14))
    tracemalloc.start()

    with pytest.raises(ImageError, match="A volume of 65536 x 16384 x 16384"):
        load_volume(hostile)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20
