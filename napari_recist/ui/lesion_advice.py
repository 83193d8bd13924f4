"""The advice that stands at a visit, at the lesion it concerns, and the reader's answers to it."""

from html import escape

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QVBoxLayout, QWidget

from napari_recist.criteria import Advice
from napari_recist.translation import _
from napari_recist.ui.lesion_prompt import Question

LINK = "#56b4e9"
OPEN_MARK, HINT_MARK, ANSWERED_MARK = "!", "i", "✓"
OPEN_COLOUR = "#e69f00"


class LesionAdvice(QWidget):
    """A line per piece of advice; ``answer_wanted`` carries the one to say why not to."""

    answer_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.text.linkActivated.connect(self._clicked)
        self._advice: tuple[Advice, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        self.hide()

    def show_advice(self, advice: tuple[Advice, ...], chosen: str, *, locked: bool) -> None:
        """Show what stands, that of the chosen lesion first."""
        self._advice = tuple(
            sorted(advice, key=lambda one: (one.finding.lesion != chosen, not one.open))
        )
        lines = [advice_html(one, n, locked=locked) for n, one in enumerate(self._advice)]
        self.text.setText("".join(lines))
        self.setVisible(bool(lines))

    def first_open(self) -> Advice | None:
        """Return the first advice without an answer, that of the chosen lesion first."""
        return next((one for one in self._advice if one.open), None)

    def _clicked(self, number: str) -> None:
        self.answer_wanted.emit(self._advice[int(number)])


def advised(advice: tuple[Advice, ...]) -> dict[str, tuple[str, ...]]:
    """Return the lesions on which advice stands open, each with its sentences."""
    found: dict[str, tuple[str, ...]] = {}
    for one in advice:
        if one.open and one.finding.lesion:
            name = one.finding.lesion
            found[name] = (*found.get(name, ()), str(one.finding))
    return found


def advice_html(advice: Advice, number: int, *, locked: bool) -> str:
    """Return one piece of advice as a line: the rule, the sentence, and the answer or its link."""
    finding, answer = advice.finding, advice.answer
    said = f"<b>{escape(finding.rule)}</b> {escape(finding.message)}"
    if answer is not None:
        return _(
            "<div>{answered_mark} {said}. <i>Reason given: {reason}</i></div>",
            answered_mark=ANSWERED_MARK,
            said=said,
            reason=escape(answer.reason),
        )
    if not advice.open:
        return f"<div>{HINT_MARK} {said}.</div>"
    mark = f"<span style='color: {OPEN_COLOUR}'><b>{OPEN_MARK}</b></span>"
    link = (
        _(" <a href='{number}' style='color: {link}'>do otherwise…</a>", number=number, link=LINK)
        if not locked
        else ""
    )
    return f"<div>{mark} {said}.{link}</div>"


def question_of(advice: Advice) -> Question:
    """Return what is asked of a reader who does otherwise than advised."""
    return Question(
        _(
            "{rule}: {message}. Why do otherwise?",
            rule=advice.finding.rule,
            message=advice.finding.message,
        )
    )
