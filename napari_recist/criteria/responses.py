"""Responses: the words RECIST 1.1 and iRECIST have for what became of a patient's disease."""

from enum import StrEnum


class Response(StrEnum):
    """A response of a lesion group or of a visit (E09 tables 1 to 3; SY17 table 2 for the i-words).

    mRECIST's "incomplete response" of non-target lesions is written ``NON-CR/NON-PD`` (H-13).
    """

    CR = "CR"
    """Complete response."""
    PR = "PR"
    """Partial response."""
    SD = "SD"
    """Stable disease."""
    PD = "PD"
    """Progressive disease."""
    NE = "NE"
    """Not evaluable."""
    NON_CR_NON_PD = "NON-CR/NON-PD"
    """Non-target disease persists without progression (T-5)."""
    NED = "NED"
    """No disease at baseline and none new (V-1)."""
    NA = "NA"
    """The patient had no disease of that kind at baseline."""
    I_CR = "iCR"
    """Complete response by iRECIST."""
    I_PR = "iPR"
    """Partial response by iRECIST."""
    I_SD = "iSD"
    """Stable disease by iRECIST."""
    NON_I_CR_NON_I_UPD = "NON-iCR/NON-iUPD"
    """Non-target disease persists without progression, by iRECIST."""
    I_UPD = "iUPD"
    """Progression not yet confirmed (I-1)."""
    I_CPD = "iCPD"
    """Progression confirmed (I-1)."""


RESPONDING = frozenset({Response.CR, Response.PR})
"""What counts as a response (B-10)."""

STABLE = frozenset({Response.SD, Response.NON_CR_NON_PD})
"""What needs the minimum time of stable disease (B-2)."""
