"""The response of the visit in words: sum, changes, the four responses, why, and what is left."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from napari_recist.criteria import Response, VisitAssessment, VisitSigned, show
from napari_recist.criteria.rule_words import rule_text
from napari_recist.criteria.target import Limits
from napari_recist.reading import Task
from napari_recist.translation import _

NOTHING = "―"
LINK = "#56b4e9"
RESPONSE_COLOURS = {
    Response.CR: "#009e73",
    Response.PR: "#56b4e9",
    Response.PD: "#d55e00",
}
"""Okabe and Ito: told apart by every kind of colour vision. The word always stands beside."""


ALL_SAID = _("Nothing is left to be said at this visit.")
EMPTY_LIST = _(
    "No lesion is on the list yet. Signed like this, the visit says that there is no disease."
)
"""V-1: a read may find none, but nobody should sign that unawares."""


class Stage(StrEnum):
    """What the button under the response offers."""

    OPEN = _("Complete visit…")
    SIGNED = _("Signed")
    REVIEW = _("Review all visits together")
    """Every visit is signed, and the charter has them looked at together once more."""
    SIGN_REVIEW = _("Sign the review…")
    READ = _("Next patient")
    """The visit is signed, no other is to be read, and there is another patient."""


@dataclass(frozen=True, slots=True)
class ResponseState:
    """What the panel shows: the assessment, what is due, and the signature once there is one.

    ``listed`` when any lesion is on the list; ``limits`` are the charter's for the sum.
    """

    assessed: VisitAssessment | None
    due: tuple[Task, ...]
    stage: Stage
    limits: Limits
    listed: bool
    signature: str = ""
    reopened: str = ""


class ResponsePanel(QWidget):
    """Shows the assessment of one visit; ``completed`` asks to sign, or for the next patient."""

    completed = Signal()
    lesion_wanted = Signal(str)
    """A line of the work list was clicked: the lesion it is about."""

    def __init__(self) -> None:
        super().__init__()
        self.sum, self.from_baseline, self.from_nadir = _value(), _value(), _value()
        self.distance, self.responses, self.overall = _value(), _value(), _value()
        self.why_button = QPushButton(_("Why?  Shift+W"))
        self.why_button.setCheckable(True)
        self.why_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.why_button.setToolTip(
            _("The rules that led to this response, and the numbers compared")
        )
        self.why, self.work_list = _value(), _value()
        self.work_list.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.work_list.linkActivated.connect(self.lesion_wanted.emit)
        self.complete_button = QPushButton(_("Complete visit…"))
        self.complete_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.why.hide()
        self.why_button.toggled.connect(self.why.setVisible)
        self.complete_button.clicked.connect(lambda _checked=False: self.completed.emit())
        self._lay_out()

    def show_response(self, state: ResponseState) -> None:
        """Show what follows from the read at a visit, and what must still be said there."""
        assessed, due, stage = state.assessed, state.due, state.stage
        if assessed is not None:
            self.sum.setText(f"<b>{sum_text(assessed)}</b>")
            self.from_baseline.setText(from_baseline_text(assessed))
            self.from_nadir.setText(from_nadir_text(assessed))
            self.distance.setText(str(assessed.distance) or NOTHING)
            self.responses.setText(parts_text(assessed))
            self.overall.setText(overall_html(assessed, unfinished=bool(due)))
            self.why.setText(why_html(assessed, state.limits))
        left = work_list_html(due, listed=state.listed)
        self.work_list.setText(state.signature or state.reopened + left)
        self.complete_button.setEnabled(stage is not Stage.SIGNED)
        self.complete_button.setText(stage.value)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(14)
        for title, value in (
            (_("Sum of diameters"), self.sum),
            (_("From baseline"), self.from_baseline),
            (_("From nadir"), self.from_nadir),
            (_("To the limits"), self.distance),
            (_("Response"), self.responses),
            (_("Overall"), self.overall),
        ):
            form.addRow(title, value)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        for widget in (self.why_button, self.why, self.work_list, self.complete_button):
            layout.addWidget(widget)


def sum_text(assessed: VisitAssessment) -> str:
    """Return the sum in mm; never a partial one: "― (T2 missing)"."""
    if assessed.sum is None:
        return (
            _("{nothing} ({missing} missing)", nothing=NOTHING, missing=", ".join(assessed.missing))
            if assessed.missing
            else NOTHING
        )
    return _("{sum} mm", sum=show(assessed.sum))


def from_baseline_text(assessed: VisitAssessment) -> str:
    """Return the change from baseline in percent, with baseline's sum."""
    if not assessed.change_from_baseline_pct or assessed.baseline_sum is None:
        return NOTHING
    return _(
        "{change} %  of {baseline_sum} mm",
        change=_signed(assessed.change_from_baseline_pct),
        baseline_sum=show(assessed.baseline_sum),
    )


def from_nadir_text(assessed: VisitAssessment) -> str:
    """Return the change from the nadir in percent and mm, and which visit that was."""
    if assessed.change_from_nadir is None or assessed.nadir_sum is None:
        return NOTHING
    percent = assessed.change_from_nadir_pct
    shown = f"{_signed(percent)} %, " if percent else ""
    change = _signed(show(assessed.change_from_nadir))
    return _(
        "{shown}{change} mm  of {nadir_sum} mm at {nadir_visit}",
        shown=shown,
        change=change,
        nadir_sum=show(assessed.nadir_sum),
        nadir_visit=assessed.nadir_visit,
    )


def parts_text(assessed: VisitAssessment) -> str:
    """Return the responses of targets, non-targets and new lesions in one line."""
    target, nontarget = _word(assessed.target), _word(assessed.nontarget)
    new = _("yes") if assessed.new_lesion else _("no")
    return _(
        "target {target},  non-target {nontarget},  new lesion {new}",
        target=target,
        nontarget=nontarget,
        new=new,
    )


def overall_html(assessed: VisitAssessment, *, unfinished: bool = False) -> str:
    """Return the overall response, large; small while lesions are still to be assessed."""
    if assessed.overall is None:
        return _("baseline")
    if unfinished:
        return _("{response} so far, the visit is not finished", response=assessed.overall.value)
    colour = RESPONSE_COLOURS.get(assessed.overall, "#dfe6ec")
    return f"<b style='font-size: 18pt; color: {colour}'>{assessed.overall.value}</b>"


def why_html(assessed: VisitAssessment, limits: Limits) -> str:
    """Return the explanation, the whole tenths compared, the rules, settings and findings."""
    lines = [assessed.explanation, *_compared(assessed, limits)]
    if assessed.nadir_visit and assessed.nadir_sum is not None:
        lines.append(
            _(
                "Nadir: {nadir_sum} mm at {nadir_visit}",
                nadir_sum=show(assessed.nadir_sum),
                nadir_visit=assessed.nadir_visit,
            )
        )
    lines.extend(rule_text(rule) for rule in assessed.rules)
    lines.extend(_("Charter: {setting}", setting=setting) for setting in assessed.settings)
    lines.extend(str(finding) for finding in assessed.findings)
    return "<br>".join(escape(line) for line in dict.fromkeys(lines) if line)


def _compared(assessed: VisitAssessment, limits: Limits) -> tuple[str, ...]:
    total, baseline, nadir = assessed.sum, assessed.baseline_sum, assessed.nadir_sum
    if total is None or baseline is None or nadir is None:
        return ()
    return (_("In tenths of a millimetre:"), *limits.comparisons(total, baseline, nadir))


def work_list_html(due: tuple[Task, ...], *, listed: bool = True) -> str:
    """Return what is left to be said, a line each that leads to its lesion.

    ``listed`` when any lesion is on the list.
    """
    if not listed:
        return EMPTY_LIST
    if not due:
        return ALL_SAID
    items = "".join(
        f"<div>○ <a href='{escape(task.lesion)}' style='color: {LINK}; text-decoration: none'>"
        f"{escape(task.sentence)}</a></div>"
        for task in due
    )
    return _(
        "<div><b>Still to do</b> ({count}; Enter: next)</div>{items}", count=len(due), items=items
    )


def signature_html(signed: VisitSigned, when: dt.datetime | None) -> str:
    """Return who signed a visit, when, with which meaning, and by which version of the program."""
    moment = f", {moment_text(when)}" if when else ""
    return _(
        "<div><b>Signed</b> by {signer}{moment}. Read-only.</div>"
        "<div><i>{meaning}</i></div><div>napari-recist {software}</div>",
        signer=escape(signed.signer),
        moment=moment,
        meaning=escape(signed.meaning),
        software=escape(signed.software),
    )


def moment_text(when: dt.datetime) -> str:
    """Return a moment in the signer's local time, with its offset from UTC."""
    return f"{when:%Y-%m-%d %H:%M %Z}"


def reopened_html(reason: str) -> str:
    """Return why a visit is open again, "" where it was never re-opened."""
    return (
        _("<div><b>Re-opened</b>, because {reason}</div>", reason=escape(reason)) if reason else ""
    )


def _word(response: Response | None) -> str:
    return response.value if response is not None else NOTHING


def _signed(number: str) -> str:
    return number if number.startswith(("-", "+")) else f"+{number}"


def _value() -> QLabel:
    label = QLabel(NOTHING)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label
