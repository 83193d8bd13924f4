"""A reader who reads at random in a process of its own, until the process is killed."""

import random
from multiprocessing.connection import Connection

from napari_recist.criteria import Role, Status
from napari_recist.reading import ReadingSession
from napari_recist.trial import open_trial
from napari_recist.trial.record.fact_codec import canonical
from tests.trial.conftest import PASSWORD


def read_at_random(url: str, seed: int, acknowledgements: Connection) -> None:
    """Read P1 as anna, sending (sequence, visit, fact) of each gesture once it is shown."""
    dice = random.Random(seed)
    session = ReadingSession(open_trial(url).sign_in("anna", PASSWORD), "P1")

    def tell() -> None:
        event = session.events[-1]
        acknowledgements.send((event.sequence, session.visit, canonical(event.fact)))

    session.changed.connect(tell)
    acknowledgements.send("ready")
    while not (session.locked and not session.next_visit):
        _gesture(session, dice)


def _gesture(session: ReadingSession, dice: random.Random) -> None:
    targets = [lesion.identifier for lesion in session.read.lesions]
    choice = dice.random()
    if session.locked:
        session.open_visit(session.next_visit)
    elif choice < 0.25:
        session.undo()
    elif choice < 0.4:
        session.redo()
    elif choice < 0.42 and targets and not session.unfinished():
        session.sign_visit(PASSWORD, "I read this visit")
    elif session.at_baseline and (choice < 0.5 or not targets):
        session.add_lesion(Role.TARGET, "liver")
    elif session.at_baseline or choice < 0.85:
        row, column = dice.uniform(5, 30), dice.uniform(5, 40)
        ends = ((1.0, row, column), (1.0, row, column + dice.uniform(15, 30)))
        session.draw_caliper(dice.choice(targets), ends)
    else:
        session.state_status(dice.choice(targets), Status.NOT_EVALUABLE, "motion")
