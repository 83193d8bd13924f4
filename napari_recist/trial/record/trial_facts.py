"""The facts of the trial itself, recorded in the same chain as what its readers state."""

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from napari_recist.criteria import Charter, Fact
from napari_recist.trial.images.catalogue import ScheduledVisit
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.adjudication_codes import AdjudicationReason, Choice
from napari_recist.trial.staff.roles import TrialRole


@dataclass(frozen=True, slots=True)
class CharterAdopted:
    """The trial is read by this charter from here on, or, a later version, from ``holds_from`` on.

    ``trial_uid`` is random, so that no two trials share a chain. All settings stand here, also
    those the file left to their defaults, so that a later default changes nothing of this trial.
    ``holds_from`` is the day (UTC) from which a read that is begun is read by this version.
    """

    trial_uid: str
    charter: Charter
    charter_hash: str
    source: str
    version: int = 1
    holds_from: dt.date | None = None
    reason: str = ""


# --- people -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReaderAdded:
    """A reader may read and sign from here on (as the first version recorded it)."""

    name: str


@dataclass(frozen=True, slots=True)
class PersonAdmitted:
    """A person works on the trial in this role from here on."""

    name: str
    role: TrialRole


@dataclass(frozen=True, slots=True)
class PersonRetired:
    """A person no longer works on the trial; what was stated and signed stays."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """The person's password is the one whose verifier has this SHA-256."""

    name: str
    verifier_hash: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person proved to be who they are."""

    name: str


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Somebody gave a wrong password for this name."""

    name: str


# --- images -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitRegistered:
    """The images of a visit have arrived, or have been replaced by these."""

    scheduled: ScheduledVisit


@dataclass(frozen=True, slots=True)
class IdentityRegistered:
    """Who a coded subject is, and by how many days its dates are shifted (0: they are true)."""

    patient_id: str
    shift_days: int


@dataclass(frozen=True, slots=True)
class ImagesAccepted:
    """The images of a visit are fit to be read."""

    visit: str


@dataclass(frozen=True, slots=True)
class QueryRaised:
    """The site is asked about images; the patient is not assigned while it is open."""

    query: str
    visit: str
    code: QueryCode
    text: str


@dataclass(frozen=True, slots=True)
class QueryAnswered:
    """What the site answered."""

    query: str
    text: str


@dataclass(frozen=True, slots=True)
class QueryClosed:
    """A query is settled, and how."""

    query: str
    outcome: str


@dataclass(frozen=True, slots=True)
class FollowUpEnded:
    """No further images of this patient will come, and why: the reads can be compared."""

    reason: str


# --- reads --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadAssigned:
    """A reader is to read this patient."""

    reader: str


@dataclass(frozen=True, slots=True)
class AdjudicatorAssigned:
    """An adjudicator is to settle this patient, should the readers differ."""

    adjudicator: str


@dataclass(frozen=True, slots=True)
class AssignmentWithdrawn:
    """A person no longer reads or adjudicates this patient."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReReadScheduled:
    """A reader reads a patient once more without knowing: the patient comes under another code."""

    alias: str
    of_subject: str
    reader: str


@dataclass(frozen=True, slots=True)
class CaseAdjudicated:
    """The adjudicator accepted one whole read of a patient, and says why.

    ``chosen`` names the read as it was shown, without its reader's name. ``content_hash`` is the
    SHA-256 of all reads that lay on the table, ``chain_head`` of the last record before this one.
    """

    chosen: Choice
    reason: AdjudicationReason
    comment: str
    signer: str
    meaning: str
    content_hash: str
    charter_hash: str
    chain_head: str
    software: str


@dataclass(frozen=True, slots=True)
class AdjudicationWithdrawn:
    """An adjudication no longer counts: what it rested on has changed."""

    reason: str


# --- clinical review ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClinicalDataGiven:
    """Clinical data of a patient, item by item: for the oncologist reviewer, never for a reader."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClinicalReviewSigned:
    """The oncologist reviewer's own form: whether the result stands with the clinical data."""

    agrees: bool
    response: str
    comment: str
    signer: str
    meaning: str
    content_hash: str
    charter_hash: str
    chain_head: str
    software: str


# --- transfers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TransferFrozen:
    """The data up to here are frozen as the transfer of this number: 1, 2, 3 ...

    ``chain_head`` is the hash of the last record before this one, where the data end.
    """

    number: int
    comment: str
    chain_head: str


@dataclass(frozen=True, slots=True)
class TransferExported:
    """A frozen transfer was written as an export of this kind.

    ``manifest_hash`` is the SHA-256 of the manifest, which lists the files with theirs.
    """

    number: int
    export: str
    manifest_hash: str


TrialFact: TypeAlias = (
    CharterAdopted
    | ReaderAdded
    | PersonAdmitted
    | PersonRetired
    | PasswordSet
    | SignedIn
    | SignInRefused
    | VisitRegistered
    | IdentityRegistered
    | ImagesAccepted
    | QueryRaised
    | QueryAnswered
    | QueryClosed
    | FollowUpEnded
    | ReadAssigned
    | AdjudicatorAssigned
    | AssignmentWithdrawn
    | ReReadScheduled
    | CaseAdjudicated
    | AdjudicationWithdrawn
    | ClinicalDataGiven
    | ClinicalReviewSigned
    | TransferFrozen
    | TransferExported
)
"""Any fact of the trial itself."""

AnyFact: TypeAlias = Fact | TrialFact
"""Whatever a record can hold."""
