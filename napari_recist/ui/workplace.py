"""Where a person works once signed in: which window a role opens, and one that runs until left."""

from typing import Protocol

import napari
from qtpy.QtWidgets import QWidget

from napari_recist.trial import Trial, TrialRole
from napari_recist.ui.adjudication_room import adjudication_room
from napari_recist.ui.clinical_review import ClinicalReview
from napari_recist.ui.trial_desk.desk_window import TrialDesk
from napari_recist.ui.trial_room import trial_room


class Workplace(Protocol):
    """A window in which somebody works on a trial."""

    @property
    def window(self) -> QWidget:
        """The window; destroyed once it is closed."""

    def close(self) -> None:
        """Close it; nothing needs saving."""


def open_workplace(trial: Trial, subject: str = "") -> Workplace:
    """Open the window in which whoever signed in works.

    Parameters
    ----------
    trial : Trial
        The open trial, signed in to.
    subject : str
        The patient to begin with, where the role works on one after the other.

    Raises
    ------
    RecistError
        If there is nothing for them to do yet.
    """
    role = trial.person.role if trial.person else None
    if role is TrialRole.READER:
        return trial_room(trial, subject)
    if role is TrialRole.ADJUDICATOR:
        return adjudication_room(trial, subject)
    if role is TrialRole.ONCOLOGIST:
        return ClinicalReview(trial)
    return TrialDesk(trial)


def work(trial: Trial, subject: str = "") -> None:
    """Open the workplace of whoever signed in, and return when its window is closed."""
    workplace = open_workplace(trial, subject)
    napari.run()
    workplace.close()
