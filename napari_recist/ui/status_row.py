"""What can be said of the chosen lesion besides drawing it: a button each, with its key."""

from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from napari_recist.criteria import STATUSES_OF_ROLE, Lesion, Status, WhyNotEvaluable
from napari_recist.reading.coded_words import STATUS_WORDS
from napari_recist.reading.statements import AT_BASELINE
from napari_recist.translation import _, coded
from napari_recist.ui.lesion_prompt import Answered, Question
from napari_recist.ui.lesion_words import place_text

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
STATUS_KEYS = {
    Status.PRESENT: "Y",
    Status.TOO_SMALL: "T",
    Status.ABSENT: "A",
    Status.PROGRESSED: "U",
    Status.NOT_EVALUABLE: "Q",
    Status.MERGED: _("Shift+V"),
    Status.SPLIT: "V",
    Status.UNEQUIVOCAL: "U",
    Status.EQUIVOCAL: _("Shift+U"),
    Status.RESOLVED: "A",
    None: "Z",
}
"""The key of each, as the table of keys binds it; shown on the button."""
TAKE_BACK = _("Take back")
ASKS = frozenset({Status.NOT_EVALUABLE, Status.MERGED, None})
"""Statuses that need a word more."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The reader says something of a lesion; ``status`` is ``None`` to take back what was said.

    ``into`` names the target for ``MERGED``, ``code`` says why for ``NOT_EVALUABLE``. ``SPLIT``
    asks to draw the fragments.
    """

    lesion: str
    status: Status | None
    reason: str = ""
    into: str = ""
    code: WhyNotEvaluable | None = None


def offered(lesion: Lesion, *, at_baseline: bool) -> tuple[Status, ...]:
    """Return what can be said by a button; a target is measured by drawing."""
    allowed = AT_BASELINE[lesion.role] if at_baseline else STATUSES_OF_ROLE[lesion.role]
    drawn = {Status.MEASURED, Status.SPLIT} if at_baseline else {Status.MEASURED}
    return tuple(status for status in ORDER if status in allowed - drawn)


class StatusRow(QWidget):
    """Buttons for one lesion; ``stated`` carries a :class:`Statement`.

    Parameters
    ----------
    ask : callable
        Shows a :class:`Question` and calls back with the answer.
    """

    stated = Signal(object)

    def __init__(self, ask: Callable[[Question, Answered], None]) -> None:
        super().__init__()
        self._ask = ask
        self.heading = QLabel()
        self.buttons: dict[Status | None, QPushButton] = {}
        self._lesion: Lesion | None = None
        self._targets: tuple[str, ...] = ()
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.heading)
        layout.addLayout(self._grid)

    def offer(
        self, lesion: Lesion | None, targets: tuple[str, ...], *, at_baseline: bool, locked: bool
    ) -> None:
        """Offer what can be said of a lesion; nothing once the visit is signed."""
        statuses = (*offered(lesion, at_baseline=at_baseline), None) if lesion else ()
        self._targets = targets
        if lesion != self._lesion or set(statuses) != set(self.buttons):
            self._lesion = lesion
            self.heading.setText(f"{lesion.identifier}  {place_text(lesion)}" if lesion else "")
            self._replace(statuses)
        for button in self.buttons.values():
            button.setEnabled(not locked)

    def state(self, status: Status | None) -> None:
        """Say a status of the lesion, asking first where a word more is needed."""
        if self._lesion is None or status not in self.buttons:
            return
        name = self._lesion.identifier
        match status:
            case Status.NOT_EVALUABLE:
                self._ask_why(name)
            case Status.MERGED:
                others = tuple(target for target in self._targets if target != name)
                question = Question(
                    _("{name} merged into which target?", name=name), others, words=""
                )
                self._ask(question, lambda into, _: self._emit(Statement(name, status, into=into)))
            case None:
                question = Question(_("Take back what was said of {name}", name=name))
                self._ask(question, lambda _, why: self._emit(Statement(name, None, why)))
            case _:
                self._emit(Statement(name, status))

    def _ask_why(self, name: str) -> None:
        codes = {coded(code): code for code in WhyNotEvaluable}
        question = Question(
            _("{name} is not evaluable: why?", name=name),
            tuple(codes),
            words=_("more in words"),
            needs_words=frozenset({"", coded(WhyNotEvaluable.OTHER)}),
            numbered=True,
        )

        def answered(choice: str, words: str) -> None:
            code = codes.get(choice, WhyNotEvaluable.OTHER)
            self._emit(Statement(name, Status.NOT_EVALUABLE, words, code=code))

        self._ask(question, answered)

    def _emit(self, statement: Statement) -> None:
        self.stated.emit(statement)

    def _replace(self, statuses: tuple[Status | None, ...]) -> None:
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.hide()  # it is deleted only when the window has time
            button.deleteLater()
        self.buttons = {}
        for place, status in enumerate(statuses):
            title = STATUS_WORDS[status].capitalize() if status else TAKE_BACK
            dots = "…" if status in ASKS else ""
            button = QPushButton(f"{title}{dots}  {STATUS_KEYS[status]}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, said=status: self.state(said))
            self._grid.addWidget(button, *divmod(place, IN_A_ROW))
            self.buttons[status] = button
