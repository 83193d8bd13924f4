"""The dock widget with which a napari user signs in to a trial; the role decides what opens."""

from typing import Any

import napari
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.translation import _
from napari_recist.trial import Trial
from napari_recist.ui.sign_in import SignIn
from napari_recist.ui.workplace import Workplace, open_workplace


class TrialChooser(QWidget):
    """Signs a person in and opens their workplace in a window of its own.

    Parameters
    ----------
    napari_viewer : napari.Viewer, optional
        The viewer it is docked in, which stays as it is.
    """

    def __init__(self, napari_viewer: "napari.viewer.Viewer | None" = None) -> None:  # noqa: ARG002 - napari hands it over by this name
        super().__init__()
        self.workplace: Workplace | None = None
        self._trial: Trial | None = None
        self.form = SignIn()
        self.form.signed_in.connect(self._open)
        layout = QVBoxLayout(self)
        layout.addWidget(self.form)
        layout.addStretch(1)

    def closeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Close the trial, unless somebody is at work in it."""
        if self.workplace is None:
            self._leave()
        super().closeEvent(event)

    def _open(self, trial: Trial) -> None:
        try:
            self.workplace = open_workplace(trial)
        except RecistError as refusal:
            self.form.refuse(for_reader(refusal))
            trial.close()
            return
        self._trial = trial
        self.workplace.window.destroyed.connect(self._left)
        self.form.setEnabled(False)
        self.form.say(
            _("{name} is signed in. Close that window to sign in again.", name=trial.actor)
        )

    def _left(self) -> None:
        """Be ready for the next person once the workplace is closed."""
        self.workplace = None
        self._leave()
        self.form.setEnabled(True)
        self.form.name.clear()
        self.form.say("")

    def _leave(self) -> None:
        if self._trial is not None:
            self._trial.close()
            self._trial = None
