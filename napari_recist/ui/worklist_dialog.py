"""The reader's worklist: coded patients in their own order, and what is left of each."""

from collections.abc import Callable, Sequence

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_recist.reading.my_patients import Left, MyPatient
from napari_recist.translation import _, coded

SUBJECT = int(Qt.ItemDataRole.UserRole)


class WorklistDialog(QDialog):
    """Lists patients; Enter, a double click or the button opens the chosen one.

    Parameters
    ----------
    parent : QWidget
        The window it belongs to.
    patients : sequence of MyPatient
        The worklist.
    current : str
        The patient that is open, chosen to begin with.
    go : callable
        Opens a patient by its code.
    """

    def __init__(
        self,
        parent: QWidget,
        patients: Sequence[MyPatient],
        current: str,
        go: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Worklist"))
        self._go = go
        self.patients = QListWidget()
        for one in patients:
            item = QListWidgetItem(patient_words(one))
            item.setData(SUBJECT, one.subject)
            self.patients.addItem(item)
            if one.subject == current:
                self.patients.setCurrentItem(item)
        left = sum(one.left is not Left.NOTHING for one in patients)
        self.open_button = QPushButton(_("Open"))
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(lambda _on=False: self.open_chosen())
        self.patients.itemActivated.connect(lambda _item: self.open_chosen())
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(_("Patients with something left to do: {count}", count=left)))
        layout.addWidget(self.patients)
        layout.addWidget(self.open_button)
        self.resize(620, 520)
        self.patients.setFocus()

    def open_chosen(self) -> None:
        """Open the chosen patient, once."""
        item = self.patients.currentItem()
        if item is not None and self.isVisible():
            self.accept()
            self._go(item.data(SUBJECT))


def patient_words(one: MyPatient) -> str:
    """Return a patient of the worklist in one line."""
    if one.week is None:
        return f"{one.subject}   {coded(one.left)}"
    visit = _("Baseline") if one.week == 0 else _("Week {week}", week=one.week)
    reason = _(", because {reason}", reason=one.reason) if one.reason else ""
    return f"{one.subject}   {visit}: {coded(one.left)}{reason}"
