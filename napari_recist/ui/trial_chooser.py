"""The dock widget with which a napari user opens a trial: database, reader, patient."""

from pathlib import Path
from typing import Any

import napari
from qtpy.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.translation import _
from napari_recist.trial import Trial, open_trial
from napari_recist.ui.reading_room import ReadingRoom
from napari_recist.ui.trial_room import trial_room

FIRST_UNREAD = _("the next that is not read")
HOW = _("Choose a trial's database, who reads, and the patient. The reading room opens by itself.")


class TrialChooser(QWidget):
    """Opens the reading room on a trial, in a window of its own.

    Parameters
    ----------
    napari_viewer : napari.Viewer, optional
        The viewer it is docked in, which stays as it is.
    """

    def __init__(self, napari_viewer: "napari.viewer.Viewer | None" = None) -> None:  # noqa: ARG002 - napari hands it over by this name
        super().__init__()
        self.room: ReadingRoom | None = None
        self._trial: Trial | None = None
        self.url, self.browse_button = QLineEdit(), QPushButton(_("Browse…"))
        self.reader, self.subject = QComboBox(), QComboBox()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.open_button, self.says = QPushButton(_("Open the reading room")), QLabel(HOW)
        self._lay_out()
        self._offer()

    def closeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Close the trial, unless it is being read."""
        if self.room is None:
            self._leave()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self.url.setPlaceholderText(_("trial.sqlite, or the address of a database"))
        self.url.setToolTip(_("Path or URL of the trial; Enter opens it"))
        self.says.setWordWrap(True)
        self.url.editingFinished.connect(self._look)
        self.browse_button.clicked.connect(lambda _on=False: self._browse())
        self.open_button.clicked.connect(lambda _on=False: self._open())
        place = QHBoxLayout()
        place.addWidget(self.url)
        place.addWidget(self.browse_button)
        form = QFormLayout(self)
        for label, field in (
            (_("Trial"), place),
            (_("Reader"), self.reader),
            (_("Password"), self.password),
            (_("Patient"), self.subject),
            ("", self.open_button),
        ):
            form.addRow(label, field)
        form.addRow(self.says)

    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Trial"), str(Path.cwd()))
        if chosen:
            self.url.setText(chosen)
            self._look()

    def _look(self) -> None:
        """Open the trial that is named and offer its readers and patients."""
        if not self.url.text() or (self._trial and self._trial.url == self.url.text()):
            return
        self._leave()
        try:
            self._trial = open_trial(self.url.text())
        except RecistError as refusal:
            self.says.setText(str(refusal))
        else:
            self.says.setText(HOW)
        self._offer()

    def _offer(self) -> None:
        for box in (self.reader, self.subject):
            box.clear()
        if self._trial is not None:
            self.reader.addItems(self._trial.readers())
            self.subject.addItems([FIRST_UNREAD, *self._trial.subjects()])
        self.open_button.setEnabled(self._trial is not None and self.room is None)

    def _open(self) -> None:
        if self._trial is None:
            return
        subject = self.subject.currentText() if self.subject.currentIndex() > 0 else ""
        try:
            seat = self._trial.sign_in(self.reader.currentText(), self.password.text())
            self.room = trial_room(seat, subject)
        except RecistError as refusal:
            self.says.setText(str(for_reader(refusal)))
            return
        self.room.window.destroyed.connect(self._read)
        self.open_button.setEnabled(False)

    def _read(self) -> None:
        """Be ready for another trial once the reading room is closed."""
        self.room = None
        self._leave()
        self.url.clear()
        self._offer()

    def _leave(self) -> None:
        if self._trial is not None:
            self._trial.close()
            self._trial = None
