"""The end of a visit and of a patient: the signature, then what is read next."""

from typing import Any

from napari_recist.translation import _
from napari_recist.ui.sign_dialog import SignDialog, ToSign

ALL_READ = _("Every patient of this trial is read.")


class VisitCompletion:
    """Asks for the signature, opens the following visit, and then the next patient.

    Parameters
    ----------
    room : ReadingRoom
        The room whose session is completed.
    """

    def __init__(self, room: Any) -> None:
        self._room = room
        self.dialog: SignDialog | None = None

    def ask(self) -> None:
        """Ask for the signature on the current visit, or go on where that is given."""
        session = self._room.session
        if session.locked:
            self._go_on()
        elif self.dialog is None:
            self._room.tool.let_go()
            words = session.week_label(session.visit)
            assessed = session.assessment.visit(session.visit)
            gaps = session.unfinished()
            shown = session.subject, words, session.reader, assessed, gaps
            visit = ToSign(*shown, session.advice())
            self.dialog = SignDialog(self._room.window, visit, session.sign_visit)
            self.dialog.finished.connect(self._answered)
            self.dialog.open()

    def _answered(self, _result: int) -> None:
        self.dialog = None
        session = self._room.session
        if session.locked and session.next_visit:
            self._room.open_visit(session.next_visit)

    def _go_on(self) -> None:
        room = self._room
        if room.successor is None or room.session.next_visit:
            return
        following = room.successor()
        if following is None:
            room.say(ALL_READ)
        else:
            room.read(following)
