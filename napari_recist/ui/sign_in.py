"""Signing in to a trial: its database, a name and a password, all three typed; nobody is listed."""

from pathlib import Path
from typing import Any

from psygnal import Signal
from qtpy.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_recist.errors import RecistError
from napari_recist.translation import _
from napari_recist.trial import Trial
from napari_recist.trial.opening import open_seat
from napari_recist.ui.desk_style import DESK_STYLE

HOW = _("Type where the trial is, your name in it and your password.")
REFUSAL_STYLE = "color: #e69f00"


class SignIn(QWidget):
    """The form to sign in with; ``signed_in`` hands over the trial as that person has it open.

    Who works on the trial is told to nobody who has not signed in, and a refusal does not tell
    whether the name or the password was wrong.

    Parameters
    ----------
    url, name : str, optional
        Where the trial is and who signs in, where that is known; both can be changed.
    """

    signed_in = Signal(object)

    def __init__(self, url: str = "", name: str = "") -> None:
        super().__init__()
        self.url, self.browse_button = QLineEdit(url), QPushButton(_("Browse…"))
        self.name, self.password = QLineEdit(name), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.sign_in_button, self.says = QPushButton(_("Sign in")), QLabel(HOW)
        self._lay_out()

    def submit(self) -> None:
        """Sign in, or say why not; the password does not stay in the form."""
        password = self.password.text()
        self.password.clear()
        try:
            trial = open_seat(self.url.text().strip(), self.name.text(), password)
        except RecistError as refusal:
            self.refuse(refusal)
            return
        self.say("")
        self.signed_in.emit(trial)

    def say(self, words: str) -> None:
        """Show what to do."""
        self.says.setStyleSheet("")
        self.says.setText(words or HOW)

    def refuse(self, refusal: RecistError) -> None:
        """Show a refusal in words."""
        self.says.setStyleSheet(REFUSAL_STYLE)
        self.says.setText(str(refusal))
        self.password.setFocus()

    def begin(self) -> None:
        """Put the keyboard where something is still to be typed."""
        empty = (field for field in (self.url, self.name) if not field.text())
        next(empty, self.password).setFocus()

    def _lay_out(self) -> None:
        self.url.setPlaceholderText(_("trial.sqlite, or postgresql://host/database"))
        self.says.setWordWrap(True)
        self.browse_button.setAutoDefault(False)
        self.browse_button.clicked.connect(lambda _on=False: self._browse())
        self.sign_in_button.clicked.connect(lambda _on=False: self.submit())
        self.password.returnPressed.connect(self.submit)
        place = QHBoxLayout()
        place.addWidget(self.url)
        place.addWidget(self.browse_button)
        form = QFormLayout(self)
        for label, field in (
            (_("Trial"), place),
            (_("Name"), self.name),
            (_("Password"), self.password),
            ("", self.sign_in_button),
        ):
            form.addRow(label, field)
        form.addRow(self.says)

    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Trial"), str(Path.cwd()))
        if chosen:
            self.url.setText(chosen)


class SignInDialog(QDialog):
    """The form in a window of its own; ``trial`` is there once somebody has signed in.

    Parameters
    ----------
    url, name : str
        See :class:`SignIn`.
    """

    def __init__(self, url: str, name: str = "") -> None:
        super().__init__()
        self.setWindowTitle(_("Sign in"))
        self.setStyleSheet(DESK_STYLE)
        self.form = SignIn(url, name)
        self.trial: Trial | None = None
        self.form.signed_in.connect(self._take)
        QVBoxLayout(self).addWidget(self.form)
        self.setMinimumWidth(460)

    def showEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Be ready to be typed in."""
        super().showEvent(event)
        self.form.begin()

    def _take(self, trial: Trial) -> None:
        self.trial = trial
        self.accept()
