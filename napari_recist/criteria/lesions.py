"""Lesions and what a reader may say of them at a visit: the words of the case report form."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The part a lesion plays in the response (E09 section 4; RECIST.md L-1, L-4, W-1)."""

    TARGET = "target"
    NON_TARGET = "nontarget"
    NEW = "new"


class Status(StrEnum):
    """What the reader says of one lesion at one visit (the words of LESIONS.csv)."""

    MEASURED = "measured"
    """Target: a diameter was measured."""
    TOO_SMALL = "too_small"
    """Target: visible, too small to measure; counts as the charter's default (R-14)."""
    ABSENT = "absent"
    """Target or non-target: disappeared (R-13, T-1)."""
    NOT_EVALUABLE = "not_evaluable"
    """Target or non-target: cannot be judged here, with a reason (R-17, T-1)."""
    MERGED = "merged"
    """Target: inseparable from the target named by ``into`` (R-16)."""
    SPLIT = "split"
    """Target fragment ``T01.1``: its diameter counts under the original lesion (R-15)."""
    PRESENT = "present"
    """Non-target: still there, no unequivocal progression (T-1)."""
    PROGRESSED = "progressed"
    """Non-target: unequivocal progression (T-1, T-4)."""
    UNEQUIVOCAL = "unequivocal"
    """New lesion: certainly new and malignant (W-1)."""
    EQUIVOCAL = "equivocal"
    """New lesion: not certain; does not count yet (W-2)."""
    RESOLVED = "resolved"
    """New lesion once equivocal: gone, or explained otherwise (W-2)."""


STATUSES_OF_ROLE: dict[Role, frozenset[Status]] = {
    Role.TARGET: frozenset(
        {
            Status.MEASURED,
            Status.TOO_SMALL,
            Status.ABSENT,
            Status.NOT_EVALUABLE,
            Status.MERGED,
            Status.SPLIT,
        }
    ),
    Role.NON_TARGET: frozenset(
        {Status.PRESENT, Status.ABSENT, Status.PROGRESSED, Status.NOT_EVALUABLE}
    ),
    Role.NEW: frozenset({Status.UNEQUIVOCAL, Status.EQUIVOCAL, Status.RESOLVED}),
}
"""Which statuses each role admits."""


class WhyNotEvaluable(StrEnum):
    """Why a lesion cannot be judged at a visit (R-17, R-18): a code beside the reader's words."""

    NOT_IMAGED = "not imaged"
    IMAGE_QUALITY = "image quality: motion, artefact or noise"
    CONTRAST = "contrast or phase not comparable"
    TECHNIQUE = "other technique or slice thickness"
    REMOVED = "surgically removed"
    TREATED = "irradiated, ablated or embolised on study"
    OBSCURED = "obscured by another process"
    OTHER = "other"
    """The reader's own words say why."""


class Nature(StrEnum):
    """What kind of lesion it is, where the kind decides (M-5, M-6, M-8, H-4, H-7)."""

    SOLID = "solid"
    CYSTIC_METASTASIS = "cystic metastasis"
    BONE_WITH_SOFT_TISSUE = "lytic or mixed bone lesion with a soft-tissue part"
    BLASTIC_BONE = "blastic bone lesion"
    SIMPLE_CYST = "simple cyst"
    LEPTOMENINGEAL = "leptomeningeal disease"
    ASCITES = "ascites"
    EFFUSION = "pleural or pericardial effusion"
    INFLAMMATORY_BREAST = "inflammatory breast disease"
    LYMPHANGITIC_SPREAD = "lymphangitic spread"
    ORGANOMEGALY = "organomegaly by palpation"
    PORTAL_VEIN_THROMBUS = "malignant portal-vein thrombus"
    INFILTRATIVE = "infiltrative or ill-defined tumour"


@dataclass(frozen=True, slots=True)
class Lesion:
    """A lesion of one patient in one reader's list (L-5: lists of two readers never mix).

    ``identifier`` is the short name readers see (T1, NT2, N1). ``organ`` is free text or a coded
    organ; all lymph nodes count as one organ (L-2). ``site`` narrows the organ, for the liver its
    Couinaud segment. A node is measured by its short axis (R-11); ``porta_hepatis`` nodes have
    their own size floor in hepatocellular carcinoma (H-3). ``nature`` says what kind of lesion it
    is, where the kind decides whether it can be measured.
    """

    identifier: str
    role: Role
    organ: str = ""
    site: str = ""
    node: bool = False
    porta_hepatis: bool = False
    prior_local_therapy: bool = False
    progressed_since: bool = False
    nature: Nature = Nature.SOLID
