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
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from napari_recist.errors import ImageError
from napari_recist.imaging import VolumeStream, load_volume, scan
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


ENCODED = {
    "jpeg 2000": (JPEG2000Lossless, imagecodecs.jpeg2k_encode(PIXELS, codecformat="J2K")),
    "htj2k": (HTJ2KLossless, imagecodecs.htj2k_encode(PIXELS, reversible=True)),
    "jpeg-ls": (JPEGLSLossless, imagecodecs.jpegls_encode(PIXELS)),
    "jpeg lossless": (JPEGLosslessSV1, imagecodecs.ljpeg_encode(PIXELS)),
    "jpeg extended": (JPEGExtended12Bit, imagecodecs.jpeg8_encode(PIXELS, bitspersample=12)),
}


@pytest.mark.parametrize("name", ENCODED)
def test_no_stream_is_filled_up_where_it_is_cut(tmp_path: Path, name: str) -> None:
    """Some decoders invent what a cut stream lacks: without its end marker none is believed."""
    syntax, frame = ENCODED[name]
    frame = frame.rstrip(b"\0")
    assert voxels(compressed(tmp_path, syntax, frame)).shape == (1, ROWS, COLUMNS)

    for cut in (2, 4, 8, len(frame) // 3):
        with pytest.raises(ImageError, match=r"slice\.dcm: its pixels cannot be read"):
            voxels(compressed(tmp_path, syntax, frame[:-cut]))


@pytest.mark.parametrize("name", ["htj2k", "jpeg lossless"])
def test_a_second_decoder_is_asked(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two decoders of independent origin read the same values; if one does not, it is refused."""
    syntax, frame = ENCODED[name]
    file = compressed(tmp_path, syntax, frame)
    np.testing.assert_array_equal(voxels(file)[0], PIXELS.astype(np.int16) - 1024)

    for decoder in ("jpeg2k_decode", "ljpeg_decode"):
        monkeypatch.setattr(imagecodecs, decoder, lambda _data: PIXELS + 1)
    with pytest.raises(ImageError, match=r"slice\.dcm.*two decoders read different values"):
        voxels(file)
    with pytest.raises(ImageError, match=r"slice\.dcm.*two decoders read different values"):
        VolumeStream(scan(file).series[0]).wait()


@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize("bits", [12, 16])
def test_every_predictor_of_jpeg_lossless(tmp_path: Path, predictor: int, bits: int) -> None:
    """The seven predictors of process 14 decode to the pixels encoded, at both precisions."""
    pixels = np.random.default_rng(predictor).integers(0, 1 << bits, (ROWS, COLUMNS), np.uint16)
    frame = imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=predictor, bitspersample=bits)
    changes = {"BitsStored": bits, "HighBit": bits - 1, "RescaleIntercept": 0}

    read = voxels(compressed(tmp_path, JPEGLossless, frame, **changes))

    np.testing.assert_array_equal(read[0], pixels)


@pytest.mark.parametrize("syntax", [JPEGLossless, RLELossless])
def test_lossless_colours_are_not_mixed(tmp_path: Path, syntax: str) -> None:
    """Three samples of JPEG lossless or RLE come out as red, green and blue went in."""
    dataset = pydicom.dcmread(coloured(tmp_path, "RGB", 0, COLOURS))
    if syntax == RLELossless:
        dataset.compress(RLELossless, generate_instance_uid=False)
    else:
        frame = imagecodecs.jpeg8_encode(
            COLOURS, lossless=True, colorspace="rgb", outcolorspace="rgb"
        )
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset["PixelData"].VR = "OB"
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].is_undefined_length = True

    np.testing.assert_array_equal(voxels(write(dataset, tmp_path / "colour.dcm"))[0], COLOURS)


def test_a_stream_without_room_for_the_sign_is_refused(tmp_path: Path) -> None:
    """Signed 16 bits over an unsigned 12-bit stream: large values may be air, or bone."""
    changes = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15}
    low = imagecodecs.jpeg2k_encode(PIXELS, bitspersample=12, codecformat="J2K")
    np.testing.assert_array_equal(
        voxels(compressed(tmp_path, JPEG2000Lossless, low, **changes))[0],
        PIXELS.astype(np.int16) - 1024,
    )

    high = imagecodecs.jpeg2k_encode(PIXELS + 4000, bitspersample=12, codecformat="J2K")
    with pytest.raises(ImageError, match="signed values of 16 bits"):
        voxels(compressed(tmp_path, JPEG2000Lossless, high, **changes))


def test_signed_jpeg_2000_stays_signed(tmp_path: Path) -> None:
    """JPEG 2000 tells its own sign; under an unsigned header negative values are refused."""
    signed = PIXELS.astype(np.int16) - 20
    frame = imagecodecs.jpeg2k_encode(signed, codecformat="J2K")
    changes = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15}

    assert describe(frame).signed
    np.testing.assert_array_equal(
        voxels(compressed(tmp_path, JPEG2000Lossless, frame, **changes))[0], signed - 1024
    )
    with pytest.raises(ImageError, match="negative values"):
        voxels(compressed(tmp_path, JPEG2000Lossless, frame))


COLOURS = np.random.default_rng(3).integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)


def coloured(folder: Path, photometric: str, planar: int, pixels: np.ndarray) -> Path:
    """Write an uncompressed 8-bit colour image."""
    dataset = ct_slice(0, (0.0, 0.0, 0.0))
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, photometric
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PlanarConfiguration = planar
    del dataset.RescaleSlope, dataset.RescaleIntercept
    dataset.PixelData = pixels.tobytes()
    return write(dataset, folder / "colour.dcm")


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_colours_are_those_pydicom_gives(tmp_path: Path, planar: int, photometric: str) -> None:
    """Red, green and blue, sample by sample or plane by plane, also from YBR (within rounding)."""
    pixels = np.moveaxis(COLOURS, -1, 0) if planar else COLOURS
    file = coloured(tmp_path, photometric, planar, np.ascontiguousarray(pixels))

    ours = voxels(file)[0]

    right = pydicom.dcmread(file).pixel_array.astype(int)
    assert ours.shape == (ROWS, COLUMNS, 3)
    assert np.abs(ours - right).max() <= (photometric == "YBR_FULL")


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "HSV", "CMYK", "YBR_PARTIAL_420"])
def test_unknown_colours_are_refused_in_words(tmp_path: Path, photometric: str) -> None:
    """Colours that would come out wrong are left out by name."""
    found = scan(coloured(tmp_path, photometric, 0, COLOURS))

    assert not found.series
    assert photometric in found.skipped[0].reason


@pytest.mark.parametrize("keyword", ["FloatPixelData", "DoubleFloatPixelData"])
def test_floating_point_pixels_are_refused_in_words(tmp_path: Path, keyword: str) -> None:
    """No scanner writes them; they are not taken for anything else."""
    dataset = ct_slice(0, (0.0, 0.0, 0.0))
    del dataset.PixelData
    dataset.BitsAllocated = 32 if keyword == "FloatPixelData" else 64
    setattr(dataset, keyword, np.zeros((ROWS, COLUMNS), f"f{dataset.BitsAllocated // 8}").tobytes())

    found = scan(write(dataset, tmp_path / "float.dcm"))

    assert not found.series
    assert "no Pixel Data of whole numbers" in found.skipped[0].reason


def test_one_bit_and_odd_widths_are_refused_in_words(tmp_path: Path) -> None:
    """Masks of one bit and numbers of 12 packed bits are no images to measure on."""
    for bits in (1, 12):
        dataset = ct_slice(0, (0.0, 0.0, 0.0))
        dataset.BitsAllocated = dataset.BitsStored = bits
        dataset.HighBit = bits - 1
        found = scan(write(dataset, tmp_path / f"{bits}.dcm"))
        assert not any(series.files[0].name == f"{bits}.dcm" for series in found.series)
        assert f"{bits} of {bits} bits per value" in found.skipped[0].reason


def test_odd_8_bit_images_and_32_bit_values(tmp_path: Path) -> None:
    """An odd number of bytes has a padding byte at its end; large 32-bit values become float."""
    dataset = ct_slice(0, (0.0, 0.0, 0.0))
    dataset.Rows, dataset.Columns = 3, 5
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelData = bytes(range(15)) + b"\0"
    small = write(dataset, tmp_path / "small.dcm")
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 32, 32, 31
    dataset.PixelData = (np.arange(15, dtype="<u4") * 100_000).tobytes()
    large = write(dataset, tmp_path / "large.dcm")

    assert voxels(small).dtype == np.int16
    assert voxels(small).ravel().tolist() == [value - 1024 for value in range(15)]
    assert voxels(large).dtype == np.float32
    assert voxels(large).ravel().tolist() == [value * 100_000 - 1024 for value in range(15)]
