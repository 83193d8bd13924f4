"""The form of the decision: which read is accepted, the coded reason, a comment, the password."""

from collections.abc import Callable

from qtpy.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from napari_recist.translation import _, coded
from napari_recist.trial import AdjudicationReason, Choice, Verdict
from napari_recist.trial.reads.adjudication import MEANING
from napari_recist.ui.signature_dialog import SignatureDialog

MNEMONICS = {
    Choice.READ_A: _("Read &A"),
    Choice.READ_B: _("Read &B"),
    Choice.OWN: _("&Own read"),
}
CHOOSE_READ = _("Say which read is accepted: Alt+A or Alt+B, or the arrows and Space.")
CHOOSE_REASON = _("Say why it is accepted rather than the other.")


class DecisionDialog(SignatureDialog):
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
        super().__init__(parent, _("Decide {subject}", subject=subject))
        self._decide = decide
        self.choices = {choice: QRadioButton(MNEMONICS[choice]) for choice in choices}
        self._group = QButtonGroup(self)
        for button in self.choices.values():
            self._group.addButton(button)
        self.reason = QComboBox()
        for reason in AdjudicationReason:
            self.reason.addItem(coded(reason), reason)
        self.reason.setPlaceholderText(_("choose…"))
        self.reason.setCurrentIndex(-1)
        self.comment = QLineEdit()
        self.comment.setPlaceholderText(_("required for 'other'"))
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
            verdict = Verdict(chosen[0], AdjudicationReason(reason), self.comment.text())
            self._sign_by(lambda: self._decide(verdict, self.password.text()))

    def _lay_out(self) -> None:
        accepted = QHBoxLayout()
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
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(meaning)
        layout.addWidget(self.refusal)
        layout.addLayout(self._buttons())
