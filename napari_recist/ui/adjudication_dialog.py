"""The form of the decision: which read is accepted, the coded reason, a comment, the password."""

from collections.abc import Callable

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.translation import _, coded
from napari_recist.trial import AdjudicationReason, Choice, Verdict
from napari_recist.trial.reads.adjudication import MEANING

MNEMONICS = {
    Choice.READ_A: _("Read &A"),
    Choice.READ_B: _("Read &B"),
    Choice.OWN: _("&Own read"),
}
CHOOSE_READ = _("Say which read is accepted: Alt+A or Alt+B, or the arrows and Space.")
CHOOSE_REASON = _("Say why it is accepted rather than the other.")


class DecisionDialog(QDialog):
    """Asks for a decision and signs it; it stays open, saying why, when it is refused.

    Parameters
    ----------
    parent : QWidget
        The window it belongs to.
    subject : str
        Patient code.
    choices : tuple of Choice
        What can be accepted.
    decide : callable
        Called with (verdict, password); raises :class:`RecistError` to refuse.
    """

    def __init__(
        self,
        parent: QWidget,
        subject: str,
        choices: tuple[Choice, ...],
        decide: Callable[[Verdict, str], object],
    ) -> None:
        super().__init__(parent)
        self._decide = decide
        self.setWindowTitle(_("Decide {subject}", subject=subject))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.choices = {choice: QRadioButton(MNEMONICS[choice]) for choice in choices}
        self._group = QButtonGroup(self)
        for button in self.choices.values():
            self._group.addButton(button)
        self.reason = QComboBox()
        for reason in AdjudicationReason:
            self.reason.addItem(coded(reason), reason)
        self.reason.setPlaceholderText(_("choose…"))
        self.reason.setCurrentIndex(-1)
        self.comment, self.password = QLineEdit(), QLineEdit()
        self.comment.setPlaceholderText(_("required for 'other'"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.refusal = QLabel()
        self.refusal.setWordWrap(True)
        self.refusal.setStyleSheet("color: #e69f00")
        self.back_button, self.sign_button = QPushButton(_("Back")), QPushButton(_("Sign"))
        self.sign_button.setDefault(True)
        self.back_button.clicked.connect(self.reject)
        self.sign_button.clicked.connect(lambda _on=False: self.submit())
        self._lay_out()
        next(iter(self.choices.values())).setFocus()

    def submit(self) -> None:
        """Sign the decision, or say what is missing or why it is refused."""
        chosen = [choice for choice, button in self.choices.items() if button.isChecked()]
        reason = self.reason.currentData()
        if not chosen:
            self.refusal.setText(CHOOSE_READ)
        elif reason is None:
            self.refusal.setText(CHOOSE_REASON)
            self.reason.setFocus()
        else:
            self._sign(Verdict(chosen[0], AdjudicationReason(reason), self.comment.text()))

    def _sign(self, verdict: Verdict) -> None:
        try:
            self._decide(verdict, self.password.text())
        except RecistError as refusal:
            self.refusal.setText(str(for_reader(refusal)))
            self.password.selectAll()
            self.password.setFocus()
            return
        self.accept()

    def _lay_out(self) -> None:
        accepted, buttons = QHBoxLayout(), QHBoxLayout()
        for button in self.choices.values():
            accepted.addWidget(button)
        accepted.addStretch(1)
        form = QFormLayout()
        form.addRow(_("Accept"), accepted)
        form.addRow(_("because"), self.reason)
        form.addRow(_("Comment"), self.comment)
        form.addRow(_("Password"), self.password)
        meaning = QLabel(MEANING)
        meaning.setWordWrap(True)
        buttons.addStretch(1)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.sign_button)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(meaning)
        layout.addWidget(self.refusal)
        layout.addLayout(buttons)
