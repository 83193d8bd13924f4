"""Series fetched into a folder: counted, checked, and going on where an earlier run stopped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from napari_recist.errors import TransferError, UnreachableArchiveError
from napari_recist.imaging.pacs.archive import Archive, ArchivedSeries, Instance
from napari_recist.imaging.pacs.journal import Arrived
from napari_recist.imaging.pacs.landing import Landing
from napari_recist.imaging.pacs.transfer import (
    CONNECTIONS,
    Patience,
    Progress,
    Watch,
    in_parallel,
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies in the folder after a fetch.

    Parameters
    ----------
    arrived : tuple of Arrived
        Fetched by this run.
    there : int
        Instances that lay there whole before, and were not fetched again.
    """

    arrived: tuple[Arrived, ...]
    there: int

    @property
    def size(self) -> int:
        """Bytes fetched by this run."""
        return sum(one.size for one in self.arrived)


def fetch(
    archive: Archive,
    series: Sequence[ArchivedSeries],
    folder: Path,
    watch: Watch | None = None,
    connections: int = CONNECTIONS,
) -> Fetched:
    """Fetch series into a folder as STUDY/SERIES/INSTANCE.dcm, and write ``fetched.jsonl`` beside.

    Files are as the archive stores them. Run again after whatever stopped it, only the rest is
    fetched.

    Raises
    ------
    TransferError
        If not every instance arrived that the archive says it has.
    ArchiveError
        If the archive or the disk refuses.
    """
    landing = Landing(folder)
    run = _Run(archive, landing)
    listed = {one.series_uid: archive.instances(one) for one in series}
    wanted = [instance for instances in listed.values() for instance in instances]
    rest = [instance for instance in wanted if landing.whole(instance) is None]
    there = len(wanted) - len(rest)
    batches = [rest[at : at + archive.at_once] for at in range(0, len(rest), archive.at_once)]
    try:
        for _ in in_parallel(batches, run.batch, run.patience, connections):
            if watch:
                watch(Progress(there + len(run.arrived), len(wanted), run.moved))
    except UnreachableArchiveError as error:
        got = there + len(run.arrived)
        raise TransferError(
            f"{error.problem} {got} of {len(wanted)} instances have arrived and are kept.",
            f"{error.remedy} Run it again: only the rest is fetched.".strip(),
        ) from error
    _refuse_missing(series, listed, {one.instance_uid for one in rest} - run.uids)
    return Fetched(tuple(run.arrived), there)


class _Run:
    """One run of a fetch: what has arrived so far."""

    def __init__(self, archive: Archive, landing: Landing) -> None:
        self._archive, self._landing = archive, landing
        self._lock = Lock()
        self.patience = Patience()
        self.arrived: list[Arrived] = []
        self.uids: set[str] = set()
        self.moved = 0

    def batch(self, wanted: Sequence[Instance]) -> None:
        """Fetch some instances; after a fault those that are still missing."""

        def once() -> bool:
            rest = [one for one in wanted if one.instance_uid not in self.uids]
            try:
                self._archive.fetch(rest, self._take)
            except UnreachableArchiveError:
                if all(one.instance_uid not in self.uids for one in rest):
                    raise
                return False
            return True

        self.patience.until_done(once)

    def _take(self, instance: Instance, pieces: Iterable[bytes]) -> None:
        arrived = self._landing.take(instance, map(self._counted, pieces))
        with self._lock:
            self.arrived.append(arrived)
            self.uids.add(instance.instance_uid)

    def _counted(self, piece: bytes) -> bytes:
        with self._lock:
            self.moved += len(piece)
        return piece


def _refuse_missing(
    series: Sequence[ArchivedSeries],
    listed: dict[str, tuple[Instance, ...]],
    missing: set[str],
) -> None:
    """Compare what arrived with what the archive says it has."""
    for one in series:
        named = listed[one.series_uid]
        arrived = sum(instance.instance_uid not in missing for instance in named)
        said = max(len(named), one.instances or 0)
        if arrived < said:
            raise TransferError(
                f"Series {one.number or one.series_uid}: {arrived} of {said} instances arrived.",
                "Run it again: only the rest is fetched. If it stays so, ask the archive's "
                "administrator.",
            )
