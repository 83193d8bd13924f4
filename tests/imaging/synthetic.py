"""Small synthetic DICOM series, written with pydicom, whose geometry is known by construction."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pydicom.valuerep import format_number_as_ds

ROWS, COLUMNS = 6, 5
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SERIES_UID = "1.2.826.0.1.3680043.8.498.7"

Change = Callable[[int, Dataset], None]
"""Called with the slice number and its data set before it is written."""


def ct_slice(
    index: int, position: Sequence[float], orientation: Sequence[float] = AXIAL
) -> Dataset:
    """Return one CT slice; every pixel stores ``100 * index`` plus its place in the slice."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = f"{SERIES_UID}.{index + 1}"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.Modality, dataset.PatientID = "CT", "S001"
    dataset.StudyDate, dataset.SeriesDescription = "20260102", "portal venous"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", SERIES_UID
    dataset.FrameOfReferenceUID = "1.2.3.4"
    dataset.SeriesNumber, dataset.InstanceNumber, dataset.AcquisitionNumber = 2, index + 1, 1
    dataset.SliceThickness = 2.5
    dataset.ImagePositionPatient = [format_number_as_ds(float(value)) for value in position]
    dataset.ImageOrientationPatient = [format_number_as_ds(float(value)) for value in orientation]
    dataset.PixelSpacing = [0.8, 0.6]
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = ROWS, COLUMNS, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    pixels = np.arange(ROWS * COLUMNS, dtype="<u2") + 100 * index
    dataset.add_new("PixelData", "OW", pixels.tobytes())
    return dataset


def write(dataset: Dataset, file: Path, **encoding: Any) -> Path:
    """Write a data set as a DICOM file."""
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    file.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(file, enforce_file_format=True, **encoding)
    return file


def write_axial(
    folder: Path, heights: Sequence[float], change: Change = lambda _index, _dataset: None
) -> list[Path]:
    """Write axial slices at the given heights (mm superior), each changed as asked."""
    files = []
    for index, height in enumerate(heights):
        dataset = ct_slice(index, (-10.0, -20.0, height))
        change(index, dataset)
        files.append(write(dataset, folder / f"IM{index:04d}.dcm"))
    return files


def set_raw(dataset: Dataset, tag: int, letters: str, value: bytes) -> None:
    """Give an element a value as it stands in a damaged file, checked by nobody."""
    value += b" " * (len(value) % 2)
    dataset[tag] = RawDataElement(
        Tag(tag), letters, len(value), value, 0, is_implicit_VR=False, is_little_endian=True
    )


def set_private(dataset: Dataset, place: tuple[int, str, int], letters: str, value: Any) -> None:
    """Add a maker's private element, given by group, creator and element, to its first block."""
    group, creator, element = place
    dataset.private_block(group, creator, create=True).add_new(element, letters, value)
