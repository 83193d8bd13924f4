"""Compressed pixels come out as other decoders give them, or are refused."""

from io import FileIO
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from napari_recist.errors import ImageError
from napari_recist.imaging import load_volume, scan
from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.pixels import stored
from napari_recist.imaging.pixels.codestream import describe
from napari_recist.imaging.pixels.encapsulated import frame_places, read_frame
from napari_recist.imaging.pixels.stored import cleared
from tests.imaging.synthetic import COLUMNS, ROWS, ct_slice, write

LOSSLESS = ("Little", "Big", "Deflated", "RLE", "Process14", "LSLossless", "2000LosslessOnly")
LOSSY = {"Process1T": 30, "Process2_4": 20, "Process6_8": 20, "LSLossy": 12, "JPEG2000T": 20}
"""File name parts of lossy syntaxes and the largest mean error allowed, HU (8 bits: 17 a step)."""


def voxels(file: Path) -> np.ndarray:
    """Load the one image of a file."""
    return load_volume(scan(file).series[0]).voxels


@pytest.mark.shared
def test_lossless_syntaxes_agree_to_the_last_bit(shared_data: Path) -> None:
    """One CT slice in nine lossless transfer syntaxes has one set of values."""
    folder = shared_data / "dicom" / "codec_ct_15_transfer_syntaxes" / "dicom"
    files = [file for file in folder.iterdir() if any(part in file.name for part in LOSSLESS)]
    first = voxels(files[0])

    assert len(files) == 9
    assert (first.min(), first.max()) == (-3024, 1378)
    for file in files[1:]:
        np.testing.assert_array_equal(voxels(file), first, err_msg=file.name)


@pytest.mark.shared
@pytest.mark.parametrize("part", LOSSY)
def test_lossy_syntaxes_stay_near_the_original_and_say_so(shared_data: Path, part: str) -> None:
    """A lossy copy differs by noise, not by a shifted or inverted scale, and is amber for it."""
    folder = shared_data / "dicom" / "codec_ct_15_transfer_syntaxes" / "dicom"
    original = voxels(next(folder.glob("*LittleEndianExplicitT*"))).astype(float)
    (file,) = (one for one in folder.iterdir() if part in one.name)
    inside = original > -1100

    difference = np.abs(voxels(file) - original)[inside]

    assert difference.mean() < LOSSY[part]
    assert "lossy" in {finding.code for finding in scan(file).series[0].passport.findings}


def compressed(folder: Path, syntax: str, frame: bytes, **changes: object) -> Path:
    """Write a CT slice with the given compressed frame."""
    dataset = ct_slice(0, (0.0, 0.0, 0.0))
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset["PixelData"].VR = "OB"
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].is_undefined_length = True
    for name, value in changes.items():
        setattr(dataset, name, value)
    return write(dataset, folder / "slice.dcm")


PIXELS = np.arange(ROWS * COLUMNS, dtype=np.uint16).reshape(ROWS, COLUMNS)


def test_a_code_stream_of_another_size_is_refused(tmp_path: Path) -> None:
    """A frame that says another size than the header is no slice of this series."""
    frame = imagecodecs.jpegls_encode(PIXELS.T.copy())
    file = compressed(tmp_path, JPEGLSLossless, frame)

    with pytest.raises(ImageError, match=r"slice\.dcm: its pixels cannot be read"):
        voxels(file)


def test_a_code_stream_of_another_family_is_refused(tmp_path: Path) -> None:
    """JPEG-LS under the name of JPEG 2000 is refused, not guessed."""
    file = compressed(tmp_path, JPEG2000Lossless, imagecodecs.jpegls_encode(PIXELS))

    with pytest.raises(ImageError, match="not of the transfer syntax"):
        voxels(file)


def test_hidden_loss_is_refused(tmp_path: Path) -> None:
    """A lossy code stream under a lossless transfer syntax is refused: it would pass unseen."""
    frame = imagecodecs.jpeg2k_encode(PIXELS, reversible=False, level=30, codecformat="J2K")
    file = compressed(tmp_path, JPEG2000Lossless, frame)

    with pytest.raises(ImageError, match="lost detail"):
        voxels(file)


def test_damaged_frames_are_refused(tmp_path: Path) -> None:
    """A frame cut short is an error with the file's name, never a picture."""
    frame = imagecodecs.jpeg2k_encode(PIXELS, reversible=True, codecformat="J2K")
    file = compressed(tmp_path, JPEG2000Lossless, frame[: len(frame) // 2])

    with pytest.raises(ImageError, match=r"slice\.dcm"):
        voxels(file)
    with pytest.raises(ImageError, match=r"slice\.dcm"):
        voxels(compressed(tmp_path, RLELossless, b"\x02\0\0\0" + b"\0" * 70))


def test_signed_header_over_unsigned_code_stream(tmp_path: Path) -> None:
    """Negative values kept in an unsigned code stream come back negative: air stays dark."""
    signed = PIXELS.astype(np.int16) - 2000
    frame = imagecodecs.jpegls_encode(signed.view(np.uint16))
    changes = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15}
    file = compressed(tmp_path, JPEGLSLossless, frame, **changes)

    np.testing.assert_array_equal(voxels(file)[0], signed - 1024)


def test_jpeg_2000_is_described_before_it_is_decoded() -> None:
    """Size, precision and loss are read from the code stream itself."""
    stream = describe(imagecodecs.jpeg2k_encode(PIXELS, reversible=True, codecformat="J2K"))

    assert (stream.rows, stream.columns, stream.components) == (ROWS, COLUMNS, 1)
    assert stream.lossless is True


JPEG_FRAMES = [b"\xff\xd8\xff\xaa", b"1122", b"\xff\xd8\xff\xbb", b"3344"]
RLE_FRAMES = [b"\x01\0\0\0", b"1122", b"\x01\0\0\0", b"3344"]


def fragments(folder: Path, offsets: list[int], pieces: list[bytes]) -> Path:
    """Write encapsulated pixels alone: an offset table and fragments."""
    table = b"".join(offset.to_bytes(4, "little") for offset in offsets)
    data = b"".join(
        b"\xfe\xff\x00\xe0" + len(part).to_bytes(4, "little") + part for part in (table, *pieces)
    )
    file = folder / "pixels"
    file.write_bytes(data + b"\xfe\xff\xdd\xe0\0\0\0\0")
    return file


def frames_of(file: Path, count: int) -> list[bytes]:
    """Return the frames of encapsulated pixels."""
    with FileIO(file) as stream:
        return [read_frame(stream, places) for places in frame_places(stream, 0, count)]


@pytest.mark.parametrize(
    ("offsets", "pieces"),
    [
        ([], JPEG_FRAMES),
        ([0, 24], JPEG_FRAMES),
        ([0, 12], JPEG_FRAMES),
        ([7, 9999], JPEG_FRAMES),
        ([0, 24], RLE_FRAMES),
        ([0, 24], [*RLE_FRAMES, b""]),
    ],
)
def test_fragmented_frames_are_joined(
    tmp_path: Path, offsets: list[int], pieces: list[bytes]
) -> None:
    """Frames are told apart by how they begin, whatever the table says, else by a sound table."""
    file = fragments(tmp_path, offsets, pieces)

    assert frames_of(file, 2) == [pieces[0] + pieces[1], pieces[2] + pieces[3]]


@pytest.mark.parametrize("offsets", [[], [0, 12345], [24, 0], [12, 24], [0, 12, 24]])
def test_a_lying_offset_table_is_refused(tmp_path: Path, offsets: list[int]) -> None:
    """Where only the table could tell frames apart and it does not fit, nothing is guessed."""
    file = fragments(tmp_path, offsets, RLE_FRAMES)

    with pytest.raises(ValueError, match="cannot be told apart into 2 frames"):
        frames_of(file, 2)


def test_fragments_that_end_early_are_refused(tmp_path: Path) -> None:
    """A fragment longer than the file, or none at all, is no frame."""
    file = fragments(tmp_path, [], JPEG_FRAMES)
    content = file.read_bytes()
    file.write_bytes(content[:-10])

    with pytest.raises(ValueError, match="ends inside a compressed fragment"):
        frames_of(file, 2)

    file.write_bytes(content[:8] + content[-8:])
    with pytest.raises(ValueError, match="no compressed fragment"):
        frames_of(file, 1)


@pytest.mark.parametrize(
    ("raw", "signed", "high_bit", "expected"),
    [
        (0xF123, False, 11, 0x123),
        (0x0FFF, True, 11, -1),
        (0xF800, True, 11, -2048),
        (0x1235, False, 12, 0x91A),
        (0x0123, False, 11, 0x123),
    ],
)
def test_only_the_stored_bits_count(raw: int, signed: bool, high_bit: int, expected: int) -> None:
    """Garbage above High Bit goes, the sign of 12 bits is extended, lower bits are shifted out."""
    storage = Storage(Path("x"), "", 0, 2, 1, 1, 1, 1, "", 0, 16, 12, high_bit, signed)

    assert cleared(np.array([[raw]], np.uint16), storage).item() == expected


def deflated(folder: Path, frames: int) -> Path:
    """Write a deflated image of noise, which deflates badly, with a few frames."""
    dataset = ct_slice(0, (0.0, 0.0, 0.0))
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = 128, 128, frames
    noise = np.random.default_rng(7).integers(0, 4096, (frames, 128, 128))
    dataset.PixelData = noise.astype("<u2").tobytes()
    return write(dataset, folder / "deflated.dcm")


@pytest.mark.parametrize("held", [0, 1 << 25])
def test_frames_of_a_deflated_file_lie_in_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    """Held in memory or in a temporary file, every frame is the one pydicom reads."""
    monkeypatch.setattr(stored, "_HELD_IN_MEMORY", held)
    file = deflated(tmp_path, 5)
    right = pydicom.dcmread(file).pixel_array
    found = scan(file).series
    reader = stored.PixelReader()

    pieces = [piece for series in found for piece in series.slices]
    assert sorted(piece.frame for piece in pieces) == [0, 1, 2, 3, 4]
    for piece in reversed(pieces):
        np.testing.assert_array_equal(reader.stored(piece), right[piece.frame])


@pytest.mark.parametrize("frames", [1, 3])
def test_a_truncated_deflated_file_is_never_shown(tmp_path: Path, frames: int) -> None:
    """It is named when it is found or, if only its pixels are cut, when they are read."""
    file = deflated(tmp_path, frames)
    content = file.read_bytes()
    for kept in (300, 400, 600, 5_000, 20_000, len(content) - 2_000):
        file.write_bytes(content[:kept])
        found = scan(file)
        if found.series:
            with pytest.raises(ImageError, match=r"deflated\.dcm.*(truncated|damaged|invalid)"):
                [load_volume(series) for series in found.series]
        else:
            assert found.skipped[0].file == file
