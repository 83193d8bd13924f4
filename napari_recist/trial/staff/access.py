"""Who may do what: the one table, for this program and, mirrored in SQL, for the database."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from napari_recist.errors import AccessRefusedError
from napari_recist.trial.record.trial_facts import (
    AdjudicationWithdrawn,
    AnyFact,
    CaseAdjudicated,
    CharterAdopted,
    ClinicalDataGiven,
    ClinicalReviewSigned,
    IdentityRegistered,
    TrialFact,
)
from napari_recist.trial.staff.roles import OWNER, Person, TrialRole


class Action(StrEnum):
    """Something a person may do, worded as an answer to "who may ...?"."""

    ADMIT_PEOPLE = "admit people"
    AMEND_CHARTER = "amend the charter"
    REOPEN = "re-open a signed visit"
    SCHEDULE_RE_READ = "schedule a blinded re-read"
    ASSIGN = "assign a patient"
    IMPORT_IMAGES = "import images"
    ASK_SITES = "accept images and ask the sites"
    SEE_IDENTITY = "see whose images these are"
    READ = "read a patient"
    ADJUDICATE = "adjudicate"
    GIVE_CLINICAL_DATA = "give clinical data"
    REVIEW_CLINICALLY = "review with clinical data"
    SEE_STATUS = "see how far the trial is"
    SEE_READS = "see what readers stated"
    FREEZE = "freeze a transfer"
    EXPORT = "export"


_OVERSIGHT = frozenset({Action.SEE_STATUS, Action.SEE_READS, Action.EXPORT})
_ADMINISTRATION = frozenset(
    {
        Action.ADMIT_PEOPLE,
        Action.AMEND_CHARTER,
        Action.REOPEN,
        Action.SCHEDULE_RE_READ,
        Action.ASSIGN,
        Action.FREEZE,
    }
)
_IMAGES = frozenset(
    {
        Action.ASSIGN,
        Action.IMPORT_IMAGES,
        Action.ASK_SITES,
        Action.SEE_IDENTITY,
        Action.GIVE_CLINICAL_DATA,
        Action.SEE_STATUS,
    }
)

ALLOWED: Mapping[TrialRole, frozenset[Action]] = MappingProxyType(
    {
        TrialRole.ADMINISTRATOR: _ADMINISTRATION | _OVERSIGHT,
        TrialRole.IMAGE_MANAGER: _IMAGES,
        TrialRole.READER: frozenset({Action.READ}),
        TrialRole.ADJUDICATOR: frozenset({Action.READ, Action.ADJUDICATE}),
        TrialRole.ONCOLOGIST: frozenset({Action.REVIEW_CLINICALLY}),
        TrialRole.MONITOR: _OVERSIGHT | {Action.SEE_IDENTITY},
    }
)
"""What each role may do. What is not named is refused."""

ALLOWED_TO_OWNER = _ADMINISTRATION | _IMAGES | _OVERSIGHT
"""What the holder of an embedded trial's file may do without signing in: never read or sign."""


def may(person: Person | None, action: Action) -> bool:
    """Return whether a person (``None``: the owner of the file) may do this."""
    return action in (ALLOWED_TO_OWNER if person is None else ALLOWED[person.role])


def refuse_unless_allowed(person: Person | None, action: Action) -> None:
    """Raise :class:`AccessRefusedError` unless the person may do this."""
    if may(person, action):
        return
    who = f"{person.name} ({person.role})" if person else f"The {OWNER} of the file"
    able = ", ".join(role for role in TrialRole if action in ALLOWED[role])
    raise AccessRefusedError(f"{who} may not {action}.", f"This is for: {able}.")


_OF_CASES = frozenset({Action.SEE_STATUS, Action.ADJUDICATE, Action.REVIEW_CLINICALLY})

SEEN_BY: Mapping[type[AnyFact], frozenset[Action]] = MappingProxyType(
    {
        CharterAdopted: frozenset(Action),
        ClinicalDataGiven: frozenset(
            {Action.REVIEW_CLINICALLY, Action.GIVE_CLINICAL_DATA, Action.SEE_IDENTITY}
        ),
        IdentityRegistered: frozenset({Action.SEE_IDENTITY}),
        CaseAdjudicated: _OF_CASES,
        AdjudicationWithdrawn: _OF_CASES,
        ClinicalReviewSigned: frozenset({Action.REVIEW_CLINICALLY, Action.SEE_READS}),
    }
)
"""Who may see a kind of fact of the trial: whoever may do one of these. The others need status."""

_BY_STATUS = frozenset({Action.SEE_STATUS})


def may_see(person: Person | None, kind: type[AnyFact]) -> bool:
    """Return whether a person who sees the record may see facts of this kind in it.

    What readers stated has no entry of its own: whoever sees the record sees that.
    """
    return any(may(person, action) for action in SEEN_BY.get(kind, _BY_STATUS))


def refuse_unseen(person: Person | None, kinds: Iterable[type[TrialFact]]) -> None:
    """Raise :class:`AccessRefusedError` unless the person may see all these kinds of facts."""
    for kind in kinds:
        if not may_see(person, kind):
            refuse_unless_allowed(person, min(SEEN_BY.get(kind, _BY_STATUS)))
