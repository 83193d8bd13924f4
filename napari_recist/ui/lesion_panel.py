"""The lesion panel: the list over the visits, and what can be said of the chosen lesion."""

from dataclasses import dataclass

from psygnal import Signal
from qtpy.QtCore import QItemSelectionModel, QModelIndex, Qt
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from napari_recist.criteria import Lesion, Role, Status
from napari_recist.ui.lesion_form import LesionForm
from napari_recist.ui.lesion_table import PLACE_COLUMN, LesionTableModel, TableState
from napari_recist.ui.lesion_words import STATUS_WORDS, place_text

ROW_PX, HEADER_PX = 28, 30
FEWEST_ROWS, MOST_ROWS = 5, 12
NEEDS_REASON = frozenset({Status.NOT_EVALUABLE})
OFFERED = {
    Role.TARGET: (Status.TOO_SMALL, Status.ABSENT, Status.NOT_EVALUABLE),
    Role.NON_TARGET: (Status.PRESENT, Status.ABSENT, Status.PROGRESSED, Status.NOT_EVALUABLE),
    Role.NEW: (Status.UNEQUIVOCAL, Status.EQUIVOCAL, Status.RESOLVED),
}
"""What can be said by a button; a target is measured by drawing."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The reader says something of a lesion; ``status`` is ``None`` to take back what was said."""

    lesion: str
    status: Status | None
    reason: str = ""


class LesionPanel(QWidget):
    """Table, buttons and form. It decides nothing: it tells what the reader asked for."""

    chosen = Signal(str)
    """A lesion was chosen in the table."""
    stated = Signal(object)
    """A :class:`Statement`."""

    def __init__(self) -> None:
        super().__init__()
        self.model = LesionTableModel()
        self.table = QTableView()
        self.form = LesionForm()
        self.heading = QLabel()
        self.status_buttons: dict[Status | None, QPushButton] = {}
        self._lesion: Lesion | None = None
        self._statuses = QHBoxLayout()
        self.reason = QLineEdit()
        self.reason.hide()
        self.reason.returnPressed.connect(self._reason_given)
        self._asked: Status | None = None
        self._set_up_table()
        self._lay_out()

    def show_state(self, state: TableState, lesion: Lesion | None, *, locked: bool) -> None:
        """Show the read with one lesion chosen."""
        self.model.show(state)
        row = self.model.row_of(lesion.identifier) if lesion else -1
        selection = self.table.selectionModel()
        if row >= 0:
            flags = (
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows
            )
            selection.select(self.model.index(row, 0), flags)
        else:
            selection.clearSelection()
        self._offer_statuses(lesion, locked=locked)

    def choose(self, lesion: str) -> None:
        """Choose a lesion as a click on its row does."""
        self.chosen.emit(lesion)

    def state(self, status: Status | None) -> None:
        """Say a status of the chosen lesion, asking for a reason where one is required."""
        if self._lesion is None:
            return
        if status is None or status in NEEDS_REASON:
            self._asked = status
            what = STATUS_WORDS[status] if status else "take back what was said"
            self.reason.setPlaceholderText(f"{self._lesion.identifier} {what}: why? (Enter)")
            self.reason.clear()
            self.reason.show()
            self.reason.setFocus()
        else:
            self._emit(status, "")

    def _reason_given(self) -> None:
        if self.reason.text().strip():
            self._emit(self._asked, self.reason.text().strip())

    def _emit(self, status: Status | None, reason: str) -> None:
        if self._lesion is not None:
            self.reason.hide()
            self.stated.emit(Statement(self._lesion.identifier, status, reason))

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # Keys belong to the pictures: the table takes clicks and leaves the keyboard alone.
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(34)
        table.clicked.connect(self._clicked)
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.model.modelReset.connect(self._fit_table)

    def _fit_table(self) -> None:
        rows = min(max(self.model.rowCount(), FEWEST_ROWS), MOST_ROWS)
        self.table.setFixedHeight(rows * ROW_PX + HEADER_PX)
        self.table.horizontalHeader().setSectionResizeMode(
            PLACE_COLUMN, QHeaderView.ResizeMode.Stretch
        )

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        layout.addWidget(self.heading)
        layout.addLayout(self._statuses)
        layout.addWidget(self.reason)
        layout.addWidget(QLabel("Add to the list"))
        layout.addWidget(self.form)

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.lesions[index.row()].identifier)

    def _offer_statuses(self, lesion: Lesion | None, *, locked: bool) -> None:
        if lesion == self._lesion and self.status_buttons:
            for button in self.status_buttons.values():
                button.setEnabled(not locked)
            return
        self._lesion = lesion
        self.reason.hide()
        for button in self.status_buttons.values():
            self._statuses.removeWidget(button)
            button.hide()  # it is deleted only when the window has time
            button.deleteLater()
        self.status_buttons = {}
        self.heading.setText(f"{lesion.identifier}  {place_text(lesion)}" if lesion else "")
        for status in (*OFFERED[lesion.role], None) if lesion else ():
            self._add_status(status, locked=locked)

    def _add_status(self, status: Status | None, *, locked: bool) -> None:
        title = STATUS_WORDS[status].capitalize() if status else "Take back"
        asks = status is None or status in NEEDS_REASON
        button = QPushButton(f"{title}…" if asks else title)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setEnabled(not locked)
        button.clicked.connect(lambda _checked=False, said=status: self.state(said))
        self._statuses.addWidget(button)
        self.status_buttons[status] = button
