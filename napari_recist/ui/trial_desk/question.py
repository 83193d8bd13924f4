"""A small dialog of the trial desk: fields to fill in, and one button that does something."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from napari_recist.errors import RecistError
from napari_recist.ui.sign_in import REFUSAL_STYLE

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in: typed, chosen from ``choices``, or ``secret``."""

    name: str
    label: str
    choices: Sequence[str] = ()
    value: str = ""
    secret: bool = False


class Question(QDialog):
    """Asks, then does; it stays open, saying why, when that is refused.

    Parameters
    ----------
    parent : QWidget
        The window it belongs to.
    title : str
        What is done.
    fields : sequence of Field
        What is to be filled in.
    do : callable
        Called with the answers by the names of the fields; raises :class:`RecistError` to refuse.
    foretold : callable, optional
        Called with the answers whenever one changes; returns what would happen.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        fields: Sequence[Field],
        do: Callable[[Answers], object],
        foretold: Callable[[Answers], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._do, self._foretold = do, foretold
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self.tells, self.refusal = QLabel(), QLabel()
        for label in (self.tells, self.refusal):
            label.setWordWrap(True)
        self.refusal.setStyleSheet(REFUSAL_STYLE)
        form = QFormLayout()
        for field in fields:
            self.fields[field.name] = self._widget(field)
            form.addRow(field.label, self.fields[field.name])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.do_button = buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.submit)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        for part in (self.tells, self.refusal, buttons):
            layout.addWidget(part)
        self.setMinimumWidth(480)
        self._foretell()

    def answers(self) -> Answers:
        """Return what is filled in."""
        return {
            name: field.currentText() if isinstance(field, QComboBox) else field.text()
            for name, field in self.fields.items()
        }

    def submit(self) -> None:
        """Do it, or say why not."""
        try:
            self._do(self.answers())
        except RecistError as refusal:
            self.refusal.setText(str(refusal))
            return
        self.accept()

    def _widget(self, field: Field) -> QLineEdit | QComboBox:
        if field.choices:
            box = QComboBox()
            box.addItems(list(field.choices))
            box.setCurrentText(field.value or field.choices[0])
            box.currentTextChanged.connect(lambda _text: self._foretell())
            return box
        line = QLineEdit(field.value)
        if field.secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textChanged.connect(lambda _text: self._foretell())
        return line

    def _foretell(self) -> None:
        if self._foretold is None:
            return
        try:
            self.tells.setText(self._foretold(self.answers()))
        except RecistError as refusal:
            self.tells.setText(str(refusal))
