"""Who a person of the trial is: name and role."""

from dataclasses import dataclass
from enum import StrEnum


class TrialRole(StrEnum):
    """What a person is in the trial; nobody has two roles."""

    ADMINISTRATOR = "administrator"
    """Admits people, keeps the charter, assigns patients, re-opens visits."""
    IMAGE_MANAGER = "image manager"
    """Takes images in, sees whose they are, asks the sites; never reads."""
    READER = "reader"
    """Reads the patients assigned, alone and blinded."""
    ADJUDICATOR = "adjudicator"
    """Settles where two readers differ; never a primary reader of that patient."""
    ONCOLOGIST = "oncologist reviewer"
    """Reviews the result of a patient with the clinical data, on a form of its own."""
    MONITOR = "monitor"
    """Sees everything and changes nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the trial."""

    name: str
    role: TrialRole


OWNER = "owner"
"""How the record names whoever holds the file of an embedded trial and acts without signing in."""
