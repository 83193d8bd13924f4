"""What can be said of the chosen lesion besides drawing it: a button each, asking where due."""

from dataclasses import dataclass

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from napari_recist.criteria import STATUSES_OF_ROLE, Lesion, Status
from napari_recist.reading.statements import AT_BASELINE
from napari_recist.ui.lesion_words import STATUS_WORDS, place_text

IN_A_ROW = 3
ORDER = (
    Status.PRESENT,
    Status.TOO_SMALL,
    Status.ABSENT,
    Status.PROGRESSED,
    Status.NOT_EVALUABLE,
    Status.MERGED,
    Status.SPLIT,
    Status.UNEQUIVOCAL,
    Status.EQUIVOCAL,
    Status.RESOLVED,
)
"""The order of the buttons: what is said most often first."""
TAKE_BACK = "Take back…"
ASKS = {
    Status.NOT_EVALUABLE: "not evaluable: why?",
    Status.MERGED: "merged into which target?",
    None: "take back what was said: why?",
}
"""Statuses that need a word more, and what is asked."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The reader says something of a lesion; ``status`` is ``None`` to take back what was said.

    ``into`` names the target for ``MERGED``. ``SPLIT`` asks to draw the fragments.
    """

    lesion: str
    status: Status | None
    reason: str = ""
    into: str = ""


def offered(lesion: Lesion, *, at_baseline: bool) -> tuple[Status, ...]:
    """Return what can be said by a button; a target is measured by drawing."""
    allowed = AT_BASELINE[lesion.role] if at_baseline else STATUSES_OF_ROLE[lesion.role]
    drawn = {Status.MEASURED, Status.SPLIT} if at_baseline else {Status.MEASURED}
    return tuple(status for status in ORDER if status in allowed - drawn)


class StatusRow(QWidget):
    """Buttons for one lesion; ``stated`` carries a :class:`Statement`."""

    stated = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.heading, self.prompt = QLabel(), QLineEdit()
        self.buttons: dict[Status | None, QPushButton] = {}
        self._lesion: Lesion | None = None
        self._asked: Status | None = None
        self._grid = QGridLayout()
        self.prompt.hide()
        self.prompt.returnPressed.connect(self._answered)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.heading)
        layout.addLayout(self._grid)
        layout.addWidget(self.prompt)

    def offer(self, lesion: Lesion | None, *, at_baseline: bool, locked: bool) -> None:
        """Offer what can be said of a lesion; nothing once the visit is signed."""
        statuses = (*offered(lesion, at_baseline=at_baseline), None) if lesion else ()
        if lesion != self._lesion or set(statuses) != set(self.buttons):
            self._lesion = lesion
            self.prompt.hide()
            self.heading.setText(f"{lesion.identifier}  {place_text(lesion)}" if lesion else "")
            self._replace(statuses)
        for button in self.buttons.values():
            button.setEnabled(not locked)

    def state(self, status: Status | None) -> None:
        """Say a status of the lesion, asking first where a word more is needed."""
        if self._lesion is None:
            return
        if status in ASKS:
            self._asked = status
            self.prompt.setPlaceholderText(f"{self._lesion.identifier} {ASKS[status]} (Enter)")
            self.prompt.clear()
            self.prompt.show()
            self.prompt.setFocus()
        else:
            self.stated.emit(Statement(self._lesion.identifier, status))

    def _answered(self) -> None:
        answer = self.prompt.text().strip()
        if self._lesion is None or not answer:
            return
        self.prompt.hide()
        merged = self._asked is Status.MERGED
        words = {"into": answer.upper()} if merged else {"reason": answer}
        self.stated.emit(Statement(self._lesion.identifier, self._asked, **words))

    def _replace(self, statuses: tuple[Status | None, ...]) -> None:
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.hide()  # it is deleted only when the window has time
            button.deleteLater()
        self.buttons = {}
        for place, status in enumerate(statuses):
            title = STATUS_WORDS[status].capitalize() if status else TAKE_BACK
            button = QPushButton(f"{title}…" if status in ASKS and status else title)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, said=status: self.state(said))
            self._grid.addWidget(button, *divmod(place, IN_A_ROW))
            self.buttons[status] = button
