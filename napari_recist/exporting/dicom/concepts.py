"""The coded concepts of our structured reports: DICOM, SNOMED CT and NCI codes, and a few own."""

from typing import NamedTuple

from napari_recist.criteria import CriteriaName, Response, Role, Status

OWN_SCHEME = "99NRECIST"
"""Private coding scheme (PS3.16, 8.2) of what no public terminology has a code for."""

OWN_SCHEME_NAME = "napari-recist"


class Concept(NamedTuple):
    """A coded concept: value, scheme and meaning.

    Meanings are those of DICOM's context groups: some importers look for the words, not the code.
    """

    value: str
    scheme: str
    meaning: str


def _dcm(value: str, meaning: str) -> Concept:
    return Concept(value, "DCM", meaning)


def _sct(value: str, meaning: str) -> Concept:
    return Concept(value, "SCT", meaning)


def _nci(value: str, meaning: str) -> Concept:
    return Concept(value, "NCIt", meaning)


def _own(value: str, meaning: str) -> Concept:
    return Concept(value, OWN_SCHEME, meaning)


REPORT = _dcm("126000", "Imaging Measurement Report")
LANGUAGE = _dcm("121049", "Language of Content Item and Descendants")
ENGLISH = Concept("en", "RFC5646", "English")
OBSERVER_TYPE = _dcm("121005", "Observer Type")
PERSON, DEVICE = _dcm("121006", "Person"), _dcm("121007", "Device")
PERSON_NAME = _dcm("121008", "Person Observer Name")
PERSON_ROLE = _dcm("121011", "Person Observer's Role in this Procedure")
READER, ADJUDICATOR = _nci("C28747", "Reader"), _nci("C96561", "Adjudicator")
DEVICE_UID = _dcm("121012", "Device Observer UID")
DEVICE_NAME = _dcm("121013", "Device Observer Name")
PROCEDURE = _dcm("121058", "Procedure reported")
IMAGE_LIBRARY = _dcm("111028", "Image Library")
IMAGE_LIBRARY_GROUP = _dcm("126200", "Image Library Group")
MODALITY = _dcm("121139", "Modality")
MEASUREMENTS = _dcm("126010", "Imaging Measurements")
EVALUATIONS = Concept("C0034375", "UMLS", "Qualitative Evaluations")
GROUP = _dcm("125007", "Measurement Group")

TRACKING_IDENTIFIER = _dcm("112039", "Tracking Identifier")
TRACKING_UID = _dcm("112040", "Tracking Unique Identifier")
FINDING_CATEGORY = _sct("276214006", "Finding category")
FINDING, LESION = _dcm("121071", "Finding"), _sct("52988006", "Lesion")
METHOD = _sct("370129005", "Measurement Method")
FINDING_SITE, LATERALITY = _sct("363698007", "Finding Site"), _sct("272741003", "Laterality")
TIME_POINT = _nci("C2348", "Time Point")
PROTOCOL_TIME_POINT = _dcm("126071", "Protocol Time Point Identifier")
COMMENT = _dcm("121106", "Comment")
LENGTH = _sct("410668003", "Length")
LONG_AXIS, SHORT_AXIS = _sct("103339001", "Long Axis"), _sct("103340004", "Short Axis")
MILLIMETRE = Concept("mm", "UCUM", "millimeter")
CURRENT_RESPONSE = _dcm("112048", "Current Response")
RESPONSE_METHOD = _dcm("112021", "Response Evaluation Method")

LESION_STATUS = _own("LESION_STATUS", "Lesion status")
MERGED_INTO = _own("MERGED_INTO", "Merged into lesion")
REASON = _own("REASON", "Reason")
SITE_WORDS = _own("SITE_WORDS", "Site as the reader lists it")
MEASURED_PART = _own("MEASURED_PART", "Measured part of the lesion")
VIABLE_PART = _own("VIABLE", "Viable, arterially enhancing part")

STATUSES: dict[Status, Concept] = {
    Status.TOO_SMALL: _own("TOO_SMALL", "Too small to measure"),
    Status.ABSENT: _sct("272519000", "Absent"),
    Status.NOT_EVALUABLE: _nci("C62222", "Not Evaluable"),
    Status.MERGED: _nci("C94525", "Tumor Merged"),
    Status.SPLIT: _nci("C96642", "Tumor Split"),
    Status.PRESENT: _sct("52101004", "Present"),
    Status.PROGRESSED: _nci("C35571", "Progressive Disease"),
    Status.UNEQUIVOCAL: _nci("C123645", "Unequivocal"),
    Status.EQUIVOCAL: _nci("C86071", "Equivocal"),
    Status.RESOLVED: _own("RESOLVED", "Resolved"),
}
"""What the reader said of a lesion; a measured one needs no such word."""

CATEGORIES: dict[Role, Concept] = {
    Role.TARGET: _dcm("112074", "Target Lesion at Baseline"),
    Role.NON_TARGET: _dcm("112075", "Non-Target Lesion at Baseline"),
    Role.NEW: _dcm("112076", "Non-Lesion at Baseline"),
}
"""CID 6145: a new lesion is where no lesion was at baseline."""

CRITERIA: dict[CriteriaName, Concept] = {
    CriteriaName.RECIST_1_1: _dcm("126081", "RECIST 1.1"),
    CriteriaName.MRECIST: _own("MRECIST", "mRECIST"),
    CriteriaName.IRECIST: _own("IRECIST", "iRECIST"),
}

TARGET_RESPONSES: dict[Response, Concept] = {
    Response.CR: _dcm("112041", "Target Lesion Complete Response"),
    Response.PR: _dcm("112042", "Target Lesion Partial Response"),
    Response.PD: _dcm("112043", "Target Lesion Progressive Disease"),
    Response.SD: _dcm("112044", "Target Lesion Stable Disease"),
}
"""CID 6144. What is not evaluable has no code, nor have the responses of iRECIST."""

NON_TARGET_RESPONSES: dict[Response, Concept] = {
    Response.CR: _dcm("112045", "Non-Target Lesion Complete Response"),
    Response.NON_CR_NON_PD: _dcm(
        "112046", "Non-Target Lesion Incomplete Response or Stable Disease"
    ),
    Response.PD: _dcm("112047", "Non-Target Lesion Progressive Disease"),
}

MODALITIES: dict[str, tuple[Concept, Concept]] = {
    "CT": (
        _dcm("CT", "Computed Tomography"),
        Concept("25045-6", "LN", "CT unspecified body region"),
    ),
    "MR": (
        _dcm("MR", "Magnetic Resonance"),
        Concept("25056-3", "LN", "MRI unspecified body region"),
    ),
    "PT": (
        _dcm("PT", "Positron emission tomography"),
        Concept("44136-0", "LN", "PET unspecified body region"),
    ),
}
"""The modality (CID 29) and the procedure reported (CID 100) by the images' Modality."""
