"""The facts of the trial itself, recorded in the same chain as what its readers state."""

from dataclasses import dataclass
from typing import TypeAlias

from napari_recist.criteria import Charter, Fact
from napari_recist.trial.images.catalogue import ScheduledVisit


@dataclass(frozen=True, slots=True)
class CharterAdopted:
    """The trial is read by this charter from here on.

    ``trial_uid`` is random, so that no two trials share a chain. All settings stand here, also
    those the file left to their defaults, so that a later default changes nothing of this trial.
    """

    trial_uid: str
    charter: Charter
    charter_hash: str
    source: str


@dataclass(frozen=True, slots=True)
class ReaderAdded:
    """A reader may read and sign from here on."""

    name: str


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """The reader's password is the one whose verifier has this SHA-256."""

    name: str
    verifier_hash: str


@dataclass(frozen=True, slots=True)
class VisitRegistered:
    """The images of a visit have arrived, or have been replaced by these."""

    scheduled: ScheduledVisit


TrialFact: TypeAlias = CharterAdopted | ReaderAdded | PasswordSet | VisitRegistered
"""Any fact of the trial itself."""

AnyFact: TypeAlias = Fact | TrialFact
"""Whatever a record can hold."""
