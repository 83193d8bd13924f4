"""Images on their way into a trial lose what names a person, a place or a day.

They are de-identified into the trial's image folder; only these copies are registered.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from napari_recist.criteria import StoredDates
from napari_recist.imaging import HeaderIndex, Scan, Series, scan
from napari_recist.imaging.deidentify import (
    NAMES_MAY_SHOW,
    Order,
    Outcome,
    SubjectList,
    TrialFacts,
    TrialKey,
    deidentify_files,
    key_from,
)
from napari_recist.reading.registered import Progress
from napari_recist.reading.schedule import planned_visit
from napari_recist.trial import (
    Action,
    Trial,
    images_folder,
    key_file,
    register_identity,
)
from napari_recist.trial.images.queries import all_queries, raise_query
from napari_recist.trial.images.query_codes import QueryCode


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the coded images go, by which key and list; by default beside the database.

    Parameters
    ----------
    images, key : Path, optional
        The image folder and the file of the key.
    subjects : SubjectList, optional
        Who a PatientID is; by default PatientID is the coded subject itself.
    """

    images: Path | None = None
    key: Path | None = None
    subjects: SubjectList | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """The series as they stand in the image folder, and the files that did not get there."""

    found: Scan
    left_out: tuple[Outcome, ...]


def coded_images(
    trial: Trial, found: Scan, storage: Storage, progress: Progress | None = None
) -> Coded:
    """De-identify series into the trial's image folder, register who they are, and ask about names.

    Parameters
    ----------
    trial : Trial
        Where they go.
    found : Scan
        The series as they came; each has a PatientID and a date.
    storage : Storage
        Where to, and by which key.
    progress : callable, optional
        Called with files done and files found.

    Raises
    ------
    DeidentificationError
        If there is no key, or the folder was filled with another one.
    AccessRefusedError
        If whoever acts may not import images.
    """
    trial.require(Action.IMPORT_IMAGES)
    settings = trial.charter.deidentification
    key = key_from(key_file(trial.url, storage.key))
    subjects = storage.subjects or SubjectList(settings.subject_code)
    labels = _labels(trial, found.series, subjects, key)
    out = images_folder(trial.url, storage.images)
    order = Order(key, TrialFacts.of(trial.charter), subjects, labels)
    files = list(dict.fromkeys(file for series in found.series for file in series.files))
    done = deidentify_files(files, out, order, progress)
    shifted = settings.dates is StoredDates.SHIFTED
    for subject, patient_id in sorted({(o.subject, o.patient_id) for o in done.kept}):
        register_identity(trial, subject, patient_id, key.shift_days(subject) if shifted else 0)
    _ask_about_names(trial, found.series, done.left_out, subjects, labels)
    places = [out / outcome.place for outcome in done.kept if outcome.place is not None]
    return Coded(scan(places, progress, HeaderIndex()), done.left_out)


def _labels(
    trial: Trial, series: Iterable[Series], subjects: SubjectList, key: TrialKey
) -> dict[str, str]:
    """Return the visit of each series by its original UID, as its true date tells."""
    dates: defaultdict[str, dict[str, dt.date]] = defaultdict(dict)
    for one in series:
        subject = subjects.subject(one.patient_id)
        if subject is not None and one.date is not None:
            dates[subject.code][one.series_uid] = one.date
    labels = {}
    for code, dated in dates.items():
        baseline = _baseline(trial, code, key) or min(dated.values())
        for uid, date in dated.items():
            planned = planned_visit(date, baseline, trial.charter.schedule)
            labels[uid] = planned.label if planned else ""
    return labels


def _baseline(trial: Trial, subject: str, key: TrialKey) -> dt.date | None:
    """Return the true date of a subject's registered baseline."""
    registered = [visit.date for visit in trial.visits(subject)]
    if not registered:
        return None
    shifted = trial.charter.deidentification.dates is StoredDates.SHIFTED
    return min(registered) - dt.timedelta(days=key.shift_days(subject) if shifted else 0)


def _ask_about_names(
    trial: Trial,
    series: Iterable[Series],
    left_out: Iterable[Outcome],
    subjects: SubjectList,
    labels: Mapping[str, str],
) -> None:
    """Ask the site about each series that was left out because its pixels may show a name, once."""
    reasons = {outcome.source: outcome.reason for outcome in left_out}
    asked = {(query.subject, query.visit, query.text) for query in all_queries(trial)}
    for one in series:
        reason = next((reasons[file] for file in one.files if file in reasons), "")
        subject = subjects.subject(one.patient_id)
        if NAMES_MAY_SHOW not in reason or subject is None:
            continue
        question = (subject.code, labels[one.series_uid], f"Series {one.number}: {reason}.")
        if question not in asked:
            asked.add(question)
            raise_query(trial, *question[:2], QueryCode.BURNED_IN_TEXT, question[2])
