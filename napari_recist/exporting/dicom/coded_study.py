"""Whose study an object of ours belongs to: the coded patient and study of the images it is on."""

from pydicom.dataset import Dataset

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


def coded_study(subject: str, header: Dataset) -> Dataset:
    """Return patient and study of an object that stands beside this image.

    Of an image that is not marked as de-identified only UID, date and time of the study are taken
    over: its other texts may name a person. The patient is the coded one in any case.

    Parameters
    ----------
    subject : str
        The patient code.
    header : Dataset
        Of an image of the study.
    """
    found = Dataset()
    found.AccessionNumber = found.StudyID = found.ReferringPhysicianName = ""
    found.PatientBirthDate = found.PatientSex = ""
    if header.get("PatientIdentityRemoved") == "YES":
        for name in _OF_CODED_IMAGES:
            if name in header:
                found[name] = header[name]
    found.PatientName = f"{subject}^"
    found.PatientID = subject
    found.StudyInstanceUID = header.StudyInstanceUID
    found.StudyDate = header.get("StudyDate", "")
    found.StudyTime = header.get("StudyTime", "")
    return found
