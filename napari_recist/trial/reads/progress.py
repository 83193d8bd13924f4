"""How far a trial is read: by patient and reader, which visits are signed and which comes next."""

from collections.abc import Iterator
from dataclasses import dataclass

from napari_recist.criteria import replay
from napari_recist.trial.trial import Trial


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """One patient and reader: how many of the visits are signed, and the next to be read."""

    subject: str
    reader: str
    signed: int
    visits: int
    next_visit: str


def reading_progress(trial: Trial) -> Iterator[ReadProgress]:
    """Yield each patient with each reader of the trial, also where nothing is read yet."""
    readers = trial.readers()
    for subject in trial.subjects():
        labels = [visit.visit for visit in trial.visits(subject)]
        for reader in readers:
            read = replay(trial.events(subject, reader))
            signed = {visit.identifier for visit in read.visits if visit.signed}
            waiting = [label for label in labels if label not in signed]
            done = len(labels) - len(waiting)
            yield ReadProgress(subject, reader, done, len(labels), (waiting or [""])[0])


def unread(trial: Trial, reader: str) -> tuple[str, ...]:
    """Return the patients with a visit that this reader has not signed."""
    return tuple(
        read.subject
        for read in reading_progress(trial)
        if read.reader == reader and read.next_visit
    )
