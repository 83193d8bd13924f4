"""Proves a trial's record from its first row to its last, and what its signatures stand under."""

from collections.abc import Iterable, Mapping

from napari_recist import __version__
from napari_recist.criteria import Charter, Event, VisitSigned, assess_read, replay
from napari_recist.errors import BrokenChainError
from napari_recist.trial.reads.signing import content_hash
from napari_recist.trial.record.chain import REMEDY, ChainHead, Record, VerifiedChain, check_links
from napari_recist.trial.record.fact_codec import KIND_OF, decode
from napari_recist.trial.record.store import EventStore
from napari_recist.trial.record.trial_facts import CharterAdopted, PasswordSet
from napari_recist.trial.staff.passwords import verifier_hash

LOOKED_INTO = {KIND_OF[kind] for kind in (CharterAdopted, PasswordSet, VisitSigned)}
"""Records that say what must fit beside the chain itself."""


def verify_record(
    store: EventStore, verifiers: Mapping[str, str] | None, anchors: Iterable[ChainHead] = ()
) -> VerifiedChain:
    """Walk the whole record once, then judge each signed visit again.

    Parameters
    ----------
    store : EventStore
        The trial's record.
    verifiers : mapping of str to str, optional
        The password verifier of each person, as the database holds it beside the record;
        ``None`` where a server keeps them.
    anchors : iterable of ChainHead
        Heads noted outside of the database: each must still stand where it stood.

    Raises
    ------
    BrokenChainError
        Naming the first record that was changed, removed, re-ordered or added, or the first
        signature that does not fit.
    """
    charters: dict[str, Charter] = {}
    verifier_hashes: dict[str, str] = {}
    signed_reads: dict[tuple[str, str], None] = {}
    noted = {anchor.sequence: anchor.hash for anchor in anchors}
    with store.walk() as (head, records):
        for record in check_links(records, head, some_withheld=store.withholds):
            _check_noted(record, noted)
            # Reading every payload would cost more than proving it; only these are looked into.
            if record.kind not in LOOKED_INTO:
                continue
            match decode(record.kind, record.payload):
                case CharterAdopted(charter=charter, charter_hash=charter_hash):
                    charters[charter_hash] = charter
                case PasswordSet(name, digest):
                    verifier_hashes[name] = digest
                case VisitSigned() as signature:
                    _check_anchor(record, signature, charters)
                    signed_reads[record.subject, record.reader] = None
    if noted:
        message = f"Record {min(noted)} was removed: it was noted outside of this database."
        raise BrokenChainError(message, REMEDY)
    if verifiers is not None:
        _check_passwords(verifiers, verifier_hashes)
    for subject, reader in signed_reads:
        _check_signatures(store.events(subject, reader), charters)
    return VerifiedChain(head.sequence, head.hash)


def _check_noted(record: Record, noted: dict[int, str]) -> None:
    """Take a noted head off the list once its record is there as it was noted."""
    if noted.pop(record.sequence, record.hash) != record.hash:
        raise BrokenChainError(
            f"Record {record.sequence} is not the one noted outside of this database: the record "
            "was written anew up to there.",
            REMEDY,
        )


def _check_anchor(record: Record, signature: VisitSigned, charters: Mapping[str, Charter]) -> None:
    if signature.chain_head != record.previous_hash:
        raise BrokenChainError(
            f"Record {record.sequence}, the signature of visit {signature.visit} of "
            f"{record.subject}, was given on another record: what stands before it was changed.",
            REMEDY,
        )
    if signature.charter_hash not in charters:
        raise BrokenChainError(
            f"Record {record.sequence}, the signature of visit {signature.visit} of "
            f"{record.subject}, names a charter that this trial never had.",
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
            if content_hash(read, assessment.visit(event.fact.visit)) != event.fact.content_hash:
                raise BrokenChainError(
                    f"Record {event.sequence}: {event.reader} signed something else for visit "
                    f"{event.fact.visit} of {event.subject} than the record holds.",
                    REMEDY,
                )
