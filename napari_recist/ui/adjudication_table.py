"""The table of both reads: a click on a cell goes to its lesion at its visit in both panes."""

from typing import Any

from psygnal import Signal
from qtpy.QtCore import QAbstractTableModel, QModelIndex, Qt
from qtpy.QtGui import QColor, QFont
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from napari_recist.reading.adjudication import LesionOnTable
from napari_recist.ui.adjudication_rows import TableRow
from napari_recist.ui.caliper_drawing import READ_COLOURS

DIFFERS_GROUND = QColor("#7a2e52")
"""Ground of cells that differ, of another lightness than the table's; they are bold as well."""
CHOSEN_MARK = "▸ "
LETTERS = ("A", "B")
HEADER_PX, FRAME_PX, TITLES_PX = 44, 22, 170
Role_ = Qt.ItemDataRole


class BothReadsModel(QAbstractTableModel):
    """Shows rows made by :func:`table_rows`: two columns a visit, the titles always in view."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[TableRow, ...] = ()
        self.visits: tuple[str, ...] = ()
        self.visit = ""
        self._chosen: LesionOnTable | None = None

    def show(
        self,
        rows: tuple[TableRow, ...],
        visits: tuple[str, ...],
        visit: str,
        chosen: LesionOnTable | None,
    ) -> None:
        """Show other rows, or another visit or lesion looked at."""
        self.beginResetModel()
        self.rows, self.visits, self.visit, self._chosen = rows, visits, visit, chosen
        self.endResetModel()

    def visit_of(self, column: int) -> str:
        """Return the visit of a column."""
        return self.visits[column // 2]

    # Qt's own names from here on

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        """Return two columns a visit."""
        return 0 if parent is not None and parent.isValid() else 2 * len(self.visits)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role_.DisplayRole
    ) -> Any:
        """Return a column's visit and the letter of its read, or a row's title."""
        if orientation == Qt.Orientation.Vertical:
            return self._title(self.rows[section], role)
        visit = self.visit_of(section)
        shown = {
            Role_.DisplayRole: f"{visit}\n{_letter(section)}",
            Role_.FontRole: _bold() if visit == self.visit else None,
            Role_.ForegroundRole: READ_COLOURS[_letter(section)],
        }
        return shown.get(Role_(role))

    def _title(self, row: TableRow, role: int) -> Any:
        chosen = row.lesion is not None and row.lesion == self._chosen
        shown = {
            Role_.DisplayRole: f"{CHOSEN_MARK if chosen else ''}{row.title}",
            Role_.ToolTipRole: row.title,
            Role_.FontRole: _bold() if chosen else None,
            Role_.TextAlignmentRole: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        }
        return shown.get(Role_(role))

    def data(self, index: QModelIndex, role: int = Role_.DisplayRole) -> Any:
        """Return what a cell shows in one of Qt's roles."""
        cell, letter = self.rows[index.row()].cells[index.column()], _letter(index.column())
        shown = {
            Role_.DisplayRole: cell.text.replace("/", "/\n"),
            Role_.ToolTipRole: cell.tip or None,
            Role_.TextAlignmentRole: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            Role_.ForegroundRole: READ_COLOURS[letter],
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
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setMinimumSectionSize(30)
        self.horizontalHeader().setFixedHeight(HEADER_PX)
        self.verticalHeader().setFixedWidth(TITLES_PX)
        self.verticalHeader().setSectionsClickable(True)
        self.verticalHeader().sectionClicked.connect(self._title_clicked)
        self.clicked.connect(self._clicked)

    def show_rows(
        self,
        rows: tuple[TableRow, ...],
        visits: tuple[str, ...],
        visit: str,
        chosen: LesionOnTable | None,
    ) -> None:
        """Show the table, the visit looked at in view and the chosen lesion's row marked."""
        self.both.show(rows, visits, visit, chosen)
        self.resizeRowsToContents()
        heights = (self.rowHeight(row) for row in range(len(rows)))
        self.setFixedHeight(sum(heights) + HEADER_PX + FRAME_PX)
        if rows and visit in visits:
            self.scrollTo(self.both.index(0, 2 * visits.index(visit) + 1))

    def _clicked(self, index: QModelIndex) -> None:
        lesion = self.both.rows[index.row()].lesion
        self.chosen.emit(lesion, self.both.visit_of(index.column()))

    def _title_clicked(self, row: int) -> None:
        self.chosen.emit(self.both.rows[row].lesion, "")


def _letter(column: int) -> str:
    return LETTERS[column % 2]


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
