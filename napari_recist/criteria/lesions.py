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


@dataclass(frozen=True, slots=True)
class Lesion:
    """A lesion of one patient in one reader's list (L-5: lists of two readers never mix).

    ``identifier`` is the short name readers see (T1, NT2, N1). ``organ`` is free text or a coded
    organ; all lymph nodes count as one organ (L-2). ``site`` narrows the organ, for the liver its
    Couinaud segment. A node is measured by its short axis (R-11); ``porta_hepatis`` nodes have
    their own size floor in hepatocellular carcinoma (H-3).
    """

    identifier: str
    role: Role
    organ: str = ""
    site: str = ""
    node: bool = False
    porta_hepatis: bool = False
    prior_local_therapy: bool = False
    progressed_since: bool = False
