"""A reader at work on a trial: one patient after the other in the same window."""

import napari

from napari_recist.errors import ReadError
from napari_recist.reading import ReadingSession
from napari_recist.reading.place import PlaceFolder
from napari_recist.trial import Trial
from napari_recist.trial.reads.progress import unread
from napari_recist.ui.reading_room import ReadingRoom, open_reading_room


def read_trial(trial: Trial, reader: str, subject: str = "") -> None:
    """Open the reading room on a patient and return when its window is closed.

    Takes what :func:`trial_room` takes, and refuses what it refuses.
    """
    room = trial_room(trial, reader, subject)
    napari.run()
    room.close()


def trial_room(trial: Trial, reader: str, subject: str = "") -> ReadingRoom:
    """Open the reading room on a patient, and go on to the next one when that is read.

    Parameters
    ----------
    trial : Trial
        The open trial.
    reader : str
        Who reads.
    subject : str
        The patient to begin with; by default the one left last with a visit to sign, else the
        first of those.

    Raises
    ------
    ReadError
        If the trial has no such reader, or no patients.
    """
    if reader not in trial.readers():
        names = ", ".join(trial.readers()) or "none yet"
        raise ReadError(f"The trial has no reader {reader!r}.", f"Its readers: {names}.")
    if not trial.subjects():
        raise ReadError("The trial has no patients yet.", "Use 'napari-recist trial import'.")

    def successor() -> ReadingSession | None:
        following = unread(trial, reader)
        return ReadingSession(trial, reader, following[0]) if following else None

    waiting = unread(trial, reader) or trial.subjects()
    first = subject or PlaceFolder(trial.uid, reader).last(waiting) or waiting[0]
    return open_reading_room(ReadingSession(trial, reader, first), successor=successor)
