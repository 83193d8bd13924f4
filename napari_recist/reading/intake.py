"""Images into a trial: which patient, which visit, and which series is proposed for reading."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from napari_recist.criteria import SeriesSettings
from napari_recist.errors import NoImagesError
from napari_recist.imaging import HeaderIndex, Kind, Scan, Series, scan
from napari_recist.reading.coded_images import Storage, coded_images
from napari_recist.reading.registered import Progress
from napari_recist.reading.schedule import PlannedVisit, planned_visit
from napari_recist.reading.series_profile import entry_of
from napari_recist.reading.series_ranking import by_charter
from napari_recist.trial import ScheduledVisit, Trial, register

REASONS_TOLD = 5
"""How many of the files left out are named where nothing was imported."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or series that did not go into the trial, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What an import did: the visits registered, and all that was left out."""

    visits: tuple[ScheduledVisit, ...]
    left_out: tuple[LeftOut, ...]


def import_images(
    trial: Trial,
    folder: Path,
    progress: Progress | None = None,
    storage: Storage | None = None,
) -> Intake:
    """Register the images in a folder: patients by PatientID, visits by date and schedule.

    Doing it again with the same folder changes nothing; with more images, visits grow. By the
    charter's ``[deidentification]`` it is coded copies in the trial's image folder that are
    registered; with ``on_import = false`` the images themselves, where they are.

    Parameters
    ----------
    trial : Trial
        Where they go.
    folder : Path
        Searched with all folders below it.
    progress : callable, optional
        Called with files done and files found.
    storage : Storage, optional
        Where coded copies go, and by which key; by default beside the database.

    Raises
    ------
    NoImagesError
        If there is no image that could be read for this trial.
    DeidentificationError
        If there is no key, or the image folder was filled with another one.
    """
    coding = trial.charter.deidentification.on_import
    found = scan([folder], progress, None if coding else HeaderIndex())
    left_out = [LeftOut(str(skipped.file), skipped.reason) for skipped in found.skipped]
    patients = _by_patient(found, left_out)
    if coding:
        named = tuple(series for of_patient in patients.values() for series in of_patient)
        coded = coded_images(trial, replace(found, series=named), storage or Storage(), progress)
        left_out += [LeftOut(str(outcome.source), outcome.reason) for outcome in coded.left_out]
        patients = _by_patient(coded.found, left_out)
    registered: list[ScheduledVisit] = []
    for subject, series in sorted(patients.items()):
        for visit in _visits(trial, subject, series, left_out):
            register(trial, visit)
            registered.append(visit)
    if not registered:
        reasons = "".join(f"\n  {left.what}: {left.reason}" for left in left_out[:REASONS_TOLD])
        raise NoImagesError(
            f"{folder} holds no images for the trial ({len(left_out)} left out).{reasons}",
            "\nChoose the folder above the DICOM files.",
        )
    return Intake(tuple(registered), tuple(left_out))


def _by_patient(found: Scan, left_out: list[LeftOut]) -> dict[str, list[Series]]:
    patients: defaultdict[str, list[Series]] = defaultdict(list)
    for series in found.series:
        reason = _why_not(series)
        if reason:
            left_out.append(LeftOut(_named(series), reason))
        else:
            patients[series.patient_id].append(series)
    return patients


def _why_not(series: Series) -> str:
    if series.kind is Kind.NOT_AN_IMAGE:
        return "it holds no image"
    if not series.patient_id:
        return "it names no patient (PatientID is empty)"
    if series.date is None:
        return "it has no date, so it belongs to no visit"
    return ""


def _visits(
    trial: Trial, subject: str, found: list[Series], left_out: list[LeftOut]
) -> Iterator[ScheduledVisit]:
    before = {visit.visit: visit for visit in trial.visits(subject)}
    first = min(visit.date for visit in before.values()) if before else None
    dated = [(series.date, series) for series in found if series.date is not None]
    baseline = first or min(date for date, _ in dated)
    groups: defaultdict[PlannedVisit, list[Series]] = defaultdict(list)
    for date, series in dated:
        planned = planned_visit(date, baseline, trial.charter.schedule)
        if planned is None:
            reason = f"it is from before the baseline of {subject} that is registered already"
            left_out.append(LeftOut(_named(series), reason))
        else:
            groups[planned].append(series)
    for planned, members in sorted(groups.items(), key=lambda group: group[0].week):
        arrived = _scheduled(subject, planned, members, trial.charter.series)
        yield _with_known(before.get(planned.label), arrived)


def _scheduled(
    subject: str, planned: PlannedVisit, members: list[Series], wanted: SeriesSettings
) -> ScheduledVisit:
    dates = {entry_of(series): series.date for series in members}
    entries = by_charter(dates, wanted)
    date = dates[entries[0]]
    assert date is not None  # noqa: S101 - series without a date were left out before
    return ScheduledVisit(subject, planned.label, planned.week, date, entries)


def _with_known(known: ScheduledVisit | None, arrived: ScheduledVisit) -> ScheduledVisit:
    """Return the visit with what arrived; what was registered keeps its rank and its date."""
    if known is None:
        return arrived
    entries = {(entry.series_uid, entry.part): entry for entry in known.series}
    entries.update({(entry.series_uid, entry.part): entry for entry in arrived.series})
    return ScheduledVisit(
        known.subject, known.visit, known.week, known.date, tuple(entries.values())
    )


def _named(series: Series) -> str:
    folder = series.files[0].parent if series.files else ""
    return f"series {series.number} ({series.description}) in {folder}"
