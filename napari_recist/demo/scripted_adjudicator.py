"""An adjudicator who settles the sample trial by keys alone, and what is true of each case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qtpy.QtWidgets import QWidget

from napari_recist.criteria.discordance import progression_visit
from napari_recist.demo import gestures
from napari_recist.demo.comparison import ResponseCheck
from napari_recist.phantom import TrialTruth
from napari_recist.reading.adjudication import waiting_cases
from napari_recist.trial import (
    AdjudicationReason,
    Trial,
    TrialRole,
    accepted_reader,
    end_follow_up,
)
from napari_recist.ui.adjudication_room import AdjudicationRoom, adjudication_room

END = "the sample trial has no later visit"
ADJUDICATED = "adjudicated"
TWO = 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which reader is right about a patient, and by what an adjudicator can tell, blinded.

    ``progressed_at`` is the visit of the true progression: the right read is the one that has it.
    """

    reader: str
    progressed_at: str
    reason: AdjudicationReason
    comment: str


RULINGS = {
    "NRC-003-0001": Ruling(
        reader="R2",
        progressed_at="W24",
        reason=AdjudicationReason.NEW_LESION,
        comment="the focus in segment VI is new at week 24",
    )
}
"""The patients whose readers differ in what the charter names, worked out by hand: a lesion of
11.3 mm grew in segment VI before week 24. R1 calls it equivocal, so nothing progresses; R2 calls it
unequivocal, which is progression (W-1). Best responses agree: the PR of R2 is never confirmed."""


def settle(
    trial: Trial, truth: TrialTruth, out: Path, password: str, told: Callable[[str], None]
) -> Iterator[ResponseCheck]:
    """End the follow-up of each patient, settle what waits through the window, and compare.

    Pictures of the room go into ``screenshots`` of ``out``.
    """
    read_twice = [
        one.code for one in truth.subjects if len(trial.assignment(one.code).readers) >= TWO
    ]
    for code in read_twice:
        end_follow_up(trial, code, END)
    settled: set[str] = set()
    for name in trial.people().of_role(TrialRole.ADJUDICATOR) if read_twice else ():
        told(f"Adjudicating as {name}")
        settled |= _settle_all(trial.sign_in(name, password), out / "screenshots", password)
    for code in read_twice:
        ruling = RULINGS.get(code)
        due, done = ("yes" if one else "no" for one in (ruling, code in settled))
        yield ResponseCheck(code, ADJUDICATED, "", "calls for adjudication", due, done)
        if ruling is not None:
            accepted = accepted_reader(trial, code)
            yield ResponseCheck(code, ADJUDICATED, "", "accepted read", ruling.reader, accepted)


def _settle_all(seat: Trial, pictures: Path, password: str) -> set[str]:
    """Settle all that waits for an adjudicator, one case after the other in one window."""
    cases = waiting_cases(seat)
    if not cases:
        return set()
    room = adjudication_room(seat)
    try:
        for _case in cases:
            ScriptedAdjudicator(room, password, pictures).settle()
    finally:
        room.close()
        gestures.put_away()
    return set(cases)


class ScriptedAdjudicator:
    """Looks at a case and decides it; knows what is true of the patient, and no reader's name.

    Parameters
    ----------
    room : AdjudicationRoom
        The room, open on a case.
    password : str
        The adjudicator's password.
    pictures : Path
        Where pictures of the window go.
    """

    def __init__(self, room: AdjudicationRoom, password: str, pictures: Path) -> None:
        self.room, self.pictures = room, pictures
        self._password = password

    def settle(self) -> None:
        """Look at both reads, fill in the form by keys, and sign."""
        session = self.room.session
        gestures.settle(0.5)
        self.picture(f"{session.subject}-adjudication")
        self.press("Shift+H")
        self.press("Ctrl+Return")
        self.fill_in(RULINGS[session.subject])
        self.picture(f"{session.subject}-adjudication-decision")
        gestures.write(self._form, self._password)
        gestures.press(self._form, "Return")
        gestures.settle(0.2)
        if session.decision is None:
            told = self.room.dialog.refusal.text() if self.room.dialog else "the form is gone"
            raise AssertionError(f"{session.subject} was not settled: {told}")

    def fill_in(self, ruling: Ruling) -> None:
        """Choose the read, the reason and the comment in the open form, and go to the password."""
        right = next(
            place
            for place, read in enumerate(self.room.session.reads)
            if progression_visit(read.assessment) == ruling.progressed_at
        )
        for _step in range(right):
            gestures.press(self._form, "Right")
        gestures.press(self._form, "Space")
        gestures.press(self._form, "Tab")
        for _step in range(1 + list(AdjudicationReason).index(ruling.reason)):
            gestures.press(self._form, "Down")
        gestures.press(self._form, "Tab")
        gestures.write(self._form, ruling.comment)
        gestures.press(self._form, "Tab")

    def press(self, key: str) -> None:
        """Press a key on the right picture."""
        gestures.press(self.room.right.canvas_widget, key)
        gestures.settle(0.2)

    def picture(self, name: str) -> None:
        """Take a picture of the window and of what lies over it."""
        gestures.settle(0.2)
        window = self.room.window
        corner = window.mapToGlobal(window.rect().topLeft())
        place = (corner.x(), corner.y(), window.width(), window.height())
        window.screen().grabWindow(0, *place).save(str(self.pictures / f"{name}.png"))

    @property
    def _form(self) -> QWidget:
        """What has the keys in the open form."""
        form = self.room.dialog
        widget = form.focusWidget() if form is not None else None
        if widget is None:
            raise AssertionError("the form of the decision is not open")
        return widget
