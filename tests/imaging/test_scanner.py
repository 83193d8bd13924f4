"""The scanner of wanted elements is held to pydicom, on real files and on damaged ones."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from napari_recist.errors import ImageError
from napari_recist.imaging import Verdict, load_volume, scan
from napari_recist.imaging.files.deflated import inflated_data
from napari_recist.imaging.files.element_steps import TooShortError, UnusualError
from napari_recist.imaging.files.header import HeaderReader
from napari_recist.imaging.files.parser import parse
from napari_recist.imaging.files.scanner import Scanner
from napari_recist.imaging.files.syntaxes import DEFLATED, EXPLICIT_BIG, IMPLICIT_LITTLE
from tests.imaging.mutation import mutated
from tests.imaging.synthetic import write, write_axial
from tests.imaging.synthetic_enhanced import enhanced, item

FOUND_BY_FUZZING = {
    12023: "run lengths longer than the frame, which the RLE decoder reports in its own way",
}
"""Seeds of the mutator that once got past the reader, and what they held."""


def real_files(folder: Path) -> Iterator[Path]:
    """List every file of the shared sets."""
    return (file for file in sorted((folder / "dicom").rglob("*")) if file.is_file())


@pytest.mark.shared
def test_scanner_and_pydicom_find_the_same_bytes(shared_data: Path) -> None:
    """Of every file the scanner takes, each wanted element and the pixels' place are pydicom's."""
    reader = HeaderReader()
    scanners = {True: Scanner(explicit=True), False: Scanner(explicit=False)}
    compared = 0
    for file in real_files(shared_data):
        try:
            header = reader.read(file)
        except ImageError:
            continue
        syntax = header.transfer_syntax
        if syntax == EXPLICIT_BIG:
            continue
        data, start = (bytes(inflated_data(file, 0)), 0) if syntax == DEFLATED else _data_set(file)
        try:
            scanned = scanners[syntax != IMPLICIT_LITTLE].scan(data, start)
        except (UnusualError, TooShortError):
            continue
        parsed = parse(data, start, syntax)

        assert scanned == parsed, file
        compared += 1
    assert compared > 380


def _data_set(file: Path) -> tuple[bytes, int]:
    """Return a file's bytes and where its data set starts, by its meta group's own length."""
    data = file.read_bytes()
    if data[128:132] != b"DICM":
        return data, 0
    at = 132
    while data[at : at + 2] == b"\x02\x00":
        long = data[at + 4 : at + 6] in (b"OB", b"UN")
        length = data[at + 8 : at + 12] if long else data[at + 6 : at + 8]
        at += (12 if long else 8) + int.from_bytes(length, "little")
    return data, at


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("undefined", [False, True])
def test_functional_groups_are_those_of_pydicom(
    tmp_path: Path, syntax: UID, undefined: bool
) -> None:
    """Groups whose items and sequences state a length or not are read as pydicom reads them."""

    def own(index: int, groups: Dataset) -> None:
        groups.FrameContentSequence = item(
            StackID=str(index // 5),
            TemporalPositionIndex=index % 5,
            DimensionIndexValues=[1, index],
        )
        direction = item(DiffusionGradientOrientation=[0.0, 1.0, float(index)])
        groups.MRDiffusionSequence = item(
            DiffusionBValue=50.0 * (index % 3), DiffusionGradientDirectionSequence=direction
        )
        if index % 4 == 0:
            groups.MREchoSequence = Items([])
            groups.PixelMeasuresSequence = item(PixelSpacing=[0.8, 0.6], SliceThickness=index)

    dataset = enhanced([(0.0, 0.0, 2.5 * index) for index in range(20)], own)
    dataset.file_meta.TransferSyntaxUID = syntax
    _set_lengths(dataset, undefined=undefined)
    data, start = _data_set(write(dataset, tmp_path / "a.dcm"))

    scanned = Scanner(explicit=syntax is ExplicitVRLittleEndian).scan(data, start)

    assert scanned == parse(data, start, str(syntax))
    assert len(scanned[0].items(0x52009230)) == 20
    assert scanned[0].items(0x52009230)[7].items(0x00189117)[0].items(0x00189076)


def _set_lengths(dataset: Dataset, *, undefined: bool) -> None:
    """Write all sequences and items of a data set with or without stated lengths."""
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = undefined
            for nested in element.value:
                nested.is_undefined_length_sequence_item = undefined
                _set_lengths(nested, undefined=undefined)


def test_sequences_nested_without_end_are_left_to_pydicom() -> None:
    """A bomb of nested sequences is not followed: neither time nor memory grow with its depth."""
    begin = bytes.fromhex("feff00e0ffffffff")
    nest = struct.pack("<HH2sHI", 0x0018, 0x9117, b"SQ", 0, 0xFFFFFFFF) + begin
    groups = struct.pack("<HH2sHI", 0x5200, 0x9230, b"SQ", 0, 0xFFFFFFFF) + begin
    ends = bytes.fromhex("feff0de000000000feffdde000000000")
    pixels = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, 0)
    data = groups + nest * 50 + ends * 51 + pixels

    with pytest.raises(UnusualError):
        Scanner(explicit=True).scan(data, 0)


def test_runs_learnt_from_one_file_do_not_leak_into_the_next(tmp_path: Path) -> None:
    """A file that differs within a learnt run is read anew, value by value."""
    files = write_axial(tmp_path, [2.5 * index for index in range(12)])
    changed = files[9].read_bytes().replace(b"ORIGINAL", b"DERIVED ").replace(b"0.8", b"0.9")
    files[9].write_bytes(changed)
    reader = HeaderReader()
    headers = [reader.read(file).elements for file in files]

    assert [elements.numbers(0x00280030)[0] for elements in headers] == [0.8] * 9 + [0.9] + [
        0.8
    ] * 2
    assert headers[9].texts(0x00080008)[0] == "DERIVED"
    assert headers[10].texts(0x00080008)[0] == "ORIGINAL"
    assert [elements.integer(0x00200013) for elements in headers] == list(range(1, 13))


@pytest.mark.shared
@pytest.mark.parametrize("seed", [*range(300), *FOUND_BY_FUZZING])
def test_a_damaged_file_gives_a_series_or_a_reason(
    shared_data: Path, tmp_path: Path, seed: int
) -> None:
    """Damage never crashes, never yields a geometry that its verdict forbids."""
    files = [file for file in real_files(shared_data) if file.stat().st_size < 1 << 20]
    target = tmp_path / "damaged.dcm"
    target.write_bytes(mutated(files[seed % len(files)].read_bytes(), seed))

    found = scan(target)

    assert found.series or found.skipped
    for series in found.series:
        assert (series.geometry is None) == (series.passport.verdict is Verdict.BLOCKED)
        try:
            shape = load_volume(series).voxels.shape[:3]
        except ImageError:
            continue
        assert shape == series.shape
