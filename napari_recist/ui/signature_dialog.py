"""What every form has that ends in a signature: the password, the two buttons, the refusal."""

from collections.abc import Callable

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.translation import _


class SignatureDialog(QDialog):
    """Signs with the password typed; it stays open, saying why, when it is refused.

    Parameters
    ----------
    parent : QWidget
        The window it belongs to.
    title : str
        Title of the dialog.
    """

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.refusal = QLabel()
        self.refusal.setWordWrap(True)
        self.refusal.setStyleSheet("color: #e69f00")
        self.back_button, self.sign_button = QPushButton(_("Back")), QPushButton(_("Sign"))
        self.sign_button.setDefault(True)
        self.back_button.clicked.connect(self.reject)
        self.sign_button.clicked.connect(lambda _on=False: self.submit())

    def submit(self) -> None:
        """Sign, or say what is missing or why it is refused."""
        raise NotImplementedError

    def _sign_by(self, command: Callable[[], object]) -> None:
        """Run what signs, and close; say why not where it is refused."""
        try:
            command()
        except RecistError as refusal:
            self.refusal.setText(str(for_reader(refusal)))
            self.password.selectAll()
            self.password.setFocus()
            return
        self.accept()

    def _buttons(self, *beside: QWidget) -> QHBoxLayout:
        """Return the row of the buttons, with what stands at its left."""
        row = QHBoxLayout()
        for widget in beside:
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.back_button)
        row.addWidget(self.sign_button)
        return row
