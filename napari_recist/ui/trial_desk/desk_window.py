"""The trial desk as a window of its own: no image is needed for it."""

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut
from qtpy.QtWidgets import QLabel, QMainWindow, QPushButton, QSizePolicy, QToolBar, QWidget

from napari_recist.translation import _, coded
from napari_recist.trial import Trial
from napari_recist.ui.desk_style import DESK_STYLE
from napari_recist.ui.idle_lock import IdleLock
from napari_recist.ui.trial_desk.desk_tabs import DeskTabs

TITLE = _("Trial desk")
"""Title of the window: it is seen in lists of windows and tells nothing about the trial."""
LOCK_KEY = "Ctrl+L"


class TrialDesk:
    """A window with the tabs of a role; it locks when nobody is at it.

    Parameters
    ----------
    trial : Trial
        The trial as whoever is at the desk has it open. The owner of a file has no password to
        open a lock with, so that desk does not lock.

    Raises
    ------
    AccessRefusedError
        If their role has no desk.
    """

    def __init__(self, trial: Trial) -> None:
        self.tabs = DeskTabs(trial)
        self.window = QMainWindow()
        self.window.setWindowTitle(TITLE)
        self.window.setStyleSheet(DESK_STYLE)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.window.setCentralWidget(self.tabs)
        self.window.addToolBar(self._bar(trial))
        self.idle = IdleLock(trial, self.close) if trial.person else None
        if self.idle is not None:
            QShortcut(QKeySequence(LOCK_KEY), self.window, self.idle.lock)
            self.lock_button.clicked.connect(self.idle.lock)
            self.window.destroyed.connect(self.idle.stop)
        self._lock_action.setVisible(self.idle is not None)
        self.window.setGeometry(self.window.screen().availableGeometry())
        self.window.showMaximized()
        self.tabs.refresh()  # only now the columns know how wide their words are

    def close(self) -> None:
        """Close the window; nothing needs saving."""
        if self.idle is not None:
            self.idle.stop()
        self.window.close()

    def _bar(self, trial: Trial) -> QToolBar:
        bar = QToolBar(TITLE)
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        role = coded(trial.person.role) if trial.person else _("owner of the file")
        settings = trial.charter.trial
        title = QLabel(f"<b>{settings.id}</b>  {settings.title}")
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.lock_button = QPushButton(_("Lock ({key})", key=LOCK_KEY))
        self.refresh_button = QPushButton(_("Refresh"))
        self.refresh_button.clicked.connect(lambda _on=False: self.tabs.refresh())
        for part in (title, space, QLabel(f"{trial.actor}, {role}  "), self.refresh_button):
            bar.addWidget(part)
        self._lock_action = bar.addWidget(self.lock_button)
        return bar
