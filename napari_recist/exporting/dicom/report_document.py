"""The document around a report's content: patient, study, series, evidence, verification."""

import hashlib
import io
from collections.abc import Iterable, Sequence

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import Comprehensive3DSRStorage, ExplicitVRLittleEndian

from napari_recist.exporting.dicom.concepts import OWN_SCHEME, OWN_SCHEME_NAME
from napari_recist.exporting.dicom.identifiers import DEVICE_UID, derived_uid
from napari_recist.exporting.dicom.signed_visit import SignedVisit
from napari_recist.exporting.dicom.source_images import SourceImage

PROGRAM = "napari-recist"
ADJUDICATOR = "ADJUDICATOR"
NOT_STATED = "NOT STATED"
"""Where the charter names no sponsor and the standard wants an organisation."""

FIRST_SERIES, FIRST_ADJUDICATED = 9000, 9100
"""Series Numbers of reports: behind any image series, one for each evaluator."""

_OF_CODED_IMAGES = (
    "StudyID",
    "StudyDescription",
    "AccessionNumber",
    "PatientSex",
    "PatientIdentityRemoved",
    "DeidentificationMethod",
    "DeidentificationMethodCodeSequence",
    "LongitudinalTemporalInformationModified",
    "ClinicalTrialSponsorName",
    "ClinicalTrialProtocolID",
    "ClinicalTrialProtocolName",
    "ClinicalTrialSiteID",
    "ClinicalTrialSiteName",
    "ClinicalTrialSubjectID",
    "ClinicalTrialTimePointID",
    "ClinicalTrialTimePointDescription",
)
"""What a report shares with the images of its study, once they are known to name nobody."""


def report_bytes(signed: SignedVisit, images: Sequence[SourceImage], content: Dataset) -> bytes:
    """Return a whole DICOM file with this content; the same again for the same data.

    The SOP Instance UID follows from all that the file says: another content is another instance,
    and a visit that did not change is the same instance in every transfer.
    """
    document = _document(signed, images)
    document.update(content)
    document.SOPInstanceUID = derived_uid("report", hashlib.sha256(_written(document)).hexdigest())
    return _file(document)


def _document(signed: SignedVisit, images: Sequence[SourceImage]) -> Dataset:
    header = images[0].header
    document = Dataset()
    document.SpecificCharacterSet = "ISO_IR 192"
    document.SOPClassUID = Comprehensive3DSRStorage
    _fill_patient_and_study(document, signed, header)
    _fill_series(document, signed)
    _fill_equipment(document, signed)
    _fill_verification(document, signed)
    document.CurrentRequestedProcedureEvidenceSequence = [_evidence(images)]
    document.PerformedProcedureCodeSequence = []
    return document


def _fill_patient_and_study(document: Dataset, signed: SignedVisit, header: Dataset) -> None:
    """Take over what binds the report to its study; text of images not coded may name a person."""
    document.AccessionNumber = document.StudyID = document.ReferringPhysicianName = ""
    document.PatientBirthDate = document.PatientSex = ""
    if header.get("PatientIdentityRemoved") == "YES":
        for name in _OF_CODED_IMAGES:
            if name in header:
                document[name] = header[name]
    document.PatientName = f"{signed.subject}^"
    document.PatientID = signed.subject
    document.StudyInstanceUID = header.StudyInstanceUID
    document.StudyDate = header.get("StudyDate", "")
    document.StudyTime = header.get("StudyTime", "")


def _fill_series(document: Dataset, signed: SignedVisit) -> None:
    first = signed.events[0].sequence
    who, number = signed.evaluator.rsplit(" ", 1)
    of_study = (signed.trial_uid, signed.subject, str(first), signed.visit)
    document.Modality = "SR"
    document.SeriesInstanceUID = derived_uid("series", *of_study, document.StudyInstanceUID)
    begins = FIRST_ADJUDICATED if who == ADJUDICATOR else FIRST_SERIES
    document.SeriesNumber = begins + int(number)
    document.SeriesDescription = f"RECIST {signed.visit} {signed.evaluator}"
    document.InstanceNumber = signed.times_signed
    document.ContentDate = signed.signed_at.strftime("%Y%m%d")
    document.ContentTime = signed.signed_at.strftime("%H%M%S")
    document.ReferencedPerformedProcedureStepSequence = []


def _fill_equipment(document: Dataset, signed: SignedVisit) -> None:
    document.Manufacturer = document.ManufacturerModelName = PROGRAM
    document.DeviceSerialNumber = signed.trial_uid
    document.SoftwareVersions = signed.signature.software
    scheme = Dataset()
    scheme.CodingSchemeDesignator = OWN_SCHEME
    scheme.CodingSchemeName = OWN_SCHEME_NAME
    scheme.CodingSchemeResponsibleOrganization = PROGRAM
    document.CodingSchemeIdentificationSequence = [scheme]


def _fill_verification(document: Dataset, signed: SignedVisit) -> None:
    """Say that the report is signed, by whom without a name, and when."""
    observer = Dataset()
    observer.VerifyingObserverName = f"{signed.evaluator}^"
    observer.VerifyingObserverIdentificationCodeSequence = []
    observer.VerifyingOrganization = signed.charter.trial.sponsor or NOT_STATED
    observer.VerificationDateTime = signed.signed_at.strftime("%Y%m%d%H%M%S+0000")
    document.CompletionFlag = "COMPLETE"
    document.VerificationFlag = "VERIFIED"
    document.PreliminaryFlag = "FINAL"
    document.VerifyingObserverSequence = [observer]


def _evidence(images: Iterable[SourceImage]) -> Dataset:
    """Return the images referred to, by series of the one study."""
    series: dict[str, list[Dataset]] = {}
    study = Dataset()
    for one in images:
        reference = Dataset()
        reference.ReferencedSOPClassUID = one.sop_class_uid
        reference.ReferencedSOPInstanceUID = one.sop_instance_uid
        series.setdefault(one.series_uid, []).append(reference)
        study.StudyInstanceUID = one.study_uid
    study.ReferencedSeriesSequence = []
    for series_uid, references in series.items():
        of_series = Dataset()
        of_series.ReferencedSOPSequence = references
        of_series.SeriesInstanceUID = series_uid
        study.ReferencedSeriesSequence.append(of_series)
    return study


def _written(document: Dataset) -> bytes:
    buffer = io.BytesIO()
    document.save_as(buffer, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def _file(document: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = document.SOPClassUID
    meta.MediaStorageSOPInstanceUID = document.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = DEVICE_UID
    meta.ImplementationVersionName = "NAPARI_RECIST"
    document.file_meta = meta
    buffer = io.BytesIO()
    document.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
