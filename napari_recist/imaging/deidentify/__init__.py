"""De-identification of DICOM images by PS3.15 Annex E: at every depth, keyed, repeatable."""

from napari_recist.imaging.deidentify.file import Order
from napari_recist.imaging.deidentify.folder import (
    Deidentified,
    Outcome,
    deidentify_files,
    deidentify_folder,
)
from napari_recist.imaging.deidentify.key import TrialKey, key_from
from napari_recist.imaging.deidentify.refusals import NAMES_MAY_SHOW
from napari_recist.imaging.deidentify.subjects import Subject, SubjectList, load_subjects
from napari_recist.imaging.deidentify.trial_module import TrialFacts

__all__ = [
    "NAMES_MAY_SHOW",
    "Deidentified",
    "Order",
    "Outcome",
    "Subject",
    "SubjectList",
    "TrialFacts",
    "TrialKey",
    "deidentify_files",
    "deidentify_folder",
    "key_from",
    "load_subjects",
]
