"""The panes of the reading room under real mouse and key events."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from napari.utils.shortcuts import default_shortcuts
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QLineEdit

from napari_recist.criteria import Role, Status
from napari_recist.demo import gestures
from napari_recist.reading import PriorChoice, ReadingSession
from napari_recist.ui import keys
from napari_recist.ui.lesion_form import NewLesion
from napari_recist.ui.prior_pane import WINDOW_TITLE
from napari_recist.ui.window_level import PRESETS
from tests.ui.conftest import PASSWORD

pytestmark = pytest.mark.ui

BASELINE_LINE = ((12.0, 70.0, 70.0), (12.0, 70.0, 100.0))


def key(room: Any, name: str) -> None:
    """Press a key on the current pane."""
    gestures.press(room.current.canvas_widget, name)


@pytest.fixture
def at_week_16(session: ReadingSession, room: Any) -> Any:
    """Return the room at week 16: baseline 30.0, week 8 smaller, both signed."""
    room.add_lesion(NewLesion(Role.TARGET, "liver", "S6", node=False, porta_hepatis=False))
    session.draw_caliper("T1", *[BASELINE_LINE])
    session.sign_visit(PASSWORD, "read")
    room.open_visit("W8")
    session.state_status("T1", Status.ABSENT)
    session.sign_visit(PASSWORD, "read")
    room.open_visit("W16")
    gestures.settle()
    return room


def test_every_action_of_the_table_exists(room: Any) -> None:
    """A key of the table never leads nowhere, on either pane."""
    named = {name for row in keys.KEYS for name in (row.action, row.released) if name}
    for pane in (room.current, room.prior):
        assert named <= room.actions.table(pane).keys()


def test_one_key_each_puts_baseline_nadir_and_previous_beside(at_week_16: Any) -> None:
    """B, D and P choose the prior; the bar shows which one it is."""
    room = at_week_16
    seen = {}
    for name in ("B", "D", "P"):
        key(room, name)
        pressed = [choice for choice, one in room.bar.prior_buttons.items() if one.isChecked()]
        seen[name] = (room.session.prior, room.prior.glass.title.visit, *pressed)

    assert seen == {
        "B": ("BL", "Baseline", PriorChoice.BASELINE),
        "D": ("W8", "Week 8", PriorChoice.NADIR),
        "P": ("W8", "Week 8", PriorChoice.PREVIOUS),
    }


def test_each_part_of_the_link_is_parted_by_its_own_key(at_week_16: Any) -> None:
    """Alt+1, 2 and 3 part slices, zoom and windows; parted, the prior pane stays as it is."""
    room = at_week_16
    for name in ("Alt+1", "Alt+2", "Alt+3"):
        key(room, name)
    parted = dict(room.link.parts)
    before = room.prior.slice, room.prior.pixels_per_mm, room.prior.view.window
    for name in ("Up", "+", "3"):
        key(room, name)
    after = room.prior.slice, room.prior.pixels_per_mm, room.prior.view.window
    key(room, "K")

    assert parted == {"scroll": False, "zoom": False, "window": False}
    assert after == before
    assert room.link.parts == {"scroll": True, "zoom": True, "window": True}
    assert room.prior.view.window == PRESETS["lung"]


def test_parted_panes_are_both_worked_by_keys(at_week_16: Any) -> None:
    """X gives the keys to the other pane; they act there and nowhere else."""
    room = at_week_16
    room.link.on = False
    room.current.canvas_widget.setFocus()
    key(room, "X")
    gestures.settle()
    has = room.panes.active is room.prior
    room.current.go_to(5)
    room.prior.go_to(5)
    gestures.press(room.prior.canvas_widget, "Home")
    slices = room.current.slice, room.prior.slice
    gestures.press(room.prior.canvas_widget, "X")
    gestures.settle()
    back = room.panes.active is room.current
    room.link.on = True

    assert (has, back) == (True, True)
    assert slices == (5, 0)


def test_sync_here_is_shown_in_millimetres_and_forgotten(at_week_16: Any) -> None:
    """Shift+K keeps the two places together and shows the shift; Alt+K takes it away."""
    room = at_week_16
    key(room, "Alt+K")
    none = room.bar.offset.text()
    key(room, "K")
    gestures.press(room.prior.canvas_widget, "Up")
    key(room, "Shift+K")
    key(room, "K")
    shown = room.bar.offset.text()
    heights = [
        pane.volume.geometry.slice_positions[pane.slice] for pane in (room.prior, room.current)
    ]
    key(room, "Alt+K")

    assert none == ""
    assert shown == f"{heights[0] - heights[1]:+.1f} mm"
    assert room.bar.offset.text() == ""


def test_a_registration_is_named_in_the_bar(at_week_16: Any) -> None:
    """The reader sees whether panes are linked through a registration."""
    room = at_week_16
    room.link.follow(lambda points: points + np.array([0.0, 0.0, 5.0]))
    named = room.bar.offset.text()
    room.link.follow(None)

    assert named == "registered"
    assert room.bar.offset.text() == ""


def test_slices_are_reached_by_number_and_cine_by_keys(room: Any) -> None:
    """S asks for a number; Esc stays; cine runs round, faster on ".", and a press stops it."""
    canvas = room.current.canvas_widget
    key(room, "S")
    gestures.write(canvas.findChild(QLineEdit), "7")
    gestures.press(canvas.findChild(QLineEdit), "Return")
    typed = room.current.slice
    key(room, "S")
    gestures.write(canvas.findChild(QLineEdit), "3")
    gestures.press(canvas.findChild(QLineEdit), "Escape")
    stayed = room.current.slice
    key(room, "End")
    key(room, "C")
    for _ in range(3):
        key(room, ".")
    speed, running = room.current.cine.speed, room.current.cine.running
    for _ in range(100):
        gestures.settle(0.02)
        if room.current.slice != room.current.view.slices - 1:
            break
    round_again = room.current.slice
    gestures.click(canvas)

    assert (typed, stayed) == (6, 6)
    assert (speed, running) == (30, True)
    assert round_again < room.current.view.slices - 1
    assert not room.current.cine.running


def test_windows_and_grey_are_set_by_keys(room: Any) -> None:
    """Alt with arrows widens, narrows, raises and lowers; I inverts; 0 is as it was opened."""
    view = room.current.view
    key(room, "0")
    opened = view.window
    key(room, "Alt+Right")
    wider = view.window.width
    key(room, "Alt+Up")
    higher = view.window.level
    key(room, "I")
    inverse = view.layer.colormap.map([0.0, 1.0])[:, 0].tolist()
    key(room, "0")

    assert wider > opened.width
    assert higher > opened.level
    assert inverse == [1.0, 0.0]
    assert (view.window, view.inverse) == (opened, False)


def test_a_window_set_with_naparis_slider_is_the_window_named(room: Any) -> None:
    """Whatever sets the contrast limits, the corner text tells the window that is shown."""
    room.current.view.layer.contrast_limits = (-100, 300)
    shown = str(room.current.view.window)
    key(room, "0")

    assert shown == "W 400  L 100"


def test_zoom_stays_at_the_mouse(room: Any) -> None:
    """Ctrl+wheel zooms in, and what lies under the mouse stays there."""
    canvas, mouse = room.current.canvas_widget, (150.0, 220.0)
    key(room, "F")
    zoom = room.current.pixels_per_mm
    index = index_under(room, mouse)
    gestures.wheel(canvas, mouse, 4, Qt.KeyboardModifier.ControlModifier)
    zoomed = room.current.pixels_per_mm
    after = room.current.to_screen(index)
    key(room, "F")

    assert zoomed > 1.3 * zoom
    assert np.allclose(after, mouse, atol=1.0)


def index_under(room: Any, place: tuple[float, float]) -> Any:
    """Return the index (slice, row, column) under a place on the current canvas."""
    view = room.current.view
    origin = np.array(view.to_screen((view.slice, 0, 0)))
    right = np.array(view.to_screen((view.slice, 0, 1))) - origin
    down = np.array(view.to_screen((view.slice, 1, 0))) - origin
    column, row = (np.array(place) - origin) / (right[0], down[1])
    return (view.slice, row, column)


def test_the_picture_moves_by_keys_and_with_space_held(room: Any) -> None:
    """Ctrl with arrows moves it; while Space is held a left drag moves it and draws nothing."""
    canvas = room.current.canvas_widget
    key(room, "F")
    before = room.current.to_screen((0, 0, 0))
    key(room, "Ctrl+Right")
    key(room, "Ctrl+Up")
    moved = room.current.to_screen((0, 0, 0))
    events = room.session.events
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    held = room.tool.on
    gestures.drag(canvas, (200, 200), (260, 230))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    gestures.settle()
    dragged = room.current.to_screen((0, 0, 0))
    key(room, "F")

    assert np.allclose(np.subtract(moved, before), (60, -60), atol=1)
    # napari pans: its throttle of mouse moves may lose the last of four moves, or count one twice
    right, down = np.subtract(dragged, moved)
    assert abs(right - 60) <= 60 / 4 + 2
    assert abs(down - 30) <= 30 / 4 + 2
    assert (held, room.tool.on) == (False, True)
    assert room.session.events == events


def test_the_prior_pane_moves_to_a_window_of_its_own_and_back(at_week_16: Any) -> None:
    """O and O again: the same picture, place and calipers, linked and alive in each window."""
    room = at_week_16
    key(room, "B")
    room.current.zoom_to(4.0, (12, 70.0, 85.0))
    gestures.settle()
    states = []
    for _ in range(2):
        key(room, "O")
        gestures.settle(0.05)
        gestures.wheel(room.prior.canvas_widget, (100, 100), 1)
        gestures.wheel(room.prior.canvas_widget, (100, 100), -1)
        heights = [
            pane.volume.geometry.slice_positions[pane.slice] for pane in (room.prior, room.current)
        ]
        window = room.prior.canvas_widget.window()
        states.append(
            (
                window.windowTitle(),
                room.panes.prior_visible and window.isVisible(),
                abs(heights[0] - heights[1]) <= 2.5,
                room.prior.pixels_per_mm == room.current.pixels_per_mm,
                [one.name for one in room.prior.glass.calipers],
                room.prior.view.window == room.current.view.window,
            )
        )

    assert [state[0] for state in states] == [WINDOW_TITLE, "Reading room"]
    assert states[0][1:] == states[1][1:] == (True, True, True, ["T1"], True)
    assert room.panes.prior_window is None


def test_closing_the_second_window_brings_the_prior_back(at_week_16: Any) -> None:
    """A person who closes it loses nothing: the pane stands beside the current one again."""
    room = at_week_16
    key(room, "O")
    gestures.settle(0.05)
    room.panes.prior_window._wish()
    gestures.settle(0.05)

    assert room.panes.prior_window is None
    assert room.prior.canvas_widget.window() is room.window
    assert room.prior.volume is not None


# reference views


@pytest.fixture
def references(room: Any) -> Iterator[Any]:
    """Return the room with its reference views shown."""
    key(room, "R")
    gestures.settle(0.05)
    yield room
    key(room, "R")
    gestures.settle()


def test_reference_views_show_the_other_planes_and_say_so(references: Any) -> None:
    """Beside axial slices: coronal and sagittal, a forbidden cursor, and what they are for."""
    views = references.panes.references

    assert [view.cut.plane.name for view in views] == ["coronal", "sagittal"]
    for view in views:
        assert view.isVisible()
        assert view.cursor().shape() == Qt.CursorShape.ForbiddenCursor
        assert "measured on the acquired slices only" in view.toolTip()


def test_a_drag_on_a_reference_view_measures_nothing_and_says_why(references: Any) -> None:
    """A line drawn there leaves no caliper; the slice goes along with the mouse."""
    room = references
    room.add_lesion(NewLesion(Role.TARGET, "liver", "S6", node=False, porta_hepatis=False))
    events = room.session.events
    view = room.panes.references[0]
    height = view.height()
    gestures.drag(view, (view.width() / 2, height / 2), (view.width() / 2, height / 2 - 25))

    assert room.session.events == events
    assert room.current.glass.calipers == []
    assert "Measure on the acquired slices" in room.bar.message.text()


def test_a_click_on_a_reference_view_goes_to_that_slice(references: Any) -> None:
    """A click on a line's place brings up that slice: to the head when it is further up."""
    room = references
    room.current.zoom_to(2.0, (8, 70.0, 85.0))
    view = room.panes.references[0]
    before, _ = view.slice_line()
    gap_px = room.current.view.frame.scale[0] * view._placed(view.cut)[1]
    gestures.click(view, (view.width() / 2, before.y() - 3 * gap_px))
    after, _ = view.slice_line()

    assert room.current.slice == 11
    assert after.y() == pytest.approx(before.y() - 3 * gap_px, abs=0.5)


def test_the_wheel_on_a_reference_view_turns_the_acquired_slice(references: Any) -> None:
    """One notch is one slice; with Ctrl the planes of the view go by instead."""
    room, view = references, references.panes.references[0]
    room.current.zoom_to(2.0, (8, 70.0, 85.0))
    gestures.wheel(view, (50, 50), 2)
    turned, row = room.current.slice, room.current.view.centre_index()[1]
    gestures.wheel(view, (50, 50), 3, Qt.KeyboardModifier.ControlModifier)
    moved = room.current.view.centre_index()

    assert (turned, moved[0]) == (10, 10)
    assert moved[1] - row == pytest.approx(3, abs=1e-3)


def test_the_window_of_a_reference_view_is_that_of_its_pane(references: Any) -> None:
    """What is painted is black below the window and white above, and turns over with I."""
    room, view = references, references.panes.references[0]
    key(room, "3")
    grey = pixel_of(view)
    key(room, "I")
    inverse = pixel_of(view)
    key(room, "0")

    assert grey != inverse
    assert grey + inverse == pytest.approx(255, abs=1)


def pixel_of(view: Any) -> int:
    """Return the grey painted in the middle of a reference view's picture."""
    image = view._greys(view.cut)
    return int(image.pixelColor(image.width() // 2, image.height() // 2).red())


def test_everything_fits_a_screen_of_1920_by_1080(references: Any) -> None:
    """Two panes, two reference views, bar and panels need no larger a window."""
    needed = references.window.minimumSizeHint()

    assert needed.width() <= 1920
    assert needed.height() <= 1080 - 40  # a task bar


# napari's own keys and switches


def napari_keys() -> list[str]:
    """Return every key that napari binds by default on viewers and layers, and its menus'."""
    bound = [str(key) for keys_of in default_shortcuts.values() for key in keys_of]
    return sorted({*bound, "Shift+Up", "Shift+Down", "Ctrl+0", "Ctrl+=", "Ctrl+-", "Ctrl+U"})


HARMLESS_BUT_LOUD = {"Ctrl+Shift+C"}  # opens napari's console, which loads IPython


def test_none_of_naparis_keys_changes_picture_geometry_or_record(
    session: ReadingSession, room: Any
) -> None:
    """Transpose, roll, 3-D, grid, hide, delete, transform: none reaches a picture that is read."""
    room.add_lesion(NewLesion(Role.TARGET, "liver", "S6", node=False, porta_hepatis=False))
    session.draw_caliper("T1", *[BASELINE_LINE])
    ours = {name for row in keys.KEYS if row.action for name in row.bound}
    harmful = [name for name in napari_keys() if name not in ours | HARMLESS_BUT_LOUD]
    before, events = state(room), session.events
    changed = []
    for name in harmful:
        key(room, name.replace("Escape", "Esc"))
        if state(room) != before or session.events != events:
            changed.append(name)

    assert len(harmful) > 20
    assert changed == []


def state(room: Any) -> Any:
    """Return what must not change: layers, their place and look, axes, camera's turn, calipers."""
    viewer, layer = room.current.viewer, room.current.view.layer
    return (
        [one.name for one in viewer.layers],
        layer.visible,
        layer.locked,
        str(layer.mode),
        str(layer.projection_mode),
        layer.extent.world.tolist(),
        tuple(viewer.dims.order),
        viewer.dims.ndisplay,
        room.current.slice,
        tuple(map(str, viewer.scene.camera.orientation)),
        viewer.canvas.grid.enabled,
        [one.long_axis for one in room.current.glass.calipers],
        room.prior.viewer.dims.ndisplay,
    )


def test_naparis_buttons_and_console_cannot_turn_the_picture_either(room: Any) -> None:
    """What a button, a menu or a script sets, goes back: the letters would be wrong otherwise."""
    viewer, layer = room.current.viewer, room.current.view.layer
    before, slice_ = state(room), room.current.slice
    viewer.dims.transpose()
    viewer.dims.roll()
    viewer.dims.ndisplay = 3
    viewer.scene.camera.orientation2d = ("up", "left")
    viewer.canvas.grid.enabled = True
    layer.mode = "transform"
    layer.projection_mode = "max"
    layer.scale = (9, 9, 9)
    viewer.layers.remove_selected()
    room.current.go_to(slice_)  # a picture of another size has other slices in the middle
    gestures.settle()

    assert state(room) == before
