"""A reader at work on a trial: one patient after the other in the same window."""

import napari

from napari_recist.errors import ReadError
from napari_recist.reading import ReadingSession
from napari_recist.reading.place import PlaceFolder
from napari_recist.translation import _
from napari_recist.trial import Action, Trial
from napari_recist.trial.reads.progress import unread
from napari_recist.ui.reading_room import ReadingRoom, open_reading_room


def read_trial(trial: Trial, subject: str = "") -> None:
    """Open the reading room on a patient and return when its window is closed.

    Takes what :func:`trial_room` takes, and refuses what it refuses.
    """
    room = trial_room(trial, subject)
    napari.run()
    room.close()


def trial_room(trial: Trial, subject: str = "") -> ReadingRoom:
    """Open the reading room on a patient, and go on to the next one when that is read.

    Parameters
    ----------
    trial : Trial
        The open trial, signed in to by who reads.
    subject : str
        The patient to begin with; by default the one left last with a visit to sign, else the
        first of those.

    Raises
    ------
    AccessRefusedError
        If whoever acts is no reader.
    ReadError
        If no patient is assigned to them.
    """
    trial.require(Action.READ)
    if not trial.worklist():
        raise ReadError(
            _("No patient is assigned to {actor}.", actor=trial.actor), _("Use trial assign.")
        )

    def successor() -> ReadingSession | None:
        following = unread(trial)
        return ReadingSession(trial, following[0]) if following else None

    waiting = unread(trial) or trial.worklist()
    first = subject or PlaceFolder(trial.uid, trial.actor).last(waiting) or waiting[0]
    return open_reading_room(ReadingSession(trial, first), successor=successor)
