"""What keys and buttons do to lesions: each method is an action of the table of keys."""

from typing import Any

from napari_recist.criteria import Advice, Event, Lesion, Redone, Status, Undone
from napari_recist.reading import ReadingSession
from napari_recist.reading.coded_words import ROLE_WORDS, STATUS_WORDS
from napari_recist.translation import _
from napari_recist.ui.caliper_keys import finish
from napari_recist.ui.lesion_form import NewLesion
from napari_recist.ui.status_row import Statement

NOTHING_DUE = _("Nothing is left to be said: Ctrl+Enter completes the visit.")
NO_LESION = _("Choose a lesion first.")


class LesionActions:
    """Commands on the lesions of a reading room.

    Parameters
    ----------
    room : ReadingRoom
        The room they act on.
    """

    def __init__(self, room: Any) -> None:
        self._room = room

    # what the panels ask for

    def add(self, wanted: NewLesion) -> None:
        """Put a lesion on the list and choose it, ready to be drawn or marked."""
        room = self._room
        before = {lesion.identifier for lesion in room.session.read.lesions}
        proposed = room.proposals.for_new_lesion
        if room.guard(lambda: room.session.list_lesion(wanted.described)):
            after = (lesion.identifier for lesion in room.session.read.lesions)
            room.choose_lesion(next(name for name in after if name not in before))
            room.current.canvas_widget.setFocus()
            self._say_due(room.desk.chosen)
            if proposed:
                room.proposals.accept_number(proposed, room.desk.chosen)

    def state(self, said: Statement) -> None:
        """Record a status of a lesion and go on, or take back what was said of it."""
        room, status = self._room, said.status
        if status is None:
            room.guard(lambda: room.session.withdraw_observation(said.lesion, said.reason))
        elif status is Status.SPLIT:
            room.desk.splitting = True
            room.say(
                _("{lesion} split: draw the longest diameter of each fragment", lesion=said.lesion)
            )
        elif room.guard(
            lambda: room.session.state_status(
                said.lesion, status, said.reason, said.into, said.code
            )
        ):
            self._go_on(said.lesion, STATUS_WORDS[status])

    def withdraw(self, lesion: str, reason: str) -> None:
        """Take a lesion off the list."""
        room = self._room
        following = room.desk.neighbour(1)
        if room.guard(lambda: room.session.withdraw_lesion(lesion, reason)):
            room.choose_lesion(following if following != lesion else "")
            room.say(_("{lesion} is off the list (Ctrl+Z brings it back).", lesion=lesion))

    def correct(self, lesion: Lesion, reason: str) -> None:
        """Correct what the list says of a lesion."""
        room = self._room
        if room.guard(lambda: room.session.correct_lesion(lesion, reason)):
            room.say(_("{lesion} is corrected (Ctrl+Z takes it back).", lesion=lesion.identifier))

    def override(self, advice: Advice, reason: str) -> None:
        """Record why a piece of advice is not followed."""
        room, finding = self._room, advice.finding
        room.guard(lambda: room.session.override_advice(finding.rule, finding.lesion, reason))

    # keys

    def next_due(self) -> None:
        """Choose the next lesion of which something must still be said, and go there."""
        room = self._room
        if room.tool.hand is None and room.proposals.accept():
            return
        finish(room.tool)
        if room.tool.hand is not None:  # the caliper in hand waits for its short axis
            return
        following = room.desk.due_after(room.desk.chosen)
        if following:
            room.choose_lesion(following)
            self._say_due(following)
        else:
            room.say(_("This visit is signed.") if room.session.locked else NOTHING_DUE)

    def state_present(self) -> None:
        """Say that the lesion is present."""
        self._press(Status.PRESENT)

    def state_absent(self) -> None:
        """Say that the lesion is absent, of a new one that it has resolved."""
        self._press(Status.ABSENT, Status.RESOLVED)

    def state_too_small(self) -> None:
        """Say that the lesion is too small to measure."""
        self._press(Status.TOO_SMALL)

    def state_not_evaluable(self) -> None:
        """Ask why the lesion is not evaluable."""
        self._press(Status.NOT_EVALUABLE)

    def state_split(self) -> None:
        """Draw the lesion fragment by fragment."""
        self._press(Status.SPLIT)

    def state_merged(self) -> None:
        """Ask into which target the lesion has merged."""
        self._press(Status.MERGED)

    def state_unequivocal(self) -> None:
        """Say that the new lesion is certain, or that a non-target has certainly progressed."""
        self._press(Status.UNEQUIVOCAL, Status.PROGRESSED)

    def state_equivocal(self) -> None:
        """Say that the lesion is not certain."""
        self._press(Status.EQUIVOCAL)

    def take_back(self) -> None:
        """Ask why what was said of the lesion is taken back."""
        if self._may_change():
            self._room.lesions.ask_take_back()

    def take_off_list(self) -> None:
        """Ask why the lesion leaves the list."""
        if self._may_change():
            self._room.lesions.ask_off_list()

    def correct_lesion(self) -> None:
        """Give the keyboard to the form that corrects what the list says of the lesion."""
        if self._may_change():
            self._room.lesions.begin_correction(self._room.desk.lesion)

    def answer_advice(self) -> None:
        """Ask why the first advice that stands open is not followed."""
        advice = self._room.lesions.advice.first_open()
        if advice is None:
            self._room.say(_("No advice stands unanswered."))
        elif self._may_change(lesion=False):
            self._room.lesions.ask_override(advice)

    def begin_lesion(self) -> None:
        """Give the keyboard to the form that puts a lesion on the list."""
        if self._may_change(lesion=False):
            self._room.proposals.forget_new_lesion()
            self._room.lesions.form.begin()

    def show_why(self) -> None:
        """Show or hide why the response is what it is."""
        self._room.response.why_button.toggle()

    def toggle_trend_lesions(self) -> None:
        """Show the trend of each lesion, or of their sum."""
        self._room.trend.toggle_lesions()

    def undo(self) -> None:
        """Undo the last fact and go where it was stated."""
        self._walk_back(self._room.session.undo, _("Nothing to undo since the last signature."))

    def redo(self) -> None:
        """Redo what was undone last and go where it was stated."""
        self._walk_back(self._room.session.redo, _("Nothing to redo."))

    def _walk_back(self, step: Any, nothing: str) -> None:
        room = self._room
        done: list[bool] = []
        if not room.guard(lambda: done.append(step())):
            return
        if not done[0]:
            room.say(nothing)
            return
        lesion = lesion_touched(room.session.events)
        if lesion != room.desk.chosen and lesion in room.desk.names():
            room.choose_lesion(lesion)

    def _press(self, *statuses: Status) -> None:
        room = self._room
        if not self._may_change():
            return
        possible = room.lesions.status_buttons
        for status in statuses:
            if status in possible:
                room.lesions.statuses.state(status)
                return
        lesion = room.desk.lesion
        words = ", ".join(STATUS_WORDS[status] for status in possible if status)
        what = _(
            "{lesion} is a {role} lesion", lesion=lesion.identifier, role=ROLE_WORDS[lesion.role]
        )
        ways = _("say {words}", words=words) if words else _("draw it")
        room.say(
            _(
                "{what}, which cannot be {status} here: {ways}.",
                what=what,
                status=STATUS_WORDS[statuses[0]],
                ways=ways,
            )
        )

    def _may_change(self, *, lesion: bool = True) -> bool:
        room = self._room
        if room.session.locked:
            room.say(
                _("{visit} is signed: nothing can be changed on it.", visit=room.session.visit)
            )
        elif lesion and room.desk.lesion is None:
            room.say(NO_LESION)
        else:
            return True
        return False

    def _go_on(self, lesion: str, said: str) -> None:
        """Go to what is due next once something was said, so that the hand need not ask for it."""
        room = self._room
        following = room.desk.due_after(lesion)
        if following and following != lesion:
            room.choose_lesion(following)
        room.say(f"{lesion} {said}. {_first_task(room.session, following) or NOTHING_DUE}")

    def _say_due(self, lesion: str) -> None:
        self._room.say(_first_task(self._room.session, lesion))


def _first_task(session: ReadingSession, lesion: str) -> str:
    return next((task.sentence for task in session.tasks() if task.lesion == lesion), "")


def lesion_touched(events: tuple[Event, ...]) -> str:
    """Return the lesion that the last undo or redo was about, "" where it was about none."""
    if not events or not isinstance(events[-1].fact, Undone | Redone):
        return ""
    sequence = events[-1].fact.sequence
    fact = next(event.fact for event in events if event.sequence == sequence)
    lesion = getattr(fact, "lesion", "")
    return lesion.identifier if isinstance(lesion, Lesion) else lesion
