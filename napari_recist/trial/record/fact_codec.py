"""Facts as text and back, exactly: the one place where a record's payload is written or read.

A payload is canonical JSON: keys sorted, no spaces, ASCII only, floats by ``repr`` (which names
a double exactly), enumerations by value, dates in ISO form, exact decimals as text. Each kind
of fact carries a version in its name, so that a later version can still read this one's records.
"""

import dataclasses
import datetime as dt
import json
import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from napari_recist.criteria import (
    AdviceOverridden,
    GlobalReviewBegun,
    GlobalReviewSigned,
    Lesion,
    LesionAdded,
    LesionCorrected,
    LesionLocated,
    LesionMeasured,
    LesionWithdrawn,
    MeasurementProposed,
    Observation,
    ObservationWithdrawn,
    ProposalDismissed,
    Redone,
    SeriesChosen,
    StatusStated,
    TargetResponseArgued,
    Undone,
    VisitOpened,
    VisitReopened,
    VisitSigned,
)
from napari_recist.errors import RecordError
from napari_recist.trial.record.trial_facts import (
    AdjudicationWithdrawn,
    AdjudicatorAssigned,
    AnyFact,
    AssignmentWithdrawn,
    CaseAdjudicated,
    CharterAdopted,
    ClinicalDataGiven,
    ClinicalReviewSigned,
    FollowUpEnded,
    IdentityRegistered,
    ImagesAccepted,
    PasswordSet,
    PersonAdmitted,
    PersonRetired,
    QueryAnswered,
    QueryClosed,
    QueryRaised,
    ReadAssigned,
    ReaderAdded,
    ReReadScheduled,
    SignedIn,
    SignInRefused,
    TransferExported,
    TransferFrozen,
    VisitRegistered,
)

KINDS: dict[str, type[AnyFact]] = {
    "visit_opened.1": VisitOpened,
    "series_chosen.1": SeriesChosen,
    "lesion_added.1": LesionAdded,
    "lesion_corrected.1": LesionCorrected,
    "lesion_withdrawn.1": LesionWithdrawn,
    "lesion_located.1": LesionLocated,
    "lesion_measured.1": LesionMeasured,
    "measurement_proposed.1": MeasurementProposed,
    "proposal_dismissed.1": ProposalDismissed,
    "status_stated.1": StatusStated,
    "observation_withdrawn.1": ObservationWithdrawn,
    "advice_overridden.1": AdviceOverridden,
    "target_response_argued.1": TargetResponseArgued,
    "visit_signed.1": VisitSigned,
    "visit_reopened.1": VisitReopened,
    "global_review_begun.1": GlobalReviewBegun,
    "global_review_signed.1": GlobalReviewSigned,
    "undone.1": Undone,
    "redone.1": Redone,
    "charter_adopted.1": CharterAdopted,
    "reader_added.1": ReaderAdded,
    "password_set.1": PasswordSet,
    "person_admitted.1": PersonAdmitted,
    "person_retired.1": PersonRetired,
    "signed_in.1": SignedIn,
    "sign_in_refused.1": SignInRefused,
    "visit_registered.1": VisitRegistered,
    "identity_registered.1": IdentityRegistered,
    "images_accepted.1": ImagesAccepted,
    "query_raised.1": QueryRaised,
    "query_answered.1": QueryAnswered,
    "query_closed.1": QueryClosed,
    "follow_up_ended.1": FollowUpEnded,
    "read_assigned.1": ReadAssigned,
    "adjudicator_assigned.1": AdjudicatorAssigned,
    "assignment_withdrawn.1": AssignmentWithdrawn,
    "re_read_scheduled.1": ReReadScheduled,
    "case_adjudicated.1": CaseAdjudicated,
    "adjudication_withdrawn.1": AdjudicationWithdrawn,
    "clinical_data_given.1": ClinicalDataGiven,
    "clinical_review_signed.1": ClinicalReviewSigned,
    "transfer_frozen.1": TransferFrozen,
    "transfer_exported.1": TransferExported,
}
"""The name under which each kind of fact is recorded. A name is never given a new meaning."""

LATER_FIELDS: dict[type[Any], frozenset[str]] = {
    Lesion: frozenset({"nature"}),
    StatusStated: frozenset({"code"}),
    Observation: frozenset({"code"}),
    VisitSigned: frozenset({"figures"}),
    LesionMeasured: frozenset({"proposal"}),
}
"""Fields that came after visits had been signed. Where such a field says nothing it is not written,
so that what was signed before is written, and hashed, as it was then."""

KIND_OF: dict[type[AnyFact], str] = {fact: kind for kind, fact in KINDS.items()}


def encode(fact: AnyFact) -> tuple[str, str]:
    """Return the kind and the canonical payload of a fact."""
    return KIND_OF[type(fact)], canonical(fact)


def decode(kind: str, payload: str) -> AnyFact:
    """Return the fact that was recorded under this kind with this payload.

    Raises
    ------
    RecordError
        If the kind is of a later version, or the payload is not what the kind requires.
    """
    if kind not in KINDS:
        raise RecordError(f"A record of unknown kind {kind!r}.", "Install the newest version.")
    try:
        fact: AnyFact = _restore(KINDS[kind], json.loads(payload))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        message = f"A record of kind {kind!r} cannot be read: {error}."
        raise RecordError(message, "Run napari-recist verify.") from error
    return fact


def name_chain_head(payload: str, head: str) -> str:
    """Return a payload with the hash of the record before it, where it names that.

    A signature is written before it is known what it will stand on: its ``chain_head`` is "", and
    filled in by whoever extends the chain. Inside a text every quote is escaped, so that nothing
    a person typed can be taken for the empty field.
    """
    return payload.replace('"chain_head":""', f'"chain_head":"{head}"')


def canonical(value: Any) -> str:
    """Write any value of this program as canonical JSON."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line per kind of value
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {name: _plain(item) for name, item in _written_fields(value)}
    message = f"{type(value).__name__} has no place in a record"
    raise TypeError(message)


def _written_fields(value: Any) -> Iterator[tuple[str, Any]]:
    later = LATER_FIELDS.get(type(value), frozenset())
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if field.name not in later or item != field.default:
            yield field.name, item


@cache
def _hints(owner: type[Any]) -> dict[str, Any]:
    return get_type_hints(owner)


def _restore(wanted: Any, plain: Any) -> Any:  # noqa: PLR0911 - one line per kind of value
    if dataclasses.is_dataclass(wanted):
        return _restore_fields(wanted, plain)
    if get_origin(wanted) is tuple:
        return _restore_tuple(get_args(wanted), plain)
    if get_origin(wanted) in {Union, types.UnionType}:
        (present,) = (kind for kind in get_args(wanted) if kind is not types.NoneType)
        return None if plain is None else _restore(present, plain)
    if issubclass(wanted, Enum):
        return wanted(plain)
    if wanted is dt.date:
        return dt.date.fromisoformat(plain)
    if wanted is Decimal:
        return Decimal(plain)
    if wanted is float and type(plain) is int:
        return float(plain)
    if type(plain) is not wanted:
        message = f"{plain!r} where {wanted.__name__} should be"
        raise TypeError(message)
    return plain


def _restore_fields(owner: Any, plain: dict[str, Any]) -> Any:
    """Make a value of its fields; one that an earlier version did not have takes its default."""
    hints = {field.name: _hints(owner)[field.name] for field in dataclasses.fields(owner)}
    unknown = sorted(set(plain) - set(hints))
    if unknown:
        message = f"the fields {unknown} are of a later version"
        raise ValueError(message)
    return owner(**{name: _restore(hints[name], value) for name, value in plain.items()})


def _restore_tuple(kinds: tuple[Any, ...], plain: list[Any]) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_restore(kinds[0], item) for item in plain)
    return tuple(_restore(kind, item) for kind, item in zip(kinds, plain, strict=True))
