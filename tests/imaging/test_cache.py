"""Kept volumes come back equal, and never instead of what the files hold now."""

import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from napari_recist.errors import RecistError
from napari_recist.imaging import (
    Series,
    VolumeCache,
    cache,
    default_cache,
    find_series,
    load_volume,
)
from tests.imaging.synthetic import write_axial

HEIGHTS = (0.0, 2.5, 5.0)
PLENTY = 1 << 30


def one_series(folder: Path, heights: tuple[float, ...] = HEIGHTS) -> Series:
    """Write a small series and find it."""
    write_axial(folder, heights)
    (series,) = find_series(folder)
    return series


def entry(kept: VolumeCache) -> Path:
    """Return the one file of a cache."""
    (file,) = kept.folder.iterdir()
    return file


def test_the_second_opening_is_mapped_and_equal(tmp_path: Path) -> None:
    """The kept voxels are those of the files, read-only, under the geometry of the headers."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", PLENTY)
    told: list[tuple[int, int]] = []

    first = kept.load(series)
    held = kept.holds(series)
    second = kept.load(series, lambda done, total: told.append((done, total)))

    assert held
    assert told == [(3, 3)]
    assert not first.voxels.flags.writeable
    assert not second.voxels.flags.writeable
    np.testing.assert_array_equal(second.voxels, load_volume(series).voxels)
    assert second.voxels.dtype == np.int16
    assert second.geometry is series.geometry
    assert kept.bytes_used == entry(kept).stat().st_size
    np.testing.assert_array_equal(np.load(entry(kept)), second.voxels)


def test_a_replaced_file_never_shows_old_voxels(tmp_path: Path) -> None:
    """Other pixels in a file of the same name, size, UIDs and modification time are read anew."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", PLENTY)
    kept.load(series)
    file = series.slices[1].file
    times = file.stat()
    content = bytearray(file.read_bytes())
    content[-2:] = b"\x07\x00"
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert kept.load(series).voxels[1, -1, -1] == 7 - 1024


def test_files_that_change_while_they_are_read_are_not_kept(tmp_path: Path) -> None:
    """A volume read from files of two dates is not there at the next opening."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", PLENTY)

    def rewrite(done: int, _total: int) -> None:
        if done == 3:
            file = series.slices[0].file
            file.write_bytes(file.read_bytes())

    kept.load(series, rewrite)

    assert not kept.folder.exists()


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "longer", "header", "other", "swap"])
def test_damaged_entries_are_made_anew(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One flipped bit, a cut, added bytes, or an entry under another's name: never shown."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", PLENTY)
    right = kept.load(series).voxels.copy()
    file = entry(kept)
    content = bytearray(file.read_bytes())
    if damage == "flip":
        content[200] ^= 1
    elif damage == "cut":
        del content[-30:]
    elif damage == "empty":
        content.clear()
    elif damage == "longer":
        content += b"\0" * 4
    elif damage == "header":
        content[:8] = b"\0" * 8
    elif damage == "swap":
        content[128:188], content[188:248] = content[188:248], content[128:188]
    else:
        other = VolumeCache(tmp_path / "other", PLENTY)
        other.load(one_series(tmp_path / "scan2"))
        content = bytearray(entry(other).read_bytes())
    file.unlink()
    file.write_bytes(content)

    np.testing.assert_array_equal(kept.load(series).voxels, right)
    assert "made anew" in caplog.text
    np.testing.assert_array_equal(np.load(file), right)


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    """The entries together stay within the limit; what was used lately stays."""
    series = [one_series(tmp_path / name) for name in "abc"]
    one = VolumeCache(tmp_path / "one", PLENTY)
    one.load(series[0])
    kept = VolumeCache(tmp_path / "kept", int(2.5 * one.bytes_used))
    for age, each in enumerate(series[:2]):
        kept.load(each)
        for file in kept.folder.iterdir():
            os.utime(file, (age, age))
    kept.load(series[0])

    kept.load(series[2])

    assert [kept.holds(each) for each in series] == [True, False, True]
    assert kept.bytes_used <= kept.limit_bytes


def test_a_limit_of_nothing_keeps_nothing(tmp_path: Path) -> None:
    """With no room the volume loads all the same."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", 0)

    assert kept.load(series).voxels[1, 0, 0] == 100 - 1024
    assert (kept.holds(series), kept.bytes_used) == (False, 0)


def test_an_entry_may_be_deleted_while_it_is_mapped(tmp_path: Path) -> None:
    """Whoever shows a kept volume goes on showing it; the next opening reads the files."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", PLENTY)
    right = kept.load(series).voxels
    mapped = kept.load(series).voxels
    entry(kept).unlink()
    kept.folder.rmdir()

    np.testing.assert_array_equal(mapped, right)
    np.testing.assert_array_equal(kept.load(series).voxels, right)
    assert kept.holds(series)


def test_a_place_that_cannot_be_written_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a place to keep it the volume loads; the log says so one time."""
    series = one_series(tmp_path / "scan")
    (tmp_path / "file").write_text("no folder")
    kept = VolumeCache(tmp_path / "file" / "kept", PLENTY)

    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert kept.load(series).voxels[1, 0, 0] == 100 - 1024

    assert caplog.text.count("volumes are not kept") == 1
    assert kept.trouble


def test_a_write_that_ends_early_leaves_nothing_behind(tmp_path: Path) -> None:
    """Where the system lets no more be written, no unfinished file stays, and the volume loads."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", PLENTY)
    kept.folder.mkdir()
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));"
        "from pathlib import Path; from napari_recist.imaging import VolumeCache, find_series;"
        "kept = VolumeCache(Path(sys.argv[2]), 1 << 30);"
        "print(kept.load(find_series(sys.argv[1])[0]).voxels[1, 0, 0], kept.trouble)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "scan"), str(kept.folder)]

    done = subprocess.run(command, check=True, capture_output=True, text=True)

    assert done.stdout.strip() == f"{100 - 1024} File too large"
    assert list(kept.folder.iterdir()) == []
    assert not kept.holds(series)


def test_what_a_dead_process_left_is_swept(tmp_path: Path) -> None:
    """An unfinished file of yesterday goes with the next entry; a fresh one may be at work."""
    series, kept = one_series(tmp_path / "scan"), VolumeCache(tmp_path / "kept", PLENTY)
    kept.folder.mkdir()
    old, fresh = kept.folder / "unfinished-a", kept.folder / "unfinished-b"
    old.touch()
    fresh.touch()
    os.utime(old, (0, 0))

    kept.load(series)

    assert (old.exists(), fresh.exists()) == (False, True)


def test_the_folder_is_the_owners_alone(tmp_path: Path) -> None:
    """Kept pixels are patient data: nobody else on the computer reads them."""
    kept = VolumeCache(tmp_path / "kept", PLENTY)
    kept.load(one_series(tmp_path / "scan"))

    assert kept.folder.stat().st_mode & 0o077 == 0
    assert entry(kept).stat().st_mode & 0o077 == 0


def test_place_and_size_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two variables move and limit the cache; a limit that is no number is refused in words."""
    monkeypatch.setenv("NAPARI_RECIST_CACHE", str(tmp_path))
    monkeypatch.setenv("NAPARI_RECIST_CACHE_GB", "1.5")

    assert default_cache().folder == tmp_path / "volumes"
    assert default_cache().limit_bytes == 1_500_000_000
    assert default_cache() is default_cache()

    monkeypatch.setenv("NAPARI_RECIST_CACHE_GB", "plenty")
    with pytest.raises(RecistError, match="NAPARI_RECIST_CACHE_GB is 'plenty'"):
        default_cache()


def test_rescale_decides_too(tmp_path: Path) -> None:
    """The same files under another slope are another entry."""
    series = one_series(tmp_path / "scan")
    other = replace(series, slices=tuple(replace(one, slope=2.0) for one in series.slices))

    assert cache.key_of(series) != cache.key_of(other)
