"""The table of both reads: a click on a cell goes to its lesion at its visit in both panes."""

from typing import Any

from psygnal import Signal
from qtpy.QtCore import QAbstractTableModel, QModelIndex, Qt
from qtpy.QtGui import QColor, QFont
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from napari_recist.reading.adjudication import LesionOnTable
from napari_recist.ui.adjudication_rows import TableRow
from napari_recist.ui.caliper_drawing import READ_COLOURS

TITLE_COLUMN, FIRST_VISIT_COLUMN = 0, 1
DIFFERS_GROUND = QColor("#7a2e52")
"""Ground of cells that differ, of another lightness than the table's; they are bold as well."""
LETTERS = ("A", "B")
HEADER_PX, FRAME_PX = 44, 22
Role_ = Qt.ItemDataRole


class BothReadsModel(QAbstractTableModel):
    """Shows rows made by :func:`table_rows`: a title, then two columns a visit."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[TableRow, ...] = ()
        self.visits: tuple[str, ...] = ()
        self.visit = ""

    def show(self, rows: tuple[TableRow, ...], visits: tuple[str, ...], visit: str) -> None:
        """Show other rows, or another visit looked at."""
        self.beginResetModel()
        self.rows, self.visits, self.visit = rows, visits, visit
        self.endResetModel()

    def visit_of(self, column: int) -> str:
        """Return the visit of a column, "" of the titles."""
        return self.visits[(column - FIRST_VISIT_COLUMN) // 2] if column else ""

    # Qt's own names from here on

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return the titles and two columns a visit."""
        inside = parent is not None and parent.isValid()
        return 0 if inside else FIRST_VISIT_COLUMN + 2 * len(self.visits)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role_.DisplayRole
    ) -> Any:
        """Return a column's visit and the letter of its read."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        visit = self.visit_of(section)
        match role:
            case Role_.DisplayRole:
                return f"{visit}\n{_letter(section)}" if visit else ""
            case Role_.FontRole:
                return _bold() if visit == self.visit else None
            case Role_.ForegroundRole:
                return READ_COLOURS[_letter(section)] if visit else None
        return None

    def data(self, index: QModelIndex, role: int = Role_.DisplayRole) -> Any:
        """Return what a cell shows in one of Qt's roles."""
        row, column = self.rows[index.row()], index.column()
        if column == TITLE_COLUMN:
            return row.title if role in {Role_.DisplayRole, Role_.ToolTipRole} else None
        cell = row.cells[column - FIRST_VISIT_COLUMN]
        shown = {
            Role_.DisplayRole: cell.text.replace("/", "/\n"),
            Role_.ToolTipRole: cell.tip or None,
            Role_.TextAlignmentRole: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            Role_.ForegroundRole: READ_COLOURS[_letter(column)],
            Role_.BackgroundRole: DIFFERS_GROUND if cell.differs else None,
            Role_.FontRole: _bold() if cell.differs else None,
        }
        return shown.get(Role_(role))


class BothReadsTable(QTableView):
    """The table as it takes clicks; it leaves every key to the pictures."""

    chosen = Signal(object, str)
    """The lesion of the row clicked, ``None`` below the lesions, and the visit, "" of a title."""

    def __init__(self) -> None:
        super().__init__()
        self.both = BothReadsModel()
        self.setModel(self.both)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setMinimumSectionSize(30)
        self.horizontalHeader().setFixedHeight(HEADER_PX)
        self.clicked.connect(self._clicked)

    def show_rows(
        self,
        rows: tuple[TableRow, ...],
        visits: tuple[str, ...],
        visit: str,
        lesion: LesionOnTable | None,
    ) -> None:
        """Show the table, the visit looked at in view and the chosen lesion's row selected."""
        self.both.show(rows, visits, visit)
        self.resizeRowsToContents()
        heights = (self.rowHeight(row) for row in range(len(rows)))
        self.setFixedHeight(sum(heights) + HEADER_PX + FRAME_PX)
        places = [place for place, row in enumerate(rows) if lesion and row.lesion == lesion]
        if places:
            self.selectRow(places[0])
        if visit in visits:
            self.scrollTo(self.both.index(0, 2 + 2 * visits.index(visit)))

    def _clicked(self, index: QModelIndex) -> None:
        lesion = self.both.rows[index.row()].lesion
        self.chosen.emit(lesion, self.both.visit_of(index.column()))


def _letter(column: int) -> str:
    return LETTERS[(column - FIRST_VISIT_COLUMN) % 2]


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
