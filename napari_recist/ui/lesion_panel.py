"""The lesion panel: the list over the visits, and what can be said of the chosen lesion."""

from psygnal import Signal
from qtpy.QtCore import QItemSelectionModel, Qt
from qtpy.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from napari_recist.criteria import Advice, Lesion, Role, Status
from napari_recist.translation import _
from napari_recist.ui.lesion_advice import LesionAdvice, question_of
from napari_recist.ui.lesion_form import LesionForm
from napari_recist.ui.lesion_prompt import LesionPrompt, Question
from napari_recist.ui.lesion_table import LesionTableModel, TableState
from napari_recist.ui.lesion_view import LesionView
from napari_recist.ui.proposal_list import ProposalList
from napari_recist.ui.status_row import StatusRow


class LesionPanel(QWidget):
    """Table, buttons, advice and form. It decides nothing: it tells what the reader asked for."""

    chosen = Signal(str)
    """A lesion was chosen in the table."""
    withdrawn = Signal(str, str)
    """A lesion is to leave the list, and why."""
    correction_wanted = Signal()
    """The list says something wrong of the chosen lesion."""
    corrected = Signal(object, str)
    """What a lesion of the list is to be, and why."""
    overridden = Signal(object, str)
    """The :class:`Advice` that is not followed, and why."""

    def __init__(self) -> None:
        super().__init__()
        self.model = LesionTableModel()
        self.table = LesionView(self.model)
        self.prompt = LesionPrompt()
        self.statuses = StatusRow(self.prompt.ask)
        self.advice = LesionAdvice()
        self.form = LesionForm()
        self.proposals = ProposalList()
        self.off_list_button = QPushButton(_("Off the list…  Shift+Z"))
        self.off_list_button.setToolTip(
            _("A lesion listed by mistake leaves the list, with a reason")
        )
        self.off_list_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lesion = ""
        self._wire()
        self._lay_out()

    def show_state(
        self,
        state: TableState,
        lesion: Lesion | None,
        advice: tuple[Advice, ...] = (),
        *,
        locked: bool,
    ) -> None:
        """Show the read with one lesion chosen."""
        name = lesion.identifier if lesion else ""
        if name != self._lesion:
            self.prompt.leave()  # it asked about another lesion
            self.form.stop_correcting()
        self._lesion = name
        self.model.show(state)
        row = self.model.row_of(name) if lesion else -1
        selection = self.table.selectionModel()
        if row >= 0:
            flags = (
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows
            )
            selection.select(self.model.index(row, 0), flags)
        else:
            selection.clearSelection()
        listed = state.read.lesions
        targets = tuple(one.identifier for one in listed if one.role is Role.TARGET)
        self.statuses.offer(lesion, targets, at_baseline=state.at_baseline, locked=locked)
        self.off_list_button.setEnabled(lesion is not None and not locked)
        self.advice.show_advice(advice, name, locked=locked)

    def choose(self, lesion: str) -> None:
        """Choose a lesion as a click on its row does."""
        self.chosen.emit(lesion)

    @property
    def status_buttons(self) -> dict[Status | None, QPushButton]:
        """The buttons that say a status of the chosen lesion; ``None`` takes back."""
        return self.statuses.buttons

    def ask_take_back(self) -> None:
        """Ask why what was said of the chosen lesion is taken back."""
        self.statuses.state(None)

    def ask_off_list(self) -> None:
        """Ask why the chosen lesion leaves the list."""
        name = self._lesion
        if name:
            question = Question(_("{name} leaves the list", name=name))
            self.prompt.ask(question, lambda _, why: self.withdrawn.emit(name, why))

    def begin_correction(self, lesion: Lesion) -> None:
        """Give the keyboard to the form, with what the list says of a lesion in it."""
        self.form.correct(lesion)

    def ask_correct(self, lesion: Lesion) -> None:
        """Ask why a lesion of the list is to be this."""
        question = Question(_("{name} is corrected", name=lesion.identifier))
        self.prompt.ask(question, lambda _none, why: self.corrected.emit(lesion, why))

    def ask_override(self, advice: Advice) -> None:
        """Ask why a piece of advice is not followed."""
        self.prompt.ask(question_of(advice), lambda _, why: self.overridden.emit(advice, why))

    def _wire(self) -> None:
        self.table.chosen.connect(self.chosen.emit)
        self.table.take_back_wanted.connect(self.ask_take_back)
        self.table.off_list_wanted.connect(self.ask_off_list)
        self.form.corrected.connect(self.ask_correct)
        self.table.correction_wanted.connect(self.correction_wanted.emit)
        self.off_list_button.clicked.connect(lambda _checked=False: self.ask_off_list())
        self.advice.answer_wanted.connect(self.ask_override)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.table, self.statuses, self.prompt, self.proposals, self.advice):
            layout.addWidget(widget)
        heading = QHBoxLayout()
        heading.addWidget(QLabel(_("Add to the list  Shift+A")), 1)
        heading.addWidget(self.off_list_button)
        layout.addLayout(heading)
        layout.addWidget(self.form)
