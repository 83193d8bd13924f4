"""Make the series the DICOM benchmarks read: real CT headers and pixels, moved and renumbered.

Usage: python benchmarks/dicom_data.py SOURCE_FOLDER TARGET_FOLDER [--slices 600] [--size 512]
"""

import argparse
from itertools import cycle
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

SPACING_MM = 2.5


def write_series(source: Path, target: Path, slices: int, size: int) -> None:
    """Write a regular CT series of ``slices`` files, cut to ``size`` pixels squared."""
    target.mkdir(parents=True, exist_ok=True)
    originals = [pydicom.dcmread(file) for file in sorted(source.glob("*.dcm"))]
    series_uid = generate_uid(entropy_srcs=[str(slices), str(size)])
    for index, dataset in zip(range(slices), cycle(originals), strict=False):
        dataset.SeriesInstanceUID = series_uid
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=[series_uid, str(index)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.InstanceNumber = index + 1
        x, y, _ = dataset.ImagePositionPatient
        dataset.ImagePositionPatient = [x, y, index * SPACING_MM]
        if size != dataset.Rows:
            pixels = dataset.pixel_array[:size, :size]
            dataset.Rows = dataset.Columns = size
            dataset.PixelData = pixels.tobytes()
        dataset.save_as(target / f"{index:05d}.dcm")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--slices", type=int, default=600)
    parser.add_argument("--size", type=int, default=512)
    given = parser.parse_args()
    write_series(given.source, given.target, given.slices, given.size)
