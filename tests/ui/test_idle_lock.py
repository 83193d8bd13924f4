"""Nobody at the window: after the charter's minutes nothing is on the screen till they are back."""

from typing import Any

import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from napari_recist.demo import gestures
from napari_recist.trial import Trial, TrialRole
from napari_recist.ui.idle_lock import IdleLock
from napari_recist.ui.lock_screen import LockScreen
from tests.trial.conftest import PASSWORD
from tests.ui.conftest import SUBJECT

pytestmark = pytest.mark.ui


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def lock(room: Any, clock: Clock) -> Any:
    """Return the room's lock on that clock; whatever is locked is open again afterwards."""
    made = IdleLock(room.session.trial, lambda: None, clock)
    made.limit = room.session.charter.access.idle_minutes * 60
    yield made
    made.stop()
    gestures.settle()


def shown() -> list[Any]:
    """Return the windows of this program that can be seen."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def seen_in(windows: list[Any]) -> str:
    """Return all texts of these windows and their titles."""
    labels = [part for one in windows for part in one.findChildren(object)]
    texts = [part.text() for part in labels if hasattr(part, "text")]
    return " ".join([*map(str, texts), *(one.windowTitle() for one in windows)])


def test_after_the_time_only_the_lock_is_seen(room: Any, lock: Any, clock: Clock) -> None:
    """One second before, nothing happens; then every window is hidden and the title is neutral."""
    clock.now += lock.limit - 1
    lock.look()
    before = lock.screen
    clock.now += 1
    lock.look()

    assert before is None
    assert shown() == [lock.screen]
    assert not room.window.isVisible()
    assert lock.screen.windowTitle() == "Locked"
    assert SUBJECT not in seen_in(shown())


@pytest.mark.parametrize("heard", ["key", "mouse", "button", "wheel"])
def test_a_key_or_the_mouse_puts_it_off(room: Any, lock: Any, clock: Clock, heard: str) -> None:
    """Any of them, anywhere in the window, and the time begins anew."""
    clock.now += lock.limit - 1
    window = room.window.windowHandle()
    match heard:
        case "key":
            QTest.keyClick(window, Qt.Key.Key_Shift)
        case "mouse":
            QTest.mouseMove(window, QPoint(50, 50))
        case "button":
            QTest.mouseClick(
                window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5)
            )
        case "wheel":
            gestures.wheel(window, (60, 300), 1)
    gestures.settle()
    clock.now += lock.limit - 1
    lock.look()

    assert lock.screen is None


def test_a_clock_put_back_locks(lock: Any, clock: Clock) -> None:
    """Who turns the computer's clock back does not keep the room open."""
    clock.now -= 3600
    lock.look()

    assert lock.screen is not None


def test_only_the_readers_password_opens_it_again(room: Any, lock: Any) -> None:
    """A wrong password is refused in words; the right one shows the room as it was left."""
    slice_, lesion = room.current.slice, room.desk.chosen
    lock.lock()
    gestures.write(lock.screen.password, "not this one")
    gestures.press(lock.screen.password, "Return")
    refused, still = lock.screen.refusal.text(), room.window.isVisible()
    gestures.write(lock.screen.password, PASSWORD)
    gestures.click(lock.screen.unlock_button)

    assert refused == "Name or password is wrong. Type the password again."
    assert not still
    assert room.window.isVisible()
    assert (room.current.slice, room.desk.chosen) == (slice_, lesion)
    assert shown() == [room.window]


def test_guessing_at_the_lock_is_slowed_down(lock: Any, room: Any) -> None:
    """It is the same gate as at the sign-in: after five wrong ones the sixth waits."""
    lock.lock()
    for _ in range(room.session.charter.access.attempts + 1):
        gestures.write(lock.screen.password, "a guess")
        gestures.press(lock.screen.password, "Return")

    assert "Wait 30 seconds" in lock.screen.refusal.text()
    assert lock.screen is not None


def test_a_dialog_is_hidden_with_the_room_and_comes_back(room: Any, lock: Any) -> None:
    """What is asked just then is not seen either; what opens while it is locked is hidden too."""
    gestures.press(room.current.canvas_widget, "F1")
    (keys,) = (one for one in shown() if one is not room.window)
    lock.lock()
    late = LockScreen("somebody", lambda _password: None)
    late.show()
    lock.look()
    hidden = shown()
    gestures.write(lock.screen.password, PASSWORD)
    gestures.press(lock.screen.password, "Return")

    assert [type(one) for one in hidden] == [LockScreen]
    assert late not in hidden
    assert keys.isVisible()
    late.put_away()
    gestures.press(keys, "Escape")


def test_a_key_locks_at_once(room: Any) -> None:
    """Ctrl+L on the pictures, and the pictures are gone; Esc does not bring them back."""
    room.take_keys()
    gestures.press(room.current.canvas_widget, "Ctrl+L")
    screen = room.idle.screen
    gestures.press(screen, "Escape")
    still = room.window.isVisible()
    gestures.write(screen.password, PASSWORD)
    gestures.press(screen.password, "Return")

    assert not still
    assert room.window.isVisible()
    assert room.window.focusWidget() is room.current.canvas_widget


def test_two_locks_of_one_person_show_one_screen(room: Any, clock: Clock) -> None:
    """An own read beside an adjudication: one password opens both, and neither hides the other."""
    first = IdleLock(room.session.trial, lambda: None, clock)
    second = IdleLock(room.session.trial, lambda: None, clock)
    clock.now += 24 * 3600
    for one in (first, second, first, second):
        one.look()
    screens = [one for one in (first, second) if one.screen is not None]
    seen = shown()
    gestures.write(screens[0].screen.password, PASSWORD)
    gestures.press(screens[0].screen.password, "Return")
    still = [one.screen for one in (first, second)]
    first.stop()
    second.stop()

    assert [type(one) for one in seen] == [LockScreen]
    assert len(screens) == 1
    assert still == [None, None]
    assert room.window.isVisible()


def test_another_persons_lock_stands_behind_it(room: Any, trial: Trial, clock: Clock) -> None:
    """Two people in one program: when the first is back, the second's screen is there at once."""
    trial.admit("Second", TrialRole.MONITOR, PASSWORD)
    first = IdleLock(room.session.trial, lambda: None, clock)
    second = IdleLock(trial.sign_in("Second", PASSWORD), lambda: None, clock)
    clock.now += 24 * 3600
    first.look()
    second.look()
    gestures.write(first.screen.password, PASSWORD)
    gestures.press(first.screen.password, "Return")
    between = (first.screen, second.screen is not None, room.window.isVisible())
    gestures.write(second.screen.password, PASSWORD)
    gestures.press(second.screen.password, "Return")
    after = room.window.isVisible()
    first.stop()
    second.stop()

    assert between == (None, True, False)
    assert after


def test_closing_the_lock_signs_out(room: Any, clock: Clock) -> None:
    """The window manager's cross opens nothing: it leaves every window of that person."""
    left: list[bool] = []
    lock = IdleLock(room.session.trial, lambda: left.append(True), clock)
    lock.lock()
    lock.screen.close()
    gestures.settle()
    lock.stop()

    assert left == [True]
    assert not room.is_open
    assert lock.screen is None
