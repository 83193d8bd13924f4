"""What stands where a locked workplace was: who may open it again, and a field for the password."""

from collections.abc import Callable
from typing import Any

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from napari_recist.errors import RecistError
from napari_recist.reading.faults import for_reader
from napari_recist.translation import _
from napari_recist.ui.sign_in import REFUSAL_STYLE

TITLE = _("Locked")
STYLE = """
QWidget { background: #171c22; color: #eef2f6 }
QLineEdit { background: #2b333d; border: 1px solid #465261; padding: 6px }
QPushButton { background: #2b333d; border: 1px solid #465261; padding: 6px 14px }
"""


class LockScreen(QWidget):
    """Asks for the password of one person; ``unlocked`` when it is right, ``left`` to sign out.

    Parameters
    ----------
    name : str
        Who may open the workplace again.
    check : callable
        Called with a password; raises :class:`RecistError` when it is not theirs.
    """

    unlocked = Signal()
    left = Signal()

    def __init__(self, name: str, check: Callable[[str], None]) -> None:
        super().__init__()
        self._check, self._over = check, False
        self.setWindowTitle(TITLE)
        self.setStyleSheet(STYLE)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.password, self.refusal = QLineEdit(), QLabel()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.refusal.setWordWrap(True)
        self.refusal.setStyleSheet(REFUSAL_STYLE)
        self.unlock_button = QPushButton(_("Unlock"))
        self.sign_out_button = QPushButton(_("Sign out"))
        self.unlock_button.clicked.connect(lambda _on=False: self.submit())
        self.sign_out_button.clicked.connect(lambda _on=False: self.left.emit())
        self.password.returnPressed.connect(self.submit)
        self._lay_out(name)

    def cover(self, window: QWidget | None) -> None:
        """Stand where a window stands, as large as it is."""
        if window is not None:
            self.setGeometry(window.geometry())
            self.setWindowState(window.windowState())
        self.show()
        self.raise_()
        self.activateWindow()
        self.password.setFocus()

    def submit(self) -> None:
        """Unlock with the password typed, or say why not."""
        password = self.password.text()
        self.password.clear()
        try:
            self._check(password)
        except RecistError as refusal:
            self.refusal.setText(str(for_reader(refusal)))
            self.password.setFocus()
            return
        self.unlocked.emit()

    def put_away(self) -> None:
        """Close for good."""
        self._over = True
        self.close()
        self.deleteLater()

    def closeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Take a person's wish to close it as signing out."""
        if self._over:
            super().closeEvent(event)
            return
        event.ignore()
        self.left.emit()

    def _lay_out(self, name: str) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.unlock_button)
        buttons.addStretch(1)
        buttons.addWidget(self.sign_out_button)
        title = QLabel(f"<span style='font-size: 20pt'>{TITLE}</span>")
        told = QLabel(_("{name} is signed in. The password opens the window again.", name=name))
        self.password.setPlaceholderText(_("Password"))
        grid = QGridLayout(self)
        for row, part in enumerate((title, told, self.password, self.refusal)):
            grid.addWidget(part, row + 1, 1)
        grid.addLayout(buttons, 5, 1)
        grid.setColumnMinimumWidth(1, 360)
        for edge in (0, 6):
            grid.setRowStretch(edge, 1)
        for edge in (0, 2):
            grid.setColumnStretch(edge, 1)
