"""Series continuity and phases in the window, by real keys and mouse."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from napari_recist.criteria import Role, Status, WhyNotEvaluable
from napari_recist.demo import gestures
from napari_recist.reading import ReadingSession, import_images
from napari_recist.trial import Trial, TrialRole, create_trial
from napari_recist.ui.lesion_form import NewLesion
from tests.reading.conftest import BASELINE, LONG, sample_charter_as_they_are
from tests.reading.tiny_ct import write_ct
from tests.trial.conftest import seated
from tests.ui.conftest import PASSWORD

pytestmark = pytest.mark.ui

WEEK_8 = BASELINE + dt.timedelta(weeks=8)


@pytest.fixture(scope="module")
def phases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Return a trial: baseline of two phases at 5 mm, week 8 of the same at 2.5 mm."""
    folder = tmp_path_factory.mktemp("phases")
    for name, date, thickness in (("bl", BASELINE, 5.0), ("w8", WEEK_8, 2.5)):
        for phase in ("arterial", "portal venous"):
            place, space = folder / "scans" / f"{name} {phase}", f"1.2.{date.month}"
            write_ct(place, "P1", date, phase=phase, thickness=thickness, space=space)
    with create_trial(str(folder / "trial.db"), sample_charter_as_they_are(folder)) as trial:
        import_images(trial, folder / "scans")
        yield trial


@pytest.fixture
def at_week_8(window: Any, room: Any, phases: Trial) -> ReadingSession:
    """Return the session of a new reader at week 8, shown in the room."""
    reader = f"Reader {len(phases.readers()) + 1}"
    phases.admit(reader, TrialRole.READER, PASSWORD)
    session = ReadingSession(seated(phases, reader, "P1"), "P1")
    session.add_lesion(Role.TARGET, "liver")
    session.draw_caliper("T1", LONG)
    session.sign_visit(PASSWORD, "read")
    session.open_visit("W8")
    room.read(session)
    gestures.settle()
    return session


def press(room: Any, key: str) -> None:
    """Press a key on the current pane."""
    gestures.press(room.current.canvas_widget, key)


def draw(room: Any) -> None:
    """Drag a line over the middle of the current pane."""
    canvas = room.current.canvas_widget
    middle = (canvas.width() / 2, canvas.height() / 2)
    gestures.drag(canvas, middle, (middle[0] + 60, middle[1]))


def answer(room: Any, reason: str) -> None:
    """Open the list by its key, type a reason and press Enter."""
    press(room, "W")
    dialog = room.series.dialog
    dialog.reason.setFocus()
    gestures.write(dialog.reason.lineEdit(), reason)
    gestures.press(dialog.reason.lineEdit(), "Return")


def test_a_departure_is_flagged_before_anything_is_drawn(
    at_week_8: ReadingSession, room: Any
) -> None:
    """The bar says what departs; a drag records nothing and says why."""
    draw(room)

    assert "Slices 2.5 mm thick; baseline's were 5.0 mm." in room.series.bar.warning.text()
    assert room.series.bar.warning.width() > room.series.bar.width() / 2  # it is seen
    assert room.series.bar.isVisible()
    assert at_week_8.read.observation("W8", "T1") is None
    assert "departs" in room.bar.message.text()


def test_measuring_all_the_same_takes_a_reason_and_the_keyboard(
    at_week_8: ReadingSession, room: Any
) -> None:
    """W, Enter is refused for want of a reason; with one the visit is measured on."""
    press(room, "W")
    gestures.press(room.series.dialog.table, "Return")
    assert "needs a reason" in room.series.dialog.refusal.text()
    gestures.press(room.series.dialog, "Escape")
    answer(room, "thin slices only")
    draw(room)

    assert at_week_8.read.chosen["W8"].reason == "thin slices only"
    assert not room.series.bar.warning.isVisible()
    assert at_week_8.read.observation("W8", "T1") is not None


def test_another_series_is_chosen_by_arrow_keys(at_week_8: ReadingSession, room: Any) -> None:
    """Down marks the next series, its departures and cost are told, Enter takes it."""
    answer(room, "thin slices only")
    draw(room)
    press(room, "W")
    dialog = room.series.dialog
    gestures.press(dialog.table, "Down")
    told = dialog.departures.text(), dialog.cost.text()
    gestures.write(dialog.reason.lineEdit(), "better seen")
    gestures.press(dialog.reason.lineEdit(), "Return")

    assert "Arterial phase; baseline was portal venous." in told[0]
    assert told[1] == "Withdraws what was measured at this visit: T1."
    assert at_week_8.series_read("W8").phase == "arterial"
    assert at_week_8.read.observation("W8", "T1") is None
    assert room.current.volume.series.phase == "arterial"


def test_a_visit_is_called_not_evaluable_in_the_list(at_week_8: ReadingSession, room: Any) -> None:
    """The third way on: no lesion of this visit can be judged, with the reason."""
    press(room, "W")
    dialog = room.series.dialog
    gestures.click(dialog.not_evaluable_button)
    refused = dialog.refusal.text()
    gestures.press(dialog.code, "Down")
    gestures.press(dialog.code, "Down")
    gestures.write(dialog.reason.lineEdit(), "motion")
    gestures.click(dialog.not_evaluable_button)
    said = at_week_8.read.observation("W8", "T1")

    assert "needs a reason" in refused
    assert said is not None
    assert (said.status, said.code) == (Status.NOT_EVALUABLE, WhyNotEvaluable.IMAGE_QUALITY)
    assert said.reason.endswith("; motion")


def test_one_key_steps_through_the_phases_at_the_same_place(
    at_week_8: ReadingSession, room: Any
) -> None:
    """E shows the arterial phase of both visits at the same place, zoom and window; E goes back."""
    press(room, "4")
    room.current.zoom_to(6.0, (3, 20.0, 25.0))
    gestures.settle()
    before = room.current.to_screen((3, 10.0, 10.0)), str(room.current.view.window)
    press(room, "E")
    arterial = [pane.volume.series.phase for pane in (room.current, room.prior)]
    after = room.current.to_screen((3, 10.0, 10.0)), str(room.current.view.window)
    slices = room.current.slice, room.prior.slice
    draw(room)
    refused = room.bar.message.text()
    press(room, "Shift+E")

    assert arterial == ["arterial", "arterial"]
    assert np.allclose(after[0], before[0])
    assert after[1] == before[1]
    assert slices == (3, 3)
    assert "measured on portal venous" in refused
    assert at_week_8.read.observation("W8", "T1") is None
    assert room.current.volume.series.phase == "portal venous"


def test_the_caliper_of_baseline_is_seen_on_its_arterial_phase(
    at_week_8: ReadingSession, room: Any
) -> None:
    """The line drawn on the portal venous scan lies at the same place of the patient, locked."""
    portal = room.prior.glass.calipers
    press(room, "E")

    assert [c.long_axis for c in room.prior.glass.calipers] == [c.long_axis for c in portal]
    assert all(caliper.locked for caliper in room.prior.glass.calipers)


def test_phases_have_buttons(at_week_8: ReadingSession, room: Any) -> None:
    """The phases stand in order; the one measured on is marked, the one shown is pressed."""
    buttons = room.series.bar.phase_buttons
    gestures.click(buttons["arterial"])

    assert list(buttons) == ["arterial", "portal venous"]
    assert buttons["portal venous"].text() == "portal venous ●"
    assert [button.isChecked() for button in buttons.values()] == [True, False]
    assert at_week_8.phase == "arterial"


def test_a_visit_of_one_matching_series_shows_no_bar(session: ReadingSession, room: Any) -> None:
    """Where there is nothing to choose and nothing departs, no line of the screen is taken."""
    room.add_lesion(NewLesion(Role.TARGET, "liver", "S6", node=False, porta_hepatis=False))
    press(room, "E")

    assert not room.series.bar.isVisible()
    assert room.bar.message.text() == "This visit has one phase."


def test_pictures_of_the_guard(at_week_8: ReadingSession, room: Any, tmp_path: Path) -> None:
    """The bar and the list are on the screen."""
    room.screenshot(tmp_path / "guard.png")
    press(room, "W")
    gestures.settle(0.2)
    room.series.dialog.grab().save(str(tmp_path / "list.png"))
    gestures.press(room.series.dialog, "Escape")

    assert (tmp_path / "list.png").stat().st_size > 0
