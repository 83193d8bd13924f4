"""Proves a trial's record from its first row to its last, and what its signatures stand under."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from napari_recist import __version__
from napari_recist.criteria import (
    Charter,
    Event,
    GlobalReviewSigned,
    VisitSigned,
    assess_read,
    replay,
)
from napari_recist.errors import BrokenChainError
from napari_recist.trial.reads.assignments import assignments_of
from napari_recist.trial.reads.cases import case_hash, case_reads, place_on_table
from napari_recist.trial.reads.signing import content_hash, signed_figures
from napari_recist.trial.record.chain import REMEDY, ChainHead, Record, VerifiedChain, check_links
from napari_recist.trial.record.fact_codec import KIND_OF, decode
from napari_recist.trial.record.trial_facts import (
    AnyFact,
    AssignmentWithdrawn,
    CaseAdjudicated,
    CharterAdopted,
    ClinicalReviewSigned,
    PasswordSet,
    ReadAssigned,
    TransferFrozen,
)
from napari_recist.trial.staff.passwords import verifier_hash

Signature: TypeAlias = VisitSigned | GlobalReviewSigned | CaseAdjudicated | ClinicalReviewSigned
"""A fact that names the head on which it was given, and a charter."""

_SIGNATURES = (VisitSigned, GlobalReviewSigned, CaseAdjudicated, ClinicalReviewSigned)
_ASSIGNMENTS = (ReadAssigned, AssignmentWithdrawn)

_OTHERS = (PasswordSet, TransferFrozen, *_ASSIGNMENTS)
LOOKED_INTO = {KIND_OF[kind] for kind in (CharterAdopted, *_OTHERS, *_SIGNATURES)}
"""Records that say what must fit beside the chain itself."""


class WalkedRecord(Protocol):
    """What can be proven: the record in its database, or a copy of it in an export."""

    @property
    def withholds(self) -> bool:
        """Whether some payloads are withheld from whoever looks."""

    def walk(self) -> AbstractContextManager[tuple[ChainHead, Iterator[Record]]]:
        """Give the head and all records by rising number."""

    def events(self, subject: str, reader: str) -> tuple[Event, ...]:
        """Return what this reader stated of this subject, in order."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """An adjudication, with the charter's trial and the readers the patient had then."""

    record: Record
    fact: CaseAdjudicated
    trial_uid: str
    readers: tuple[str, ...]


def verify_record(
    store: WalkedRecord,
    verifiers: Mapping[str, str] | None,
    anchors: Iterable[ChainHead] = (),
    places: Mapping[tuple[str, str], str] | None = None,
) -> VerifiedChain:
    """Walk the whole record once, then judge each signed visit again.

    Parameters
    ----------
    store : WalkedRecord
        The trial's record.
    verifiers : mapping of str to str, optional
        The password verifier of each person, as the database holds it beside the record;
        ``None`` where a server keeps them.
    anchors : iterable of ChainHead
        Heads noted outside of the database: each must still stand where it stood.
    places : mapping of (str, str) to str, optional
        Where each read lies on an adjudicator's table, by patient and reader, as a file notes it
        beside the record; ``None`` where nothing is noted.

    Raises
    ------
    BrokenChainError
        Naming the first record that was changed, removed, re-ordered or added, or the first
        signature that does not fit.
    """
    seen = _Seen()
    noted = {anchor.sequence: anchor.hash for anchor in anchors}
    with store.walk() as (head, records):
        for record in check_links(records, head, some_withheld=store.withholds):
            _check_noted(record, noted)
            # Reading every payload would cost more than proving it; only these are looked into.
            if record.kind in LOOKED_INTO:
                seen.take(record, decode(record.kind, record.payload))
    if noted:
        message = f"Record {min(noted)} was removed: it was noted outside of this database."
        raise BrokenChainError(message, REMEDY)
    if verifiers is not None:
        _check_passwords(verifiers, seen.verifier_hashes)
    if places is not None:
        _check_places(places, seen.places())
    for subject, reader in seen.signed_reads:
        _check_signatures(store.events(subject, reader), seen.charters)
    for decision in seen.decisions:
        _check_decision(store, decision)
    return VerifiedChain(head.sequence, head.hash)


class _Seen:
    """What a walk met that has to fit beside the chain itself."""

    def __init__(self) -> None:
        self.trial_uid = ""
        self.charters: dict[str, Charter] = {}
        self.verifier_hashes: dict[str, str] = {}
        self.signed_reads: dict[tuple[str, str], None] = {}
        self.decisions: list[_Decision] = []
        self._assigned: list[tuple[str, AnyFact]] = []
        self._transfers = 0

    def places(self) -> dict[tuple[str, str], str]:
        """Return where each read that was ever assigned lies on an adjudicator's table."""
        assigned = (
            (subject, fact.reader)
            for subject, fact in self._assigned
            if isinstance(fact, ReadAssigned)
        )
        return {read: place_on_table(self.trial_uid, *read) for read in assigned}

    def take(self, record: Record, fact: AnyFact) -> None:
        """Note a fact; a signature is checked against what stands before it."""
        if isinstance(fact, _SIGNATURES):
            _check_anchor(record, fact, self.charters)
        match fact:
            case CharterAdopted(trial_uid, charter, charter_hash):
                self.trial_uid, self.charters[charter_hash] = trial_uid, charter
            case PasswordSet(name, digest):
                self.verifier_hashes[name] = digest
            case VisitSigned():
                self.signed_reads[record.subject, record.reader] = None
            case TransferFrozen():
                self._transfers += 1
                _check_transfer(record, fact, self._transfers)
            case ReadAssigned() | AssignmentWithdrawn():
                self._assigned.append((record.subject, fact))
            case CaseAdjudicated():
                of_patient = assignments_of(self._assigned).get(record.subject)
                readers = of_patient.readers if of_patient else ()
                self.decisions.append(_Decision(record, fact, self.trial_uid, readers))


def _check_places(held: Mapping[tuple[str, str], str], due: Mapping[tuple[str, str], str]) -> None:
    for subject, reader in sorted(held.keys() | due.keys()):
        if held.get((subject, reader)) != due.get((subject, reader)):
            message = (
                f"Where the read of {subject} by {reader} lies is not noted as the record has it."
            )
            raise BrokenChainError(message, REMEDY)


def _check_noted(record: Record, noted: dict[int, str]) -> None:
    """Take a noted head off the list once its record is there as it was noted."""
    if noted.pop(record.sequence, record.hash) != record.hash:
        raise BrokenChainError(
            f"Record {record.sequence} is not the one noted outside of this database: the record "
            "was written anew up to there.",
            REMEDY,
        )


def _check_anchor(record: Record, signature: Signature, charters: Mapping[str, Charter]) -> None:
    what = f"visit {signature.visit} of " if isinstance(signature, VisitSigned) else ""
    given = f"Record {record.sequence}, the signature of {what}{record.subject}"
    if signature.chain_head != record.previous_hash:
        raise BrokenChainError(
            f"{given}, was given on another record: what stands before it was changed.", REMEDY
        )
    if signature.charter_hash not in charters:
        raise BrokenChainError(f"{given}, names a charter that this trial never had.", REMEDY)


def _check_transfer(record: Record, fact: TransferFrozen, expected: int) -> None:
    if fact.chain_head != record.previous_hash or fact.number != expected:
        raise BrokenChainError(
            f"Record {record.sequence}, the freeze of transfer {fact.number}, stands on another "
            "record, or not in its turn: what stands before it was changed.",
            REMEDY,
        )


def _check_passwords(held: Mapping[str, str], recorded: Mapping[str, str]) -> None:
    for reader in sorted(held.keys() | recorded.keys()):
        if reader not in held or verifier_hash(held[reader]) != recorded.get(reader):
            message = f"The password of {reader} is not the one on record."
            raise BrokenChainError(message, REMEDY)


def _check_signatures(events: tuple[Event, ...], charters: Mapping[str, Charter]) -> None:
    for place, event in enumerate(events):
        # What another version judged need not be worded alike here; the chain holds its facts.
        if isinstance(event.fact, VisitSigned) and event.fact.software == __version__:
            read = replay(events[:place])
            assessment = assess_read(read, charters[event.fact.charter_hash])
            judged = assessment.visit(event.fact.visit)
            figures = event.fact.figures
            if content_hash(read, judged) != event.fact.content_hash or (
                figures is not None and figures != signed_figures(judged)
            ):
                raise BrokenChainError(
                    f"Record {event.sequence}: {event.reader} signed something else for visit "
                    f"{event.fact.visit} of {event.subject} than the record holds.",
                    REMEDY,
                )


def _check_decision(store: WalkedRecord, decision: _Decision) -> None:
    """Check that an adjudication was given on the reads as they were then."""
    record = decision.record
    before = {
        reader: tuple(
            event
            for event in store.events(record.subject, reader)
            if event.sequence < record.sequence
        )
        for reader in decision.readers
    }
    if case_hash(case_reads(decision.trial_uid, record.subject, before)) != (
        decision.fact.content_hash
    ):
        raise BrokenChainError(
            f"Record {record.sequence}: {decision.fact.signer} decided on other reads of "
            f"{record.subject} than the record holds.",
            REMEDY,
        )
