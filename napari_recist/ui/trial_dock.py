"""The trial desk as a dock widget of napari: sign in, and the tabs of the role are there."""

from typing import Any

import napari
from qtpy.QtWidgets import QPushButton, QVBoxLayout, QWidget

from napari_recist.errors import RecistError
from napari_recist.translation import _
from napari_recist.trial import Trial, open_trial
from napari_recist.ui.idle_lock import IdleLock
from napari_recist.ui.sign_in import SignIn
from napari_recist.ui.trial_desk.desk_tabs import DeskTabs


class TrialDock(QWidget):
    """Asks who is there, then shows the desk in place of the form; signing out shows it again.

    Parameters
    ----------
    napari_viewer : napari.Viewer, optional
        The viewer it is docked in.
    """

    def __init__(self, napari_viewer: "napari.viewer.Viewer | None" = None) -> None:  # noqa: ARG002 - napari hands it over by this name
        super().__init__()
        self.tabs: DeskTabs | None = None
        self.idle: IdleLock | None = None
        self.form = SignIn()
        self.owner_button = QPushButton(_("Open a file of my own without signing in"))
        self.sign_out_button = QPushButton(_("Sign out"))
        self.form.signed_in.connect(self._show)
        self.owner_button.clicked.connect(lambda _on=False: self._as_owner())
        self.sign_out_button.clicked.connect(lambda _on=False: self.sign_out())
        self._layout = QVBoxLayout(self)
        for part in (self.form, self.owner_button, self.sign_out_button):
            self._layout.addWidget(part)
        self._layout.addStretch(1)
        self.sign_out_button.hide()

    def sign_out(self) -> None:
        """Close the trial and ask again who is there."""
        if self.tabs is None:
            return
        if self.idle is not None:
            self.idle.stop()
            self.idle = None
        tabs, self.tabs = self.tabs, None
        self._layout.removeWidget(tabs)
        tabs.hide()
        tabs.deleteLater()
        tabs.trial.close()
        self._switch(at_work=False)

    def closeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Close the trial with the dock."""
        self.sign_out()
        super().closeEvent(event)

    def _as_owner(self) -> None:
        try:
            trial = open_trial(self.form.url.text().strip())
        except RecistError as refusal:
            self.form.refuse(refusal)
            return
        self._show(trial)

    def _show(self, trial: Trial) -> None:
        try:
            self.tabs = DeskTabs(trial)
        except RecistError as refusal:
            trial.close()
            self.form.refuse(refusal)
            return
        if trial.person:
            self.idle = IdleLock(trial, self.sign_out)
        self._layout.insertWidget(0, self.tabs, 1)
        self._switch(at_work=True)

    def _switch(self, *, at_work: bool) -> None:
        self.form.setVisible(not at_work)
        self.owner_button.setVisible(not at_work)
        self.sign_out_button.setVisible(at_work)
