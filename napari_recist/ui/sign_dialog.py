"""The dialog in which a reader signs a visit: what is signed, what it means, and the password."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Protocol

from qtpy.QtWidgets import (
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from napari_recist.criteria import Advice, VisitAssessment
from napari_recist.translation import _
from napari_recist.trial.reads.global_review import MEANING as REVIEW_MEANING
from napari_recist.ui.response_panel import overall_html, parts_text, sum_text
from napari_recist.ui.signature_dialog import SignatureDialog

MEANING = _("I have read the images myself, blinded, and this is my assessment.")
"""What the signature says; recorded with it."""


class Signable(Protocol):
    """What the dialog asks to be signed, in words; ``lines`` are rich text."""

    @property
    def title(self) -> str:
        """Title of the dialog."""

    @property
    def reader(self) -> str:
        """Who signs."""

    @property
    def meaning(self) -> str:
        """What the signature says."""

    @property
    def charter(self) -> str:
        """Which version of the charter the read is judged by."""

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What is still to be said, a sentence each."""

    @property
    def lines(self) -> tuple[str, ...]:
        """All that is shown."""


@dataclass(frozen=True, slots=True)
class ToSign:
    """A visit: subject code, words, assessment, what is missing, advice, proposals left open."""

    subject: str
    visit: str
    reader: str
    assessed: VisitAssessment
    unfinished: tuple[str, ...]
    advice: tuple[Advice, ...] = ()
    charter: str = ""
    meaning: str = MEANING
    proposals: int = 0

    @property
    def title(self) -> str:
        """See :class:`Signable`."""
        return _("Sign {visit}, subject {subject}", visit=self.visit, subject=self.subject)

    @property
    def lines(self) -> tuple[str, ...]:
        """See :class:`Signable`."""
        return (
            _(
                "<b>{visit}</b> of {subject}",
                visit=escape(self.visit),
                subject=escape(self.subject),
            ),
            _("Sum of diameters {sum}", sum=sum_text(self.assessed)),
            parts_text(self.assessed),
            _("Overall {overall_html}", overall_html=overall_html(self.assessed)),
            _checklist_html(self),
            _proposals_html(self.proposals),
        )


@dataclass(frozen=True, slots=True)
class ReviewToSign:
    """A global review: each visit in words with its assessment, all signed by one password."""

    subject: str
    reader: str
    visits: tuple[tuple[str, VisitAssessment], ...]
    unfinished: tuple[str, ...]
    charter: str = ""
    meaning: str = REVIEW_MEANING

    @property
    def title(self) -> str:
        """See :class:`Signable`."""
        return _("Sign the global review, subject {subject}", subject=self.subject)

    @property
    def lines(self) -> tuple[str, ...]:
        """See :class:`Signable`."""
        visits = (
            f"<b>{escape(words)}</b>: {sum_text(assessed)}, {overall_html(assessed)}"
            for words, assessed in self.visits
        )
        missing = _missing_html(self.unfinished) if self.unfinished else ""
        all_signed = _("All visits of {subject} are signed again together.", subject=self.subject)
        return (all_signed, *visits, missing)


class SignDialog(SignatureDialog):
    """Asks for the password and signs; it stays open, saying why, when it is refused.

    Parameters
    ----------
    parent : QWidget
        The window it belongs to.
    wanted : Signable
        What is signed.
    sign : callable
        Called with (password, meaning); raises :class:`RecistError` to refuse.
    """

    def __init__(
        self, parent: QWidget, wanted: Signable, sign: Callable[[str, str], object]
    ) -> None:
        super().__init__(parent, wanted.title)
        self._sign, self._meaning = sign, wanted.meaning
        self.sign_button.setEnabled(not wanted.unfinished)
        self.password.returnPressed.connect(self.submit)
        self._lay_out(wanted)
        self.password.setFocus()

    def submit(self) -> None:
        """Sign with the password typed, or say why not."""
        if self.sign_button.isEnabled():
            self._sign_by(lambda: self._sign(self.password.text(), self._meaning))

    def text(self) -> str:
        """Return all that the dialog says, as rich text."""
        return "\n".join(label.text() for label in self.findChildren(QLabel))

    def _lay_out(self, wanted: Signable) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for html in (*filter(None, wanted.lines), f"<i>{escape(wanted.meaning)}</i>"):
            label = QLabel(html)
            label.setWordWrap(True)
            layout.addWidget(label)
        form = QFormLayout()
        form.addRow(_("{reader}, password", reader=wanted.reader), self.password)
        layout.addLayout(form)
        layout.addWidget(self.refusal)
        charter = QLabel(wanted.charter)
        charter.setStyleSheet("color: #9fb0c2; font-size: 8pt")
        layout.addLayout(self._buttons(charter))
        self.setMinimumWidth(460)


def _proposals_html(count: int) -> str:
    """Return what is warned of where proposals were not answered; it keeps nobody from signing."""
    if not count:
        return ""
    return _(
        "<div><b>! Proposals without an answer: {count}.</b> They do not count, and are in no "
        "signature.</div>",
        count=count,
    )


def _missing_html(unfinished: tuple[str, ...]) -> str:
    missing = "".join(f"<div>✗ {escape(gap)}</div>" for gap in unfinished)
    return _("<div><b>Still missing</b></div>{missing}", missing=missing)


def _checklist_html(visit: ToSign) -> str:
    """Return what is missing, or else what stands: advice without an answer, and with one."""
    if visit.unfinished:
        return _missing_html(visit.unfinished)
    unanswered = [one for one in visit.advice if one.open]
    answered = [one for one in visit.advice if one.answer is not None]
    of_rules = {one.finding for one in visit.advice}
    noted = [seen for seen in visit.assessed.findings if seen not in of_rules]
    return "".join(
        (
            _("<div>✓ every lesion of the list is assessed</div>"),
            _("<div><b>Advice without an answer: {count}</b></div>", count=len(unanswered))
            if unanswered
            else "",
            *(f"<div>! {escape(str(one.finding))}</div>" for one in unanswered),
            *(
                f"<div>✓ {escape(str(one.finding))}: <i>{escape(one.answer.reason)}</i></div>"
                for one in answered
                if one.answer is not None
            ),
            *(f"<div>i {escape(str(seen))}</div>" for seen in noted),
        )
    )
