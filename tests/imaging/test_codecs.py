"""Compressed pixels come out as other decoders give them, or are refused."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from napari_recist.errors import ImageError
from napari_recist.imaging import load_volume, scan
from napari_recist.imaging.files.frames import Storage
from napari_recist.imaging.pixels.codestream import describe
from napari_recist.imaging.pixels.encapsulated import frames_of
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


@pytest.mark.parametrize("table", [True, False])
def test_fragmented_frames_are_joined(table: bool) -> None:
    """Frames in several fragments are told apart by the offset table or by how they begin."""
    one, two = b"\xff\xd8\xff\xaa", b"\xff\xd8\xff\xbb"
    fragments = [one, b"1122", two, b"3344"]
    offsets = b"\0\0\0\0\x18\0\0\0" if table else b""
    data = b"".join(
        b"\xfe\xff\x00\xe0" + len(part).to_bytes(4, "little") + part
        for part in (offsets, *fragments)
    )

    assert frames_of(data + b"\xfe\xff\xdd\xe0\0\0\0\0", 2) == [one + b"1122", two + b"3344"]


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
