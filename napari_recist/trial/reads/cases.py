"""A patient as an adjudicator sees it: both reads side by side, in an order of chance, unnamed."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from napari_recist.criteria import Event, Fact, GlobalReviewSigned, VisitSigned
from napari_recist.trial.reads.adjudication_codes import Choice
from napari_recist.trial.record.fact_codec import canonical

READ_NAMES = (Choice.READ_A, Choice.READ_B)


@dataclass(frozen=True, slots=True)
class CaseRead:
    """One read on the table: the name it is shown under, and its events with nobody named."""

    choice: Choice
    events: tuple[Event, ...]


def order_on_table(trial_uid: str, subject: str, readers: Iterable[str]) -> tuple[str, ...]:
    """Return the readers of a patient in the order in which their reads are shown.

    It is one of chance, other for each patient, and the same whenever it is asked for.
    """
    return tuple(sorted(readers, key=lambda reader: place_on_table(trial_uid, subject, reader)))


def place_on_table(trial_uid: str, subject: str, reader: str) -> str:
    """Return by what the reads of a patient are ordered.

    The database does the same: SHA-256 of trial, patient and reader, one line each.
    """
    return hashlib.sha256(f"{trial_uid}\n{subject}\n{reader}".encode()).hexdigest()


def case_hash(reads: Iterable[CaseRead]) -> str:
    """Return the SHA-256 of all that lay on the table: each read's facts, in the order shown."""
    table = [
        (read.choice, [(event.sequence, event.fact) for event in read.events]) for read in reads
    ]
    return hashlib.sha256(canonical(table).encode()).hexdigest()


def case_reads(
    trial_uid: str, subject: str, events_of: Mapping[str, tuple[Event, ...]]
) -> tuple[CaseRead, ...]:
    """Return the reads of a patient as they lie on the table, from each reader's events."""
    order = order_on_table(trial_uid, subject, events_of)
    return tuple(
        CaseRead(choice, unnamed(events_of[reader], choice))
        for choice, reader in zip(READ_NAMES, order, strict=False)
    )


def unnamed(events: Iterable[Event], choice: Choice) -> tuple[Event, ...]:
    """Return the events of a read with its shown name wherever its reader's stood."""
    return tuple(
        replace(event, reader=choice.value, actor="", fact=_unnamed(event, choice))
        for event in events
    )


def _unnamed(event: Event, choice: Choice) -> Fact:
    if isinstance(event.fact, VisitSigned | GlobalReviewSigned):
        return replace(event.fact, signer=choice.value)
    return event.fact
