"""Closing with an unfinished visit: says what is unfinished, and leaves if that is wished."""

from collections.abc import Callable
from html import escape
from typing import Any

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QMessageBox, QWidget

from napari_recist.reading import ReadingSession
from napari_recist.translation import _

SHOWN = 8
"""So many open points are named; a reader who leaves wants the gist."""


def unfinished_html(session: ReadingSession) -> str:
    """Return what is unfinished at the current visit, "" where nothing was begun or all is signed.

    Whoever only opened a baseline has begun nothing.
    """
    if session.locked or not session.read.lesions:
        return ""
    gaps = session.unfinished()
    visit = escape(
        _("{visit} of {subject}", visit=session.week_label(session.visit), subject=session.subject)
    )
    if not gaps:
        return _("<b>{visit} is complete, but not signed.</b>", visit=visit)
    named = "".join(f"<li>{escape(gap)}</li>" for gap in gaps[:SHOWN])
    more = _("<li>and {count} more</li>", count=len(gaps) - SHOWN) if len(gaps) > SHOWN else ""
    return _(
        "<b>{visit} is not finished:</b><ul>{named}{more}</ul>", visit=visit, named=named, more=more
    )


class Leaving:
    """Asks before a person closes the window on an unfinished visit.

    A program that closes the window, or the whole application, is not asked.

    Parameters
    ----------
    close : callable
        Closes the window.
    """

    def __init__(self, close: Callable[[], None]) -> None:
        self._close = close
        self.dialog: QMessageBox | None = None

    def ask(self, parent: QWidget, session: ReadingSession) -> None:
        """Close at once where nothing is unfinished; else tell, and leave it to the reader."""
        words = unfinished_html(session)
        if not words:
            self._close()
        elif self.dialog is None:
            self.dialog = self._asked(parent, words)
            self.dialog.finished.connect(self._answered)
            self.dialog.open()

    def _asked(self, parent: QWidget, words: str) -> QMessageBox:
        box = QMessageBox(parent)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(_("Leave the reading room?"))
        box.setText(words)
        box.setInformativeText(
            _("Everything said so far is kept. Opened again, the room leads back to this place.")
        )
        self.stay_button = box.addButton(_("Stay"), QMessageBox.ButtonRole.RejectRole)
        self.leave_button = box.addButton(_("Leave"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(self.leave_button)
        box.setEscapeButton(self.stay_button)
        return box

    def _answered(self, _result: Any) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None and dialog.clickedButton() is self.leave_button:
            self._close()
