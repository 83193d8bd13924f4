"""What the tabs of the trial desk share: buttons as the role allows, refusals in words."""

from collections.abc import Callable, Sequence

from qtpy.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from napari_recist.errors import RecistError
from napari_recist.trial import Action, Trial
from napari_recist.ui.sign_in import REFUSAL_STYLE
from napari_recist.ui.trial_desk.question import Answers, Field, Question


class DeskTab(QWidget):
    """A tab: tables, under them what can be done, and a line for what was refused.

    Parameters
    ----------
    trial : Trial
        The trial as whoever is at the desk has it open.
    """

    def __init__(self, trial: Trial) -> None:
        super().__init__()
        self.trial = trial
        self.buttons: dict[str, QPushButton] = {}
        self.dialog: Question | None = None
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setStyleSheet(REFUSAL_STYLE)
        self.body, self._row = QVBoxLayout(), QHBoxLayout()
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(self.body, 1)
        layout.addLayout(self._row)
        layout.addWidget(self.says)

    def refresh(self) -> None:
        """Show the trial as it stands now."""

    def add_button(self, words: str, action: Action, command: Callable[[], None]) -> None:
        """Offer a command to those whose role may do this; others do not see it."""
        if not self.trial.may(action):
            return
        button = QPushButton(words)
        button.clicked.connect(lambda _on=False: self.run(command))
        self._row.insertWidget(self._row.count() - 1, button)
        self.buttons[words] = button

    def run(self, command: Callable[[], object]) -> bool:
        """Run a command and show what it changed, or why it was refused."""
        self.says.setText("")
        try:
            command()
            self.refresh()
        except RecistError as refusal:
            self.says.setText(str(refusal))
            return False
        return True

    def ask(
        self,
        title: str,
        fields: Sequence[Field],
        do: Callable[[Answers], object],
        foretold: Callable[[Answers], str] | None = None,
    ) -> None:
        """Ask for what a command needs, then run it."""
        self.dialog = Question(self, title, fields, do, foretold)
        self.dialog.accepted.connect(lambda: self.run(lambda: None))
        self.dialog.finished.connect(self._answered)
        self.dialog.open()

    def _answered(self, _result: int) -> None:
        self.dialog = None
