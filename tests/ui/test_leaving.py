"""Closing on an unfinished visit: the reader is told what is missing, and may stay."""

from typing import Any

import pytest

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.reading import ReadingSession
from napari_recist.ui.leaving import Leaving, unfinished_html
from tests.ui.conftest import PASSWORD

pytestmark = pytest.mark.ui
LINE = ((12.0, 70.0, 70.0), (12.0, 70.0, 100.0))


def test_the_words_follow_the_visit(session: ReadingSession) -> None:
    """Complete but unsigned is told; signed or only opened needs no word."""
    opened = unfinished_html(session)
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LINE)
    complete = unfinished_html(session)
    session.sign_visit(PASSWORD, "read")
    signed = unfinished_html(session)
    session.open_visit("W8")
    session.state_status("T1", Status.NOT_EVALUABLE, "motion")

    assert (opened, signed) == ("", "")
    assert "complete, but not signed" in complete
    assert "complete, but not signed" in unfinished_html(session)


def test_where_nothing_is_unfinished_it_closes_at_once(session: ReadingSession, room: Any) -> None:
    """A baseline only looked at is left without a question."""
    closed: list[bool] = []
    leaving = Leaving(lambda: closed.append(True))
    leaving.ask(room.window, session)

    assert closed == [True]
    assert leaving.dialog is None


def test_what_is_unfinished_is_told_and_the_reader_may_stay(
    session: ReadingSession, room: Any
) -> None:
    """The dialog names what is missing; Esc stays and nothing has happened."""
    session.add_lesion(Role.TARGET, "liver", "S7")
    room._watch._wish()
    box = room.leaving.dialog
    told = box.text()
    gestures.press(box, "Escape")

    assert "Baseline of NRC-003-0002 is not finished" in told
    assert "T1 (liver S7): draw its longest diameter" in told
    assert room.leaving.dialog is None
    assert room.window.isVisible()


def test_a_reader_may_leave_all_the_same(session: ReadingSession, room: Any) -> None:
    """Leaving closes the window for good, and the record holds what was said."""
    session.add_lesion(Role.TARGET, "liver")
    room._watch._wish()
    was_open = room.is_open
    gestures.click(room.leaving.leave_button)

    assert (was_open, room.is_open) == (True, False)
    assert len(session.trial.events(session.subject, session.reader)) == 2
