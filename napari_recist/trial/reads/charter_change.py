"""Adopts a later version of the charter, and tells which reads it concerns."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from napari_recist.criteria import Charter, assess_read, replay
from napari_recist.errors import RecordError
from napari_recist.trial.charter_file import charter_hash, load_charter
from napari_recist.trial.open_record import ReadKey
from napari_recist.trial.reasons import reason_given
from napari_recist.trial.record.trial_facts import CharterAdopted
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial


@dataclass(frozen=True, slots=True)
class ConcernedRead:
    """A read begun under an earlier version, which stays its charter.

    ``differing`` are the visits to which the new version would give another response: whether
    they are read again is for people to decide.
    """

    read: ReadKey
    version: int
    finished: bool
    differing: tuple[str, ...]


def concerned_reads(trial: Trial, charter: Charter) -> tuple[ConcernedRead, ...]:
    """Return the reads that were begun under another charter than this one.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not see what readers stated.
    """
    trial.require(Action.SEE_READS)
    found = []
    for key in trial.reads():
        events = trial.events(*key)
        version = trial.charter_of(events)
        if version.charter_hash == charter_hash(charter):
            continue
        read = replay(events)
        before, after = assess_read(read, version.charter), assess_read(read, charter)
        differing = tuple(
            visit.visit
            for visit in before.visits
            if visit.overall != after.visit(visit.visit).overall
        )
        signed = {visit.identifier for visit in read.visits if visit.signed}
        finished = signed == {visit.visit for visit in trial.visits_of(key)}
        found.append(ConcernedRead(key, version.adopted.version, finished, differing))
    return tuple(found)


def amend_charter(trial: Trial, file: Path, holds_from: dt.date, reason: str) -> None:
    """Adopt a later version of the charter; whoever opens the trial from then on has it.

    Reads begun before ``holds_from`` (UTC) keep the version under which they were begun.

    Raises
    ------
    CharterError
        Naming all that is wrong with the file.
    RecordError
        If it says what the version in force says, names another trial, or has no reason.
    """
    trial.require(Action.AMEND_CHARTER)
    charter = load_charter(file)
    present = trial.charters[-1]
    if charter_hash(charter) == present.charter_hash:
        raise RecordError(f"{file} says what version {present.adopted.version} says already.")
    if charter.trial.id != present.charter.trial.id:
        raise RecordError(
            f"{file} is the charter of {charter.trial.id!r}, not of {present.charter.trial.id!r}."
        )
    why = reason_given(reason, "A change of the charter")
    adopted = CharterAdopted(
        trial_uid=trial.uid,
        charter=charter,
        charter_hash=charter_hash(charter),
        source=file.read_text(encoding="utf-8"),
        version=present.adopted.version + 1,
        holds_from=holds_from,
        reason=why,
    )
    trial.state(Action.AMEND_CHARTER, "", adopted)
