"""The lesion panel: the list over the visits, and what can be said of the chosen lesion."""

from psygnal import Signal
from qtpy.QtCore import QItemSelectionModel, QModelIndex, Qt
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from napari_recist.criteria import Lesion, Status
from napari_recist.ui.lesion_form import LesionForm
from napari_recist.ui.lesion_table import PLACE_COLUMN, LesionTableModel, TableState
from napari_recist.ui.status_row import StatusRow

ROW_PX, HEADER_PX = 28, 30
FEWEST_ROWS, MOST_ROWS = 5, 12


class LesionPanel(QWidget):
    """Table, buttons and form. It decides nothing: it tells what the reader asked for."""

    chosen = Signal(str)
    """A lesion was chosen in the table."""

    def __init__(self) -> None:
        super().__init__()
        self.model = LesionTableModel()
        self.table = QTableView()
        self.form = LesionForm()
        self.statuses = StatusRow()
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
        self.statuses.offer(lesion, at_baseline=state.at_baseline, locked=locked)

    def choose(self, lesion: str) -> None:
        """Choose a lesion as a click on its row does."""
        self.chosen.emit(lesion)

    @property
    def status_buttons(self) -> dict[Status | None, QPushButton]:
        """The buttons that say a status of the chosen lesion; ``None`` takes back."""
        return self.statuses.buttons

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
        layout.addWidget(self.statuses)
        layout.addWidget(QLabel("Add to the list"))
        layout.addWidget(self.form)

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.lesions[index.row()].identifier)
