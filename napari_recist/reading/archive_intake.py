"""Series from a PACS into a trial: de-identified on the way in, no original left behind."""

import datetime as dt
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from napari_recist.errors import NoImagesError, RecordError
from napari_recist.imaging.deidentify import TrialKey, key_from
from napari_recist.imaging.pacs import (
    Archive,
    ArchivedSeries,
    ArchivedStudy,
    Watch,
    fetch,
    private_folder,
)
from napari_recist.reading.coded_images import Storage
from napari_recist.reading.intake import Intake, LeftOut, import_images
from napari_recist.trial import Action, ScheduledVisit, Trial, key_file


@dataclass(frozen=True, slots=True)
class Wanted:
    """A study in an archive, and those of its series that shall go into the trial."""

    study: ArchivedStudy
    series: tuple[ArchivedSeries, ...]


@dataclass(frozen=True, slots=True)
class ArchiveIntake:
    """What a fetch into a trial did.

    Parameters
    ----------
    intake : Intake
        The visits registered, and what was left out.
    instances, size : int
        Fetched by this run, and their bytes.
    series_there : int
        Series that were in the trial whole, and were not fetched again.
    """

    intake: Intake
    instances: int
    size: int
    series_there: int


def fetch_into_trial(
    trial: Trial,
    archive: Archive,
    wanted: Sequence[Wanted],
    storage: Storage | None = None,
    watch: Watch | None = None,
) -> ArchiveIntake:
    """Fetch series and import them as ``trial import`` does, patient by patient and day by day.

    The originals lie in a private folder meanwhile and are removed, also after a failure. Run
    again after whatever stopped it, the series that are in the trial whole are not fetched again.

    Raises
    ------
    RecordError
        If the trial registers images where they are: there would be no place for them.
    AccessRefusedError
        If whoever acts may not import images.
    NoImagesError
        If nothing of it is an image for this trial.
    ArchiveError
        If the archive refuses, or not all arrives.
    """
    trial.require(Action.IMPORT_IMAGES)
    if not trial.charter.deidentification.on_import:
        raise RecordError(
            "This trial registers images where they are (on_import = false).",
            "Fetch into a folder with --out, then run trial import on it.",
        )
    storage = storage or Storage()
    registered = _registered(trial)
    key = key_from(key_file(trial.url, storage.key))
    rest = [
        Wanted(one.study, tuple(s for s in one.series if not _whole(s, key, registered)))
        for one in wanted
    ]
    visits: list[ScheduledVisit] = []
    left_out: list[LeftOut] = []
    instances = size = 0
    with private_folder() as folder:
        for series in _by_day(rest):
            fetched = fetch(archive, series, folder / "originals", watch)
            instances, size = instances + len(fetched.arrived), size + fetched.size
            try:
                intake = import_images(trial, folder / "originals", None, storage)
            except NoImagesError as error:
                left_out.append(LeftOut(f"{len(series)} series", error.problem))
            else:
                visits += intake.visits
                left_out += intake.left_out
            shutil.rmtree(folder / "originals")
    there = sum(len(one.series) for one in wanted) - sum(len(one.series) for one in rest)
    return ArchiveIntake(Intake(tuple(visits), tuple(left_out)), instances, size, there)


def _registered(trial: Trial) -> dict[str, int]:
    """Return the files of each registered series."""
    files: defaultdict[str, set[str]] = defaultdict(set)
    for subject in trial.subjects():
        for visit in trial.visits(subject):
            for entry in visit.series:
                files[entry.series_uid].update(entry.files)
    return {series: len(names) for series, names in files.items()}


def _whole(series: ArchivedSeries, key: TrialKey, registered: dict[str, int]) -> bool:
    """Whether as many images of a series are registered as the archive has."""
    known = registered.get(key.uid(series.series_uid), 0)
    return series.instances is not None and known >= series.instances


def _by_day(wanted: Sequence[Wanted]) -> Iterator[tuple[ArchivedSeries, ...]]:
    """Yield what belongs together, the oldest first: the baseline comes before what follows it.

    All series of a patient and a day are imported at once, so that the charter ranks them together.
    """
    days: defaultdict[tuple[dt.date, str], list[ArchivedSeries]] = defaultdict(list)
    for one in wanted:
        days[one.study.date or dt.date.max, one.study.patient_id] += one.series
    for _, series in sorted(days.items(), key=lambda day: day[0]):
        if series:
            yield tuple(series)
