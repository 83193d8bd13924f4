"""The end of a visit and of a patient: the signature, then what is read next."""

from collections.abc import Callable
from typing import Any

from napari_recist.reading import ReadingSession
from napari_recist.reading.proposals import waiting
from napari_recist.translation import _
from napari_recist.ui.sign_dialog import ReviewToSign, Signable, SignDialog, ToSign

ALL_READ = _("Every patient of this trial is read.")
REVIEW_BEGUN = _("All visits are open once more.")
HASH_SHOWN = 12
"""So many characters of a hash are enough to compare it by eye."""


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
        if self.dialog is not None:
            return
        if session.read.reviewing:
            self._open(_review(session), lambda password, _meaning: session.sign_review(password))
        elif session.locked:
            self._go_on()
        else:
            self._open(_visit(session), session.sign_visit)

    def _open(self, wanted: Signable, sign: Callable[[str, str], object]) -> None:
        self._room.tool.let_go()
        self.dialog = SignDialog(self._room.window, wanted, sign)
        self.dialog.finished.connect(self._answered)
        self.dialog.open()

    def _answered(self, _result: int) -> None:
        self.dialog = None
        session = self._room.session
        if session.locked and session.next_visit and not session.read.reviewed:
            self._room.open_visit(session.next_visit)

    def _go_on(self) -> None:
        room = self._room
        if not room.session.why_no_review:
            if room.guard(room.session.begin_review):
                room.say(REVIEW_BEGUN)
            return
        if room.successor is None or room.session.next_visit:
            return
        following = room.successor()
        if following is None:
            room.say(ALL_READ)
        else:
            room.read(following)


def _visit(session: ReadingSession) -> ToSign:
    return ToSign(
        session.subject,
        session.week_label(session.visit),
        session.reader,
        session.assessment.visit(session.visit),
        session.unfinished(),
        session.advice(),
        charter_words(session),
        proposals=len(waiting(session)),
    )


def _review(session: ReadingSession) -> ReviewToSign:
    visits = tuple(
        (session.week_label(visit.identifier), session.assessment.visit(visit.identifier))
        for visit in session.read.visits
    )
    gaps = session.unfinished_review()
    return ReviewToSign(session.subject, session.reader, visits, gaps, charter_words(session))


def charter_words(session: ReadingSession) -> str:
    """Return by which version of the charter a read is judged."""
    version = session.trial.charter_of(session.events)
    return _(
        "charter version {version}, {hash}",
        version=version.adopted.version,
        hash=version.charter_hash[:HASH_SHOWN],
    )
