"""A Siemens mosaic becomes the slices it holds, each in its place, or is blocked with a reason."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from scipy.spatial.transform import Rotation

from napari_recist.errors import ImageError
from napari_recist.imaging import Kind, Series, Verdict, find_series, load_volume, read_slice, scan
from napari_recist.imaging.files.siemens import csa_items, siemens_header
from tests.imaging.synthetic import AXIAL, Change, set_private, write
from tests.imaging.synthetic_mosaic import SPACING, STEP, TILE_COLUMNS, TILE_ROWS, csa, mosaic

FIRST = (-30.0, -40.0, 12.5)
angles = st.floats(-180.0, 180.0)


def found(folder: Path, dataset: Dataset) -> Series:
    """Write one mosaic and return what is found."""
    write(dataset, folder / "mosaic.dcm")
    (series,) = find_series(folder)
    return series


@pytest.mark.parametrize("count", [2, 4, 5, 16, 35, 36, 48])
def test_each_tile_is_a_slice_in_its_place(tmp_path: Path, count: int) -> None:
    """However many tiles are left empty, slice k shows tile k, k steps from the first corner."""
    series = found(tmp_path, mosaic(count, FIRST, AXIAL))
    volume = load_volume(series)

    assert (series.kind, series.shape) == (Kind.VOLUME, (count, TILE_ROWS, TILE_COLUMNS))
    assert series.passport.verdict is Verdict.AMBER
    assert volume.geometry is not None
    for index in range(count):
        place = volume.geometry.to_patient((index, 1, 2))
        expected = np.add(FIRST, (2 * SPACING[1], SPACING[0], index * STEP))
        assert place == pytest.approx(expected, abs=1e-6)
        assert volume.voxels[index, 1, 2] == 1000 * index + TILE_COLUMNS + 2
        assert np.array_equal(read_slice(series, index), volume.voxels[index])


@settings(max_examples=15, deadline=None)
@given(turn=st.tuples(angles, st.floats(-80.0, 80.0), angles), reverse=st.booleans())
def test_mosaics_of_any_direction_keep_their_places(
    tmp_path_factory: pytest.TempPathFactory, turn: tuple[float, float, float], reverse: bool
) -> None:
    """Slices that follow the normal or go against it lie where they were put, in rising order."""
    row, column, normal = Rotation.from_euler("zyx", turn, degrees=True).as_matrix()
    dataset = mosaic(7, FIRST, (*row, *column), reverse=reverse)
    series = found(tmp_path_factory.mktemp("turned"), dataset)

    assert series.geometry is not None
    for index, piece in enumerate(series.slices):
        expected = np.array(FIRST) + piece.frame * STEP * normal * (-1 if reverse else 1)
        assert series.geometry.to_patient((index, 0, 0)) == pytest.approx(expected, abs=1e-4)
        assert piece.frame == (6 - index if reverse else index)


def without_header(_index: int, dataset: Dataset) -> None:
    """Take the private header away, as some de-identification does."""
    dataset.remove_private_tags()


def another_count(_index: int, dataset: Dataset) -> None:
    """Let the two counts of tiles differ."""
    set_private(dataset, (0x19, "SIEMENS MR HEADER", 0x0A), "US", 8)


def odd_plane(_index: int, dataset: Dataset) -> None:
    """Cut a row off the plane."""
    dataset.Rows -= 1
    dataset.PixelData = dataset.PixelData[: 2 * dataset.Rows * dataset.Columns]


def other_normal(_index: int, dataset: Dataset) -> None:
    """Turn the image but not its private header."""
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]


def no_spacing(_index: int, dataset: Dataset) -> None:
    """Leave the distance of the slices out."""
    del dataset.SpacingBetweenSlices


def torn_header(_index: int, dataset: Dataset) -> None:
    """Tear the private header in two."""
    block = dataset.private_block(0x29, "SIEMENS CSA HEADER")
    block[0x10].value = block[0x10].value[:150]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (without_header, "missing or damaged"),
        (another_count, "missing or damaged"),
        (torn_header, "missing or damaged"),
        (odd_plane, "7 tiles do not fit a plane of 11 x 18"),
        (other_normal, "normal is not that of the image"),
        (no_spacing, "Spacing Between Slices is not stated"),
    ],
)
def test_a_mosaic_that_cannot_be_placed_is_blocked(
    tmp_path: Path, spoil: Change, reason: str
) -> None:
    """Without a private header that agrees with the image there are no millimetres."""
    dataset = mosaic(7, FIRST, AXIAL)
    spoil(0, dataset)
    series = found(tmp_path, dataset)
    (finding,) = [one for one in series.passport.findings if one.code == "mosaic"]

    assert (series.kind, series.geometry) == (Kind.SINGLE, None)
    assert reason in finding.message


def test_the_protocol_must_place_the_slices_alike(tmp_path: Path) -> None:
    """Where the protocol steps 4 mm and the header says 3.5 nobody knows the distance."""
    series = found(tmp_path, mosaic(7, FIRST, AXIAL, step=4.0))

    assert series.passport.verdict is Verdict.BLOCKED
    assert "the protocol places the slices elsewhere" in series.passport.findings[0].message


def test_a_time_series_of_mosaics_is_one_volume_each(tmp_path: Path) -> None:
    """Mosaics of one place are told apart whole, by their time, never tile by tile."""
    for turn in range(3):
        dataset = mosaic(9, FIRST, AXIAL)
        dataset.SOPInstanceUID += f".{turn}"
        dataset.AcquisitionTime = f"1200{turn:02d}"
        write(dataset, tmp_path / f"{turn}.dcm")

    series = find_series(tmp_path)

    assert [(one.kind, one.shape[0], len(one.files)) for one in series] == [(Kind.VOLUME, 9, 1)] * 3


def test_a_header_of_the_older_kind_is_read() -> None:
    """The first CSA layout counts each item's length from the first tag's number of items."""
    newer = csa({"A": ["12", "3"], "B": ["x"]})[8:]

    assert csa_items(csa({"A": ["12", "3"], "B": ["x"]})) == {"A": ("12", "3"), "B": ("x",)}
    older = bytearray(newer)
    for text in (b"12\0", b"3\0", b"x\0"):
        at = older.index(text) - 16
        older[at : at + 4] = (len(text) + 2).to_bytes(4, "little")
    assert csa_items(bytes(older)) == {"A": ("12", "3"), "B": ("x",)}


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), cut=st.integers(0, 400))
def test_damaged_headers_tell_nothing(data: bytes, cut: int) -> None:
    """Whatever stands in the header, reading it ends with items or a plain refusal."""
    whole = csa({"NumberOfImagesInMosaic": ["48"], "SliceNormalVector": ["0", "0", "1"]})
    for raw in (data, b"SV10" + data, whole[:cut], whole[:cut] + data):
        try:
            items = csa_items(raw)
        except (ValueError, struct.error):
            continue
        assert isinstance(items, dict)


def test_a_file_that_is_gone_has_no_header(tmp_path: Path) -> None:
    """The header of a vanished file is none, and loading its slices names the file."""
    series = found(tmp_path, mosaic(4, FIRST, AXIAL))
    (tmp_path / "mosaic.dcm").unlink()

    assert siemens_header(tmp_path / "mosaic.dcm") is None
    with pytest.raises(ImageError, match=r"mosaic\.dcm"):
        load_volume(series)


def test_an_image_called_mosaic_of_one_tile_is_blocked(tmp_path: Path) -> None:
    """One tile is no mosaic."""
    write(mosaic(1, FIRST, AXIAL), tmp_path / "one.dcm")

    assert scan(tmp_path).series[0].passport.verdict is Verdict.BLOCKED
