"""One scan as DICOM CT files: valid, coded, and the same bytes every time.

Nothing names a person: the patient's name and number are the subject code. Identifiers are derived
from what they identify (UUIDs of their names under the root 2.25), so that a scan written anywhere
is the same scan.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, RLELossless

from napari_recist.phantom.scan import Scan

IMPLEMENTATION = "NAPARI_RECIST"
MANUFACTURER = "napari-recist phantom"
RESCALE_INTERCEPT = -1024
BOLUS_AT = dt.timedelta(minutes=4, seconds=48)
"""When the contrast agent is given, after the start of the examination."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the files of one visit say beside the pixels."""

    code: str
    sex: str
    age: int
    visit: str
    week: int
    date: dt.date
    scan: Scan

    @property
    def started(self) -> dt.datetime:
        """When the scan began: some morning time that belongs to this visit alone."""
        minutes = _named("start", self.code, self.visit).int % 240
        return dt.datetime.combine(self.date, dt.time(8)) + dt.timedelta(minutes=minutes)

    @property
    def scanned(self) -> dt.datetime:
        """When the slices were taken: so many seconds after the contrast agent was given."""
        return self.started + BOLUS_AT + dt.timedelta(seconds=self.scan.phase.seconds)


def write_scan(folder: Path, header: Header, hu: npt.NDArray[np.floating]) -> None:
    """Write the slices of one visit, from head to feet, as ``IM0001.dcm`` and so on.

    Parameters
    ----------
    folder : where to write; must exist
    header : what the files say
    hu : (slice, row, column) Hounsfield units, slices in the order of ``header.scan.heights``
    """
    stored = np.clip(np.rint(hu) - RESCALE_INTERCEPT, 0, 4095).astype("<u2")
    common = _common(header)
    for number, (plane, height) in enumerate(zip(stored, header.scan.heights, strict=True), 1):
        file = _slice(common, header, number, float(height), plane)
        file.save_as(folder / f"IM{number:04d}.dcm", enforce_file_format=True)


def uid(*names: object) -> str:
    """Return the UID that belongs to these names, always the same."""
    return f"2.25.{_named(*names).int}"


def _named(*names: object) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, "napari-recist:sample:" + "/".join(map(str, names)))


def _common(header: Header) -> Dataset:
    """Return what all slices of a visit share."""
    data = Dataset()
    for fill in (_fill_patient, _fill_study, _fill_series, _fill_acquisition, _fill_pixels):
        fill(data, header)
    return data


def _fill_patient(data: Dataset, header: Header) -> None:
    data.PatientName = f"{header.code}^"
    data.PatientID = header.code
    data.PatientBirthDate = ""
    data.PatientSex = header.sex
    data.PatientAge = f"{header.age:03d}Y"
    data.PatientIdentityRemoved = "YES"
    data.DeidentificationMethod = "Synthetic image: there is no patient"
    data.ClinicalTrialSponsorName = "Example Oncology Cooperative"
    data.ClinicalTrialProtocolID = "NRC-HCC-201"
    data.ClinicalTrialProtocolName = ""
    data.ClinicalTrialSiteID = header.code.split("-")[1]
    data.ClinicalTrialSiteName = ""
    data.ClinicalTrialSubjectID = header.code
    data.ClinicalTrialTimePointID = header.visit
    data.ClinicalTrialTimePointDescription = f"week {header.week}" if header.week else "baseline"


def _fill_study(data: Dataset, header: Header) -> None:
    started = header.started
    day, time = started.strftime("%Y%m%d"), started.strftime("%H%M%S")
    data.StudyInstanceUID = uid(header.code, header.visit, "study")
    data.StudyDate = data.SeriesDate = data.AcquisitionDate = data.ContentDate = day
    data.StudyTime = time
    data.SeriesTime = data.AcquisitionTime = data.ContentTime = header.scanned.strftime("%H%M%S")
    data.AccessionNumber = ""
    data.ReferringPhysicianName = ""
    data.StudyID = header.visit
    data.StudyDescription = "CT abdomen with contrast"


def _fill_series(data: Dataset, header: Header) -> None:
    data.Modality = "CT"
    phase = header.scan.phase
    data.SeriesInstanceUID = uid(header.code, header.visit, "series", phase.series_number)
    data.SeriesNumber = phase.series_number
    data.SeriesDescription = f"Abdomen {phase.name} {header.scan.thickness:.1f} mm"
    data.ProtocolName = f"Abdomen {phase.name}"
    data.BodyPartExamined = "ABDOMEN"
    data.PatientPosition = "HFS"
    data.FrameOfReferenceUID = uid(header.code, header.visit, "frame of reference")
    data.PositionReferenceIndicator = ""
    data.Manufacturer = MANUFACTURER
    data.ManufacturerModelName = "synthetic abdomen"
    data.SoftwareVersions = "1"
    data.InstitutionName = ""
    data.BurnedInAnnotation = "NO"


def _fill_acquisition(data: Dataset, header: Header) -> None:
    scan = header.scan
    data.ImageType = ["DERIVED", "PRIMARY", "AXIAL"]
    data.DerivationDescription = "Computed from a mathematical model of the abdomen"
    data.AcquisitionNumber = 1
    data.KVP = "120"
    data.XRayTubeCurrent = "220"
    data.ExposureTime = "500"
    data.Exposure = "110"
    data.FilterType = "BODY"
    data.ConvolutionKernel = "SOFT TISSUE"
    data.GantryDetectorTilt = "0"
    data.TableHeight = f"{150 + scan.table[1]:.1f}"
    data.RotationDirection = "CW"
    data.DataCollectionDiameter = "500"
    data.ReconstructionDiameter = f"{scan.matrix * scan.pixel:.2f}"
    data.SliceThickness = f"{scan.thickness:.2f}"
    data.SpacingBetweenSlices = f"{scan.slice_distance:.2f}"
    data.ContrastBolusAgent = "Iodinated contrast agent"
    data.ContrastBolusRoute = "IV"
    data.ContrastBolusVolume = "110"
    data.ContrastBolusStartTime = (header.started + BOLUS_AT).strftime("%H%M%S")


def _fill_pixels(data: Dataset, header: Header) -> None:
    scan = header.scan
    data.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    data.PixelSpacing = [f"{scan.pixel:.4f}", f"{scan.pixel:.4f}"]
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.Rows = data.Columns = scan.matrix
    data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
    data.PixelRepresentation = 0
    data.RescaleIntercept = str(RESCALE_INTERCEPT)
    data.RescaleSlope = "1"
    data.RescaleType = "HU"
    data.WindowCenter = ["40", "90"]
    data.WindowWidth = ["400", "150"]
    data.WindowCenterWidthExplanation = ["ABDOMEN", "LIVER"]


def _slice(
    common: Dataset, header: Header, number: int, height: float, plane: npt.NDArray[np.uint16]
) -> FileDataset:
    scan = header.scan
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = uid(
        header.code, header.visit, *scan.phase.of_its_own, "slice", number
    )
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = uid("implementation")
    meta.ImplementationVersionName = IMPLEMENTATION
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.update(common)
    file.SOPClassUID = meta.MediaStorageSOPClassUID
    file.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    file.InstanceNumber = number
    left, front = scan.first_pixel
    file.ImagePositionPatient = [f"{left:.4f}", f"{front:.4f}", f"{height:.4f}"]
    file.SliceLocation = f"{height:.4f}"
    file.PixelData = plane.tobytes()
    if scan.compressed:
        file.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
    return file
