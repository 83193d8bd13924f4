"""The oncologist's form: the accepted imaging result beside the clinical data, and a signature."""

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut
from qtpy.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPushButton,
    QRadioButton,
    QWidget,
)

from napari_recist.criteria import Response
from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.translation import _
from napari_recist.trial import Action, Trial
from napari_recist.trial.reads.clinical import (
    MEANING,
    ClinicalCase,
    ClinicalVerdict,
    cases_to_review,
    clinical_case,
    sign_clinical_review,
)
from napari_recist.ui.desk_style import DESK_STYLE
from napari_recist.ui.idle_lock import IdleLock
from napari_recist.ui.response_panel import NOTHING, sum_text
from napari_recist.ui.sign_in import REFUSAL_STYLE
from napari_recist.ui.trial_desk.table import Table

TITLE = _("Clinical review")
LOCK_KEY = "Ctrl+L"
NOTHING_LEFT = _("No patient waits for a clinical review.")


class ClinicalReview:
    """A window with the patients that wait, one patient's case, and the form to sign.

    Parameters
    ----------
    trial : Trial
        The trial as the oncologist has it open.

    Raises
    ------
    AccessRefusedError
        If whoever signed in does not review clinically.
    """

    def __init__(self, trial: Trial) -> None:
        trial.require(Action.REVIEW_CLINICALLY)
        self.trial = trial
        self.case: ClinicalCase | None = None
        self.window = QMainWindow()
        self.window.setWindowTitle(TITLE)
        self.window.setStyleSheet(DESK_STYLE)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.patients, self.says = QListWidget(), QLabel()
        self.result = Table(
            (_("Visit"), _("Sum"), _("Target"), _("Non-target"), _("New"), _("Overall"))
        )
        self.data = Table((_("Clinical data"), _("Value")))
        self.agrees = QRadioButton(_("The result stands with the clinical data"))
        self.differs = QRadioButton(_("With the clinical data the response is"))
        self.response, self.comment = QComboBox(), QLineEdit()
        self.password, self.sign_button = QLineEdit(), QPushButton(_("Sign"))
        self._lay_out()
        self.idle = IdleLock(trial, self.close)
        QShortcut(QKeySequence(LOCK_KEY), self.window, self.idle.lock)
        self.window.destroyed.connect(self.idle.stop)
        self.window.setGeometry(self.window.screen().availableGeometry())
        self.window.showMaximized()
        self.refresh()

    def close(self) -> None:
        """Close the window; nothing needs saving."""
        self.idle.stop()
        self.window.close()

    def refresh(self) -> None:
        """Show the patients that wait, and the first of them."""
        self.patients.clear()
        self.patients.addItems(list(cases_to_review(self.trial)))
        if self.patients.count():
            self.patients.setCurrentRow(0)
        else:
            self._show(None)
            self.says.setText(NOTHING_LEFT)

    def submit(self) -> None:
        """Sign what is filled in, or say why not."""
        if self.case is None:
            return
        password = self.password.text()
        self.password.clear()
        chosen = None if self.agrees.isChecked() else Response(self.response.currentText())
        verdict = ClinicalVerdict(self.agrees.isChecked(), chosen, self.comment.text())
        try:
            sign_clinical_review(self.trial, self.case, verdict, password)
        except RecistError as refusal:
            self.says.setText(str(for_reader(refusal)))
            return
        self.refresh()

    def _choose(self, subject: str) -> None:
        if not subject:
            return
        try:
            self._show(clinical_case(self.trial, subject))
        except RecistError as refusal:
            self._show(None)
            self.says.setText(str(for_reader(refusal)))

    def _show(self, case: ClinicalCase | None) -> None:
        self.case = case
        self.says.setText("")
        self.comment.clear()
        self.password.clear()
        visits = case.visits if case else ()
        self.result.fill(
            (
                one.visit,
                (
                    one.visit,
                    sum_text(one),
                    one.target or NOTHING,
                    one.nontarget or NOTHING,
                    _("yes") if one.new_lesion else _("no"),
                    one.overall or NOTHING,
                ),
            )
            for one in visits
        )
        items = case.items if case else ()
        self.data.fill((place, item) for place, item in enumerate(items))
        for field in (self.agrees, self.differs, self.response, self.comment, self.sign_button):
            field.setEnabled(case is not None)
        self.agrees.setChecked(True)

    def _lay_out(self) -> None:
        self.response.addItems([response.value for response in Response])
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.says.setWordWrap(True)
        self.says.setStyleSheet(REFUSAL_STYLE)
        self.sign_button.clicked.connect(lambda _on=False: self.submit())
        self.password.returnPressed.connect(self.submit)
        self.patients.currentTextChanged.connect(self._choose)
        self.patients.setMaximumWidth(260)
        form = QFormLayout()
        form.addRow(self.agrees)
        form.addRow(self.differs, self.response)
        form.addRow(_("Comment"), self.comment)
        form.addRow(QLabel(f"<i>{MEANING}</i>"))
        form.addRow(_("{name}, password", name=self.trial.actor), self.password)
        form.addRow("", self.sign_button)
        inside = QWidget()
        grid = QGridLayout(inside)
        heads = (_("Waiting"), _("Accepted imaging result"), _("Clinical data"))
        for column, words in enumerate(heads):
            grid.addWidget(QLabel(f"<b>{words}</b>"), 0, column)
        grid.addWidget(self.patients, 1, 0, 3, 1)
        grid.addWidget(self.result, 1, 1)
        grid.addWidget(self.data, 1, 2)
        grid.addLayout(form, 2, 1, 1, 2)
        grid.addWidget(self.says, 3, 1, 1, 2)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(1, 1)
        self.window.setCentralWidget(inside)
