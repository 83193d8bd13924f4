"""The versions of a trial's charter, and which of them a read is read by."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from napari_recist.criteria import Charter
from napari_recist.trial.record.chain import Record
from napari_recist.trial.record.fact_codec import decode
from napari_recist.trial.record.trial_facts import CharterAdopted


@dataclass(frozen=True, slots=True)
class CharterVersion:
    """One version: its settings and hash, the record that adopted it, and from when it holds."""

    number: int
    adopted: CharterAdopted

    @property
    def charter(self) -> Charter:
        """The settings."""
        return self.adopted.charter

    @property
    def charter_hash(self) -> str:
        """The hash that stands in signatures."""
        return self.adopted.charter_hash


@dataclass(frozen=True, slots=True)
class Begun:
    """When a read was begun: the number of its record, and the day (UTC)."""

    number: int
    day: dt.date


def charter_versions(records: Iterable[Record]) -> tuple[CharterVersion, ...]:
    """Return all versions, oldest first, from the records that adopted them."""
    found = []
    for record in records:
        fact = decode(record.kind, record.payload)
        if isinstance(fact, CharterAdopted):
            found.append(CharterVersion(record.sequence, fact))
    return tuple(found)


def in_force(versions: Sequence[CharterVersion], begun: Begun) -> CharterVersion:
    """Return the version by which a read that was begun then is read, to its end.

    The last one that was on record and held by that day; so a read is never judged by two charters,
    and a later version changes nothing that was read. Re-opening the baseline begins a read anew.
    """
    first, *later = versions
    held = first
    for version in later:
        holds_from = version.adopted.holds_from
        if version.number <= begun.number and (holds_from is None or holds_from <= begun.day):
            held = version
    return held
