"""A CT scan of a few small slices as DICOM files, written with pydicom alone."""

import datetime as dt
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SLICES, ROWS, COLUMNS = 4, 64, 80
ROW_SPACING, COLUMN_SPACING, SLICE_DISTANCE = 0.8, 0.6, 5.0
ORIGIN = (-20.0, -30.0, 100.0)


def write_ct(
    folder: Path,
    subject: str,
    date: dt.date | None,
    *,
    phase: str = "portal venous",
    thickness: float = 5.0,
    spacing: bool = True,
    times: int = 1,
    space: str = "",
) -> str:
    """Write an axial scan into a folder and return its SeriesInstanceUID.

    ``times`` acquisitions of the same slices, told apart by their number, make one series.
    ``space`` is the Frame of Reference UID, a new one when not given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    study, series = generate_uid(), generate_uid()
    space = space or generate_uid()
    for file in range(SLICES * times):
        acquisition, number = divmod(file, SLICES)
        image = Dataset()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = CTImageStorage
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.FrameOfReferenceUID = space
        image.PatientID, image.PatientName = subject, f"{subject}^"
        if date is not None:
            image.StudyDate = image.AcquisitionDate = image.SeriesDate = date.strftime("%Y%m%d")
        image.Modality, image.SeriesDescription = "CT", f"abdomen {phase}"
        image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        image.SeriesNumber, image.InstanceNumber = 2, file + 1
        image.AcquisitionNumber = acquisition + 1
        image.Rows, image.Columns = ROWS, COLUMNS
        if spacing:
            image.PixelSpacing = [ROW_SPACING, COLUMN_SPACING]
        image.SliceThickness = thickness
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.ImagePositionPatient = [ORIGIN[0], ORIGIN[1], ORIGIN[2] + number * SLICE_DISTANCE]
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated, image.BitsStored, image.HighBit = 16, 16, 15
        image.PixelRepresentation = 1
        image.RescaleSlope, image.RescaleIntercept, image.RescaleType = 1, 0, "HU"
        image.PixelData = np.full((ROWS, COLUMNS), file, np.int16).tobytes()
        image.save_as(folder / f"{file}.dcm", enforce_file_format=True)
    return str(series)
