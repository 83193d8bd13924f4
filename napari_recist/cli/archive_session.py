"""An archive opened for a command, what of it is meant, and a transfer that can be stopped."""

import datetime as dt
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from napari_recist.errors import ArchiveError, TransferError
from napari_recist.imaging.pacs import (
    Archive,
    ArchivedSeries,
    ArchivedStudy,
    Search,
    access_of,
    address_of,
    archive_at,
    first_reachable,
)


def chosen_series(
    archive: Archive, searches: Sequence[Search], series: frozenset[str], modality: str
) -> list[tuple[ArchivedStudy, tuple[ArchivedSeries, ...]]]:
    """Return the studies found, each with those of its series that are wanted."""
    studies = {one.study_uid: one for search in searches for one in archive.studies(search)}
    chosen = []
    for study in sorted(studies.values(), key=in_order):
        members = tuple(
            one
            for one in archive.series(study.study_uid)
            if (not series or one.series_uid in series)
            and (not modality or one.modality == modality)
        )
        if members:
            chosen.append((study, members))
    if not chosen:
        raise ArchiveError(
            f"{archive} has nothing that matches.",
            "pacs query shows what it has; widen the search.",
        )
    return chosen


@contextmanager
def archive_session(
    address: str, fallback: str, title: str, *, insecure: bool
) -> Iterator[Archive]:
    """Give the archive, or its fallback where it cannot be reached; say when TLS is missing."""
    access = access_of(os.environ, title)
    addresses = [address_of(text) for text in (address, fallback) if text]
    archives = [archive_at(one, access, insecure=insecure) for one in addresses]
    try:
        archive = first_reachable(archives, _tell)
        for one, opened in zip(addresses, archives, strict=True):
            if opened is archive and not (one.encrypted or one.loopback):
                _tell(f"{archive} is not encrypted (--insecure).")
        yield archive
    finally:
        for opened in archives:
            opened.close()


@contextmanager
def stoppable() -> Iterator[None]:
    """Let Ctrl-C and a request to end stop a transfer in order; what was done is kept."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt as error:
        raise TransferError("Stopped.", "Run it again: only the rest is transferred.") from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def in_order(study: ArchivedStudy) -> tuple[str, dt.date, str]:
    """Return what studies are listed and fetched by: patient, then date."""
    return study.patient_id, study.date or dt.date.min, study.study_uid
