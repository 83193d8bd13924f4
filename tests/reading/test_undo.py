"""Undo and redo, over any sequence of commands, and never behind a signature."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napari_recist.criteria import Read, Role, Status
from napari_recist.reading import ReadingSession
from napari_recist.trial import Trial, TrialRole, open_trial
from tests.reading.conftest import LONG, SHORT, read_baseline
from tests.trial.conftest import PASSWORD, seated

COMMANDS = {
    "absent": lambda session: session.state_status("T1", Status.ABSENT),
    "measured": lambda session: session.draw_caliper("T1", LONG),
    "remeasured": lambda session: session.draw_caliper("T1", SHORT),
    "node": lambda session: session.draw_caliper("T2", LONG, SHORT),
    "merged": lambda session: session.state_status("T1", Status.TOO_SMALL),
    "present": lambda session: session.state_status("NT1", Status.PRESENT),
    "new": lambda session: session.add_lesion(Role.NEW, "liver"),
}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(["undo", "redo", *COMMANDS]), max_size=14))
def test_undo_and_redo_walk_the_same_states(trial: Trial, steps: list[str]) -> None:
    """Undo shows the state before, redo the state after, as a list of states would."""
    reader = f"reader {len(trial.readers())}"
    trial.admit(reader, TrialRole.READER, PASSWORD)
    at_week_8 = ReadingSession(seated(trial, reader, "P1"), "P1")
    read_baseline(at_week_8)
    at_week_8.open_visit("W8")
    states: list[Read] = [at_week_8.read]
    place = 0
    for step in steps:
        if step == "undo":
            assert at_week_8.undo() is (place > 0)
            place = max(place - 1, 0)
        elif step == "redo":
            assert at_week_8.redo() is (place < len(states) - 1)
            place = min(place + 1, len(states) - 1)
        else:
            COMMANDS[step](at_week_8)
            del states[place + 1 :]
            states.append(at_week_8.read)
            place += 1

        assert at_week_8.read == states[place]
        assert at_week_8.can_undo is (place > 0)
        assert at_week_8.can_redo is (place < len(states) - 1)
    trial.verify()


def test_undo_stops_at_a_signature(session: ReadingSession) -> None:
    """What was signed is not undone, and what was undone before is not brought back after."""
    session.add_lesion(Role.TARGET, "liver")
    session.undo()
    read_baseline(session)

    assert (session.can_undo, session.can_redo) == (False, False)
    assert (session.undo(), session.redo()) == (False, False)
    session.open_visit("W8")
    assert session.undo() is False
    assert session.read.visit("BL").signed is not None


def test_undo_goes_to_the_visit_it_changes(at_week_8: ReadingSession) -> None:
    """Undone while looking back at baseline, week 8 comes up again, so that it is seen."""
    at_week_8.state_status("T1", Status.ABSENT)
    at_week_8.open_visit("BL")
    at_week_8.undo()

    assert at_week_8.visit == "W8"
    at_week_8.open_visit("BL")
    at_week_8.redo()
    assert at_week_8.visit == "W8"
    assert at_week_8.read.observation("W8", "T1") is not None


def test_undo_survives_reopening(at_week_8: ReadingSession, tmp_path: Path) -> None:
    """What was done before closing can be undone after opening again, to the first fact."""
    at_week_8.state_status("T1", Status.ABSENT)
    at_week_8.state_status("NT1", Status.PRESENT)
    with open_trial(at_week_8.trial.url) as trial:
        again = ReadingSession(seated(trial, "anna", "P1"), "P1")
        assert [again.undo() for _ in range(3)] == [True, True, False]

        assert len(again.unfinished()) == 3
        again.redo()
        again.redo()
        again.draw_caliper("T1", LONG)
        again.draw_caliper("T2", LONG, SHORT)
        again.sign_visit(PASSWORD, "I read this visit")
        assert again.locked
