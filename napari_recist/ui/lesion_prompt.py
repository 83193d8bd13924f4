"""A question below the lesion list: a word to choose by number or first letter, and free words."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from napari_recist.translation import _

Answered: TypeAlias = Callable[[str, str], None]
"""Called with the choice ("" for none) and the words."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    ``choices`` are offered where there are any. ``words``: what the free words tell, "" where none
    are taken; ``needs_words`` are the choices that mean nothing without them ("" for no choice).
    """

    asks: str
    choices: tuple[str, ...] = ()
    words: str = _("why?")
    needs_words: frozenset[str] = frozenset({""})
    numbered: bool = False


class LesionPrompt(QWidget):
    """Asks one question at a time; Enter answers, Esc leaves it. ``closed`` gives the keys back."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.question, self.choice, self.words = QLabel(), _Choice(), QLineEdit()
        self.question.setWordWrap(True)
        self._asked: Question | None = None
        self._answered: Answered | None = None
        self.choice.entered.connect(self._answer)
        self.words.returnPressed.connect(self._answer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.question, self.choice, self.words):
            layout.addWidget(widget)
        self.hide()

    def ask(self, question: Question, answered: Answered) -> None:
        """Show a question in the place of any other, with the keyboard in it."""
        self._asked, self._answered = question, answered
        self.question.setText(question_html(question))
        self.choice.offer(question.choices, numbered=question.numbered)
        self.choice.setVisible(bool(question.choices))
        self.words.setVisible(bool(question.words))
        self.words.setPlaceholderText(question.words)
        self.words.clear()
        self.show()
        (self.choice if question.choices else self.words).setFocus()

    def leave(self) -> None:
        """Leave the question unanswered."""
        if self._asked is not None:
            self._asked = self._answered = None
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves the question; no key of it reaches the pictures."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        event.accept()

    def _answer(self) -> None:
        asked, answered = self._asked, self._answered
        if asked is None or answered is None:
            return
        choice, words = self.choice.chosen, self.words.text().strip()
        if asked.words and choice in asked.needs_words and not words:
            self.words.setFocus()
            return
        if not asked.words and not choice:
            return
        self.leave()
        answered(choice, words)


def question_html(question: Question) -> str:
    """Return the question, with numbered choices in full: their numbers are their keys."""
    asks = _(
        "<div style='color: #f0e442'>{asks} (Enter; Esc: leave it)</div>",
        asks=escape(question.asks),
    )
    if not question.numbered:
        return asks
    lines = (f"<div>{n}  {escape(word)}</div>" for n, word in enumerate(question.choices, start=1))
    return asks + "".join(lines)


class _Choice(QComboBox):
    """A list of words of which Enter takes the one shown."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("choose by key"))

    def offer(self, choices: tuple[str, ...], *, numbered: bool) -> None:
        self.clear()
        for number, choice in enumerate(choices, start=1):
            self.addItem(f"{number}  {choice}" if numbered else choice, choice)
        self.setCurrentIndex(-1)

    @property
    def chosen(self) -> str:
        """The word chosen, "" while none is."""
        return str(self.currentData()) if self.currentIndex() >= 0 else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
