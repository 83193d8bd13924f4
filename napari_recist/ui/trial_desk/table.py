"""A table that is sorted by a click on its head and filtered by what is typed over it."""

from collections.abc import Iterable, Sequence
from typing import Any

from qtpy.QtCore import QSortFilterProxyModel, Qt
from qtpy.QtGui import QColor, QStandardItem, QStandardItemModel
from qtpy.QtWidgets import QAbstractItemView, QLineEdit, QTableView, QVBoxLayout, QWidget

from napari_recist.translation import _

KEY = int(Qt.ItemDataRole.UserRole)
MARKED = QColor("#e69f00")
"""Rows that ask for something to be done: orange to every kind of colour vision, and worded too."""
WIDEST_PX = 420


class Table(QWidget):
    """Rows of words; what each row stands for is asked with :meth:`chosen`.

    Parameters
    ----------
    head : sequence of str
        The columns.
    """

    def __init__(self, head: Sequence[str]) -> None:
        super().__init__()
        self.filter, self.view = QLineEdit(), QTableView()
        self.filter.setPlaceholderText(_("Filter: words that a row must hold"))
        self.filter.setClearButtonEnabled(True)
        self._model, self._shown = QStandardItemModel(), QSortFilterProxyModel()
        self._shown.setSourceModel(self._model)
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter.textChanged.connect(self._shown.setFilterFixedString)
        self.view.setModel(self._shown)
        self.view.setSortingEnabled(True)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.verticalHeader().hide()
        self.view.horizontalHeader().setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.filter)
        layout.addWidget(self.view)
        self.rename(head)

    def rename(self, head: Sequence[str]) -> None:
        """Give the table other columns, and no rows."""
        self._model.clear()
        self._model.setHorizontalHeaderLabels(list(head))
        self._shown.sort(-1)

    def fill(self, rows: Iterable[tuple[Any, Sequence[str | int]]], marked: Any = ()) -> None:
        """Show rows, each with what it stands for; some of those are marked."""
        kept = self.chosen()
        self._model.removeRows(0, self._model.rowCount())
        for key, words in rows:
            self._model.appendRow([_item(word, key, marked=key in marked) for word in words])
        self.view.resizeColumnsToContents()
        for column in range(self._model.columnCount()):
            if self.view.columnWidth(column) > WIDEST_PX:
                self.view.setColumnWidth(column, WIDEST_PX)
        self.choose(kept)

    def chosen(self) -> Any:
        """Return what the selected row stands for, ``None`` where none is."""
        selected = self.view.selectionModel().selectedRows()
        return selected[0].data(KEY) if selected else None

    def choose(self, key: Any) -> None:
        """Select the row that stands for something, if there is one."""
        for row in range(self._shown.rowCount()):
            if key is not None and self._shown.index(row, 0).data(KEY) == key:
                self.view.selectRow(row)

    def words(self) -> list[list[str]]:
        """Return what is seen, row by row."""
        return [
            [str(self._shown.index(row, column).data()) for column in range(self._columns)]
            for row in range(self._shown.rowCount())
        ]

    @property
    def _columns(self) -> int:
        return self._model.columnCount()


def _item(word: str | int, key: Any, *, marked: bool) -> QStandardItem:
    item = QStandardItem()
    item.setData(word, Qt.ItemDataRole.DisplayRole)
    item.setData(key, KEY)
    if isinstance(word, str):
        item.setToolTip(word)
    if marked:
        item.setForeground(MARKED)
    return item
