"""The list of a visit's series: which is measured on, in what it departs, and why all the same."""

from collections.abc import Callable
from dataclasses import dataclass

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_recist.criteria import WhyNotEvaluable
from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.reading.series_ranking import RankedSeries
from napari_recist.translation import _, coded
from napari_recist.trial import SeriesEntry
from napari_recist.ui.series_words import REASONS, series_row


@dataclass(frozen=True, slots=True)
class SeriesQuestion:
    """What the dialog asks: of which visit, among which series, and what a change would cost.

    ``drawn`` names the lesions measured at the visit, which a change of series withdraws.
    """

    visit: str
    columns: tuple[str, ...]
    series: tuple[RankedSeries, ...]
    read_on: SeriesEntry
    drawn: tuple[str, ...]
    locked: bool
    at_baseline: bool


class SeriesDialog(QDialog):
    """Shows the series, best match first, and hands on what the reader decides.

    It stays open, saying why, when the choice is refused.

    Parameters
    ----------
    parent : QWidget
        The window it belongs to.
    question : SeriesQuestion
        What is asked.
    choose : callable
        Called with (series, reason); raises :class:`RecistError` to refuse.
    not_evaluable : callable
        Called with reason and code; raises likewise.
    """

    def __init__(
        self,
        parent: QWidget,
        question: SeriesQuestion,
        choose: Callable[[SeriesEntry, str], object],
        not_evaluable: Callable[[str, WhyNotEvaluable | None], object],
    ) -> None:
        super().__init__(parent)
        self.question = question
        self._choose, self._not_evaluable = choose, not_evaluable
        self.setWindowTitle(_("Series of {visit}", visit=question.visit))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.table = QTableWidget(0, len(question.columns))
        self.departures, self.cost, self.refusal = QLabel(), QLabel(), QLabel()
        self.reason, self.code = QComboBox(), QComboBox()
        self.measure_button = QPushButton(_("Measure on this series (Enter)"))
        self.not_evaluable_button = QPushButton(_("Visit not evaluable"))
        self.back_button = QPushButton(_("Back (Esc)"))
        self._lay_out()
        self._fill()
        self._wire()

    @property
    def chosen(self) -> RankedSeries:
        """The series on the line that is marked."""
        return self.question.series[max(self.table.currentRow(), 0)]

    def measure(self) -> None:
        """Measure on the series marked, or say why not."""
        if self.measure_button.isEnabled():
            self._try(lambda: self._choose(self.chosen.entry, self.reason.currentText()))

    def say_not_evaluable(self) -> None:
        """Say that the visit cannot be evaluated, or say why not."""
        code = self.code.currentData()
        self._try(lambda: self._not_evaluable(self.reason.currentText(), code))

    def _try(self, decide: Callable[[], object]) -> None:
        try:
            decide()
        except RecistError as refusal:
            self.refusal.setText(str(for_reader(refusal)))
            self.reason.setFocus()
            return
        self.accept()

    def _show_chosen(self) -> None:
        chosen, question = self.chosen, self.question
        self.departures.setText(series_row(chosen, question.read_on).why or _("It matches."))
        changes = chosen.entry != question.read_on
        lost = ", ".join(question.drawn) if changes else ""
        self.cost.setText(
            _("Withdraws what was measured at this visit: {lost}.", lost=lost) if lost else ""
        )
        self.measure_button.setEnabled(chosen.measurable and not question.locked)

    def _wire(self) -> None:
        self.table.currentCellChanged.connect(lambda *_cells: self._show_chosen())
        self.table.cellDoubleClicked.connect(lambda *_cell: self.measure())
        self.measure_button.clicked.connect(lambda _on=False: self.measure())
        self.not_evaluable_button.clicked.connect(lambda _on=False: self.say_not_evaluable())
        self.back_button.clicked.connect(lambda _on=False: self.reject())
        self.not_evaluable_button.setEnabled(
            not self.question.locked and not self.question.at_baseline
        )
        rows = [found.entry for found in self.question.series]
        self.table.setCurrentCell(rows.index(self.question.read_on), 0)
        self._show_chosen()
        self.table.setFocus()

    def _fill(self) -> None:
        self.table.setRowCount(len(self.question.series))
        for place, found in enumerate(self.question.series):
            row = series_row(found, self.question.read_on)
            for column, text in enumerate(row.cells):
                item = QTableWidgetItem(text)
                item.setToolTip(row.why)
                self.table.setItem(place, column, item)

    def _lay_out(self) -> None:
        self.table.setHorizontalHeaderLabels(self.question.columns)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.reason.setEditable(True)
        self.reason.addItems(REASONS)
        self.reason.setCurrentText("")
        self.reason.lineEdit().setPlaceholderText(_("why on this series? (required if it departs)"))
        for code in WhyNotEvaluable:
            self.code.addItem(coded(code), code)
        self.code.setPlaceholderText(_("why the visit is not evaluable"))
        self.code.setCurrentIndex(-1)
        self.refusal.setStyleSheet("color: #e69f00")
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(_("● measured on   ○ proposed: the best match comes first")))
        layout.addWidget(self.table)
        for label in (self.departures, self.cost, self.refusal):
            label.setWordWrap(True)
            layout.addWidget(label)
        form = QFormLayout()
        form.addRow(_("reason"), self.reason)
        form.addRow(_("not evaluable"), self.code)
        layout.addLayout(form)
        buttons = QHBoxLayout()
        buttons.addWidget(self.not_evaluable_button)
        buttons.addStretch(1)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.measure_button)
        for button in (self.not_evaluable_button, self.back_button, self.measure_button):
            button.setAutoDefault(False)
        self.measure_button.setDefault(True)
        layout.addLayout(buttons)
        self.setMinimumSize(820, 330)
