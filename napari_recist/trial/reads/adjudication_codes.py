"""What an adjudicator can choose, and why, as closed lists."""

from enum import StrEnum


class Choice(StrEnum):
    """Which read an adjudicator accepts: as they are shown, nobody being named."""

    READ_A = "Read A"
    READ_B = "Read B"
    OWN = "own read"


class AdjudicationReason(StrEnum):
    """Why a read is accepted rather than the other."""

    TARGETS = "its target lesions represent the disease better"
    MEASUREMENT = "its measurements are more accurate"
    NEW_LESION = "it is right about the new lesion"
    NON_TARGET = "it is right about the non-target lesions"
    SERIES = "it was measured on the better series"
    EVALUABILITY = "it is right about what can be evaluated"
    DATE = "it has the right time point"
    OTHER = "other"
