"""The record as a text file, a JSON object a line, which proves itself without the database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from napari_recist.criteria import Event
from napari_recist.errors import BrokenChainError, RecordError
from napari_recist.trial.record.chain import GENESIS, ChainHead, Record
from napari_recist.trial.record.store import EventStore, as_event

RECORD_FILE = "record.ndjson"
"""What the copy is called in an export."""


def record_lines(store: EventStore) -> Iterator[str]:
    """Yield every record as a line of JSON, in order."""
    with store.walk() as (_head, records):
        for record in records:
            yield json.dumps(asdict(record), sort_keys=True, ensure_ascii=True) + "\n"


class ExportedRecord:
    """A copy of a record that was written by :func:`record_lines`.

    Parameters
    ----------
    file : Path
        The copy.

    Raises
    ------
    RecordError
        If it cannot be read.
    BrokenChainError
        If a line is no record.
    """

    withholds = False

    def __init__(self, file: Path) -> None:
        self.records: list[Record] = []
        try:
            lines = file.read_text(encoding="ascii").splitlines()
        except OSError as error:
            raise RecordError(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise BrokenChainError(f"{file} was changed: it is not ASCII text.") from error
        for number, line in enumerate(lines, start=1):
            try:
                self.records.append(Record(**json.loads(line)))
            except (ValueError, TypeError) as error:
                raise BrokenChainError(f"{file}, line {number}: no record stands there.") from error

    @contextmanager
    def walk(self) -> Iterator[tuple[ChainHead, Iterator[Record]]]:
        """Give the head, which a copy does not keep apart, and all records."""
        last = self.records[-1] if self.records else None
        head = ChainHead(last.sequence, last.hash) if last else ChainHead(0, GENESIS)
        yield head, iter(self.records)

    def events(self, subject: str, reader: str) -> tuple[Event, ...]:
        """Return what this reader stated of this subject, in order."""
        return tuple(
            as_event(record)
            for record in self.records
            if (record.subject, record.reader) == (subject, reader)
        )
