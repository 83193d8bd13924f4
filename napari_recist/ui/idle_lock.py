"""Locks a workplace when nobody is at it: every window vanishes until its person is back."""

import time
from collections.abc import Callable

from qtpy.compat import isalive
from qtpy.QtCore import QEvent, QObject, Qt, QTimer
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QApplication, QWidget

from napari_recist.trial import Trial
from napari_recist.ui.lock_screen import LockScreen

SECONDS_A_MINUTE = 60.0
LOOK_EVERY_MS = 1000
"""How often the time is looked at: nothing stays on the screen longer than this beyond its time."""

ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)
"""What tells that somebody is there. Pictures that run by themselves do not."""

PASSING = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip})
"""Menus and tips: they do not come back."""


class IdleLock(QObject):
    """Hides every window of the program after the charter's time without a key or the mouse.

    Hidden windows show nothing anywhere, not in a task switcher's preview either, and take no key.
    In their place stands a screen that asks for the password of the person who is signed in.

    Parameters
    ----------
    trial : Trial
        The trial as that person has it open.
    sign_out : callable
        Closes the workplace.
    clock : callable, optional
        Seconds that go on while the computer sleeps.
    """

    def __init__(
        self,
        trial: Trial,
        sign_out: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self.trial, self._sign_out, self._clock = trial, sign_out, clock
        self.screen: LockScreen | None = None
        self._hidden: list[QWidget] = []
        self._had_keys: QWidget | None = None
        self._last = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QGuiApplication.instance().focusWindowChanged.connect(self._listen)
        self._listen()

    def stop(self) -> None:
        """Watch no longer, and give back what is hidden."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        QGuiApplication.instance().focusWindowChanged.disconnect(self._listen)
        for window in QGuiApplication.topLevelWindows():
            window.removeEventFilter(self)
        self._uncover()

    def look(self) -> None:
        """Lock if nobody was there for long enough; keep hidden what opens while it is locked."""
        self._listen()
        idle = self._clock() - self._last
        limit = self.trial.charter.access.idle_minutes * SECONDS_A_MINUTE
        if self.screen is not None:
            self._hide_others()
        elif not 0 <= idle < limit:  # a clock that was put back tells nothing: lock
            self.lock()

    def lock(self) -> None:
        """Lock at once."""
        if self.screen is not None:
            return
        window = _foremost()
        self._had_keys = window.focusWidget() if window is not None else None
        self.screen = LockScreen(self.trial.actor, self.trial.check_password)
        self.screen.unlocked.connect(self.unlock)
        self.screen.left.connect(self._leave)
        self.screen.cover(window)
        self._hide_others()

    def unlock(self) -> None:
        """Show again what was hidden, and give the keys back to what had them."""
        self._last = self._clock()
        self._uncover()
        if self._had_keys is not None and isalive(self._had_keys):
            self._had_keys.window().activateWindow()
            self._had_keys.setFocus()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note that somebody is there; pass everything on."""
        if event.type() in ACTIVITY:
            self._last = self._clock()
        return False

    def _listen(self, *_window: object) -> None:
        """Hear keys and mouse where they come in: at the windows, before any widget has them."""
        for window in QGuiApplication.topLevelWindows():
            window.installEventFilter(self)

    def _hide_others(self) -> None:
        for window in QApplication.topLevelWidgets():
            if window is not self.screen and window.isVisible():
                if window.windowType() not in PASSING:
                    self._hidden.append(window)
                window.hide()

    def _uncover(self) -> None:
        screen, self.screen = self.screen, None
        hidden, self._hidden = self._hidden, []
        for window in sorted(filter(isalive, hidden), key=_depth):
            window.show()
        if screen is not None:
            screen.put_away()

    def _leave(self) -> None:
        self._uncover()
        self._sign_out()


def _foremost() -> QWidget | None:
    """Return the window somebody works in, or where none is active the largest."""
    seen = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    largest = max(seen, key=lambda window: window.width() * window.height(), default=None)
    return QApplication.activeWindow() or largest


def _depth(window: QWidget) -> int:
    """Return how many windows a window belongs to: those are shown before it."""
    parent = window.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)
