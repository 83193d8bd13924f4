"""Freezes the data of a trial under a transfer number, so that they can leave as they stood."""

import datetime as dt
from dataclasses import dataclass

from napari_recist.errors import RecordError
from napari_recist.trial.reasons import in_one_line
from napari_recist.trial.record.chain import ChainHead
from napari_recist.trial.record.trial_facts import TransferExported, TransferFrozen
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial


@dataclass(frozen=True, slots=True)
class FrozenData:
    """A transfer on record: its number, when (UTC) and by whom it was frozen, and where it ends.

    ``anchor`` is number and hash of the last record of its data.
    """

    number: int
    frozen_at: dt.datetime
    frozen_by: str
    comment: str
    anchor: ChainHead


def freeze(trial: Trial, comment: str = "") -> int:
    """Freeze all that is on record up to now as the next transfer and return its number.

    Exports are made of frozen data only. Nothing is copied: a transfer is a place in the record,
    and the record up to there never changes.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not freeze.
    BrokenChainError
        If the record does not verify.
    RecordError
        If nothing is signed, or another transfer was frozen at the same moment.
    """
    trial.require(Action.FREEZE)
    trial.verify()
    if not any(trial.signatures(read).visits for read in trial.reads()):
        raise RecordError(f"No visit in {trial.url} is signed yet.", "Sign one, then freeze.")
    number = len(transfers(trial)) + 1
    trial.state(Action.FREEZE, "", TransferFrozen(number, in_one_line(comment), ""))
    return number


def transfers(trial: Trial) -> tuple[FrozenData, ...]:
    """Return the transfers of a trial, oldest first.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not see how far the trial is.
    """
    return tuple(
        FrozenData(
            number=fact.number,
            frozen_at=dt.datetime.fromisoformat(record.recorded_at),
            frozen_by=record.actor,
            comment=fact.comment,
            anchor=ChainHead(record.sequence - 1, fact.chain_head),
        )
        for record, fact in trial.recorded(TransferFrozen)
        if isinstance(fact, TransferFrozen)
    )


def transfer_numbered(trial: Trial, number: int | None = None) -> FrozenData:
    """Return a transfer of a trial, the latest where no number is given.

    Raises
    ------
    RecordError
        If there is none; the message says how one is frozen.
    """
    frozen = transfers(trial)
    if not frozen:
        raise RecordError(
            f"No data of {trial.url} are frozen yet.",
            "Exports are made of frozen data: run napari-recist trial freeze.",
        )
    if number is None:
        return frozen[-1]
    if not 1 <= number <= len(frozen):
        raise RecordError(f"{trial.url} has no transfer {number}.", f"It has 1 to {len(frozen)}.")
    return frozen[number - 1]


def signed_patients(trial: Trial, frozen: FrozenData) -> int:
    """Return of how many patients a transfer holds a signed visit."""
    past = trial.as_of(frozen.anchor.sequence)
    return len({read.subject for read in past.reads() if past.signatures(read).visits})


@dataclass(frozen=True, slots=True)
class WrittenExport:
    """An export on record: which transfer, as what, when (UTC) and by whom it was written."""

    number: int
    export: str
    written_at: dt.datetime
    written_by: str
    manifest_hash: str


def exports(trial: Trial) -> tuple[WrittenExport, ...]:
    """Return every export written of a trial, oldest first; raises as :func:`transfers`."""
    return tuple(
        WrittenExport(
            number=fact.number,
            export=fact.export,
            written_at=dt.datetime.fromisoformat(record.recorded_at),
            written_by=record.actor,
            manifest_hash=fact.manifest_hash,
        )
        for record, fact in trial.recorded(TransferExported)
        if isinstance(fact, TransferExported)
    )
