"""The proposals of the visit below the lesion list: which there are, and what becomes of each."""

from dataclasses import dataclass

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_recist.translation import _
from napari_recist.ui.caliper_drawing import PROPOSAL_COLOUR

ROWS_SHOWN = 4
"""More proposals are scrolled to."""
SPACING_PX = 2


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in words; ``number`` names it."""

    number: int
    words: str


class ProposalList(QWidget):
    """A list, hidden while nothing is proposed, and a button for each answer."""

    chosen = Signal(int)
    """A proposal was clicked on: go there."""
    accepted = Signal()
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title, self.rows = QLabel(), QListWidget()
        self.accept_button = QPushButton(_("Accept  Enter"))
        self.dismiss_button = QPushButton(_("Dismiss  Shift+D"))
        self.rows.setSpacing(SPACING_PX)
        self.title.setStyleSheet(f"color: {PROPOSAL_COLOUR.name()}")
        for widget in (self.rows, self.accept_button, self.dismiss_button):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.itemClicked.connect(self._on_click)
        self.accept_button.clicked.connect(lambda _checked=False: self.accepted.emit())
        self.dismiss_button.clicked.connect(lambda _checked=False: self.dismissed.emit())
        layout, buttons = QVBoxLayout(self), QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        for button in (self.accept_button, self.dismiss_button):
            buttons.addWidget(button)
        layout.addWidget(self.title)
        layout.addWidget(self.rows)
        layout.addLayout(buttons)
        self.hide()

    def show_proposals(self, rows: tuple[ProposalRow, ...], opened: int) -> None:
        """Show what waits at the visit; ``opened`` is the number of the one being looked at."""
        self.rows.clear()
        for row in rows:
            item = QListWidgetItem(row.words)
            item.setData(Qt.ItemDataRole.UserRole, row.number)
            self.rows.addItem(item)
        self.title.setText(_("Proposals, not counted: {count}  (Shift+G)", count=len(rows)))
        height = (self.rows.sizeHintForRow(0) + 2 * SPACING_PX) * min(len(rows), ROWS_SHOWN)
        self.rows.setFixedHeight(height + 2 * self.rows.frameWidth())
        self.mark(opened)
        self.setVisible(bool(rows))

    def mark(self, opened: int) -> None:
        """Mark the proposal that is looked at; none can be answered while none is."""
        for place in range(self.rows.count()):
            item = self.rows.item(place)
            item.setSelected(item.data(Qt.ItemDataRole.UserRole) == opened)
        for button in (self.accept_button, self.dismiss_button):
            button.setEnabled(bool(opened))

    def _on_click(self, item: QListWidgetItem) -> None:
        self.chosen.emit(int(item.data(Qt.ItemDataRole.UserRole)))
