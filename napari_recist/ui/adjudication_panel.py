"""In what two reads differ and why, in words; a click on a reason asks to be led there."""

from html import escape

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from napari_recist.criteria.discordance import Discordance
from napari_recist.criteria.why_differ import Reason, Weight
from napari_recist.reading.adjudication import discordance_words
from napari_recist.translation import _, coded

WEIGHT_MARKS = {
    Weight.DECISIVE: "●",
    Weight.ONE_WAY: "◐",
    Weight.PARTLY: "◔",
    Weight.NOTHING: "○",
}
LEGEND = _(
    "● alone makes the difference   ◐ one way only   ◔ a part of it   ○ changes no answer. "
    "Click, or Shift+D: both panes go there."
)
DECIDE, OWN_READ = _("Decide…  Ctrl+Enter"), _("Read it yourself…")
ROW_PX, MOST_ROWS = 20, 9
"""The list of reasons is as high as it needs to be, up to so many rows; it scrolls beyond."""


class AdjudicationPanel(QWidget):
    """Shows discordances and reasons, and offers to decide."""

    reason_wanted = Signal(int)
    decision_wanted = Signal()
    own_read_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.differs, self.legend, self.series = QLabel(), QLabel(LEGEND), QLabel()
        self.series.setStyleSheet("color: #e69f00; font-weight: bold")
        self.legend.setStyleSheet("color: #8a929c")
        self.reasons = QListWidget()
        self.reasons.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.reasons.setWordWrap(True)
        self.reasons.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.decide_button, self.own_button = QPushButton(DECIDE), QPushButton(OWN_READ)
        for button, signal in (
            (self.decide_button, self.decision_wanted),
            (self.own_button, self.own_read_wanted),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, signal=signal: signal.emit())
        self.reasons.itemClicked.connect(
            lambda item: self.reason_wanted.emit(self.reasons.row(item))
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for label in (self.differs, self.legend, self.series):
            label.setWordWrap(True)
        for widget in (
            self.differs,
            self.reasons,
            self.legend,
            self.series,
            self.decide_button,
            self.own_button,
        ):
            layout.addWidget(widget)

    def show_case(
        self, differs: tuple[Discordance, ...], reasons: tuple[Reason, ...], *, own: bool
    ) -> None:
        """Show in what two reads differ and why; ``own``: the charter allows a read of one's own.

        The first reason is the weightiest.
        """
        told = "".join(f"<li>{escape(discordance_words(one))}</li>" for one in differs)
        heading = _("The reads differ in:")
        self.differs.setText(f"<b>{heading}</b><ul style='margin: 2px'>{told}</ul>")
        self.reasons.clear()
        for reason in reasons:
            item = QListWidgetItem(f"{WEIGHT_MARKS[reason.weight]} {reason.difference.words}")
            item.setToolTip(f"{coded(reason.code)}: {coded(reason.weight)}")
            if reason.decisive:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            self.reasons.addItem(item)
        self.reasons.setFixedHeight(ROW_PX * (1 + min(max(len(reasons), 1), MOST_ROWS)))
        self.own_button.setVisible(own)

    def show_place(self, reason: int, series: str) -> None:
        """Show which reason was gone to, and which series were measured where they differ."""
        self.reasons.setCurrentRow(reason)
        self.series.setText(series)
        self.series.setVisible(bool(series))

    def show_decided(self, words: str) -> None:
        """Show what was decided, "" while nothing is."""
        self.decide_button.setEnabled(not words)
        self.own_button.setEnabled(not words)
        self.decide_button.setText(words or DECIDE)
