"""Make the series the DICOM benchmarks read: real CT headers and pixels, moved and renumbered.

Usage: python benchmarks/dicom_data.py SOURCE TARGET [--slices 600] [--size 512] [--syntax rle]
"""

import argparse
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import generate_uid

SPACING_MM = 2.5
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"


def rle(pixels: np.ndarray) -> bytes:
    """Encode a 16-bit frame as DICOM RLE: the high bytes, then the low, each row by itself."""
    planes = [pixels >> 8, pixels & 0xFF]
    segments = [b"".join(map(imagecodecs.packbits_encode, plane.astype("u1"))) for plane in planes]
    segments = [segment + b"\0" * (len(segment) % 2) for segment in segments]
    header = np.zeros(16, "<u4")
    header[:3] = 2, 64, 64 + len(segments[0])
    return header.tobytes() + b"".join(segments)


ENCODERS: dict[str, tuple[str, Callable[[np.ndarray], bytes]]] = {
    "rle": ("1.2.840.10008.1.2.5", rle),
    "jpegls": ("1.2.840.10008.1.2.4.80", imagecodecs.jpegls_encode),
    "jpeg2000": (
        "1.2.840.10008.1.2.4.90",
        lambda pixels: imagecodecs.jpeg2k_encode(pixels, reversible=True, codecformat="J2K"),
    ),
    "jpeglossless": ("1.2.840.10008.1.2.4.70", imagecodecs.ljpeg_encode),
    "deflated": ("1.2.840.10008.1.2.1.99", bytes),
    "none": (EXPLICIT_LITTLE, bytes),
}
"""Transfer syntax and encoder of one frame, by the name given on the command line."""


def write_series(source: Path, target: Path, slices: int, size: int, syntax: str) -> None:
    """Write a regular CT series of ``slices`` files, cut to ``size`` pixels squared."""
    target.mkdir(parents=True, exist_ok=True)
    originals = [pydicom.dcmread(file) for file in sorted(source.glob("*.dcm"))]
    pictures = [dataset.pixel_array[:size, :size].copy() for dataset in originals]
    uid, encode = ENCODERS[syntax]
    series_uid = generate_uid(entropy_srcs=[str(slices), str(size), syntax])
    frames = [pixels.tobytes() if encode is bytes else encode(pixels) for pixels in pictures]
    pairs = cycle(zip(originals, frames, strict=True))
    for index, (dataset, frame) in zip(range(slices), pairs, strict=False):
        dataset.SeriesInstanceUID = series_uid
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=[series_uid, str(index)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.file_meta.TransferSyntaxUID = uid
        dataset.InstanceNumber = index + 1
        x, y, _ = dataset.ImagePositionPatient
        dataset.ImagePositionPatient = [x, y, index * SPACING_MM]
        dataset.Rows = dataset.Columns = size
        dataset.PixelData = frame if encode is bytes else encapsulate([frame])
        dataset["PixelData"].is_undefined_length = encode is not bytes
        dataset["PixelData"].VR = "OW" if encode is bytes else "OB"
        dataset.save_as(target / f"{index:05d}.dcm")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--slices", type=int, default=600)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--syntax", choices=ENCODERS, default="none")
    given = parser.parse_args()
    write_series(given.source, given.target, given.slices, given.size, given.syntax)
