"""Proposals in the reading room under real mouse and keys: dashed, uncounted, one gesture each."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.sr.codedict import codes

from napari_recist.criteria import Provenance, Role
from napari_recist.demo import gestures
from napari_recist.reading import ReadingSession
from napari_recist.reading.proposals import waiting
from napari_recist.reading.structured_reports.proposing import ReportIntake
from napari_recist.ui.caliper_drawing import PROPOSAL_COLOUR
from tests.reading.structured_reports.reports import (
    LENGTH,
    LONG,
    SHORT,
    Group,
    Line,
    corner,
    headers,
    write_report,
)
from tests.ui.conftest import SUBJECT
from tests.ui.test_reading_room import ACROSS, LINE, ZOOM, add_target, drag, key, length_mm, sign

pytestmark = pytest.mark.ui

Propose = Callable[..., ReadingSession]
ELSEWHERE = ((7, 90.0, 60.0), (7, 90.0, 90.0))


@pytest.fixture
def propose(session: ReadingSession, room: Any, tmp_path: Path) -> Propose:
    """Return what imports a report of some lines at baseline and lets the room read on."""
    series = session.volume("BL").series
    images = headers(series)

    def measured(what: Any, line: Any) -> Line:
        points = [corner(end[1:]) for end in line]
        return Line(what, points, length_mm(session, line), images[line[0][0]])

    def make(*told: tuple[str, Any, Any], site: Any = None) -> ReadingSession:
        groups = []
        for label, line, across in told:
            lines = [measured(LONG if across else LENGTH, line)]
            lines += [measured(SHORT, across)] if across else []
            groups.append(Group(tuple(lines), label, site))
        file = write_report(tmp_path / "sr.dcm", groups, images)
        taken = ReportIntake(session.trial).take(file)
        assert len(taken.proposed) == len(told)
        fresh = ReadingSession(session.trial, SUBJECT)
        room.read(fresh)
        gestures.settle()
        return fresh

    return make


def canvas(room: Any) -> Any:
    """Return what keys are pressed on."""
    return room.current.canvas_widget


def proposals_drawn(room: Any) -> list[Any]:
    """Return the proposals on the current pane."""
    return [one for one in room.current.glass.calipers if one.proposal]


def test_proposals_are_shown_dashed_in_their_colour_and_not_counted(
    propose: Propose, room: Any
) -> None:
    """The pane, the list and the response: there to be seen, in no sum and no work list."""
    session = propose(("T01", LINE, ACROSS), ("", ELSEWHERE, None))
    room.current.zoom_to(ZOOM, (12, 70.0, 85.0))
    gestures.settle(0.05)

    first, second = proposals_drawn(room)
    picture = room.current.glass.grab().toImage()
    colours = {
        picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(300, 500)
    }
    assert [first.name, second.name] == ["T1?", "?"]
    assert first.value == f"{length_mm(session, LINE):.1f} x {length_mm(session, ACROSS):.1f}"
    assert PROPOSAL_COLOUR.name() in colours
    assert room.lesions.proposals.isVisible()
    assert "not counted: 2" in room.lesions.proposals.title.text()
    assert "by highdicom" in room.lesions.proposals.rows.item(0).text()
    assert session.read.lesions == ()
    assert room.lesions.model.rowCount() == 0
    assert session.unfinished() == ()


def test_enter_accepts_for_the_lesion_it_names(propose: Propose, room: Any) -> None:
    """Shift+G goes there, Enter accepts: the same end-points, said to be proposed."""
    session = propose(("T01", LINE, ACROSS))
    add_target(room)
    key(canvas(room), "Shift+G")
    opened = room.proposals.opened
    proposal = waiting(session)[0]
    key(canvas(room), "Return")

    said = session.read.observation("BL", "T1")
    assert opened == proposal.number
    assert said is not None
    assert said.calipers == (proposal.caliper,)
    assert said.calipers[0].provenance is Provenance.PROPOSED
    assert waiting(session) == ()
    assert not room.lesions.proposals.isVisible()
    assert room.bar.message.text().startswith("T1 ")


def test_enter_lists_a_new_lesion_with_what_is_told_of_it(propose: Propose, room: Any) -> None:
    """Where the list has no such target the form asks for its site, organ filled in."""
    session = propose(("T01", LINE, ACROSS), site=codes.SCT.Liver)
    key(canvas(room), "Shift+G")
    key(canvas(room), "Return")
    form = room.lesions.form
    asked = form.organ.currentText(), form.add_button.text()
    gestures.write(form.site, "S6")
    gestures.press(form.site, "Return")

    assert asked == ("liver", "Add, as proposed")
    (lesion,) = session.read.lesions
    assert (lesion.identifier, lesion.organ, lesion.site) == ("T1", "liver", "S6")
    assert session.read.observation("BL", "T1") is not None
    assert waiting(session) == ()
    assert form.add_button.text() == "Add"


def test_a_lesion_added_for_itself_takes_no_proposal(propose: Propose, room: Any) -> None:
    """After Esc, or another lesion chosen, the form adds a lesion that no proposal is of."""
    session = propose(("T05", LINE, ACROSS))
    key(canvas(room), "Shift+G")
    key(canvas(room), "Return")
    gestures.press(room.lesions.form.organ, "Escape")
    gestures.settle()
    add_target(room)

    assert session.read.observation("BL", "T1") is None
    assert len(waiting(session)) == 1


def test_shift_enter_accepts_for_the_chosen_lesion(propose: Propose, room: Any) -> None:
    """A proposal named T05 measures the lesion the reader chose, where the reader says so."""
    session = propose(("T05", LINE, ACROSS))
    add_target(room)
    key(canvas(room), "Shift+G")
    key(canvas(room), "Shift+Return")

    assert session.read.observation("BL", "T1") is not None
    assert waiting(session) == ()


def test_a_measurement_is_never_replaced_by_enter(propose: Propose, room: Any) -> None:
    """T1 drawn by the reader stays: Enter says so, and only Shift+Enter puts the other there."""
    session = propose(("T01", LINE, ACROSS))
    add_target(room)
    drag(room, ((12, 90.0, 70.0), (12, 90.0, 95.0)))
    drawn = session.read.observation("BL", "T1")
    key(canvas(room), "Escape")
    key(canvas(room), "Shift+G")
    key(canvas(room), "Return")

    assert session.read.observation("BL", "T1") == drawn
    assert "Shift+Enter" in room.bar.message.text()
    key(canvas(room), "Shift+Return")
    assert session.read.observation("BL", "T1") != drawn


def test_an_end_pulled_by_the_mouse_corrects_it(propose: Propose, room: Any) -> None:
    """Pulling an end of an open proposal is accepting it as corrected: the record says edited."""
    session = propose(("T01", LINE, ACROSS))
    add_target(room)
    key(canvas(room), "Shift+G")
    gestures.settle()
    drag(room, (LINE[1], (12, 70.0, 104.0)))

    said = session.read.observation("BL", "T1")
    assert said is not None
    assert said.calipers[0] is not None
    assert said.calipers[0].provenance is Provenance.EDITED
    longer = length_mm(session, (LINE[0], (12, 70.0, 104.0)))
    assert abs(said.calipers[0].long_axis.raw_mm - longer) <= 1 / ZOOM
    assert waiting(session) == ()


def test_dismissing_goes_on_and_undo_brings_it_back(propose: Propose, room: Any) -> None:
    """Shift+D leads to the next proposal; Ctrl+Z lays the dismissed one there again."""
    session = propose(("T01", LINE, ACROSS), ("T02", ELSEWHERE, None))
    first, second = waiting(session)
    key(canvas(room), "Shift+G")
    key(canvas(room), "Shift+D")
    after = room.proposals.opened
    left = waiting(session)
    key(canvas(room), "Ctrl+Z")

    assert left == (second,)
    assert after == second.number
    assert waiting(session) == (first, second)


def test_the_list_goes_there_and_its_buttons_answer(propose: Propose, room: Any) -> None:
    """A click on a row opens the proposal on its slice; the buttons accept and dismiss."""
    session = propose(("T01", LINE, ACROSS), ("T02", ELSEWHERE, None))
    add_target(room)
    rows = room.lesions.proposals.rows
    assert not room.lesions.proposals.accept_button.isEnabled()
    place = rows.visualItemRect(rows.item(1)).center()
    gestures.click(rows.viewport(), (place.x(), place.y()))
    shown = room.current.slice
    gestures.click(room.lesions.proposals.dismiss_button)
    gestures.click(room.lesions.proposals.accept_button)

    assert shown == ELSEWHERE[0][0]
    assert waiting(session) == ()
    assert session.read.observation("BL", "T1") is not None


def test_signing_warns_of_what_was_not_answered_and_does_not_block(
    propose: Propose, room: Any
) -> None:
    """The dialog says that a proposal is left; signed, nothing waits there any more."""
    session = propose(("T01", LINE, ACROSS))
    add_target(room)
    drag(room, ((12, 90.0, 70.0), (12, 90.0, 95.0)))
    key(canvas(room), "Ctrl+Return")
    told = room.sign_dialog.text()
    gestures.press(room.sign_dialog, "Escape")
    gestures.settle()
    sign(room)

    assert "Proposals without an answer: 1" in told
    assert session.read.visit("BL").signed
    assert proposals_drawn(room) == []


def test_the_proposed_short_axis_of_a_node_may_be_added_by_a_click(
    propose: Propose, room: Any
) -> None:
    """A node proposed by one line is refused as it is, and takes the short axis placed on it."""
    session = propose(("T01", LINE, None))
    add_target(room, node=True)
    key(canvas(room), "Shift+G")
    key(canvas(room), "Return")
    refused = session.read.observation("BL", "T1")
    pane = room.current
    gestures.hover(pane.canvas_widget, pane.to_screen(ACROSS[1]))
    gestures.click(pane.canvas_widget, pane.to_screen(ACROSS[1]))
    gestures.settle()

    said = session.read.observation("BL", "T1")
    assert refused is None
    assert said is not None
    assert said.calipers[0] is not None
    assert said.calipers[0].short_axis is not None
    assert np.isclose(said.diameters[0] / 10, length_mm(session, ACROSS), atol=0.6)


def test_only_targets_take_proposals(propose: Propose, room: Any) -> None:
    """With a non-target chosen Shift+Enter is refused in words and nothing is recorded."""
    session = propose(("", LINE, ACROSS))
    room.session.add_lesion(Role.NON_TARGET, "liver")
    room.choose_lesion("NT1")
    key(canvas(room), "Shift+G")
    key(canvas(room), "Shift+Return")

    assert session.read.observation("BL", "NT1") is None
    assert "only targets are measured" in room.bar.message.text()
    assert len(waiting(session)) == 1
