"""Takes a visit's images into the trial: asks where text is burned in, and when they come late."""

from collections.abc import Iterator

from napari_recist.criteria import LateImages
from napari_recist.errors import RecordError
from napari_recist.trial.images.catalogue import ScheduledVisit
from napari_recist.trial.images.queries import raise_query
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.open_record import ReadKey
from napari_recist.trial.reads.reopening import reopen
from napari_recist.trial.reasons import reason_given
from napari_recist.trial.record.trial_facts import FollowUpEnded, ImagesAccepted, VisitRegistered
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial

BURNED_IN = "burnt-in"
"""Code of the passport's finding that suspects text in the picture."""

BLOCKED = "blocked"
"""Verdict of a passport that gives no millimetres."""


def register(trial: Trial, scheduled: ScheduledVisit) -> None:
    """Record that the images of a visit are here; the same again records nothing.

    Text burned into a picture is suspected and asked about before anybody is assigned. Images of
    a visit that a reader has signed or passed are asked about, and by the charter's policy the
    reads stand or are re-opened from there.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not import images.
    """
    trial.require(Action.IMPORT_IMAGES)
    if scheduled in trial.visits(scheduled.subject):
        return
    passed = tuple(_reads_that_passed(trial, scheduled))
    trial.state(Action.IMPORT_IMAGES, scheduled.subject, VisitRegistered(scheduled))
    for series in scheduled.series:
        if series.profile is not None and BURNED_IN in series.profile.findings:
            _ask(trial, scheduled, QueryCode.BURNED_IN_TEXT, f"Series {series.profile.number}.")
    verdicts = {one.profile.verdict if one.profile else "" for one in scheduled.series}
    if verdicts == {BLOCKED}:
        _ask(trial, scheduled, QueryCode.NOT_READABLE, "No series gives millimetres.")
    if passed:
        _late(trial, scheduled, passed)


def accept_images(trial: Trial, subject: str, visit: str) -> None:
    """Record that the images of a visit are fit to be read."""
    trial.require(Action.ASK_SITES)
    if visit not in {one.visit for one in trial.visits(subject)}:
        raise RecordError(f"{subject} has no images of {visit!r}.", "Import them first.")
    if (subject, ImagesAccepted(visit)) not in trial.stated(ImagesAccepted):
        trial.state(Action.ASK_SITES, subject, ImagesAccepted(visit))


def end_follow_up(trial: Trial, subject: str, reason: str) -> None:
    """Record that no further images of a patient will come, so that its reads can be compared."""
    trial.require(Action.ASK_SITES)
    if subject not in trial.subjects():
        raise RecordError(f"The trial has no patient {subject!r}.", "Import its images first.")
    why = reason_given(reason, f"Ending the follow-up of {subject}")
    trial.state(Action.ASK_SITES, subject, FollowUpEnded(why))


def _reads_that_passed(trial: Trial, scheduled: ScheduledVisit) -> Iterator[tuple[ReadKey, str]]:
    """Yield the reads with a signature under this visit or a later one, and the first of those."""
    subject = scheduled.subject
    ahead = [one.visit for one in trial.visits(subject) if one.date >= scheduled.date]
    for reader in trial.assignment(subject).readers:
        signed = trial.signatures(ReadKey(subject, reader)).visits
        first = next((visit for visit in ahead if visit in signed), "")
        if first:
            yield ReadKey(subject, reader), first


def _late(trial: Trial, scheduled: ScheduledVisit, passed: tuple[tuple[ReadKey, str], ...]) -> None:
    policy = trial.charter.read.late_images
    words = f"The images came after {len(passed)} of its reads had gone on; by the charter "
    if policy is LateImages.RECORD:
        _ask(trial, scheduled, QueryCode.LATE_IMAGES, words + "those reads stand.")
        return
    _ask(trial, scheduled, QueryCode.LATE_IMAGES, words + "those reads are re-opened.")
    if trial.may(Action.REOPEN):
        for read, first in passed:
            reopen(trial, read, first, f"images of {scheduled.visit} came late")


def _ask(trial: Trial, scheduled: ScheduledVisit, code: QueryCode, text: str) -> None:
    raise_query(trial, scheduled.subject, scheduled.visit, code, text)
