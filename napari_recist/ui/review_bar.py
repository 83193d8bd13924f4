"""The banner of a global review: all visits are open, what was signed before can be looked at."""

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QToolBar, QToolButton

from napari_recist.translation import _
from napari_recist.ui.visit_bar import STYLE

BANNER_STYLE = "background: #0b3d5c; color: #cfe8ff; padding: 4px 10px; font-weight: bold"


class ReviewBar(QToolBar):
    """Hidden unless the read is, or was, reviewed as a whole."""

    originals_wanted = Signal()
    sign_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Review")
        self.setMovable(False)
        self.setStyleSheet(STYLE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.banner = QLabel()
        self.banner.setStyleSheet(BANNER_STYLE)
        self.addWidget(self.banner)
        self.originals_button = self._button(_("as signed before…"))
        self.sign_button = self._button(_("sign the review…"))
        self.originals_button.clicked.connect(lambda _on=False: self.originals_wanted.emit())
        self.sign_button.clicked.connect(lambda _on=False: self.sign_wanted.emit())
        self._sign_action = self.actions()[-1]
        self.hide()

    def show_review(self, *, open_: bool, closed: bool) -> None:
        """Show that a review is open, or that it was closed; neither hides the bar."""
        self.setVisible(open_ or closed)
        self._sign_action.setVisible(open_)
        self.banner.setText(
            _("GLOBAL REVIEW: all visits are open to change, and are signed together")
            if open_
            else _("Global review signed")
        )

    def _button(self, words: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.addWidget(button)
        return button
